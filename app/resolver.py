"""The resolver in front of its doors: what a Digital Link gets, at thousands a second.

What is known of a product is asked from the database once a second at most, and that of one of its items or lots too; an
item is asked for by itself only where any item of its product has links of its own. It must not know Flask: the
lane asks it before Flask is woken, and the ordinary door with the same words after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from app.auth.tickets import mint_view, secret_of
from app.database import Database
from kernel.unit import VISITOR
from traceability import resolving
from traceability.gs1.elements import Elements
from traceability.resolver import choosing, levels, linkset
from traceability.resolver.choosing import Choices, Lead, Nothing, Whole, Wish

FRESH: Final = 1.0
"""Seconds."""
MOST: Final = 10_000
CONTEXT_PATH: Final = "/linkset-context.jsonld"


@dataclass(frozen=True)
class Outcome:
    """What a request gets. ``link``: the Link header. ``brand_id``: whose thing it is, None when nobody's. ``item``:
    its GTIN and serial, if it is one. ``to_page``: it is led to the item's own page, which keeps the look. ``is_look``:
    it is led elsewhere by a plain scan, so that the look must be kept before."""

    chosen: Lead | Choices | Nothing | Whole
    link: str
    brand_id: str | None = None
    item: tuple[str, str] | None = None
    to_page: bool = False
    is_look: bool = False


class Resolver:
    """One for each process of the web."""

    def __init__(self, database: Database, *, public_url: str, secret_key: str) -> None:
        self._database = database
        self._public, self._host = public_url, urlsplit(public_url).netloc.lower()
        self._secret = secret_of(secret_key)
        self._kept: dict[tuple[str, ...], tuple[float, resolving.Known]] = {}

    def root(self, known: resolving.Known | None, scheme: str, host: str) -> str:
        """Under which address a thing stands: the one it was asked at, if that is the brand's, else the platform's."""
        host = host.lower()
        return f"{scheme}://{host}" if known is not None and host != self._host and host in known.hosts else self._public

    def outcome(self, elements: Elements, wish: Wish, *, scheme: str, host: str) -> Outcome:
        """What is to be answered. Never raises for what a request says."""
        pairs = elements.pairs
        sets = levels.of(elements)
        known = self._known(tuple(map(levels.anchor, sets)))
        root = self.root(known, scheme, host)
        link = linkset.link_header(linkset=f"{root}/{levels.anchor(sets[0])}?linkType=linkset")
        if known is None:
            return Outcome(Nothing("no-links"), link)
        told = resolving.told(known, sets[0] if len(sets) == 1 else pairs, root)
        chosen = choosing.choose(told, wish)
        said = dict(pairs)
        item = (said["01"], said["21"]) if "01" in said and "21" in said else None
        to_page = item is not None and isinstance(chosen, Lead) and _path(chosen.href) == root + resolving.page_of(*item)
        is_look = item is not None and isinstance(chosen, Lead) and not to_page and wish.link_type is None
        return Outcome(chosen, link, known.brand_id, item, to_page, is_look)

    def location(self, outcome: Outcome, chosen: Lead, wish: Wish) -> str:
        """Where a request is led; an item's own page gets a fresh view."""
        if not outcome.to_page or outcome.item is None:
            return chosen.href
        _, mark, fragment = chosen.href.partition("#")
        return self.to_item(*outcome.item, query=wish.query, place=mark + fragment)

    def to_item(self, gtin: str, serial: str, *, query: str = "", place: str = "") -> str:
        """The address of an item's page, with a fresh view in front of whatever the request said itself."""
        view = mint_view(gtin, serial, at=datetime.now(UTC), secret=self._secret)
        return f"{resolving.page_of(gtin, serial)}?v={view}{'&' + choosing.escaped(query) if query else ''}{place}"

    def leads_to_page(self, gtin: str) -> bool:
        """Whether a plain request for any item of this GTIN is led to the item's own page: what was just asked says so."""
        known = self._asked((f"01/{gtin}",))
        return known is not None and not known.has_items

    def _known(self, anchors: tuple[str, ...]) -> resolving.Known | None:
        """What is known of the levels of a request. Items without links of their own share what is kept of the rest."""
        item = f"{anchors[-1]}/21/"
        known = self._asked(tuple(each for each in anchors if not each.startswith(item)))
        return self._asked(anchors) if known is not None and known.has_items else known

    def _asked(self, anchors: tuple[str, ...]) -> resolving.Known | None:
        now = monotonic()
        kept = self._kept.get(anchors)
        if kept is not None and now - kept[0] <= FRESH:
            return kept[1]
        with self._database.look(VISITOR) as unit:
            known = resolving.known(unit, anchors)
        if known is None:
            return None  # whatever is nobody's is not kept: anybody may ask for anything
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[anchors] = (now, known)
        return known


def _path(href: str) -> str:
    """An address up to its query or fragment."""
    return href.partition("#")[0].partition("?")[0]
