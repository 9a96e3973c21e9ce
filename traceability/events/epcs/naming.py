"""What an identifier names, in canonical form. Pure.

Capture asks this of every EPC of every event. So what is common and needs no escapes is read here by
one regular expression each, and only the rest goes to ``keyed``, which reads every key by GS1's rules.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from traceability.events.epcs import keyed
from traceability.events.epcs.named import CANONICAL, CLASS, ITEM, LOT, OTHER, PLACE, UNIT, Named, digit

REMEMBERED: Final = 300
"""Characters of a text that is still remembered, so that texts of strangers cannot fill the memory."""

_LETTERS: Final = r"[0-9A-Za-z_.\-]"
"""Characters that are written alike in a URN and in a link."""
_URN: Final = re.compile(
    r"urn:epc:(?P<scheme>id:sgtin|class:lgtin|id:sscc|id:[sp]gln|id:grai|idpat:sgtin)"
    rf":(?P<prefix>[0-9]{{6,12}})\.(?P<reference>[0-9]*)(?:\.(?P<serial>{_LETTERS}{{1,20}}|\*))?"
    rf"|urn:epc:id:giai:(?P<owner>[0-9]{{6,12}})\.(?P<asset>{_LETTERS}+)"
)
_LINK: Final = re.compile(
    r"(?:https?|HTTPS?)://[^/?#\s]+(?:/[^?#]*?)??/(?:"
    rf"01/(?P<gtin>[0-9]{{14}}|[0-9]{{12,13}}|[0-9]{{8}})(?:/22/{_LETTERS}{{1,20}})?(?:/10/(?P<lot>{_LETTERS}{{1,20}}))?(?:/21/(?P<serial>{_LETTERS}{{1,20}}))?"
    r"|00/(?P<unit>[0-9]{18})"
    rf"|(?P<place>41[47]/[0-9]{{13}}|414/[0-9]{{13}}/254/{_LETTERS}{{1,20}})"
    rf"|8004/(?P<asset>[0-9]{{4}}{_LETTERS}{{0,26}})"
    rf"|(?P<rest>8003/[0-9]{{14}}{_LETTERS}{{0,16}}|253/[0-9]{{13}}{_LETTERS}{{0,17}}|255/[0-9]{{13,25}}"
    rf"|401/[0-9]{{4}}{_LETTERS}{{0,26}}|402/[0-9]{{17}}|801[78]/[0-9]{{18}}"
    rf"|8006/[0-9]{{18}}(?:/22/{_LETTERS}{{1,20}})?(?:/10/{_LETTERS}{{1,20}})?(?:/21/{_LETTERS}{{1,20}})?|01/[0-9]{{14}}/235/{_LETTERS}{{1,28}}"
    r"|8010/[0-9]{4}[0-9A-Z\-]{0,26}(?:/8011/[0-9]{1,12})?)"
    r")(?:[?#].*)?"
)
"""Lengths and characters are looked at, check digits are not."""
_TRADE_ITEMS: Final = frozenset({"id:sgtin", "class:lgtin", "idpat:sgtin"})


def canonical(text: str) -> Named:
    """What ``text`` names: GS1's EPC URNs and Digital Links on any host as ``https://id.gs1.org/…``, anything else itself.

    No query, no consumer product variant (22), GTINs of 14 digits. A link whose check digit is wrong still
    names what it names.
    """
    return _remembered(text) if len(text) <= REMEMBERED else _named(text)


def _named(text: str) -> Named:
    if text.startswith("urn:epc:"):
        return _of_urn(text) or keyed.named(text)
    if text[:4] in ("http", "HTTP"):
        return _of_link(text) or _of_rarer_link(text)
    return Named(text, OTHER)


_remembered: Final = lru_cache(maxsize=1 << 16)(_named)


def _of_urn(text: str) -> Named | None:
    """None where it is not one of the common URNs, or not of the right lengths."""
    found = _URN.fullmatch(text)
    if found is None:
        return None
    scheme, prefix, reference, serial, owner, asset = found.groups()
    if owner is not None:
        asset = owner + asset
        return Named(f"{CANONICAL}/8004/{asset}", ITEM, None, None, asset) if len(asset) <= 30 else None
    if scheme in _TRADE_ITEMS:
        return _trade_item(scheme, prefix, reference, serial)
    if scheme == "id:sscc":
        body = reference[:1] + prefix + reference[1:]
        return Named(f"{CANONICAL}/00/{body}{digit(body)}", UNIT) if len(body) == 17 and serial is None else None
    body = prefix + reference
    return _of_twelve_digits(scheme, body + digit(body), serial) if len(body) == 12 else None


def _trade_item(scheme: str, prefix: str, reference: str, serial: str | None) -> Named | None:
    body = reference[:1] + prefix + reference[1:]
    if len(body) != 13 or not reference or serial is None or (serial == "*") is not (scheme == "idpat:sgtin"):
        return None
    gtin = body + digit(body)
    if scheme == "id:sgtin":
        return Named(f"{CANONICAL}/01/{gtin}/21/{serial}", ITEM, gtin, None, serial)
    if scheme == "class:lgtin":
        return Named(f"{CANONICAL}/01/{gtin}/10/{serial}", LOT, gtin, serial)
    return Named(f"{CANONICAL}/01/{gtin}", CLASS, gtin)


def _of_twelve_digits(scheme: str, key: str, serial: str | None) -> Named | None:
    """A place or party, or a returnable asset; ``key`` with its check digit."""
    if scheme == "id:pgln":
        return Named(f"{CANONICAL}/417/{key}", PLACE) if serial is None else None
    if serial is None or serial == "*":
        return None
    if scheme == "id:sgln":
        return Named(f"{CANONICAL}/414/{key}" if serial == "0" else f"{CANONICAL}/414/{key}/254/{serial}", PLACE)
    return Named(f"{CANONICAL}/8003/0{key}{serial}", ITEM, None, None, serial) if len(serial) <= 16 else None


def _of_link(text: str) -> Named | None:
    """None where it is not one of these links, or bears escapes."""
    found = _LINK.fullmatch(text)
    if found is None:
        return None
    gtin, lot, serial, unit, place, asset, rest = found.groups()
    if gtin is not None:
        return _of_gtin(gtin if len(gtin) == 14 else gtin.zfill(14), lot, serial)
    if unit is not None:
        return Named(f"{CANONICAL}/00/{unit}", UNIT)
    if place is not None:
        return Named(f"{CANONICAL}/{place}", PLACE)
    if asset is not None:
        return Named(f"{CANONICAL}/8004/{asset}", ITEM, None, None, asset)
    parts = rest.split("/")
    return keyed.finest([*zip(parts[::2], parts[1::2], strict=True)])


def _of_rarer_link(text: str) -> Named:
    numbered = keyed.in_numbers(text)
    return (_of_link(numbered) if numbered != text else None) or keyed.named(text)


def _of_gtin(gtin: str, lot: str | None, serial: str | None) -> Named:
    if serial is not None:
        return Named(f"{CANONICAL}/01/{gtin}/21/{serial}", ITEM, gtin, lot, serial)
    if lot is not None:
        return Named(f"{CANONICAL}/01/{gtin}/10/{lot}", LOT, gtin, lot)
    return Named(f"{CANONICAL}/01/{gtin}", CLASS, gtin)
