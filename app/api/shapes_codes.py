"""Shapes of products, orders of codes and the steps of codes. Positions count from 0 in the order; counters of keys are never shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from app.api.shapes import Ident, In, Out, Sentence, Short, Text
from traceability import life

MOST: Final = 1_000_000_000
Position = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=MOST,
        examples=[0],
        description="A position in the order, from 0. The `spans` of a problem say `start` so as well, but `from` and `to` from 1.",
    ),
]
Number = Annotated[int, Field(strict=True, gt=0, le=MOST, examples=[500])]
Link = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
_There = BeforeValidator(lambda value: value is not None)


def _why(move: str) -> Any:
    """The reasons that a step takes: told in the document, checked by the domain."""
    return Field(json_schema_extra={"enum": list(life.MOVES[move].reasons)})


class ProductIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "gtin": "09521234500018",
                    "name_zh": "岚牧鲜牛奶",
                    "name_en": "Lanmu fresh milk",
                    "net_content": "950 ml",
                    "shelf_life_days": 15,
                }
            ]
        }
    )

    gtin: Short
    name_zh: Text
    name_en: Text
    net_content: Short
    shelf_life_days: int = Field(gt=0, le=36500)


class ProductOut(Out):
    id: str
    gtin: str
    name_zh: str
    name_en: str
    net_content: str
    shelf_life_days: int


class OrderIn(In):
    """``scheme``: gs1 (a GS1 Digital Link) or compact (a short address and a serial); ``inner``: with a partner under the cap."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reference": "鲜牛奶-20260601-01",
                    "product_id": "01JX0000000000000000000000",
                    "count": 100000,
                    "scheme": "gs1",
                    "inner": False,
                    "formats": ["pdf", "csv"],
                }
            ]
        }
    )

    reference: Reference
    product_id: Ident
    count: Number
    scheme: Annotated[str, Field(json_schema_extra={"enum": ["gs1", "compact"]})] = "gs1"
    inner: bool = False
    formats: list[Short] = Field(default=["pdf", "csv"], max_length=8)


class ImportForm(In):
    """Beside the CSV: whose serials these are. ``printed``: they are on labels already."""

    reference: Reference
    product_id: Ident
    printed: bool = False


class LinkIn(In):
    """What is printed: a GS1 Digital Link, or a compact one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"link": "HTTPS://ID.LANMU.EXAMPLE/01/09521234500018/21/7QK2M9XTAB3C"}]})

    link: Link


class PageIn(In):
    """``before``: the id of the last one seen; the answer goes on with older ones."""

    limit: int = Field(default=100, ge=1, le=1000)
    before: Ident | None = None


class OrderOut(Out):
    id: str
    reference: str
    product_id: str
    gtin: str
    count: int
    scheme: str
    inner: Annotated[bool, _There, Field(validation_alias="inner_first")]
    ordered_at: datetime
    closed_at: datetime | None


class BalanceOut(Out):
    ordered: int
    allocated: int
    unused: int
    printed: int
    commissioned: int
    scrapped: int
    sampled: int
    returned: int
    void: int
    open: int
    on_lot: int
    released: int
    taken: int
    inactive: int
    destroyed: int


class SpanIn(In):
    """Codes ``start`` … ``start + count - 1``; to the end of the order without ``count``."""

    start: Position = 0
    count: Number | None = None


class ActivationIn(SpanIn):
    lot_id: Ident


class RangeIn(In):
    """What may not be taken back for ever names both."""

    start: Position
    count: Number


class NotedIn(RangeIn):
    note: Sentence | None = None


class VoidIn(NotedIn):
    reason: Annotated[Short, _why("void")]


class LabelSampleIn(NotedIn):
    reason: Annotated[Short, _why("sample_label")]


class SampleIn(NotedIn):
    reason: Annotated[Short, _why("sample")]


class InactivationIn(NotedIn):
    reason: Annotated[Short, _why("inactivate")]


class DestructionIn(NotedIn):
    reason: Annotated[Short, _why("destroy")]


class ScrapIn(In):
    """A range, or single labels by ``positions``."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"positions": [17, 230, 231], "reason": "unreadable", "note": "第 3 卷开头"}]}
    )

    start: Position | None = None
    count: Number | None = None
    positions: list[Position] | None = Field(default=None, min_length=1, max_length=100_000)
    reason: Annotated[Short, _why("scrap")]
    note: Sentence | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        given = (self.start is not None, self.count is not None, self.positions is not None)
        if given not in ((True, True, False), (False, False, True)):
            raise ValueError("name start and count, or positions")
        return self

    def where(self) -> dict[str, Any]:
        """As ``moves.scrap`` takes it."""
        return {"positions": self.positions} if self.positions is not None else {"start": self.start, "count": self.count}


class SerialsIn(In):
    """Texts as a line scanner reads them: links or bare serials."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"serials": ["HTTPS://ID.LANMU.EXAMPLE/01/09521234500018/21/7QK2M9XTAB3C", "0F4ZH2WNYT6P"]}]}
    )

    serials: list[Link] = Field(min_length=1, max_length=200_000)


class MoveOut(Out):
    """One step: ``codes`` of them, the first at position ``start``, the last at ``end``."""

    id: str
    order_id: str
    move: str
    start: int
    end: int
    codes: int
    reason: str | None
    note: str | None
    lot_id: str | None
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str | None


class MovedOut(BalanceOut):
    """The books of the order after a step, and the step, by whose id it can be undone."""

    move: MoveOut


class PackShortOut(Out):
    sscc: str
    kind: str


class CodeOut(Out):
    """One code as it stands. ``position`` is its place in the order; ``inner``: what was read is the code under the cap."""

    gtin: str
    order_id: str
    position: int
    inner: bool
    state: str
    reason: str | None
    lot_id: str | None
    lot_code: str | None
    packs: list[PackShortOut]
