"""What one query parameter demands of an event, as small things that can be asked. Pure.

A condition looks at one ``part``: the event itself, one of its quantity elements, one of its sensor elements,
or one of its sensor reports (which inherits what its element's metadata says of all of them). ``holds`` says
whether the part meets it. Which part belongs to which is ``matching``'s business.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol

from traceability.events import units, vocabulary
from traceability.events.asking import naming
from traceability.events.asking.patterns import Pattern
from traceability.events.asking.values import figure, instant
from traceability.events.epcs import canonical

Told = dict[str, Any]
Part = Mapping[str, Any]
Hierarchy = Callable[[str], set[str]]
"""Canonical URI of a place → itself and all that contain it, as master data say."""
Attributes = Callable[[str], Mapping[str, Sequence[str]]]
"""Canonical URI of a vocabulary element → name of a master data attribute → its values."""

EVENT, QUANTITY, ELEMENT, REPORT = "event", "quantity", "element", "report"
"""The parts of an event that a condition may look at."""

COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "EQ": operator.eq,
    "GT": operator.gt,
    "GE": operator.ge,
    "LT": operator.lt,
    "LE": operator.le,
}
PIECES: Final = "H87"
"""What a quantity without a unit counts (EPCIS 2.0 §7.3.3.3)."""
QUANTITIES: Final = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")


class Seen(NamedTuple):
    """What is known besides the part: when the event came, what its prefixes mean, what master data say."""

    recorded_at: datetime
    known: Mapping[str, str]
    hierarchy: Hierarchy | None
    attributes: Attributes | None


class Condition(Protocol):
    @property
    def scope(self) -> str: ...

    def holds(self, seen: Seen, part: Part) -> bool: ...


def reach(part: object, path: tuple[str, ...]) -> Iterator[Any]:
    """The values at the end of a path of keys, through all lists on the way."""
    if isinstance(part, list):
        for one in part:
            yield from reach(one, path)
    elif not path:
        yield part
    elif isinstance(part, Mapping) and path[0] in part:
        yield from reach(part[path[0]], path[1:])


@lru_cache(maxsize=1 << 12)
def plain(kind: str, text: str) -> str:
    """One spelling of a text: ``thing`` as a canonical URI, ``hex`` in upper case, a kind of ``vocabulary`` as its bare
    word, any other kind as it is."""
    if kind == "thing":
        return canonical(text).uri
    if kind == "hex":
        return text.upper()
    return vocabulary.bare(kind, text) if kind in vocabulary.KINDS else text


@dataclass(frozen=True)
class OneOf:
    """The text at ``path`` is one of ``values``, each in the one spelling of its ``kind``."""

    scope: str
    path: tuple[str, ...]
    kind: str
    values: frozenset[str]

    def holds(self, seen: Seen, part: Part) -> bool:
        return any(
            isinstance(text, str) and (plain(self.kind, text) in self.values or naming.expanded(text, seen.known) in self.values)
            for text in reach(part, self.path)
        )


@dataclass(frozen=True)
class Is:
    """The value at ``path`` is true, or is false."""

    scope: str
    path: tuple[str, ...]
    value: bool

    def holds(self, seen: Seen, part: Part) -> bool:
        return any(value is self.value or (isinstance(value, str) and value == str(self.value).lower()) for value in reach(part, self.path))


@dataclass(frozen=True)
class There:
    """Something stands at ``path``."""

    scope: str
    path: tuple[str, ...]

    def holds(self, seen: Seen, part: Part) -> bool:
        return any(value not in (None, "", {}) for value in reach(part, self.path))


@dataclass(frozen=True)
class At:
    """The moment at ``path`` (none: the moment of record) compares so with ``moment``."""

    scope: str
    path: tuple[str, ...]
    compare: str
    moment: datetime

    def holds(self, seen: Seen, part: Part) -> bool:
        moments = [instant(text) for text in reach(part, self.path)] if self.path else [seen.recorded_at]
        return any(one is not None and COMPARE[self.compare](one, self.moment) for one in moments)


@dataclass(frozen=True)
class Amount:
    """The number ``key`` compares so with one of ``values``. With a ``family`` these are in its base unit, and the
    part must say a unit of that family; the unit of a ``difference`` (a standard deviation) has no zero."""

    scope: str
    key: str
    compare: str
    values: tuple[Fraction, ...]
    family: str | None = None
    difference: bool = False

    def holds(self, seen: Seen, part: Part) -> bool:
        value, uom = figure(part.get(self.key)), part.get("uom", PIECES if self.scope == QUANTITY else None)
        if value is None:
            return False
        if self.family is not None:
            if not isinstance(uom, str) or units.family(uom) != self.family:
                return False
            _, value = units.to_base(value, uom, difference=self.difference)
        return any(COMPARE[self.compare](value, one) for one in self.values)


@dataclass(frozen=True)
class Named:
    """An identifier that plays one of these roles is meant by one of ``patterns``."""

    paths: tuple[tuple[str, ...], ...]
    patterns: tuple[Pattern, ...]
    scope: str = EVENT

    def holds(self, seen: Seen, part: Part) -> bool:
        return any(
            isinstance(text, str) and any(pattern.fits(text) for pattern in self.patterns)
            for path in self.paths
            for text in reach(part, path)
        )


@dataclass(frozen=True)
class Typed:
    """A business transaction, source or destination of type ``type`` is one of ``values`` (canonical)."""

    list: str
    key: str
    kind: str
    type: str
    values: frozenset[str]
    scope: str = EVENT

    def holds(self, seen: Seen, part: Part) -> bool:
        return any(
            isinstance(type := one.get("type"), str)
            and self.type in (plain(self.kind, type), naming.expanded(type, seen.known))
            and isinstance(text := one.get(self.key), str)
            and plain("thing", text) in self.values
            for one in reach(part, (self.list,))
            if isinstance(one, Mapping)
        )


@dataclass(frozen=True)
class Below:
    """The place at ``path`` is one of ``values`` (canonical), or inside one of them."""

    path: tuple[str, ...]
    values: frozenset[str]
    scope: str = EVENT

    def holds(self, seen: Seen, part: Part) -> bool:
        for text in reach(part, self.path):
            place = plain("thing", text) if isinstance(text, str) else ""
            if place in self.values or (place and seen.hierarchy and not self.values.isdisjoint(seen.hierarchy(place))):
                return True
        return False
