"""Accounts: what came in, what went out, and by how much the second exceeds the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal, localcontext
from typing import Final

from kernel.errors import Invalid, flaw
from traceability.events import units
from traceability.mass_balance.movements import Movement, Step

Contents = Mapping[str, tuple[Decimal, str]]
"""Lot → what one piece of it holds (0.95, "LTR"). Only where that is given are pieces compared with anything but pieces."""

WIDE: Final = Context(prec=400)
"""Sums of whatever a foreign event may claim stay exact in it."""
_FINEST: Final = Decimal("1e-12")
"""Where a conversion never ends (kilograms in pounds) it is cut, so that sums are exact and do not hang on their order."""
_NOTHING: Final = Decimal(0)
_PIECES: Final = ("H87", "C62", "EA")
"""Piece, one, each (UN/ECE Recommendation 20): how often people count what holds something."""


@dataclass(frozen=True)
class Line:
    """A movement in the account's unit: ``amount`` is above zero when it takes from the account, below when it adds to it."""

    movement: Movement
    amount: Decimal


@dataclass(frozen=True)
class Account:
    """The books in one unit, ``uom``.

    ``inflow`` has in it what was ``brought`` forward; ``left`` = inflow - outflow, below zero when more went out than came in.
    ``allowed`` is the most that could go out: the inflow, or the share of it that a step is expected to yield. ``excess`` =
    outflow - allowed when that is more than ``tolerance`` (in the same unit), else nothing. ``short`` = allowed - outflow when that is
    more than tolerance, for steps alone: what is left of a lot is no fault. ``unknown`` holds the movements whose unit cannot be compared
    with ``uom``: they are in no sum. An overdraft of the time before shows in ``brought`` alone: each excess is told once, in the time
    in which it arose.
    """

    uom: str
    inflow: Decimal
    outflow: Decimal
    left: Decimal
    allowed: Decimal
    tolerance: Decimal
    excess: Decimal
    short: Decimal
    unknown: tuple[Movement, ...]
    lines: tuple[Line, ...]
    brought: Decimal = _NOTHING


def of_lot(
    movements: Iterable[Movement], lot: str, *, uom: str | None = None, tolerance: Decimal = _NOTHING, contents: Contents | None = None
) -> Account:
    """The books of one lot, wherever it went; movements of other lots are passed over.

    ``uom`` is the account's unit: by default that of the first movement inwards, or else of the first. ``tolerance`` is a share of the
    inflow (0.01 for 1 %). Raises Invalid when the lot never moved or the tolerance is below zero.
    """
    mine = _in_time(each for each in movements if each.lot == lot)
    if not mine:
        raise Invalid(errors=[flaw("/lot", "empty", "no movement of this lot is known")])
    unit = uom or next((each.uom for each in mine if each.inward), mine[0].uom)
    return _account(*_compared(mine, unit, contents or {}), unit, tolerance)


def of_site(
    movements: Iterable[Movement],
    since: datetime,
    until: datetime,
    *,
    site: str | None = None,
    tolerance: Decimal = _NOTHING,
    contents: Contents | None = None,
) -> list[Account]:
    """The books of a site from ``since`` (inclusive) to ``until`` (exclusive): an account for each dimension, in the unit told first.

    Earlier movements are what is brought forward, so give all that is known; later ones and those of other sites are passed over.
    A movement of an unknown unit stands as ``unknown`` in every account; when nothing else moved there is one account in that unit.
    """
    theirs = [each for each in _in_time(movements) if each.at < until and site in (None, each.site)]
    held = contents or {}
    known: dict[str, str] = {}
    for each in theirs:
        amount = _told(each, held)
        known.setdefault(units.family(amount[1]) or "", amount[1])
    strange = [each for each in theirs if each.at >= since and not units.family(_told(each, held)[1])]
    accounts = []
    for kind, unit in known.items():
        if not kind and len(known) > 1:
            continue
        lines, _ = _compared(theirs, unit, held)
        with localcontext(WIDE):
            brought = -sum((line.amount for line in lines if line.movement.at < since), _NOTHING)
        recent = [line for line in lines if line.movement.at >= since]
        if recent or strange or brought:
            unknown = [each for each in strange if _told(each, held)[1] != unit]
            accounts.append(_account(recent, unknown, unit, tolerance, brought=brought))
    return accounts


def of_step(
    step: Step, *, expected: Decimal = Decimal(1), tolerance: Decimal = _NOTHING, uom: str | None = None, contents: Contents | None = None
) -> Account:
    """The yield of one step: what came out against what went in, in the dimension of ``uom`` (default: of the first output).

    ``expected`` is the share of the inputs that is known to come out, ``tolerance`` a share of that. Raises Invalid.
    """
    moved = step.movements()
    outputs = [each for each in moved if each.kind == "produced"]
    if not outputs:
        raise Invalid(errors=[flaw("/outputs", "empty", "a step without outputs yields nothing")])
    if not expected.is_finite() or expected <= 0:
        raise Invalid(errors=[flaw("/expected", "positive", "must be more than zero")])
    held = contents or {}
    unit = uom or _told(outputs[0], held)[1]
    lines, unknown = _compared(moved, unit, held)
    # What a step produces goes out of it, though it comes in to the site.
    turned = [Line(line.movement, line.amount.copy_negate()) for line in lines]
    return _account(turned, unknown, unit, tolerance, expected=expected)


def _account(
    lines: Sequence[Line],
    unknown: Sequence[Movement],
    uom: str,
    tolerance: Decimal,
    *,
    brought: Decimal = _NOTHING,
    expected: Decimal | None = None,
) -> Account:
    if not tolerance.is_finite() or tolerance < 0:
        raise Invalid(errors=[flaw("/tolerance", "positive", "must not be less than zero")])
    with localcontext(WIDE):
        inflow = max(brought, _NOTHING) - sum((line.amount for line in lines if line.amount < 0), _NOTHING)
        outflow = sum((line.amount for line in lines if line.amount > 0), _NOTHING)
        allowed = inflow if expected is None else inflow * expected
        over, slack = outflow - allowed, allowed * tolerance
        excess = over if over > slack else _NOTHING
        short = -over if expected is not None and -over > slack else _NOTHING
        sums = (inflow, outflow, inflow - outflow, allowed, slack, excess, short)
    return Account(uom, *sums, tuple(unknown), tuple(lines), brought)


def _compared(movements: Iterable[Movement], uom: str, contents: Contents) -> tuple[list[Line], list[Movement]]:
    """The movements that can be said in ``uom``, and those that cannot."""
    lines, unknown = [], []
    for each in movements:
        quantity, told = _told(each, contents)
        if told == uom:
            amount = quantity
        elif units.family(told) and units.family(told) == units.family(uom):
            amount = units.convert(quantity, told, uom)
        else:
            unknown.append(each)
            continue
        exact = amount.quantize(_FINEST, context=WIDE)
        lines.append(Line(each, exact.copy_negate() if each.inward else exact))
    return lines, unknown


def _told(movement: Movement, contents: Contents) -> tuple[Decimal, str]:
    """What was moved; of pieces whose content is given, that content."""
    if movement.uom in _PIECES and movement.lot in contents:
        each, uom = contents[movement.lot]
        return movement.quantity * each, uom
    return movement.quantity, movement.uom


def _in_time(movements: Iterable[Movement]) -> list[Movement]:
    return sorted(movements, key=lambda each: (each.at, each.event_id))
