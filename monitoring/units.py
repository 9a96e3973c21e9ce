"""Units at the door: what a gateway sends becomes the unit its stream is kept in. Pure.

Knows nothing of streams or readings. Names are UCUM's, with the UN/ECE Recommendation 20
code and everyday spellings beside them; what they mean stands in ``traceability.events.units``.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from traceability.events.units import UNITS as CODES
from traceability.events.units import Unit

_SPELLINGS = {
    "CEL": ("Cel", "°C"),
    "KEL": ("K",),
    "FAH": ("[degF]", "°F"),
    "PAL": ("Pa",),
    "KPA": ("kPa",),
    "BAR": ("bar",),
    "MPA": ("MPa",),
    "PS": ("psi", "[psi]"),
    "L2": ("l/min", "L/min"),
    "MQH": ("m3/h", "m³/h"),
    "AMP": ("A",),
    "VLT": ("V",),
}

UNITS: dict[str, Unit] = {
    **{name: CODES[code] for code, names in _SPELLINGS.items() for name in (*names, code)},
    "g": CODES["K40"],
    "1": Unit("ratio", Fraction(1), Fraction(0)),
    "%": CODES["P1"],
}


def convert(value: float, sent: str, kept: str) -> float | None:
    """``value`` of unit ``sent`` in unit ``kept``; None when either is unknown or they measure different things.

    Two spellings of one unit leave the value bit for bit as it is.
    """
    line = _line(sent, kept)
    if line is None:
        return None
    return value if line == (1.0, 0.0) else value * line[0] + line[1]


@lru_cache(maxsize=1024)
def _line(sent: str, kept: str) -> tuple[float, float] | None:
    """What to multiply by and to add: exact until the last moment, for readings are floats."""
    one, other = UNITS.get(sent), UNITS.get(kept)
    if one is None or other is None or one.family != other.family:
        return None
    return float(one.factor / other.factor), float((one.offset - other.offset) / other.factor)
