"""Whether one row of the spine answers a question: the same rule for what was captured and for what the house wrote.

A commissioning of a million codes is one row with a range. Its items are never written out to be asked about: which
item an identifier means is found once for the whole question, and a pattern means all items of a GTIN or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec
from sqlalchemy import select

from kernel.unit import Unit
from traceability import keys
from traceability.events import asking, export, master_data, names
from traceability.events.asking import Pattern, Question
from traceability.events.asking.conditions import Named, Told
from traceability.events.asking.extras import Attribute
from traceability.events.epcs import ITEM, canonical
from traceability.models import EpcisEvent, ImportedSerial

_decode: Final = msgspec.json.Decoder().decode

Counters = dict[tuple[str, int], set[int]]
"""(GTIN, key version) → the counters that an identifier may mean."""


def told_of(event: EpcisEvent, base: str) -> Told:
    """What an event tells, without the items of its ranges. ``base``: where this house is reached."""
    if event.told is not None:
        told: Told = _decode(event.told)
        told.setdefault("eventID", event.uri)
        return told
    told = export.as_json(event, base, lambda _span: [])
    return {"@context": {"suyuan": f"{base}/voc/"}, **told}


class Judge:
    """One question, ready to be put to many events: ``fits``. What it needs of the database it reads when it is made."""

    def __init__(self, unit: Unit, question: Question) -> None:
        self._unit, self._base, self._question = unit, unit.outside.public_url, question
        self._named = tuple(each for each in question.conditions if isinstance(each, Named))
        self._rest = replace(question, conditions=tuple(each for each in question.conditions if not isinstance(each, Named)))
        self._meant = meant(unit, (pattern for each in self._named for pattern in each.patterns))
        within = question.narrow.read_points_within or question.narrow.biz_locations_within
        self._hierarchy = master_data.ancestors(unit) if within else None
        asked = {name for each in question.conditions if isinstance(each, Attribute) for _, names_ in each.readings for name in names_}
        self._attributes = master_data.attributes(unit, asked) if asked else None

    def fits(self, event: EpcisEvent, told: Told | None = None) -> bool:
        """Whether the event answers the question. ``told``: of ``told_of``, where it is at hand."""
        told = told_of(event, self._base) if told is None else told
        spans = event.what.get("codeRanges") if event.told is None else None
        question = self._rest if spans else self._question
        if not asking.fits(question, told, event.record_time, self._hierarchy, self._attributes):
            return False
        return not spans or all(self._named_in(each, told, export.EPCS[event.type], spans) for each in self._named)

    def place(self, event: EpcisEvent) -> tuple[int, Any]:
        """Where the event stands in the order that is asked for."""
        return asking.place(self._question, told_of(event, self._base), event.record_time)

    def _named_in(self, asked: Named, told: Told, field: str, spans: Iterable[Mapping[str, Any]]) -> bool:
        texts = [text for path in asked.paths for text in _texts(told, path)]
        if any(pattern.fits(text) for pattern in asked.patterns for text in texts):
            return True
        return (field,) in asked.paths and any(self._holds(span, pattern) for span in spans for pattern in asked.patterns)

    def _holds(self, span: Mapping[str, Any], pattern: Pattern) -> bool:
        """Whether one of the items of a range is meant."""
        gtin, version, first, last = span["gtin"], span["keyVersion"], span["first"], span["last"]
        if pattern.exact is not None:
            counters = self._meant.get(pattern.exact, {}).get((gtin, version), ())
            return any(first <= counter <= last for counter in counters)
        if cuts_serials(pattern, gtin):
            return self._imported(span, pattern)
        return pattern.fits(names.item(gtin, "0"))

    def _imported(self, span: Mapping[str, Any], pattern: Pattern) -> bool:
        """A pattern that ends within serials: only those that were made elsewhere hold the letters at which it may end."""
        serials = select(ImportedSerial.serial).where(
            ImportedSerial.gtin == span["gtin"],
            ImportedSerial.key_version == span["keyVersion"],
            ImportedSerial.counter.between(span["first"], span["last"]),
        )
        found = self._unit.session.scalars(serials.execution_options(yield_per=1_000))
        return any(pattern.fits(names.item(span["gtin"], serial)) for serial in found)


def meant(unit: Unit, patterns: Iterable[Pattern]) -> dict[str, Counters]:
    """Canonical URI → the items of this house that it may mean, of each exact pattern that names an item."""
    found: dict[str, Counters] = {}
    for uri in {pattern.exact for pattern in patterns if pattern.exact is not None}:
        item = canonical(uri)
        if item.kind != ITEM or item.gtin is None or item.serial is None:
            continue
        here = found.setdefault(uri, {})
        imported = keys.imported(unit, gtin=item.gtin, serials=[item.serial])
        for each in [*imported.values(), *keys.meanings(unit, gtin=item.gtin, serial=item.serial)]:
            here.setdefault((item.gtin, each.version), set()).add(each.counter)
    return found


def cuts_serials(pattern: Pattern, gtin: str) -> bool:
    """Whether a pattern means some serials of a GTIN and not others."""
    start = names.item(gtin, "")
    return pattern.exact is None and pattern.prefix.startswith(start) and pattern.prefix != start


def _texts(told: Told, path: tuple[str, ...]) -> list[str]:
    value = told.get(path[0])
    if len(path) == 2:
        return [one[path[1]] for one in value or () if isinstance(one.get(path[1]), str)]
    return [value] if isinstance(value, str) else [text for text in value or () if isinstance(text, str)]
