"""Shapes of what is left of lots, of corrections and of mass balance."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.api.shapes import EdgeOut, Ident, In, InputIn, LotOut, Out, Quantity, Sentence, Text, When

Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6)]
Reason = Literal["waste", "damaged", "expired", "recalled", "laboratory", "retained", "authority"]


class StockOut(Out):
    """In the lot's own unit; ``left`` is below zero when more went out than came in. ``withdrawn``: pieces taken out by their codes.
    ``strange``: outflows in units that cannot be said in this one; they are in no sum."""

    uom: str
    came: Decimal
    used: Decimal
    shipped: Decimal
    sold: Decimal
    sampled: Decimal
    destroyed: Decimal
    withdrawn: Decimal
    left: Decimal
    strange: int


class DiscardIn(In):
    """waste, damaged, expired and recalled are destroyed; laboratory, retained and authority are samples."""

    quantity: Quantity
    reason: Reason
    note: Sentence | None = None


class SaleIn(In):
    """``customer``: a firm, never a person."""

    quantity: Quantity
    customer: Text | None = None


class CorrectionIn(In):
    """What went into the lot in truth, and how much came out of it when that was told wrongly as well."""

    inputs: list[InputIn] = Field(min_length=1, max_length=1000)
    quantity: Quantity | None = None
    reason: Sentence


class ReceiptCorrectionIn(In):
    """``delivery_id``: with which delivery so much came, where several brought of the lot."""

    quantity: Quantity
    reason: Sentence
    delivery_id: Ident | None = None


class CorrectionOut(Out):
    """``held``: the lots that are on hold from now on, because what turned out to be in them is."""

    lot: LotOut
    held: list[LotOut]


class TraceIn(In):
    """``known``: as far as was known at that moment. ``since`` and ``until``: only steps that happened then."""

    direction: Literal["both", "back", "forward"] = "both"
    depth: int | None = Field(default=None, ge=1, le=1000)
    since: When | None = None
    until: When | None = None
    known: When | None = None


class OtherOut(Out):
    """What others tell of: no lot of this house."""

    id: str
    uri: str
    kind: str
    at: datetime


class TraceOut(Out):
    """``lots`` with the lot itself, oldest first; ``others`` and ``beyond``: what partners tell of before and after, and what went
    into what there, by the ids of both."""

    lots: list[LotOut]
    edges: list[EdgeOut]
    others: list[OtherOut]
    beyond: list[EdgeOut]


class DiffIn(In):
    """Two moments of knowing; left out, ``before`` is when the lot was begun and ``after`` is now."""

    before: When | None = None
    after: When | None = None


class ApartOut(Out):
    gained: list[LotOut]
    lost: list[LotOut]


class OtherRecallOut(Out):
    """``uncovered``: those of ``gained`` that no recall covers."""

    recall_id: str
    gained: list[LotOut]
    lost: list[LotOut]
    uncovered: list[LotOut]


class DiffOut(Out):
    upstream: ApartOut
    downstream: ApartOut
    recalls: list[OtherRecallOut]


class BalanceIn(In):
    """Pieces that bear codes are told as they stand now.

    ``tolerance``: a share of what came in. ``everywhere``: also at places of others, as far as their events were captured."""

    since: When
    until: When
    site: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    tolerance: Share = Decimal("0.02")
    everywhere: bool = False


class AccountOut(Out):
    """``brought`` forward is in ``inflow``. ``unknown``: movements in units that cannot be compared; they are in no sum."""

    site: str
    lot_id: str | None = None
    lot_code: str | None = None
    uri: str | None = None
    uom: str
    brought: Decimal
    inflow: Decimal
    outflow: Decimal
    left: Decimal
    excess: Decimal
    unknown: int
    events: list[str]
    """The fewest events that explain the excess."""


class StepOut(Out):
    """A step in which more came out than went in."""

    event_id: str
    at: datetime
    site: str
    uom: str
    inflow: Decimal
    outflow: Decimal
    excess: Decimal


class BalanceOut(Out):
    since: datetime
    until: datetime
    tolerance: Decimal
    sites: list[AccountOut]
    lots: list[AccountOut]
    steps: list[StepOut]
