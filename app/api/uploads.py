"""JSON doors of files as they come in: handed in, read by the machine, confirmed by somebody who read the paper."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.api import shapes_papers as shapes
from app.api.forms import fields
from app.auth.guards import machine
from app.doors import begin, look
from kernel.errors import Invalid, flaw
from suppliers import certificates

bp = APIBlueprint("api_uploads", __name__, url_prefix="/api/v1", tag="Papers")


@bp.post("/uploads")
@machine("suppliers")
@bp.output(shapes.UploadOut, status_code=202)
def upload() -> Any:
    """Hand a file in: multipart with ``file`` and ``supplier_id``. It is read a moment later; ask again, or hear ``paper.read``."""
    form = fields(shapes.UploadForm, request.form.to_dict())
    found = request.files.get("file")
    if found is None:
        raise Invalid(errors=[flaw("/file", "required", "the paper itself is missing")])
    with begin() as unit:
        return _told(certificates.upload(unit, supplier_id=form.supplier_id, content=found.read(), filename=found.filename or "paper"))


@bp.get("/suppliers/<supplier_id>/uploads")
@machine("suppliers")
@bp.output(list[shapes.UploadOut])
def list_uploads(supplier_id: str) -> Any:
    """A supplier's files that wait to be read or confirmed, or were refused, newest first."""
    with look() as unit:
        return [_told(each) for each in certificates.uploads.of_supplier(unit, supplier_id)]


@bp.get("/uploads/<paper_upload_id>")
@machine("suppliers")
@bp.output(shapes.UploadOut)
def show_upload(paper_upload_id: str) -> Any:
    """What was read in a file: fields with their places, for somebody to confirm."""
    with look() as unit:
        return _told(certificates.uploads.get(unit, paper_upload_id))


@bp.delete("/uploads/<paper_upload_id>")
@machine("suppliers")
@bp.output({}, status_code=204)
def discard_upload(paper_upload_id: str) -> Any:
    """Put a file aside that was the wrong one."""
    with begin() as unit:
        certificates.uploads.discard(unit, upload_id=paper_upload_id)
    return ""


@bp.post("/uploads/<paper_upload_id>/confirm")
@machine("suppliers")
@bp.input(shapes.WordsIn)
@bp.output(shapes.CertificateOut, status_code=201)
def confirm_upload(paper_upload_id: str, json_data: shapes.WordsIn) -> Any:
    """Say what stands on the paper; from then on it is checked."""
    with begin() as unit:
        row = certificates.uploads.get(unit, paper_upload_id)
        return certificates.submit(unit, supplier_id=row.supplier_id, upload_id=row.id, **json_data.model_dump())


def _told(row: Any) -> dict[str, Any]:
    names = ("id", "supplier_id", "sha256", "filename", "media_type", "size", "state", "uploaded_at", "read_at")
    seen = {"fields": row.fields or {}, "trouble": (row.reading or {}).get("trouble"), "pages": len(row.pictures or ())}
    return {name: getattr(row, name) for name in names} | seen
