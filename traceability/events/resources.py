"""What a brand's events speak of: the top level resources of the REST bindings, listed in pages, and whether one is known.

Event types, business steps and dispositions are the standard's words, and whatever others used besides. Items of
the house's own products are not listed, whoever told of them: whoever lists their serials has the codes. Each can be asked
for by its name, as any other EPC.

Source: EPCIS 2.0 §12.6.3 (top level resources), GS1's OpenAPI of the REST bindings.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import and_, func, literal, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from kernel.errors import Missing
from kernel.unit import Unit
from traceability.events import deciding, names, vocabulary
from traceability.events.asking import patterns
from traceability.events.asking.values import Wrong
from traceability.events.epcs import canonical
from traceability.models import EpcisEvent, EventRange, Product, Thing

KINDS: Final = ("eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions")
_WORDS: Final[dict[str, tuple[str, frozenset[str], InstrumentedAttribute[str | None]]]] = {
    "bizSteps": ("bizStep", vocabulary.BIZ_STEPS, EpcisEvent.biz_step),
    "dispositions": ("disposition", vocabulary.DISPOSITIONS, EpcisEvent.disposition),
}
_PLACES: Final[dict[str, InstrumentedAttribute[str | None]]] = {
    "bizLocations": EpcisEvent.biz_location,
    "readPoints": EpcisEvent.read_point,
}
_GTIN: Final = f"{names.CANONICAL}/01/"
_LISTED: Final = ("item", "unit", "lot", "class", "other")


def resources(unit: Unit, kind: str, *, most: int, after: str | None = None) -> list[str]:
    """Up to ``most`` of a kind (of KINDS), ascending, behind ``after``. Raises Missing for another kind."""
    start = after or ""
    if kind == "eventTypes":
        return sorted(word for word in vocabulary.EVENT_TYPES if word > start)[:most]
    if kind == "epcs":
        ours = and_(Thing.kind == "item", func.substr(Thing.uri, len(_GTIN) + 1, 14).in_(select(Product.gtin)))
        query = select(Thing.uri).where(Thing.uri > start, Thing.kind.in_(_LISTED), not_(ours)).order_by(Thing.uri).limit(most)
        return list(unit.session.scalars(query))
    if kind in _WORDS:
        _, words, column = _WORDS[kind]
        return sorted(word for word in {*words, *_own_words(unit, column)} if word > start)[:most]
    return [uri for uri in _places(unit, _place_column(kind)) if uri > start][:most]


def knows(unit: Unit, kind: str, text: str) -> bool:
    """Whether there is such a resource, in whichever spelling. Raises Missing for another kind."""
    if kind == "eventTypes":
        return text.rpartition("/")[2].removeprefix("epcis:") in vocabulary.EVENT_TYPES
    if kind == "epcs":
        return _knows_epc(unit, text)
    if kind in _WORDS:
        name, words, column = _WORDS[kind]
        word = vocabulary.bare(name, text)
        return word in words or word in _own_words(unit, column)
    return canonical(text).uri in _places(unit, _place_column(kind))


def _place_column(kind: str) -> InstrumentedAttribute[str | None]:
    if kind not in _PLACES:
        raise Missing("no such kind of resource")
    return _PLACES[kind]


def _own_words(unit: Unit, column: InstrumentedAttribute[str | None]) -> list[str]:
    return [word for word in _distinct(unit, column, column.like("%:%")) if word is not None]


def _places(unit: Unit, column: InstrumentedAttribute[str | None]) -> list[str]:
    """As they are told: what the house calls by name alone as a URI of its own."""
    base = unit.outside.public_url
    return sorted({canonical(names.place(base, place)).uri for place in _distinct(unit, column, column.is_not(None)) if place})


def _distinct(unit: Unit, column: InstrumentedAttribute[str | None], known: Any) -> list[str]:
    return [value for value in unit.session.scalars(select(column).where(known).distinct()) if value is not None]


def _knows_epc(unit: Unit, text: str) -> bool:
    uri = canonical(text).uri
    if unit.session.scalar(select(literal(1)).where(select(Thing.key).where(Thing.uri == uri).exists())):
        return True
    try:
        pattern = patterns.read(text, of_class=False)
    except Wrong:
        return False
    ranges = [
        and_(EventRange.gtin == gtin, EventRange.key_version == version, EventRange.first <= counter, EventRange.last >= counter)
        for counters in deciding.meant(unit, [pattern]).values()
        for (gtin, version), numbers in counters.items()
        for counter in numbers
    ]
    return bool(ranges) and unit.session.scalar(select(EventRange.event_id).where(or_(*ranges)).limit(1)) is not None
