"""JSON doors of papers: handed in, listed, as a table, how they stand and stood, and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from apiflask import APIBlueprint
from flask import Response, request

from app.api import shapes_papers as shapes
from app.api.forms import fields
from app.auth.guards import machine
from app.doors import begin, look
from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from suppliers import certificates
from traceability import sheets

bp = APIBlueprint("api_papers", __name__, url_prefix="/api/v1", tag="Papers")
COLUMNS: Final = (
    *("id", "supplier_id", "kind", "number", "holder_name", "holder_uscc", "issuer_name", "issued_on", "valid_from", "valid_until"),
    *("lots", "products", "site", "scope", "accreditation", "standing", "because", "submitted_at", "judged_at", "sha256"),
)
AT_ONCE: Final = 500
MOST_ROWS: Final = 200_000


@bp.get("/certificates")
@machine("suppliers")
@bp.input(shapes.CertificatesIn, location="query")
@bp.output(list[shapes.CertificateOut])
def list_certificates(query_data: shapes.CertificatesIn) -> Any:
    """Papers, newest first, ``limit`` (at most 500) at a time, of one supplier, standing or kind if wished."""
    with look() as unit:
        return certificates.listed(unit, **_narrowed(query_data), after=query_data.before, most=query_data.limit)


@bp.get("/certificates.csv")
@machine("suppliers")
@bp.input(shapes.CertificatesIn, location="query")
@bp.doc(responses={200: {"description": "One row a paper", "content": {"text/csv": {"schema": {"type": "string"}}}}})
def certificates_table(query_data: shapes.CertificatesIn) -> Response:
    """The same as a table of all of them; ``limit`` and ``before`` say nothing here."""
    with look() as unit:
        return table(unit, **_narrowed(query_data))


def table(unit: Unit, **narrowed: Any) -> Response:
    """Papers as CSV, for a machine or for the desk."""
    sheet = sheets.written(COLUMNS, ([_cell(getattr(paper, name)) for name in COLUMNS] for paper in _every(unit, narrowed)))
    headers = {"Content-Disposition": 'attachment; filename="certificates.csv"', "Cache-Control": "private, no-store"}
    return Response(sheet, mimetype="text/csv", headers=headers)


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
        paper = certificates.get(unit, certificate_id)
        return {"certificate": paper, "outcomes": outcomes, "seen": certificates.words_digest(paper)}


@bp.get("/certificates/<certificate_id>/file")
@machine("suppliers")
@bp.doc(responses={200: {"description": "The bytes as they were handed in: a stranger's, to keep and never to show"}})
def certificate_file(certificate_id: str) -> Response:
    """The document itself."""
    with look() as unit:
        paper, content = certificates.get(unit, certificate_id), certificates.content(unit, certificate_id)
    response = Response(content, mimetype="application/octet-stream", headers={"Cache-Control": "private, no-store"})
    response.headers.set("Content-Disposition", "attachment", filename=f"{paper.sha256}.bin")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.get("/certificates/<certificate_id>/history")
@machine("suppliers")
@bp.output(list[shapes.ChangeOut])
def certificate_history(certificate_id: str) -> Any:
    """How a paper stood, oldest first: why, by whose decision, and on what it was decided."""
    with look() as unit:
        return certificates.history(unit, certificate_id)


@bp.get("/certificates/<certificate_id>/standing")
@machine("suppliers")
@bp.input(shapes.AtIn, location="query")
@bp.output(shapes.StoodOut)
def certificate_standing(certificate_id: str, query_data: shapes.AtIn) -> Any:
    """How a paper stood at a moment as it was known then, and what has become of it since."""
    with look() as unit:
        return certificates.standing_at(unit, certificate_id, query_data.at or unit.now)


@bp.post("/certificates/<certificate_id>/recheck")
@machine("suppliers")
@bp.output(shapes.CertificateOut, status_code=202)
def recheck_certificate(certificate_id: str) -> Any:
    """Have a paper looked at and judged anew."""
    with begin() as unit:
        return certificates.recheck(unit, certificate_id=certificate_id)


def _narrowed(asked: shapes.CertificatesIn) -> dict[str, Any]:
    return {"supplier_id": asked.supplier, "standing": asked.standing, "kind": asked.kind}


def _every(unit: Unit, narrowed: dict[str, Any]) -> Iterator[Any]:
    """All that fit, a page at a time, newest first."""
    after, left = None, MOST_ROWS
    while left > 0 and (found := certificates.listed(unit, **narrowed, after=after, most=min(AT_ONCE, left))):
        yield from found
        after, left = found[-1].id, left - len(found)
        unit.session.expunge_all()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(str(each) for each in value)
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
