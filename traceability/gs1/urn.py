"""Element strings as an EPC in URN form, both ways. Pure.

A URN parts the company prefix from the rest, and nothing in a key tells where: who writes one
says how long the prefix is. It names the thing alone; what else is known of it (a date, a
weight, the lot of an item with a serial) stays behind.

Source: GS1 EPC Tag Data Standard 2.1, 6 (EPC URIs), 7 (their GS1 keys), 8 (patterns), 9 (classes).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_to_bytes

from kernel.errors import flaw
from traceability.gs1.elements import LONGEST, Elements
from traceability.gs1.keys import NotGS1, check_digit

INSIDE: Final = "inside"
_UNESCAPED: Final = "!'()*+,-.:;=_"
_URN: Final = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):((?:[A-Za-z0-9!'()*+,\-.:;=_]|%[0-9A-Fa-f]{2})*)")
_PREFIX: Final = re.compile("[0-9]{6,12}")
_ANY: Final = "*"
_NO_EXTENSION: Final = "0"
"""What an SGLN says where a GLN has no extension."""


class Scheme(NamedTuple):
    """How one kind of EPC is made of its ``key``.

    ``digits`` of company prefix and reference together, 0 where the reference has any length and
    letters; ``moved``: the first of them is told behind the prefix; ``zeros`` precede them in the
    key. ``serial``: the AI that tells one from another, INSIDE where the key ends with it, "" where
    there is none. ``sort`` of URN; ``pattern``: it may stand for every serial.
    """

    name: str
    key: str
    digits: int
    serial: str = ""
    moved: bool = False
    zeros: str = ""
    sort: str = "id"
    pattern: bool = False


SCHEMES: Final = (
    Scheme("sgtin", "01", 13, "21", moved=True, pattern=True),
    Scheme("upui", "01", 13, "235", moved=True),
    Scheme("lgtin", "01", 13, "10", moved=True, sort="class"),
    Scheme("sscc", "00", 17, moved=True),
    Scheme("sgln", "414", 12, "254"),
    Scheme("pgln", "417", 12),
    Scheme("grai", "8003", 12, INSIDE, zeros="0", pattern=True),
    Scheme("giai", "8004", 0),
    Scheme("gsrn", "8018", 17),
    Scheme("gsrnp", "8017", 17),
    Scheme("gdti", "253", 12, INSIDE, pattern=True),
    Scheme("cpi", "8010", 0, "8011", pattern=True),
    Scheme("sgcn", "255", 12, INSIDE, pattern=True),
    Scheme("ginc", "401", 0),
    Scheme("gsin", "402", 16),
    Scheme("itip", "8006", 13, "21", moved=True, pattern=True),
)


class Named(NamedTuple):
    """What a URN said. ``prefix_length``: digits of the company prefix."""

    elements: Elements
    prefix_length: int


def write(elements: Elements, prefix_length: int) -> str:
    """``urn:epc:id:…``; of a product's lot ``urn:epc:class:lgtin:…``; of a key without the serial that its
    scheme tells, ``urn:epc:idpat:…`` with ``*`` in its place.

    ``prefix_length`` 6 to 12. The first key in ``elements`` that has a scheme is named. Raises NotGS1.
    """
    scheme = _scheme(elements)
    value = (elements.get(scheme.key) or "").removeprefix(scheme.zeros)
    body, tail = (value[: scheme.digits], value[scheme.digits + 1 :]) if scheme.digits else (value, "")
    lead, rest = (body[:1], body[1:]) if scheme.moved else ("", body)
    prefix, reference = rest[:prefix_length], lead + rest[prefix_length:]
    if len(prefix) != prefix_length or not _PREFIX.fullmatch(prefix) or not (scheme.digits or reference):
        raise NotGS1(errors=[flaw(f"/{scheme.key}", "gs1-prefix", f"({scheme.key}) holds no company prefix of this length")])
    fields = [prefix, quote(reference, safe=_UNESCAPED)]
    if scheme.name == "itip":
        fields += [tail[:2], tail[2:]]
    if not scheme.serial:
        return f"urn:epc:{scheme.sort}:{scheme.name}:{'.'.join(fields)}"
    serial = tail if scheme.serial == INSIDE else elements.get(scheme.serial) or (_NO_EXTENSION if scheme.name == "sgln" else "")
    fields.append(quote(serial, safe=_UNESCAPED) or _ANY)
    return f"urn:epc:{scheme.sort if serial else 'idpat'}:{scheme.name}:{'.'.join(fields)}"


def read(text: str) -> Named:
    """The way back. Raises NotGS1."""
    found = _URN.fullmatch(text) if len(text) <= LONGEST else None
    scheme = next((scheme for scheme in SCHEMES if found and scheme.name == found[2]), None)
    if not found or not scheme or found[1] not in (scheme.sort, "idpat" if scheme.pattern else scheme.sort):
        raise _no("not a URN of one of GS1's EPC schemes")
    count = 2 + 2 * (scheme.name == "itip") + bool(scheme.serial)
    raw = found[3].split(".", count - 1)
    if len(raw) != count or not all(raw[2:]) or (found[1] == "idpat" and raw[-1] != _ANY):
        raise _no(f"a URN of this scheme has {count} fields")
    prefix, reference, *more = (unquote_to_bytes(field).decode("latin-1") for field in raw)
    serial = more.pop() if scheme.serial else ""
    if found[1] == "idpat" or (scheme.name == "sgln" and serial == _NO_EXTENSION):
        serial = ""
    value = _value(scheme, prefix, reference, more) + (serial if scheme.serial == INSIDE else "")
    with_serial = serial and scheme.serial != INSIDE
    return Named(Elements(((scheme.key, value), *([(scheme.serial, serial)] if with_serial else []))), len(prefix))


def _scheme(elements: Elements) -> Scheme:
    """The scheme of the first key that has one, and among several the one whose serial is there."""
    for ai, _ in elements.pairs:
        schemes = [scheme for scheme in SCHEMES if scheme.key == ai]
        if schemes:
            return next((scheme for scheme in schemes if elements.get(scheme.serial)), schemes[0])
    raise _no("none of these element strings has an EPC")


def _value(scheme: Scheme, prefix: str, reference: str, more: list[str]) -> str:
    """The key up to its serial: lead, prefix, reference, check digit, and the piece and total of an ITIP."""
    lead, rest = (reference[:1], reference[1:]) if scheme.moved else ("", reference)
    body = lead + prefix + rest
    in_shape = re.fullmatch(f"[0-9]{{{scheme.digits}}}", body) if scheme.digits else reference
    if not _PREFIX.fullmatch(prefix) or not in_shape or any(len(field) != 2 for field in more):
        raise _no(f"the fields of this {scheme.name} do not have the lengths or digits that they must")
    return scheme.zeros + body + (str(check_digit(body)) if scheme.digits else "") + "".join(more)


def _no(detail: str) -> NotGS1:
    return NotGS1(errors=[flaw("/urn", "gs1-urn", detail)])
