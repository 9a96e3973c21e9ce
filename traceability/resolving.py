"""What a thing's Digital Link can lead to: the brand's links, and the pages that this house has for it.

The pages are links like any other, under types of GS1's vocabulary, and every product and item has
them from the first day. A brand's own link goes before a page of the same type; a default that a brand has
set goes before the page that would be it. It must not know who asks, nor HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import quote

from kernel.unit import Unit
from traceability import addresses, links, products
from traceability.models import Link
from traceability.resolver import Level, Target, levels

SEE: Final = "/see"
"""Pages of items: ``/see/<gtin>/<serial>``."""
ABOUT: Final = "/about"
"""Pages of products: ``/about/<gtin>``."""
_OF_ITEMS: Final = (("traceability", ""), ("certificationInfo", "#papers"), ("recallStatus", ""), ("verificationService", ""))
"""What an item's page is, and where on it that stands; the first is the default."""


class Known(NamedTuple):
    """What there is to lead to for some anchors of one key. ``hosts``: the brand's own, under which its links may stand as
    well. ``has_items``: whether any item of the key has links of its own."""

    brand_id: str
    description: str
    title: str
    hosts: frozenset[str]
    links: Sequence[Link]
    has_items: bool


def known(unit: Unit, anchors: Sequence[str]) -> Known | None:
    """What is known of the levels of a request, their key (``01/095…``) the last of them, and the unit inside its brand's
    walls; None when the key is nobody's here."""
    key = anchors[-1]
    brand_id = links.owner(unit, key)
    if brand_id is None:
        return None
    unit.enter(brand_id)
    ai, _, value = key.partition("/")
    product = products.by_gtin(unit, value) if ai == "01" else None
    names = [product.name_zh, product.name_en] if product else [f"({ai}) {value}"]
    hosts = frozenset(each.name for each in addresses.every(unit) if not each.name.startswith("/"))
    found = links.of_anchors(unit, key, anchors)
    return Known(brand_id, " · ".join(dict.fromkeys(names)), names[0], hosts, found, links.has_items(unit, key))


def told(known: Known, pairs: Sequence[tuple[str, str]], root: str) -> list[Level]:
    """The levels of a request, the narrowest first, with the house's own pages among the brand's links. ``root``:
    where the request came to, without a slash at its end."""
    found = links.of_levels(known.links, pairs, root=root, description=known.description)
    if pairs[0][0] != "01":
        return found
    brands = {target.link_type for level in found for target in level.targets}
    return [_with_pages(level, known, tuple(each), brands, root) for level, each in zip(found, levels.among(pairs), strict=True)]


def page_of(gtin: str, serial: str) -> str:
    """The path of an item's page."""
    return f"{SEE}/{gtin}/{quote(serial, safe='')}"


def _with_pages(level: Level, known: Known, pairs: levels.Pairs, brands: set[str], root: str) -> Level:
    """The level with those of the house's pages that it lacks."""
    said = dict(pairs)
    has_default = level.default() is not None
    if pairs[-1][0] == "21":
        address = root + page_of(said["01"], said["21"])
        pages = [
            Target(link_type, address + place, known.title, is_default=number == 0 and not has_default)
            for number, (link_type, place) in enumerate(_OF_ITEMS)
            if number == 0 or link_type not in brands
        ]
    elif len(pairs) == 1:
        link_type = "traceability" if "pip" in brands else "pip"  # under a type that no link of the brand's has
        pages = [Target(link_type, f"{root}{ABOUT}/{said['01']}", known.title, is_default=not has_default)]
    else:
        pages = []
    return Level(level.anchor, level.description, (*level.targets, *pages))
