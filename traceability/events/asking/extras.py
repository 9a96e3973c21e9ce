"""What a query demands of fields that are not the standard's own, and of master data. Pure.

Nobody tells the type of an extension field, and XML has text only. So a value compares as a number where both are
numbers, as a moment where both are moments, else as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from traceability.events.asking import naming
from traceability.events.asking.conditions import COMPARE, EVENT, Part, Seen, reach
from traceability.events.asking.naming import Field
from traceability.events.asking.values import figure, instant
from traceability.events.epcs import canonical


@dataclass(frozen=True)
class Loose:
    """A value compares so with one of ``values``, by the type of each. ``compare`` None asks only that it is there.

    ``said`` are numbers that the query's texts say. They meet numbers, not texts: lot 007 is not lot 7.
    """

    compare: str | None
    values: frozenset[str | Fraction | datetime] = frozenset()
    said: frozenset[Fraction] = frozenset()

    def fits(self, value: object) -> bool:
        if self.compare is None:
            return value is not None
        return any(self._one(self.compare, scalar) for scalar in naming.scalars(value))

    def _one(self, compare: str, scalar: str | int | float | bool) -> bool:
        text = str(scalar).lower() if isinstance(scalar, bool) else str(scalar)
        number = figure(scalar)
        if not isinstance(scalar, str) and number in self.said:
            return True
        mine = {Fraction: number, datetime: instant(scalar), str: text}
        return any(COMPARE[compare](mine[type(value)], value) for value in self.values if mine[type(value)] is not None)


@dataclass(frozen=True)
class Extra:
    """An extension field in the ``section`` of a part, or ``inner``, at any depth within its extension fields."""

    scope: str
    section: tuple[str, ...]
    inner: bool
    field: Field
    test: Loose

    def holds(self, seen: Seen, part: Part) -> bool:
        find = naming.within if self.inner else naming.fields
        return any(
            not self.field.isdisjoint(field) and self.test.fits(value)
            for place in reach(part, self.section)
            for field, value in find(place, seen.known)
        )


@dataclass(frozen=True)
class Attribute:
    """Master data of what a field names bear an attribute: one of ``names``, or with one of ``values``.

    ``readings``: each way to read the parameter's name, as (path or extension field, names of the attribute).
    """

    readings: tuple[tuple[tuple[tuple[str, ...], ...] | Field, frozenset[str]], ...]
    values: frozenset[str] | None
    scope: str = EVENT

    def holds(self, seen: Seen, part: Part) -> bool:
        return seen.attributes is not None and any(
            self._borne(seen.attributes(canonical(text).uri), names)
            for where, names in self.readings
            for text in _named_by(where, seen, part)
        )

    def _borne(self, attributes: Mapping[str, Sequence[str]], names: frozenset[str]) -> bool:
        found = [values for name, values in attributes.items() if name in names and values]
        return bool(found) if self.values is None else any(not self.values.isdisjoint(values) for values in found)


def _named_by(where: tuple[tuple[str, ...], ...] | Field, seen: Seen, part: Part) -> Iterator[str]:
    if isinstance(where, frozenset):
        for field, value in naming.fields(part, seen.known):
            if not where.isdisjoint(field):
                yield from (scalar for scalar in naming.scalars(value) if isinstance(scalar, str))
    else:
        for path in where:
            yield from (text for text in reach(part, path) if isinstance(text, str))
