"""Master data that partners sent along: what a place, a product or a party is, and what lies in what.

Kept as it was told last: an element that is told again replaces what was told of it. What cannot be master data
(no id, too long) is passed over, since the events of a document stand without it.

Source: EPCIS 2.0 §9.4 (master data in the header), §8.2.7.1 (WD_, HASATTR and EQ_ATTR parameters).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from kernel.unit import Unit
from traceability.events.asking import naming
from traceability.events.epcs import canonical
from traceability.models import MasterDatum

LONGEST: Final = 400
LONGEST_KIND: Final = 120
MOST_ELEMENTS: Final = 100_000
"""Elements of one document that are kept."""
_AT_ONCE: Final = 500


class Element(NamedTuple):
    """One entry of a vocabulary. ``attributes``: whole name → values, as texts."""

    kind: str
    uri: str
    attributes: dict[str, list[str]]
    children: list[str]


def keep(unit: Unit, told: Mapping[str, Any] | None) -> int:
    """Keep the master data of a document's header (``Document.master_data``); how many elements it told."""
    elements = {(each.kind, each.uri): each for each, _ in zip(_elements(told or {}), range(MOST_ELEMENTS), strict=False)}
    ordered = sorted(elements)
    for at in range(0, len(ordered), _AT_ONCE):
        some = ordered[at : at + _AT_ONCE]
        query = select(MasterDatum).where(MasterDatum.kind.in_({kind for kind, _ in some}), MasterDatum.uri.in_({uri for _, uri in some}))
        known = {(row.kind, row.uri): row for row in unit.session.scalars(query)}
        for key in some:
            row = known.get(key)
            if row is None:
                row = MasterDatum(id=unit.new_id(), kind=key[0], uri=key[1])
                unit.session.add(row)
            row.attributes, row.children, row.recorded_at = elements[key].attributes, elements[key].children, unit.now
        unit.session.flush()
    return len(elements)


def of(unit: Unit, uri: str) -> list[Element]:
    """What is told of a thing, in each vocabulary that names it."""
    rows = unit.session.scalars(select(MasterDatum).where(MasterDatum.uri == canonical(uri).uri).order_by(MasterDatum.kind))
    return [Element(row.kind, row.uri, dict(row.attributes), list(row.children)) for row in rows]


def ancestors(unit: Unit) -> Callable[[str], set[str]]:
    """Canonical URI → itself and everything that contains it."""
    above: dict[str, set[str]] = {}
    for uri, children in _nested(unit):
        for child in children:
            above.setdefault(child, set()).add(uri)
    return lambda uri: _reached(above, {uri})


def descendants(unit: Unit, uris: Collection[str]) -> set[str]:
    """These and everything in them."""
    below: dict[str, set[str]] = {}
    for uri, children in _nested(unit):
        below.setdefault(uri, set()).update(children)
    return _reached(below, set(uris))


def attributes(unit: Unit, asked: Collection[str]) -> Callable[[str], Mapping[str, Sequence[str]]]:
    """Canonical URI → its attributes of these names (no others are read into memory)."""
    found: dict[str, dict[str, list[str]]] = {}
    query = select(MasterDatum.uri, MasterDatum.attributes).execution_options(yield_per=1_000)
    for uri, told in unit.session.execute(query):
        for name in told.keys() & set(asked):
            found.setdefault(uri, {}).setdefault(name, []).extend(told[name])
    nothing: dict[str, list[str]] = {}
    return lambda uri: found.get(uri, nothing)


def _nested(unit: Unit) -> Iterator[tuple[str, list[str]]]:
    query = select(MasterDatum.uri, MasterDatum.children).execution_options(yield_per=1_000)
    yield from ((uri, children) for uri, children in unit.session.execute(query) if children)


def _reached(edges: Mapping[str, set[str]], start: set[str]) -> set[str]:
    found, ring = set(start), set(start)
    while ring:
        ring = {there for here in ring for there in edges.get(here, ())} - found
        found |= ring
    return found


def _elements(told: Mapping[str, Any]) -> Iterator[Element]:
    for vocabulary in _listed(told.get("vocabularyList")):
        kind = _kind(vocabulary.get("type"))
        if kind is None:
            continue
        for element in _listed(vocabulary.get("vocabularyElementList")):
            uri = _uri(element.get("id"))
            if uri is not None:
                inside = element.get("children")
                children = [child for text in (inside if isinstance(inside, list) else ()) if (child := _uri(text)) is not None]
                yield Element(kind, uri, _attributes(element), children)


def _kind(text: object) -> str | None:
    """The whole name of a vocabulary; None where it is too long to be kept, or none."""
    name = naming.expanded(text, naming.STANDARD) if isinstance(text, str) and text and "\0" not in text else ""
    return name if 0 < len(name) <= LONGEST_KIND else None


def _attributes(element: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attribute in _listed(element.get("attributes")):
        name = attribute.get("id")
        if isinstance(name, str) and name and "\0" not in name:
            values = (str(value).lower() if isinstance(value, bool) else str(value) for value in naming.scalars(attribute.get("attribute")))
            found.setdefault(naming.expanded(name, naming.STANDARD), []).extend(value for value in values if "\0" not in value)
    return found


def _uri(text: object) -> str | None:
    uri = canonical(text).uri if isinstance(text, str) and "\0" not in text else ""
    return uri if 0 < len(uri) <= LONGEST else None


def _listed(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
