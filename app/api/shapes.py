"""Shapes that go in and out of the JSON doors. Strings from outside are bounded here once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from kernel.given import YEARS

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
When = Annotated[AwareDatetime, Field(ge=datetime(YEARS.start, 1, 1, tzinfo=UTC), lt=datetime(YEARS.stop, 1, 1, tzinfo=UTC))]
Ident = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Quantity = Annotated[Decimal, Field(gt=0, le=Decimal("1e12"), decimal_places=6)]


class In(BaseModel):
    """What comes in: an unknown field is an error, not a silence."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What goes out: only the fields named here, read from an object's attributes."""

    model_config = ConfigDict(from_attributes=True)


class LotIn(In):
    code: Short
    product_id: Ident
    line_code: Short
    place: Text
    quantity: Quantity
    uom: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")] = "H87"
    started_at: When | None = None


class LotOut(Out):
    id: str
    code: str
    kind: str
    product_id: str | None
    material_id: str | None
    supplier_id: str | None
    line_code: str | None
    quantity: Decimal
    uom: str
    place: str
    started_at: datetime
    finished_at: datetime | None
    best_before: date | None
    state: str
    standing: str
    uri: str
    supplier_lot: str | None
    delivery_id: str | None


class InputIn(In):
    lot_id: Ident
    quantity: Quantity


class FinishIn(In):
    inputs: list[InputIn] = Field(min_length=1, max_length=1000)
    quantity: Quantity | None = None
    finished_at: When | None = None


class IntakeIn(In):
    """A delivery of one line (see POST /deliveries): papers that name ``supplier_lot`` count by themselves, ``certificate_ids`` are those
    laid beside this very lot."""

    supplier_id: Ident
    material_id: Ident
    lot_code: Short
    quantity: Quantity
    uom: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]
    place: Text
    received_at: When | None = None
    supplier_lot: Short | None = None
    supplier_gtin: Annotated[str, StringConstraints(pattern=r"^[0-9]{8,14}$")] | None = None
    certificate_ids: list[Ident] = Field(default=[], max_length=20)


class EdgeOut(Out):
    input: str
    output: str
    quantity: Decimal
    uom: str


class GraphOut(Out):
    lots: list[LotOut]
    edges: list[EdgeOut]


class HoldIn(In):
    lot_id: Ident
    reason: Sentence


class WhyIn(In):
    why: Sentence


class HoldOut(Out):
    id: str
    lot_id: str
    cause: str
    cause_id: str
    reason: str
    state: str
    made_at: datetime
    ended_at: datetime | None


class LineIn(In):
    code: Short
    name_zh: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    name_en: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class LineOut(Out):
    id: str
    code: str
    name_zh: str
    name_en: str


class StreamIn(In):
    line_id: Ident
    tag: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    name_zh: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    name_en: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=12)]
    physical_low: float | None = Field(default=None, allow_inf_nan=False)
    physical_high: float | None = Field(default=None, allow_inf_nan=False)
    limits: dict[str, float] = Field(default_factory=dict, max_length=8)
    critical: bool = False
    novelty: bool = True
    cadence_seconds: float = Field(default=1.0, gt=0, le=86400, allow_inf_nan=False)


class StreamOut(Out):
    no: int
    line_id: str
    tag: str
    name_zh: str
    name_en: str
    unit: str
    limits: dict[str, float]
    critical: bool
    last_value: float | None
    last_at: datetime | None


class AlertOut(Out):
    id: str
    stream_no: int
    detector: str
    severity: str
    state: str
    began_at: datetime
    returned_at: datetime | None
    evidence: dict[str, Any]
    cause: str | None


class AcknowledgeIn(In):
    cause: Short
    note: Annotated[str, StringConstraints(max_length=500)] | None = None
