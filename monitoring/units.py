"""Units at the door: what a gateway sends becomes the unit its stream is kept in. Pure.

Knows nothing of streams or readings. Names are UCUM's, with the UN/ECE Recommendation 20
code and everyday spellings beside them.
"""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    """``quantity`` says what may be compared; base value = value × ``factor`` + ``offset``."""

    quantity: str
    factor: float
    offset: float = 0.0


_CELSIUS = Unit("temperature", 1.0, 273.15)
_KELVIN = Unit("temperature", 1.0)
_FAHRENHEIT = Unit("temperature", 5 / 9, 273.15 - 32 * 5 / 9)
_PASCAL = Unit("pressure", 1.0)
_KILOPASCAL = Unit("pressure", 1e3)
_BAR = Unit("pressure", 1e5)
_MEGAPASCAL = Unit("pressure", 1e6)
_PSI = Unit("pressure", 6894.757293168361)
_LITRES_A_MINUTE = Unit("flow", 1 / 60_000)
_CUBIC_METRES_AN_HOUR = Unit("flow", 1 / 3600)
_AMPERE = Unit("current", 1.0)
_VOLT = Unit("voltage", 1.0)
_GRAVITY = Unit("acceleration", 9.80665)

UNITS: dict[str, Unit] = {
    **dict.fromkeys(("Cel", "°C", "CEL"), _CELSIUS),
    **dict.fromkeys(("K", "KEL"), _KELVIN),
    **dict.fromkeys(("[degF]", "°F", "FAH"), _FAHRENHEIT),
    **dict.fromkeys(("Pa", "PAL"), _PASCAL),
    **dict.fromkeys(("kPa", "KPA"), _KILOPASCAL),
    **dict.fromkeys(("bar", "BAR"), _BAR),
    **dict.fromkeys(("MPa", "MPA"), _MEGAPASCAL),
    **dict.fromkeys(("psi", "[psi]", "PS"), _PSI),
    **dict.fromkeys(("l/min", "L/min", "L2"), _LITRES_A_MINUTE),
    **dict.fromkeys(("m3/h", "m³/h", "MQH"), _CUBIC_METRES_AN_HOUR),
    **dict.fromkeys(("A", "AMP"), _AMPERE),
    **dict.fromkeys(("V", "VLT"), _VOLT),
    "g": _GRAVITY,
    "1": Unit("number", 1.0),
    "%": Unit("number", 0.01),
}


def convert(value: float, sent: str, kept: str) -> float | None:
    """``value`` of unit ``sent`` in unit ``kept``; None when either is unknown or they measure different things.

    Two spellings of one unit leave the value bit for bit as it is.
    """
    one, other = UNITS.get(sent), UNITS.get(kept)
    if one is None or other is None or one.quantity != other.quantity:
        return None
    if one == other:
        return value
    return (value * one.factor + one.offset - other.offset) / other.factor
