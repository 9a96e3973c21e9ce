"""Element strings out of an EPC in binary form, as a tag holds it and a link may. Pure.

Both kinds are read: the partitioned schemes of before 2.0, which tell how long the company prefix
is, and those of 2.0, whose names end in ``+``. Filter values are passed over, and so is what may
follow an EPC of 2.0 whose toggle says that more data does. Not read, because no Digital Link can
say them or their rules are not known here for sure: GID, ADI and USDoD, and the ``++`` schemes of
2.3 with a host name of their own.

Source: GS1 EPC Tag Data Standard 1.13, 14 (headers and partition tables); 2.1, 14.5 and 14.6.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import quote

from traceability.gs1 import urn
from traceability.gs1.bits import Bits, no
from traceability.gs1.elements import Elements

LONGEST: Final = 256
"""Hexadecimal digits that are still looked at: the longest scheme has 62."""
_IN_PATH: Final = re.compile(r"(?:/[^/]*)*/eh([0-9A-Fa-f]+)/?")
_HEXADECIMAL: Final = re.compile(r"[0-9A-Fa-f]{8,}")
_PREFIX_BITS: Final = (40, 37, 34, 30, 27, 24, 20)
"""By partition; the prefix has 12 digits less the partition."""


class Partitioned(NamedTuple):
    """A scheme of before 2.0. ``name`` is that of its URN.

    ``bits`` of company prefix and reference together, and their ``digits``; ``reference`` reads one
    of other shape out of (bits left for it, digits left for it). ``fields`` follow, in their order.
    """

    name: str
    bits: int
    digits: int
    fields: tuple[Callable[[Bits], str], ...]
    reference: Callable[[Bits, int, int], str] = Bits.number


def _integer(count: int) -> Callable[[Bits], str]:
    return lambda bits: str(bits.take(count))


def _text(count: int) -> Callable[[Bits], str]:
    return lambda bits: bits.ascii(count)


def _after_one(count: int) -> Callable[[Bits], str]:
    return lambda bits: bits.after_one(count)


def _piece(bits: Bits) -> str:
    return bits.number(7, 2)


def _unpadded(bits: Bits, count: int, digits: int) -> str:
    return str(int(bits.number(count, digits)))


def _letters(bits: Bits, count: int, digits: int) -> str:
    return bits.ascii(count)


def _six(bits: Bits, count: int, digits: int) -> str:
    return bits.six()


def _nothing(bits: Bits) -> str:
    bits.zeros(24)
    return ""


PARTITIONED: Final[dict[int, Partitioned]] = {
    0x2C: Partitioned("gdti", 41, 12, (_integer(41),)),
    0x2D: Partitioned("gsrn", 58, 17, (_nothing,)),
    0x2E: Partitioned("gsrnp", 58, 17, (_nothing,)),
    0x30: Partitioned("sgtin", 44, 13, (_integer(38),)),
    0x31: Partitioned("sscc", 58, 17, (_nothing,)),
    0x32: Partitioned("sgln", 41, 12, (_integer(41),)),
    0x33: Partitioned("grai", 44, 12, (_integer(38),)),
    0x34: Partitioned("giai", 82, 25, (), _unpadded),
    0x36: Partitioned("sgtin", 44, 13, (_text(140),)),
    0x37: Partitioned("grai", 44, 12, (_text(112),)),
    0x38: Partitioned("giai", 188, 30, (), _letters),
    0x39: Partitioned("sgln", 41, 12, (_text(140),)),
    0x3A: Partitioned("gdti", 41, 12, (_after_one(58),)),
    0x3C: Partitioned("cpi", 51, 15, (_integer(31),), _unpadded),
    0x3D: Partitioned("cpi", 0, 30, (_integer(40),), _six),
    0x3E: Partitioned("gdti", 41, 12, (_text(119),)),
    0x3F: Partitioned("sgcn", 41, 12, (_after_one(41),)),
    0x40: Partitioned("itip", 44, 13, (_piece, _piece, _integer(38))),
    0x41: Partitioned("itip", 44, 13, (_piece, _piece, _text(140))),
}

PLUS: Final[dict[int, tuple[str, ...]]] = {
    0xF0: ("8010", "8011"),
    0xF1: ("8003",),
    0xF2: ("414", "254"),
    0xF3: ("8006", "21"),
    0xF4: ("8018",),
    0xF5: ("8017",),
    0xF6: ("253",),
    0xF7: ("01", "21"),
    0xF8: ("255",),
    0xF9: ("00",),
    0xFA: ("8004",),
    0xFB: ("01", "21"),
}
"""Header → what a scheme of 2.0 says, in its order."""
_WITH_DATE: Final = 0xFB
_DATES: Final = ("11", "13", "15", "16", "17", "7006", "7007")
"""By the type of a DSGTIN+'s date."""
_SAYS: Final[dict[str, Callable[[Bits], str]]] = {
    "00": lambda bits: bits.digits(18),
    "01": lambda bits: bits.digits(14),
    "21": lambda bits: bits.text(5, 20),
    "253": lambda bits: bits.digits(13) + bits.text(5, 17),
    "254": lambda bits: bits.text(5, 20),
    "255": lambda bits: bits.digits(13) + bits.numeric(4, 12),
    "414": lambda bits: bits.digits(13),
    "8003": lambda bits: bits.digits(14) + bits.text(5, 16),
    "8004": lambda bits: bits.digits_then_text(5, 30),
    "8006": lambda bits: bits.digits(18),
    "8010": lambda bits: bits.digits_then_text(5, 30),
    "8011": lambda bits: bits.numeric(4, 12),
    "8017": lambda bits: bits.digits(18),
    "8018": lambda bits: bits.digits(18),
}
"""How a value is packed (table F)."""


def in_path(path: str) -> str | None:
    """The hexadecimal digits of an EPC in the last part of a path, ``/eh30…``; None where there is none. One slash may end it."""
    found = _IN_PATH.fullmatch(path) if "/eh" in path and len(path) <= 2000 else None
    return found[1] if found else None


def read(hexadecimal: str) -> Elements:
    """The key first, then what qualifies it. Zeros up to the end of a word of 16 bits may follow the EPC. Raises NotGS1."""
    if not (len(hexadecimal) <= LONGEST and _HEXADECIMAL.fullmatch(hexadecimal)):
        raise no("gs1-epc", "an EPC is 8 hexadecimal digits or more")
    bits = Bits(hexadecimal)
    header = bits.take(8)
    if header in PARTITIONED:
        return _partitioned(PARTITIONED[header], bits)
    if header in PLUS:
        return _plus(header, bits)
    raise no("gs1-epc", f"the header {header:02X} is of no scheme that is read here")


def _partitioned(scheme: Partitioned, bits: Bits) -> Elements:
    bits.take(3)
    partition = bits.take(3)
    if partition >= len(_PREFIX_BITS):
        raise no("gs1-prefix", "a partition value that is reserved")
    prefix_bits, prefix_digits = _PREFIX_BITS[partition], 12 - partition
    prefix = bits.number(prefix_bits, prefix_digits)
    reference = scheme.reference(bits, scheme.bits - prefix_bits, scheme.digits - prefix_digits)
    fields = [read_field(bits) for read_field in scheme.fields]
    bits.end()
    said = [prefix, *(quote(field, safe="") for field in (reference, *fields) if field or scheme.fields != (_nothing,))]
    return urn.read(f"urn:epc:id:{scheme.name}:{'.'.join(said)}").elements


def _plus(header: int, bits: Bits) -> Elements:
    more = bits.take(1)
    bits.take(3)
    dates = [_date(bits)] if header == _WITH_DATE else []
    pairs = [(ai, _SAYS[ai](bits)) for ai in PLUS[header]]
    if not more:
        bits.end()
    return Elements((*(pair for pair in pairs if pair != ("254", "0")), *dates))


def _date(bits: Bits) -> tuple[str, str]:
    """Its type in 4 bits, then 7 of year, 4 of month, 5 of day (14.5.8)."""
    kind = bits.take(4)
    if kind >= len(_DATES):
        raise no("gs1-code", "a type of date that is reserved")
    return _DATES[kind], bits.number(7, 2) + bits.number(4, 2) + bits.number(5, 2)
