"""How things are named in events: URIs that mean the same everywhere. Pure.

Source: EPCIS 2.0 §8.2 (any URI names a class or a place), GS1 Digital Link URI Syntax 1.7 §5
(canonical form: https://id.gs1.org, GTIN of 14 digits).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

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
