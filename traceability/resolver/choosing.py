"""Which link a request is led to, or that it gets several, all, or none. Pure.

The narrowest level that has what is wanted wins; its links are then sifted by media type, by
language and by context, in this order. What a request does not say decides nothing, so a link
that says nothing of the matter stands before one that is for others.

Source: GS1-Conformant Resolver 1.2.1 (default link, link types, negotiation, query strings).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from urllib.parse import parse_qsl, quote

from traceability.resolver import Level, Target, headers, linktypes

LINKSET: Final = "application/linkset+json"
_ALL_LINKS: Final = frozenset({"linkset", "all"})
"""``all`` is what resolvers before 1.2 said."""
_DEFAULTS: Final = frozenset({linktypes.DEFAULT, linktypes.DEFAULT_MULTI})
_UNSAFE: Final = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_LONGEST_QUERY: Final = 8000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request says, raw: ``accept`` and ``languages`` are its header fields, ``query`` all that stands behind its ``?``."""

    link_type: str | None
    wants_linkset: bool
    accept: str
    languages: str
    context: str | None
    query: str

    @staticmethod
    def of(query: str, accept: str, languages: str) -> Wish:
        """The wish of a request; of a parameter given twice the first counts."""
        said: dict[str, str] = {}
        if "linkType=" in query or "context=" in query:
            for key, value in parse_qsl(query[:_LONGEST_QUERY].replace(";", "&"), keep_blank_values=True, errors="replace"):
                said.setdefault(key, value)
        link_type = said.get("linkType") or None
        return Wish(link_type, link_type in _ALL_LINKS, accept, languages, said.get("context") or None, query)


@dataclass(frozen=True, slots=True)
class Lead:
    """307 to ``href``, to which the query has been added where the link wants it."""

    href: str


@dataclass(frozen=True, slots=True)
class Choices:
    """300 with a linkset of just these: the request does not tell them apart."""

    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """404. ``reason``: ``no-links`` at all, ``no-default``, ``no-such-type`` among the links, ``unknown-type`` of link."""

    reason: str


@dataclass(frozen=True, slots=True)
class Whole:
    """200 with the linkset of these; none is empty."""

    levels: tuple[Level, ...]


def choose(levels: Sequence[Level], wish: Wish) -> Lead | Choices | Nothing | Whole:
    """What ``wish`` gets of ``levels``, the narrowest first. Never raises, whatever the header fields hold."""
    if wish.wants_linkset or wish.link_type in _ALL_LINKS or headers.likes_more(wish.accept, LINKSET, "text/html"):
        full = tuple(level for level in levels if level.targets)
        return Whole(full) if full else Nothing("no-links")
    if not wish.link_type:
        return _default(levels, wish)
    name = linktypes.named(wish.link_type)
    if name in _DEFAULTS:
        return _default(levels, wish)
    if name is None:
        return Nothing("unknown-type")
    return _typed(levels, name, wish)


def escaped(query: str) -> str:
    """``query`` as it may stand in an address."""
    return _UNSAFE.sub(lambda found: quote(found[0], safe="", errors="replace"), query).replace("#", "%23")


def passed_on(href: str, query: str) -> str:
    """``href`` with the whole of ``query``, in front of its fragment; what may not stand in an address is escaped."""
    query = escaped(query)
    if not query:
        return href
    address, mark, fragment = href.partition("#")
    joint = "?" if "?" not in address else "" if address[-1] in "?&" else "&"
    return f"{address}{joint}{query}{mark}{fragment}"


def _default(levels: Sequence[Level], wish: Wish) -> Lead | Nothing:
    """The default of the narrowest level that has one, or that variant of it which fits the wish better."""
    for level in levels:
        default = level.default()
        if default is not None:
            candidates = [default, *(target for target in level.variants() if target is not default)]
            return _lead(_sifted(candidates, wish)[0], wish)
    return Nothing("no-default" if any(level.targets for level in levels) else "no-links")


def _typed(levels: Sequence[Level], name: str, wish: Wish) -> Lead | Choices | Nothing:
    for level in levels:
        candidates = [target for target in level.targets if target.link_type == name]
        if candidates:
            left = _sifted(candidates, wish)
            default = level.default()
            if default in left:
                return _lead(default, wish)
            if len({target.href for target in left}) == 1:
                return _lead(left[0], wish)
            return Choices((replace(level, targets=tuple(left)),))
    return Nothing("no-such-type" if any(level.targets for level in levels) else "no-links")


def _lead(target: Target, wish: Wish) -> Lead:
    return Lead(passed_on(target.href, wish.query) if target.passes_query else target.href)


def _sifted(candidates: list[Target], wish: Wish) -> list[Target]:
    """Those that fit best, in their order; never none."""
    if len(candidates) > 1:
        ranges = headers.media(wish.accept)
        candidates = _best(candidates, lambda target: headers.media_fit(target.media_type, ranges))
    if len(candidates) > 1:
        places = headers.best_languages([target.language for target in candidates], headers.languages(wish.languages))
        candidates = [candidates[place] for place in places]
    if len(candidates) > 1:
        wanted = (wish.context or "").lower()
        candidates = _best(candidates, lambda target: 1 if target.context is None else 2 if target.context.lower() == wanted else 0)
    return candidates


def _best(candidates: list[Target], fit: Callable[[Target], _T]) -> list[Target]:
    fits = [fit(target) for target in candidates]
    best = max(fits)  # type: ignore[type-var]
    return [target for target, its in zip(candidates, fits, strict=True) if its == best]
