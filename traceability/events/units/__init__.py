"""What is measured in which unit, and one value in the units of another. Pure.

Codes are those of UN/ECE Recommendation 20, as EPCIS 2.0 §7.3.3.3 (quantities) and §7.3.7 (sensor reports) ask
for. Arithmetic is in fractions: 20 CEL, 293.15 KEL and 68 FAH are one temperature, not three close ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal
from fractions import Fraction
from math import prod
from typing import Final, NamedTuple

from kernel.errors import Invalid, flaw
from traceability.events.units.codes import FAMILIES, MEASURES, OFFSETS

RADIAN: Final = Fraction("57.2957795130823208767981548141051703324054724665643215491602438612")
"""Degrees (180/π), to 64 places."""

DIGITS: Final = 34
"""Significant digits of a converted value that no decimal can hold exactly (IEEE 754 decimal128)."""


class Unit(NamedTuple):
    """Base value of ``family`` = value × ``factor`` + ``offset``."""

    family: str
    factor: Fraction
    offset: Fraction


def _factor(text: str) -> Fraction:
    """``1/3.6``, ``0.3048*2``, ``π/1000``: products and one quotient of decimals."""
    over, _, under = text.partition("/")
    return prod((RADIAN if one == "π" else Fraction(one) for one in over.split("*")), start=Fraction(1)) / Fraction(under or 1)


def _read() -> Iterator[tuple[str, Unit]]:
    name = ""
    for line in FAMILIES.strip().splitlines():
        head, colon, tail = line.partition(":")
        name, codes = (head, tail) if colon else (name, head)
        for entry in codes.split():
            code, _, factor = entry.partition("=")
            yield code, Unit(name, _factor(factor or "1"), Fraction(OFFSETS.get(code, 0)))


UNITS: Final = dict(_read())


def family(code: str) -> str | None:
    """What ``code`` measures ("temperature", "mass", "count" …); None if this house does not know the code."""
    unit = UNITS.get(code)
    return unit.family if unit else None


def measures(quantity: str) -> str | None:
    """The family whose units a sensor report of this ``type`` bears; None for types that are not the standard's."""
    return MEASURES.get(quantity)


def alike(one: str, other: str) -> bool:
    """Whether values of both codes can be compared. One unknown code is like itself only."""
    return one == other or (family(one) is not None and family(one) == family(other))


def to_base(value: Decimal | int | Fraction, code: str, *, difference: bool = False) -> tuple[str, Fraction]:
    """(family, ``value`` in its base unit), exact; of a ``difference`` (a standard deviation) zero stays zero.

    Invalid (rule ``uom``, ``number``): an unknown code, a value that is no number.
    """
    unit = _known(code)
    return unit.family, _exact(value) * unit.factor + (0 if difference else unit.offset)


def convert(value: Decimal, source: str, target: str, *, difference: bool = False) -> Decimal:
    """``value`` of unit ``source`` in unit ``target``: exact where a decimal of 34 digits can be, else rounded to it.

    Invalid (rule ``uom``, ``unlike-units``, ``number``): an unknown code, codes that measure different things.
    """
    here, there = _known(source), _known(target)
    if here.family != there.family:
        raise Invalid(errors=[flaw("/uom", "unlike-units", f"{source} measures {here.family}, {target} measures {there.family}")])
    if source == target:
        return value
    _, base = to_base(value, source, difference=difference)
    exact = (base - (0 if difference else there.offset)) / there.factor
    return Context(prec=DIGITS).divide(Decimal(exact.numerator), Decimal(exact.denominator))


def _known(code: str) -> Unit:
    unit = UNITS.get(code)
    if unit is None:
        raise Invalid(errors=[flaw("/uom", "uom", f"{code!r} is no unit code of UN/ECE Recommendation 20 known here")])
    return unit


def _exact(value: Decimal | int | Fraction) -> Fraction:
    try:
        return Fraction(value)
    except (ValueError, OverflowError):
        raise Invalid(errors=[flaw("/value", "number", f"{value} is no number")]) from None
