"""Shapes of the doors of papers: uploads, certificates, what people decide on them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from app.api.shapes import Ident, In, Out, Short, Text, When
from app.api.shapes_codes import PageIn
from suppliers.standing import Standing


def _split(value: Any) -> Any:
    """A text from a form as a list: a line, or what stands between semicolons, each."""
    return [part.strip() for part in re.split(r"[;；\r\n]", value) if part.strip()] if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Names = Annotated[list[Name], BeforeValidator(_split), Field(max_length=200)]


class WordsIn(In):
    """The words on a paper as somebody read or confirmed them. In a form, ``lots`` and ``products`` are lines, or parted by semicolons."""

    kind: Short
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    holder_name: Text
    holder_uscc: Annotated[str, StringConstraints(strip_whitespace=True, max_length=18)] | None = None
    issuer_name: Text | None = None
    valid_from: date
    valid_until: date | None = None
    issued_on: date | None = None
    lots: Names = Field(default_factory=list)
    products: Names = Field(default_factory=list)
    site: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    scope: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None
    accreditation: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] | None = None


class CertificateForm(WordsIn):
    supplier_id: Ident


class UploadForm(In):
    supplier_id: Ident


class UploadOut(Out):
    """``state``: waiting (to be read), read, refused, confirmed or discarded. ``fields``: what the machine read, by name, each with its
    place on the page; ``trouble``: why nothing can be made of the file."""

    id: str
    supplier_id: str
    sha256: str
    filename: str
    media_type: str
    size: int
    state: str
    fields: dict[str, Any]
    trouble: str | None
    pages: int
    uploaded_at: datetime
    read_at: datetime | None


class CertificatesIn(PageIn):
    supplier: Ident | None = None
    standing: Standing | None = None
    kind: Short | None = None


class CertificateOut(Out):
    id: str
    supplier_id: str
    kind: str
    number: str
    holder_name: str
    holder_uscc: str | None
    issuer_name: str | None
    valid_from: date
    valid_until: date | None
    issued_on: date | None
    lots: list[str]
    products: list[str]
    site: str | None
    scope: str | None
    accreditation: str | None
    sha256: str
    filename: str
    media_type: str
    standing: str
    because: list[str]
    superseded_by: str | None
    due_on: date | None
    submitted_at: datetime
    judged_at: datetime | None


class OutcomeOut(Out):
    """``result``: passed, failed or inconclusive. ``final``: nobody may let it pass."""

    name: str
    result: str
    because: str
    final: bool
    evidence: dict[str, Any]
    at: datetime


class CertificateDetailOut(Out):
    certificate: CertificateOut
    outcomes: list[OutcomeOut]
    seen: str


class ChangeOut(Out):
    """``seal`` chains the changes of a paper: SHA-256 over the seal before it and this one."""

    id: str
    standing: str
    because: list[str]
    decision: str | None
    note: str | None
    basis: dict[str, Any] | None
    seal: str | None
    at: datetime
    by: str


class AtIn(In):
    """``at``: now when left out."""

    at: When | None = None


class StoodOut(Out):
    """``then``: how it stood at that moment as it was known then; ``in_force``: its own dates covered that day; ``now``, and ``since``
    when; ``fell_at``: when it fell, if it stood well then and does not now."""

    certificate_id: str
    then: str
    good_then: bool
    in_force: bool
    now: str
    since: datetime | None
    fell_at: datetime | None


class DecisionIn(In):
    """``reject`` of a paper that has stood revokes it, for good. ``seen``: what ``GET /certificates/{id}`` gave under this
    name; when the paper says something else by now, nothing is decided."""

    decision: Literal["accept", "reject", "suspend", "resume"]
    reason: Reason
    seen: str | None = None


class OverrideIn(In):
    """``name``: of the check."""

    name: Short
    reason: Reason


class AnswerIn(In):
    answer: Reason


class OverrideOut(Out):
    id: str
    certificate_id: str
    name: str
    because: str
    state: str
    reason: str
    proposed_at: datetime
    proposed_by: str
    answer: str | None
    decided_at: datetime | None
    decided_by: str | None


class LookupForm(In):
    """``register_code``: as the matrix names registers. ``asked_on``: the day on which somebody looked."""

    register_code: Short
    result: Literal["valid", "invalid", "not_found", "suspended", "revoked", "unreachable"]
    asked_on: date
    note: Reason | None = None
    seen: str | None = None


class LookupOut(Out):
    """``screenshot``: SHA-256 of the picture of what was seen."""

    id: str
    register_code: str
    result: str
    asked_on: date
    note: str | None
    screenshot: str | None
    at: datetime
    by: str
