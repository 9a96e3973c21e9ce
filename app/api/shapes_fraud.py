"""Shapes of cases of suspicion and of reports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from app.api.shapes import Ident, In, Out, Sentence
from app.api.shapes_codes import PageIn
from traceability import cases, reports

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


def _one_of(*among: str) -> Any:
    return Annotated[str, StringConstraints(pattern=rf"^({'|'.join(among)})$"), Field(json_schema_extra={"enum": list(among)})]


class CasesIn(PageIn):
    """``state`` and ``kind`` narrow the list."""

    state: _one_of(*cases.STATES) | None = None  # type: ignore[valid-type]
    kind: _one_of(*cases.KINDS) | None = None  # type: ignore[valid-type]


class CaseOut(Out):
    """``subject`` names what the case is about within its kind. Counters ``first`` … ``last`` (both in) are those
    of items under the key ``key_version``. ``evidence`` depends on the kind."""

    id: str
    kind: str
    subject: str
    gtin: str | None
    key_version: int | None
    first: int | None
    last: int | None
    probability: float | None
    evidence: dict[str, Any]
    state: str
    opened_at: datetime
    updated_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    note: str | None


class ConfirmIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "已买到样品，印刷与原标不同"}]})

    note: Note | None = None


class DismissIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "门店样品，每天有人扫"}]})

    note: Sentence


class ReportsIn(PageIn):
    """``state``, ``kind`` and ``lot_id`` narrow the list."""

    state: _one_of(*reports.STATES) | None = None  # type: ignore[valid-type]
    kind: _one_of(*reports.KINDS) | None = None  # type: ignore[valid-type]
    lot_id: Ident | None = None


class ReportOut(Out):
    """What was told of a scan. ``number`` is the one that the person who told it was given; ``text`` is hers and
    unjudged. The item as in cases; no counter when the code was not one of ours."""

    id: str
    number: str
    scan_id: str
    kind: str
    text: str
    at: datetime
    state: str
    gtin: str
    key_version: int | None
    counter: int | None
    lot_id: str | None
    scanned_at: datetime
    region: str | None
    verdict: str
    decided_at: datetime | None
    decided_by: str | None
    note: str | None
