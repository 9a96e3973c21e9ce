"""Shapes of packs, and of what a brand sets up for its codes: addresses, keys, the prefix of its packs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.api.shapes import Ident, In, Out, Sentence
from app.api.shapes_codes import Link, Number, Position

Sscc = Annotated[str, StringConstraints(pattern=r"^[0-9]{18}$")]


class PlaceIn(In):
    """Codes of an order: ``count`` of them from position ``start`` on."""

    order_id: Ident
    start: Position
    count: Number


class GoodsIn(In):
    """Items by the links on them or by their places in an order, and packs by their SSCC."""

    items: list[Link] = Field(default=[], max_length=10_000)
    ranges: list[PlaceIn] = Field(default=[], max_length=10_000)
    children: list[Sscc] = Field(default=[], max_length=10_000)


class PackIn(GoodsIn):
    """A case holds items, a pallet holds cases. Without ``sscc`` the brand's next number is taken."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "case", "ranges": [{"order_id": "01JX0000000000000000000000", "start": 0, "count": 12}]},
                {"kind": "pallet", "children": ["095212340000000012", "095212340000000029"]},
            ]
        }
    )

    kind: Annotated[str, Field(json_schema_extra={"enum": ["case", "pallet"]})]
    sscc: Sscc | None = None


class PlaceOut(Out):
    order_id: str
    start: int
    count: int


class PackOut(Out):
    """What is in a pack now: ``ranges`` of items that lie in it, and the packs in it with theirs."""

    sscc: str
    kind: str
    packed_at: datetime
    unpacked_at: datetime | None
    ranges: list[PlaceOut]
    packs: list[PackOut]


class SsccPrefixIn(In):
    """A GS1 company prefix."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"prefix": "6901234"}]})

    prefix: Annotated[str, StringConstraints(pattern=r"^[0-9]{7,12}$")]


class SsccPrefixOut(Out):
    """``next_reference``: the serial reference of the next pack."""

    prefix: str
    next_reference: int


class AddressIn(In):
    """A host of the brand's own that points here, or ``/`` and a short name on the platform's."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "s.lanmu.example"}, {"name": "/LM"}]})

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class AddressOut(Out):
    name: str
    added_at: datetime


class KeyOut(Out):
    """A key by its name, never itself. ``issued``: how many serials were taken from it."""

    kind: str
    gtin: str | None
    version: int
    issued: Annotated[int, Field(validation_alias="next_counter")]
    created_at: datetime
    retired_at: datetime | None


class RotationIn(In):
    """``gtin`` (14 digits) for a key of kind gs1, none for compact and inner."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "gs1", "gtin": "09521234500018", "reason": "年度轮换"}]})

    kind: Annotated[str, Field(json_schema_extra={"enum": ["gs1", "compact", "inner"]})]
    gtin: Annotated[str, StringConstraints(pattern=r"^[0-9]{14}$")] | None = None
    reason: Sentence
