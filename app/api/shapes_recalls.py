"""Shapes of recalls: from where a trace begins, what it reaches, and what was decided."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from app.api.shapes import Ident, In, LotOut, Out, Sentence, When
from traceability import letters

Kind = Literal["lot", "supplier_lot", "delivery", "certificate", "line", "item", "pack"]
Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Table = Literal[tuple(letters.TABLES)]  # type: ignore[valid-type]


class ScopeIn(In):
    """Where a trace begins. ``kind`` says what ``value`` is: a lot's code or URI, a supplier's lot, a delivery note, a paper's
    number, a line (with ``since`` and ``until``), an item's link, or an SSCC."""

    kind: Kind
    value: Value
    since: When | None = None
    until: When | None = None
    supplier_id: Ident | None = None


class TableIn(ScopeIn):
    table: Table = "lots"


class RecallIn(In):
    """Either ``lot_ids`` or a ``scope``."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"scope": {"kind": "supplier_lot", "value": "T-0715"}, "reason": "检出李斯特菌", "advice": "请勿饮用，凭瓶身二维码退款"}
            ]
        }
    )

    lot_ids: list[Ident] = Field(default=[], max_length=1000)
    scope: ScopeIn | None = None
    reason: Sentence
    advice: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class ApproveIn(In):
    seen: Annotated[str, StringConstraints(max_length=64)] = ""


class RecallOut(Out):
    """``state``: proposed (everything is held), open (recalled for ever) or declined."""

    id: str
    state: str
    reason: str
    advice: str
    scope: dict[str, Any]
    proposed_at: datetime
    opened_at: datetime | None
    declined_at: datetime | None
    declined_why: str | None


class SignatureOut(Out):
    intent: str
    name: str
    reason: str
    method: str
    digest: str
    at: datetime


class RecallDetailOut(RecallOut):
    lots: list[LotOut]
    signatures: list[SignatureOut]


class RangeOut(Out):
    """``count`` items of one lot that share a state, from position ``start`` (from 0) of an order on."""

    lot: str
    order_id: str
    start: int
    count: int
    state: str


class ReachLotOut(LotOut):
    items: int
    used: Decimal
    shipped: Decimal
    left: Decimal


class ReachOut(Out):
    """All that a recall would reach now. ``ranges``: its items, ``shipments``: who got what, ``sales``: who bought it loose, ``strange``
    and ``onward``: what partners told of the same goods. ``reconciled``: of all that came, the share whose way is told."""

    kind: str
    start: list[str]
    counts: dict[str, int]
    reconciled: Decimal | None
    states: dict[str, int]
    regions: dict[str, int]
    lots: list[ReachLotOut]
    ranges: list[RangeOut]
    packs: list[dict[str, Any]]
    shipments: list[dict[str, Any]]
    sales: list[dict[str, Any]]
    strange: list[dict[str, Any]]
    onward: list[dict[str, Any]]


class DrillOut(Out):
    id: str
    scope: dict[str, Any]
    started_at: datetime
    ended_at: datetime | None
    steps: list[dict[str, Any]]
    found: dict[str, Any]
    note: str | None
