"""How things are named in events: URIs that mean the same everywhere. Pure.

Source: EPCIS 2.0 §8.2 (any URI names a class or a place), GS1 Digital Link URI Syntax 1.7 §5
(canonical form: https://id.gs1.org, GTIN of 14 digits).
"""

from __future__ import annotations

import uuid
from typing import Final
from urllib.parse import quote

from kernel.ids import ALPHABET, LENGTH

CANONICAL: Final = "https://id.gs1.org"


def product_lot(gtin: str, lot_code: str) -> str:
    """The class of all items of one lot of product."""
    return f"{CANONICAL}/01/{gtin}/10/{quote(lot_code, safe='')}"


def material_lot(base_url: str, material_code: str, lot_code: str) -> str:
    """The class of one lot of a material, which bears no GTIN of ours: a URI of this house."""
    return f"{base_url}/material/{quote(material_code, safe='')}/lot/{quote(lot_code, safe='')}"


def item(gtin: str, serial: str) -> str:
    """One item."""
    return f"{CANONICAL}/01/{gtin}/21/{quote(serial, safe='')}"


def logistic_unit(sscc: str) -> str:
    """A case or a pallet."""
    return f"{CANONICAL}/00/{sscc}"


def place(base_url: str, name: str) -> str:
    """A place known by its name only; one that is a URI already stays as it is."""
    if name.startswith(("https://", "http://", "urn:", "geo:")):
        return name
    return f"{base_url}/place/{quote(name, safe='')}"


def event(event_id: str) -> str:
    """The eventID of an event that the house wrote: the same 128 bits that our id writes in base 32."""
    value = 0
    for letter in event_id:
        value = (value << 5) | ALPHABET.index(letter)
    return f"urn:uuid:{uuid.UUID(int=value)}"


def local_id(uri: str) -> str | None:
    """The way back: our id, if this eventID can be one."""
    if not uri.startswith("urn:uuid:"):
        return None
    try:
        value = uuid.UUID(uri.removeprefix("urn:uuid:")).int
    except ValueError:
        return None
    return "".join(ALPHABET[(value >> 5 * place) & 31] for place in range(LENGTH - 1, -1, -1))


def party(base_url: str, number: str) -> str:
    """A firm, by its 统一社会信用代码 (GB 32100-2015)."""
    return f"{base_url}/party/{quote(number, safe='')}"


def transaction(party_uri: str, kind: str, number: str) -> str:
    """A business document of a firm (CBV 2.0 §8.5): ``kind`` as in bizTransactionList, ``number`` as that firm wrote it."""
    return f"{party_uri}/{kind}/{quote(number, safe='')}"
