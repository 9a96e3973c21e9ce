"""JSON doors of suppliers: who they are, what they deliver, their papers."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.api import shapes
from app.api.forms import fields
from app.auth.guards import machine
from app.doors import begin, look
from kernel.errors import Invalid, flaw
from kernel.given import day_of
from suppliers import certificates, directory, gate

bp = APIBlueprint("api_suppliers", __name__, url_prefix="/api/v1", tag="Suppliers")


@bp.get("/suppliers")
@machine("suppliers")
@bp.output(shapes.SupplierOut)
def list_suppliers() -> Any:
    """All suppliers of the brand."""
    with look() as unit:
        return list(directory.suppliers(unit))


@bp.post("/suppliers")
@machine("suppliers")
@bp.input(shapes.SupplierIn)
@bp.output(shapes.SupplierOut, status_code=201)
def add_supplier(json_data: shapes.SupplierIn) -> Any:
    """Add a supplier by its unified social credit code (GB 32100)."""
    with begin() as unit:
        return directory.add_supplier(unit, **json_data.model_dump())


@bp.get("/materials")
@machine("suppliers")
@bp.output(shapes.MaterialOut)
def list_materials() -> Any:
    """All materials of the brand."""
    with look() as unit:
        return list(directory.materials(unit))


@bp.post("/materials")
@machine("suppliers")
@bp.input(shapes.MaterialIn)
@bp.output(shapes.MaterialOut, status_code=201)
def add_material(json_data: shapes.MaterialIn) -> Any:
    """Add a material; its category decides which papers are asked for it."""
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
@bp.output(shapes.DecisionOut)
def ask_gate(supplier_id: str, material_id: str) -> Any:
    """May this supplier deliver this material today, and why or why not?"""
    with look() as unit:
        return gate.may(unit, supplier_id=supplier_id, material_id=material_id, day=day_of(unit.now))


@bp.post("/certificates")
@machine("suppliers")
@bp.output(shapes.CertificateOut, status_code=201)
def submit_certificate() -> Any:
    """Hand in a paper: multipart with ``file`` and the fields as the supplier reads them on it."""
    form = certificate_form(request.form.to_dict())
    upload = request.files.get("file")
    if upload is None:
        raise Invalid(errors=[flaw("/file", "required", "the paper itself is missing")])
    with begin() as unit:
        return certificates.submit(
            unit, **form.model_dump(), content=upload.read(), filename=upload.filename or "paper", media_type=upload.mimetype or ""
        )


def certificate_form(values: dict[str, str]) -> shapes.CertificateForm:
    """The fields of a paper from a form, empty ones left out; Invalid names each wrong one."""
    return fields(shapes.CertificateForm, {name: value for name, value in values.items() if name != "csrf_token"})


@bp.get("/certificates/<certificate_id>")
@machine("suppliers")
@bp.output(shapes.CertificateDetailOut)
def show_certificate(certificate_id: str) -> Any:
    """A paper, how it stands, and what every check said."""
    with look() as unit:
        outcomes = list(certificates.outcomes(unit, certificate_id))
    # In a look of its own, after: PostgreSQL shows each query what is committed by then, and the
    # standing may be newer than the outcomes beside it but never older.
    with look() as unit:
        return {"certificate": certificates.get(unit, certificate_id), "outcomes": outcomes}
