"""JSON doors of what people answer for: decisions on papers, overrides by two, look-ups in registers."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.api import shapes_papers as shapes
from app.api.forms import fields
from app.auth.guards import machine
from app.doors import begin, look
from suppliers import certificates

bp = APIBlueprint("api_decisions", __name__, url_prefix="/api/v1", tag="Papers")


@bp.post("/certificates/<certificate_id>/decision")
@machine("admin")
@bp.input(shapes.DecisionIn)
@bp.output(shapes.CertificateOut)
def decide(certificate_id: str, json_data: shapes.DecisionIn) -> Any:
    """Answer for what the checks could not settle. Whoever handed the paper in may not."""
    with begin() as unit:
        return certificates.decide(unit, certificate_id=certificate_id, **json_data.model_dump())


@bp.get("/certificates/<certificate_id>/overrides")
@machine("suppliers")
@bp.output(list[shapes.OverrideOut])
def list_overrides(certificate_id: str) -> Any:
    """What was asked to let pass on a paper, oldest first, and the answers."""
    with look() as unit:
        return certificates.overrides(unit, certificate_id)


@bp.post("/certificates/<certificate_id>/overrides")
@machine("admin")
@bp.input(shapes.OverrideIn)
@bp.output(shapes.OverrideOut, status_code=201)
def propose_override(certificate_id: str, json_data: shapes.OverrideIn) -> Any:
    """Ask that a check which failed may pass; somebody else decides."""
    with begin() as unit:
        return certificates.propose_override(unit, certificate_id=certificate_id, **json_data.model_dump())


@bp.post("/overrides/<paper_override_id>/approve")
@machine("admin")
@bp.input(shapes.AnswerIn)
@bp.output(shapes.OverrideOut)
def approve_override(paper_override_id: str, json_data: shapes.AnswerIn) -> Any:
    """Let it pass, as the second."""
    with begin() as unit:
        return certificates.approve_override(unit, override_id=paper_override_id, answer=json_data.answer)


@bp.post("/overrides/<paper_override_id>/decline")
@machine("admin")
@bp.input(shapes.AnswerIn)
@bp.output(shapes.OverrideOut)
def decline_override(paper_override_id: str, json_data: shapes.AnswerIn) -> Any:
    """Do not let it pass."""
    with begin() as unit:
        return certificates.decline_override(unit, override_id=paper_override_id, answer=json_data.answer)


@bp.get("/certificates/<certificate_id>/lookups")
@machine("suppliers")
@bp.output(list[shapes.LookupOut])
def list_lookups(certificate_id: str) -> Any:
    """What people found in public registers about a paper, newest first."""
    with look() as unit:
        return [_looked(each) for each in certificates.lookups(unit, certificate_id)]


@bp.post("/certificates/<certificate_id>/lookups")
@machine("admin")
@bp.output(shapes.LookupOut, status_code=201)
def record_lookup(certificate_id: str) -> Any:
    """Note what somebody found in a register: multipart with the fields and, if there is one, a ``screenshot`` (PNG or JPEG)."""
    words = fields(shapes.LookupForm, request.form.to_dict()).model_dump()
    shot = request.files.get("screenshot")
    register, picture = words.pop("register_code"), shot.read() if shot is not None else None
    with begin() as unit:
        return _looked(certificates.record_lookup(unit, certificate_id=certificate_id, register=register, **words, screenshot=picture))


def _looked(row: Any) -> dict[str, Any]:
    names = ("id", "result", "asked_on", "note", "screenshot", "at", "by")
    return {**{name: getattr(row, name) for name in names}, "register_code": row.register}
