"""What was moved, as an event told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from kernel.errors import Invalid, flaw

INTO: Final = ("opening", "received", "produced")
OUT_OF: Final = ("used", "shipped", "sold", "destroyed", "sampled")

Told = tuple[str, Decimal, str]
"""Lot, quantity, unit code of UN/ECE Recommendation 20."""


@dataclass(frozen=True)
class Movement:
    """So much of a lot came to a site (a kind of INTO) or left it (a kind of OUT_OF). Raises Invalid.

    ``uom`` is a code of UN/ECE Recommendation 20; one that nobody knows is no fault here, its account says so.
    """

    event_id: str
    at: datetime
    site: str
    lot: str
    kind: str
    quantity: Decimal
    uom: str

    def __post_init__(self) -> None:
        flaws = []
        if self.kind not in INTO + OUT_OF:
            flaws.append(flaw("/kind", "choice", f"must be one of {', '.join(INTO + OUT_OF)}"))
        if not self.quantity.is_finite():
            flaws.append(flaw("/quantity", "number", "must be a decimal number"))
        elif self.quantity < 0:
            flaws.append(flaw("/quantity", "positive", "must not be less than zero"))
        if flaws:
            raise Invalid(errors=flaws)

    @property
    def inward(self) -> bool:
        return self.kind in INTO


@dataclass(frozen=True)
class Step:
    """One transformation: what went in and what came out, each (lot, quantity, unit)."""

    event_id: str
    at: datetime
    site: str
    inputs: tuple[Told, ...]
    outputs: tuple[Told, ...]

    def movements(self) -> list[Movement]:
        """What went in is ``used`` and what came out ``produced``. Raises Invalid."""
        sides = (("used", self.inputs), ("produced", self.outputs))
        return [Movement(self.event_id, self.at, self.site, lot, kind, many, uom) for kind, told in sides for lot, many, uom in told]
