"""Shapes of files of codes, plans, labels printed a second time, and sheets that were inspected."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from app.api.shapes import Ident, In, Out, Sentence, Short
from app.api.shapes_codes import BalanceOut, Number, OrderOut, Position
from traceability.labels.planner import Wish

Millimetres = Annotated[float, Field(ge=0, le=2000, allow_inf_nan=False)]
Face = Annotated[str, Field(json_schema_extra={"enum": ["outer", "inner", "both"]})]


class WishIn(In):
    """What the printer can and what the label should be. ``size_mm``: the side of the symbol, with its quiet zone
    when ``with_quiet``; ``quiet`` in modules; ``gain_mm``: how far ink spreads beyond each edge."""

    dpi: int = Field(default=Wish.dpi, ge=1, le=100_000)
    size_mm: Millimetres = Wish.size_mm
    with_quiet: bool = Wish.with_quiet
    quiet: int | None = Field(default=None, ge=0, le=100)
    light_surround: bool = Wish.light_surround
    level: Literal["L", "M", "Q", "H"] | None = None
    gain_mm: Millimetres = Wish.gain_mm
    page_mm: tuple[Millimetres, Millimetres] = Wish.page_mm
    margin_mm: Millimetres = Wish.margin_mm
    text: bool = Wish.text

    def wish(self) -> Wish:
        return Wish(**{name: getattr(self, name) for name in WishIn.model_fields})


class PlanIn(WishIn):
    """For an order, or for codes not ordered yet: their scheme and, where it is not the brand's own address, the host."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"order_id": "01JX0000000000000000000000", "dpi": 600, "size_mm": 5},
                {"scheme": "compact", "host": "s.cn", "dpi": 600, "size_mm": 5, "gain_mm": 0.02},
            ]
        }
    )

    order_id: Ident | None = None
    face: Annotated[str, Field(json_schema_extra={"enum": ["outer", "inner"]})] = "outer"
    scheme: Annotated[str, Field(json_schema_extra={"enum": ["gs1", "compact"]})] | None = None
    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,1000}(:[0-9]{1,5})?$")] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.order_id is None) == (self.scheme is None):
            raise ValueError("name order_id or scheme")
        return self


class PlanOut(Out):
    """``fitness``: the predicted reading rate, 0 … 1; ``reasons`` why it is not 1; ``thin``: dots a dark run loses."""

    dpi: int
    mode: str
    version: int
    level: str
    modules: int
    dots: int
    quiet: int
    thin: int
    module_mm: float
    symbol_mm: float
    fitness: float
    reasons: list[str]


class FileIn(WishIn):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"format": "pdf", "dpi": 600, "size_mm": 12, "start": 0, "count": 100000},
                {"format": "csv", "face": "both"},
                {"format": "zpl", "dpi": 300, "size_mm": 15},
            ]
        }
    )

    format: Short
    face: Face = "outer"
    start: Position = 0
    count: Number | None = None


class FileOut(Out):
    """A file and how far it is: ``done`` of ``count`` codes, from position ``start`` on. ``size`` in bytes once it is ready."""

    id: str
    order_id: str
    format: str
    face: str
    start: int
    count: int
    state: str
    done: int
    size: int | None
    digest: str | None
    failure: str | None
    asked_at: datetime
    ready_at: datetime | None


class OrderDetailOut(Out):
    order: OrderOut
    balance: BalanceOut
    files: list[FileOut]


class ReprintIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"start": 4000, "count": 500, "reason": "第 5 卷受潮，二维码起皱"}]})

    start: Position
    count: Number
    reason: Sentence


class ReprintOut(Out):
    id: str
    order_id: str
    start: int
    count: int
    reason: str
    state: str
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str | None


class ApprovalIn(WishIn):
    """The file that is to be printed."""

    format: Short = "pdf"
    face: Face = "outer"


class ApprovalOut(Out):
    reprint: ReprintOut
    file: FileOut


class InspectionForm(In):
    """Beside the picture: which page of the file it shows, from 1 as printed below it."""

    page: int = Field(default=1, ge=1, le=10_000_000)


class FoundOut(Out):
    """One label of the sheet. ``grade`` A … F (ISO/IEC 15415), empty when it lies outside the picture; ``unused``
    error correction and ``contrast`` 1 … 0; ``errors``: wrong codewords; ``wrong``: another code is printed there."""

    position: int
    state: str
    grade: str
    unused: float
    contrast: float
    modulation: str
    errors: int
    seen: bool
    missing: bool
    wrong: bool


class InspectionOut(Out):
    """``counts``: labels by grade; ``bad``: positions under grade C that can be scrapped as they are; ``pixels``: to a module."""

    order_id: str
    pixels: float
    sharp: bool
    counts: dict[str, int]
    bad: list[int]
    labels: list[FoundOut]
