"""Shapes of where things are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.api.shapes import In, LotOut, Out


class WhereaboutsIn(In):
    uri: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)] = Field(
        examples=["urn:epc:id:sscc:0614141.1234567890", "https://id.gs1.org/00/106141412345678908"]
    )


class SaidOut(Out):
    """``by_way_of``: the pack that it was said of, if not of the thing itself."""

    word: str
    at: datetime
    by_way_of: str | None


class ShipmentNamed(Out):
    id: str
    reference: str
    customer: str
    at: datetime


class WhereaboutsOut(Out):
    """``inside``: what it stands in, nearest first; ``state`` of a code of this house; ``shipment`` the last it went with."""

    uri: str
    kind: str
    location: SaidOut | None
    disposition: SaidOut | None
    inside: list[str]
    lot: LotOut | None
    state: str | None
    shipment: ShipmentNamed | None
