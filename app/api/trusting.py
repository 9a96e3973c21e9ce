"""JSON doors of what a brand asks and whom it believes: the matrix of requirements, its own rows, issuers, roots."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from typing import Any

from apiflask import APIBlueprint
from flask import jsonify

from app.api import shapes_trust as shapes
from app.auth.guards import machine
from app.doors import begin, look
from kernel.errors import Invalid, flaw
from kernel.given import day_of
from suppliers import requirements, rules, trust

bp = APIBlueprint("api_trusting", __name__, url_prefix="/api/v1", tag="Requirements")
MATRIX = {200: {"description": "Rows with their citations, and the kinds of papers, registers and categories that they speak of"}}


@bp.get("/requirements")
@machine("suppliers")
@bp.input(shapes.MatrixIn, location="query")
@bp.doc(responses=MATRIX)
def matrix(query_data: shapes.MatrixIn) -> Any:
    """Which papers are asked of whom and why, the brand's own rows among them; ``version`` changes whenever an answer may."""
    asked = query_data.model_dump()
    with look() as unit:
        day = asked.pop("day") or day_of(unit.now)
        own = rules.extra(unit)  # noqa: S610 (no ORM of another house)
    return jsonify(requirements.as_json(day=day, extra=own, **asked))


@bp.get("/requirement-rows")
@machine("suppliers")
@bp.output(list[shapes.RowOut])
def list_rows() -> Any:
    """The brand's own rows, oldest first."""
    with look() as unit:
        return rules.rows(unit)


@bp.post("/requirement-rows")
@machine("admin")
@bp.input(shapes.RowIn)
@bp.output(shapes.RowOut, status_code=201)
def add_row(json_data: shapes.RowIn) -> Any:
    """Ask for one more paper from a day on, or switch a row of the house off."""
    with begin() as unit:
        return rules.add_row(unit, **json_data.model_dump())


@bp.post("/requirement-rows/<requirement_row_id>/end")
@machine("admin")
@bp.input(shapes.RowEndIn)
@bp.output(shapes.RowOut)
def end_row(requirement_row_id: str, json_data: shapes.RowEndIn) -> Any:
    """Let a row count until a day and no longer."""
    with begin() as unit:
        return rules.end_row(unit, row_id=requirement_row_id, last_day=json_data.last_day)


@bp.get("/trusted-issuers")
@machine("suppliers")
@bp.output(list[shapes.IssuerOut])
def list_issuers() -> Any:
    """The trust list, by name."""
    with look() as unit:
        return trust.issuers(unit)


@bp.post("/trusted-issuers")
@machine("admin")
@bp.input(shapes.IssuerIn)
@bp.output(shapes.IssuerOut, status_code=201)
def add_issuer(json_data: shapes.IssuerIn) -> Any:
    """Believe an issuer on some kinds of papers, or on any; one of this name that had ended is believed again."""
    with begin() as unit:
        return trust.add_issuer(unit, **json_data.model_dump())


@bp.put("/trusted-issuers/<trusted_issuer_id>")
@machine("admin")
@bp.input(shapes.IssuerIn)
@bp.output(shapes.IssuerOut)
def change_issuer(trusted_issuer_id: str, json_data: shapes.IssuerIn) -> Any:
    """Say all of an issuer anew: what is left out is gone. Its papers are looked at again."""
    with begin() as unit:
        return trust.change_issuer(unit, issuer_id=trusted_issuer_id, **json_data.model_dump())


@bp.delete("/trusted-issuers/<trusted_issuer_id>")
@machine("admin")
@bp.output({}, status_code=204)
def end_issuer(trusted_issuer_id: str) -> Any:
    """Believe it no more."""
    with begin() as unit:
        trust.end_issuer(unit, issuer_id=trusted_issuer_id)
    return ""


@bp.get("/anchors")
@machine("suppliers")
@bp.output(list[shapes.AnchorOut])
def list_anchors() -> Any:
    """The roots of signatures that are believed, oldest first."""
    with look() as unit:
        return trust.anchors(unit)


@bp.post("/anchors")
@machine("admin")
@bp.input(shapes.AnchorIn)
@bp.output(shapes.AnchorOut, status_code=201)
def add_anchor(json_data: shapes.AnchorIn) -> Any:
    """Believe signatures that lead to this root."""
    crl = _bytes("/crl", json_data.crl) if json_data.crl else None
    with begin() as unit:
        return trust.add_anchor(unit, name=json_data.name, pem=json_data.pem, crl=crl)


@bp.delete("/anchors/<trust_anchor_id>")
@machine("admin")
@bp.output({}, status_code=204)
def end_anchor(trust_anchor_id: str) -> Any:
    """Believe signatures under this root no more."""
    with begin() as unit:
        trust.end_anchor(unit, anchor_id=trust_anchor_id)
    return ""


def _bytes(pointer: str, text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError):
        raise Invalid(errors=[flaw(pointer, "base64", "must be base64")]) from None
