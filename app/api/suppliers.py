"""JSON doors of suppliers: who they are, what they deliver, what they still owe, and whether they may deliver."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.api import shapes_suppliers as shapes
from app.auth.guards import machine
from app.doors import begin, look
from kernel.given import day_of
from suppliers import certificates, directory, gate, scoring
from traceability import supplied

bp = APIBlueprint("api_suppliers", __name__, url_prefix="/api/v1", tag="Suppliers")


@bp.get("/suppliers")
@machine("suppliers")
@bp.output(list[shapes.SupplierOut])
def list_suppliers() -> Any:
    """All suppliers of the brand."""
    with look() as unit:
        return list(directory.suppliers(unit))


@bp.post("/suppliers")
@machine("suppliers")
@bp.input(shapes.SupplierIn)
@bp.output(shapes.SupplierOut, status_code=201)
def add_supplier(json_data: shapes.SupplierIn) -> Any:
    """Add a supplier by its unified social credit code (GB 32100); one of another country by its LEI, GLN or VAT number."""
    with begin() as unit:
        return directory.add_supplier(unit, **json_data.model_dump())


@bp.get("/suppliers/<supplier_id>")
@machine("suppliers")
@bp.output(shapes.SupplierOut)
def show_supplier(supplier_id: str) -> Any:
    """One supplier."""
    with look() as unit:
        return directory.supplier(unit, supplier_id)


@bp.get("/suppliers/<supplier_id>/sites")
@machine("suppliers")
@bp.output(list[shapes.SiteOut])
def list_sites(supplier_id: str) -> Any:
    """Where a supplier makes things, by name."""
    with look() as unit:
        return directory.sites(unit, supplier_id)


@bp.post("/suppliers/<supplier_id>/sites")
@machine("suppliers")
@bp.input(shapes.SiteIn)
@bp.output(shapes.SiteOut, status_code=201)
def add_site(supplier_id: str, json_data: shapes.SiteIn) -> Any:
    """Say where a supplier makes things: papers that name a site are compared with these."""
    with begin() as unit:
        return directory.add_site(unit, supplier_id=supplier_id, **json_data.model_dump())


@bp.get("/materials")
@machine("suppliers")
@bp.output(list[shapes.MaterialOut])
def list_materials() -> Any:
    """All materials of the brand."""
    with look() as unit:
        return list(directory.materials(unit))


@bp.post("/materials")
@machine("suppliers")
@bp.input(shapes.MaterialIn)
@bp.output(shapes.MaterialOut, status_code=201)
def add_material(json_data: shapes.MaterialIn) -> Any:
    """Add a material; its category and what is claimed of it decide which papers are asked for it."""
    with begin() as unit:
        return directory.add_material(unit, **json_data.model_dump())


@bp.post("/supplies")
@machine("suppliers")
@bp.input(shapes.SupplyIn)
@bp.output({}, status_code=204)
def add_supply(json_data: shapes.SupplyIn) -> Any:
    """List a supplier for a material."""
    with begin() as unit:
        directory.list_supply(unit, **json_data.model_dump())
    return ""


@bp.get("/suppliers/<supplier_id>/gate/<material_id>")
@machine("suppliers")
@bp.input(shapes.GateIn, location="query")
@bp.output(shapes.GateOut)
def ask_gate(supplier_id: str, material_id: str, query_data: shapes.GateIn) -> Any:
    """May this supplier deliver this material, today or on a day, at all or this lot; and why not?"""
    with look() as unit:
        asked = {"supplier_id": supplier_id, "material_id": material_id, "day": query_data.day or day_of(unit.now)}
        return gate.may(unit, **asked) if query_data.lot is None else gate.may_bring(unit, **asked, lot=query_data.lot)


@bp.get("/suppliers/<supplier_id>/needs")
@machine("suppliers")
@bp.output(list[shapes.NeedOut])
def list_needs(supplier_id: str) -> Any:
    """Each paper that is asked of a supplier, why, and how far it is."""
    with look() as unit:
        return [_need(each) for each in certificates.todo(unit, supplier_id)]


@bp.get("/suppliers/<supplier_id>/score")
@machine("suppliers")
@bp.output(shapes.ScoreOut)
def show_score(supplier_id: str) -> Any:
    """How well a supplier keeps its papers, with a reason for every point; it decides nothing."""
    with look() as unit:
        lots = supplied.fared(unit, since=unit.now - scoring.YEAR, supplier_id=supplier_id)
        return scoring.scored(unit, supplier_id, lots=lots)


def _need(each: certificates.Todo) -> dict[str, Any]:
    asked, paper = each.requirement, each.certificate
    told = {name: getattr(asked, name) for name in ("kinds", "per", "optional", "citation")}
    found = {"certificate_id": paper.id if paper else None, "materials": [material.id for material in each.materials]}
    return {"requirement": asked.id, **told, "why": asked.why.zh, "state": each.state, **found}
