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
    supplier_id: Ident
    material_id: Ident
    lot_code: Short
    quantity: Quantity
    uom: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]
    place: Text
    received_at: When | None = None
    supplier_lot: Short | None = None
    supplier_gtin: Annotated[str, StringConstraints(pattern=r"^[0-9]{8,14}$")] | None = None


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


class SupplierIn(In):
    name: Text
    uscc: Annotated[str, StringConstraints(strip_whitespace=True, min_length=18, max_length=18)]
    kind: Short
    market: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "CN"
    email: Text | None = None


class SupplierOut(Out):
    id: str
    name: str
    uscc: str
    kind: str
    market: str


class MaterialIn(In):
    code: Short
    name_zh: Text
    name_en: Text
    category: Short


class MaterialOut(Out):
    id: str
    code: str
    name_zh: str
    name_en: str
    category: str


class SupplyIn(In):
    supplier_id: Ident
    material_id: Ident


class DecisionOut(Out):
    open: bool
    because: list[str]
    certificate_ids: list[str]


class CertificateForm(In):
    supplier_id: Ident
    kind: Short
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    holder_name: Text
    holder_uscc: Annotated[str, StringConstraints(strip_whitespace=True, max_length=18)] | None = None
    issuer_name: Text | None = None
    valid_from: date
    valid_until: date | None = None


class CertificateOut(Out):
    id: str
    supplier_id: str
    kind: str
    number: str
    holder_name: str
    valid_from: date
    valid_until: date | None
    sha256: str
    standing: str
    because: list[str]
    submitted_at: datetime


class OutcomeOut(Out):
    name: str
    result: str
    because: str
    evidence: dict[str, Any]


class CertificateDetailOut(Out):
    certificate: CertificateOut
    outcomes: list[OutcomeOut]


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
