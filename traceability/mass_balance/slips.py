"""Slips of the hand that would explain an excess all by themselves: a zero too many, told twice, the wrong unit.

A slip is named when the account would balance without it and there is evidence for it, as any large enough event would balance an account
when it shrinks: either nothing is left over then, or the movement stands out from all others of its kind and would not any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from traceability.events import units
from traceability.mass_balance.accounts import Account, Line
from traceability.mass_balance.movements import Movement

FOLDS: Final = {"tenfold": Decimal(10), "hundredfold": Decimal(100), "thousandfold": Decimal(1000)}
CONFUSED: Final = (
    ("MC", "MGM", "GRM", "KGM", "TNE", "LBR", "ONZ"),
    ("MLT", "CLT", "DLT", "LTR", "HLT", "MTQ", "GLL", "GLI", "OZA"),
    ("MMT", "CMT", "MTR", "KMT", "INH", "FOT", "YRD"),
)
"""Units of one dimension that stand beside each other in forms and drop-downs."""
SAME_TIME: Final = timedelta(hours=1)
"""Two equal movements this close are one that was sent twice."""
FEWEST: Final = 3
"""Movements of one kind, besides the one in doubt, before it can stand out from them."""


@dataclass(frozen=True)
class Slip:
    """``kind``: tenfold, hundredfold, thousandfold, unit or twice. ``quantity`` and ``uom``: what ``movement`` should have said, nothing
    when it was told ``twice`` (``other`` is the event that told it first). ``left``: what could still go out of the account then, in its
    unit; below zero within the tolerance.
    """

    kind: str
    movement: Movement
    quantity: Decimal
    uom: str
    left: Decimal
    other: str | None = None


def find(account: Account) -> list[Slip]:
    """Every single slip that explains the excess of an account, the closest to a clean balance first; none without an excess."""
    if not account.excess:
        return []
    found = [*_twice(account), *(slip for line in account.lines for slip in _wrong(account, line))]
    return sorted(found, key=lambda slip: (abs(slip.left), slip.kind, slip.movement.event_id))


def _wrong(account: Account, line: Line) -> Iterator[Slip]:
    """The number was right and the unit was not, or the number was a power of ten off."""
    seen: set[Decimal] = set()
    for kind, quantity, uom in _meant(line):
        amount = _in_unit(account, line, quantity, uom)
        if amount is None or amount in seen:
            continue
        over = account.excess - _less(account, line, amount)
        if over <= account.tolerance and (abs(over) <= account.tolerance or _stands_out(account, line, amount)):
            seen.add(amount)
            yield Slip(kind, line.movement, quantity, uom, -over)


def _meant(line: Line) -> Iterator[tuple[str, Decimal, str]]:
    told = line.movement
    for row in CONFUSED:
        if told.uom in row:
            yield from (("unit", told.quantity, uom) for uom in row if uom != told.uom)
    for kind, fold in FOLDS.items():
        yield kind, told.quantity * fold if line.amount < 0 else told.quantity / fold, told.uom


def _less(account: Account, line: Line, amount: Decimal) -> Decimal:
    """How much smaller the excess would be: what goes in allows only its expected yield to come out."""
    change = line.amount - amount
    return change * account.allowed / account.inflow if line.amount < 0 and account.inflow else change


def _in_unit(account: Account, line: Line, quantity: Decimal, uom: str) -> Decimal | None:
    """That much in the account's unit, signed as ``line`` is; None when it would make the excess greater or cannot be said in that unit."""
    told = line.movement
    if not told.quantity or not line.amount:
        return None
    if uom == told.uom:
        amount = line.amount * quantity / told.quantity
    elif units.family(uom) and units.family(uom) == units.family(told.uom):
        amount = line.amount * units.convert(quantity, uom, told.uom) / told.quantity
    else:
        return None
    return amount if amount < line.amount else None


def _stands_out(account: Account, line: Line, amount: Decimal) -> bool:
    """Beyond all others of its kind as it was told, and among them as it was meant."""
    kind = line.movement.kind
    others = [abs(each.amount) for each in account.lines if each is not line and each.movement.kind == kind]
    if len(others) < FEWEST:
        return False
    inside = min(others) <= abs(amount) <= max(others)
    return inside and not min(others) <= abs(line.amount) <= max(others)


def _twice(account: Account) -> Iterator[Slip]:
    """The same was told by two events: the later one is the slip."""
    first: dict[tuple[str, str, str, Decimal], list[Line]] = {}
    for line in sorted(account.lines, key=lambda each: (each.movement.at, each.movement.event_id)):
        told = line.movement
        earlier = first.setdefault((told.kind, told.lot, told.site, line.amount), [])
        over = account.excess - line.amount
        if line.amount > 0 and over <= account.tolerance:
            near = [each for each in earlier if each.movement.event_id != told.event_id]
            if near and (abs(over) <= account.tolerance or told.at - near[-1].movement.at <= SAME_TIME):
                yield Slip("twice", told, Decimal(0), told.uom, -over, near[-1].movement.event_id)
        earlier.append(line)
