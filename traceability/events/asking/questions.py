"""A question put to the events: what a store can look up, what decides, and how the answer is to be given. Pure.

Source: EPCIS 2.0 §8.2.7.1 (SimpleEventQuery).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from traceability.events.asking.conditions import ELEMENT, EVENT, QUANTITY, REPORT, Condition
from traceability.events.asking.naming import Field
from traceability.events.asking.patterns import Pattern


class Match(NamedTuple):
    """One MATCH parameter: ``role`` is its name without MATCH_; one of the ``patterns`` must be found in that role."""

    role: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True)
class Narrow:
    """What a store may narrow its search by: each field true of every event that fits, and None (or empty) where
    nothing can be said. The fields are AND; inside one, members are OR.

    Words are bare words of the CBV; places and transformations canonical URIs; event types, actions and event ids as
    told. ``…_from`` is included, ``…_before`` is not. ``places_within``: (readPoint or bizLocation) → URIs below which it lies.
    """

    event_types: frozenset[str] | None = None
    event_from: datetime | None = None
    event_before: datetime | None = None
    recorded_from: datetime | None = None
    recorded_before: datetime | None = None
    actions: frozenset[str] | None = None
    biz_steps: frozenset[str] | None = None
    dispositions: frozenset[str] | None = None
    read_points: frozenset[str] | None = None
    biz_locations: frozenset[str] | None = None
    read_points_within: frozenset[str] | None = None
    biz_locations_within: frozenset[str] | None = None
    transformation_ids: frozenset[str] | None = None
    event_ids: frozenset[str] | None = None
    matches: tuple[Match, ...] = ()
    has_quantity: bool = False
    has_sensor: bool = False
    has_error: bool = False


@dataclass(frozen=True)
class Order:
    """``by``: "eventTime", "recordTime", or an extension field at the top of the event."""

    by: str | Field
    descending: bool = True


@dataclass(frozen=True)
class Question:
    """``limit``: give at most the first so many. ``most``: refuse to answer when there are more than so many. ``per_page`` and
    ``page_token``: how the answer is to be cut. ``conditions``: what an event must meet, by the part that they look at."""

    narrow: Narrow = Narrow()
    conditions: tuple[Condition, ...] = ()
    order: Order | None = None
    limit: int | None = None
    most: int | None = None
    per_page: int | None = None
    page_token: str | None = None

    def of(self, scope: str) -> tuple[Condition, ...]:
        return tuple(condition for condition in self.conditions if condition.scope == scope)


class Asked(NamedTuple):
    """One parameter: its name, what was given, and what the prefixes of the query mean."""

    name: str
    raw: object
    known: dict[str, str]


@dataclass
class Draft:
    """A question while its parameters are read."""

    narrow: dict[str, Any] = field(default_factory=dict)
    matches: list[Match] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    shape: dict[str, Any] = field(default_factory=dict)
    by: str | Field | None = None
    descending: bool = True

    def question(self) -> Question:
        scopes = {condition.scope for condition in self.conditions}
        narrow = dict(self.narrow, matches=tuple(self.matches))
        narrow["has_quantity"] = QUANTITY in scopes
        narrow["has_sensor"] = self.narrow.get("has_sensor", False) or bool(scopes & {ELEMENT, REPORT})
        order = None if self.by is None else Order(self.by, self.descending)
        return Question(Narrow(**narrow), tuple(self.conditions), order, **self.shape)


__all__ = ["EVENT", "Asked", "Draft", "Match", "Narrow", "Order", "Question"]
