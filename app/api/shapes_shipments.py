"""Shapes of shipments. Regions are codes: ``CN-3301`` a city, ``CN-33`` a province, otherwise ISO 3166-1 (``CN``, ``JP``)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.api.shapes import Ident, In, InputIn, Out, Sentence, Text
from app.api.shapes_codes import Number, PageIn, Position, Reference
from app.api.shapes_packs import PlaceOut, Sscc
from traceability import shipments, shipped_lots

Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[0-9]{2}([0-9]{2})?)?$"), Field(examples=["CN-33"])]


class ShipmentIn(In):
    """Packs with all that is in them, or ``count`` items of an order from position ``start`` on (to its end without it).
    With them or alone, ``lots``: so much of lots as goods without codes. The same ``reference`` again, with the same words, is the
    same shipment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"reference": "DN-0715", "customer": "杭州示例商贸", "regions": ["CN-33", "CN-31"], "sscc": ["095212340000000013"]},
                {
                    "reference": "DN-0716",
                    "customer": "杭州示例商贸",
                    "regions": ["CN-3301"],
                    "order_id": "01JX0000000000000000000000",
                    "start": 0,
                    "count": 240,
                },
            ]
        }
    )

    reference: Reference
    customer: Text
    regions: list[Region] = Field(min_length=1, max_length=shipments.MOST_REGIONS)
    sscc: list[Sscc] = Field(default=[], max_length=shipments.MOST)
    order_id: Ident | None = None
    start: Position = 0
    count: Number | None = None
    lots: list[InputIn] = Field(default=[], max_length=shipped_lots.MOST)


class ShipmentsIn(PageIn):
    """``customer`` narrows the list to what went to one."""

    customer: Text | None = None


class CancelIn(In):
    reason: Sentence


class ShipmentOut(Out):
    """``items``: those that left with it, ``left``: those of them that went with no later shipment. ``cancelled_at``: when it was told
    that it never left, for ``cancelled_why``."""

    id: str
    reference: str
    customer: str
    regions: list[str]
    at: datetime
    items: int
    left: int
    cancelled_at: datetime | None
    cancelled_why: str | None


class ShippedLotOut(Out):
    lot_id: str
    quantity: Decimal
    uom: str


class ShipmentDetailOut(ShipmentOut):
    """``ranges``: the items that went with no later shipment. ``seen``: by region, how many of them were first looked at there
    since they left; ``outside``: those of them in regions that are surely not among ``regions``. ``case_id``: the case of
    suspected diversion, if there is one."""

    ranges: list[PlaceOut]
    lots: list[ShippedLotOut]
    seen: dict[str, int]
    outside: dict[str, int]
    case_id: str | None
