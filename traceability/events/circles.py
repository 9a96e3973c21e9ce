"""Nothing stands in itself: judged at the moment of each packing, with all that is known of that moment.

What was in what before, what the same document tells besides, in the order in which it happened, and without what it takes
back: a wrong packing and the one that corrects it may come together (EPCIS 2.0 §7.4.1.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from kernel.unit import Unit
from traceability.events import states, things
from traceability.events.coming import Fresh
from traceability.events.states import Packing, last_parent


def standing_in_themselves(unit: Unit, fresh: Sequence[Fresh]) -> list[Fresh]:
    """Those of these events after which something would stand in itself."""
    world = World(unit, fresh)
    return [one for one in fresh if one.told.get("action") == "ADD" and one.counts and one.declared is None and world.closes_a_circle(one)]


class World:
    """Who was packed in what and when, as told before and by these events."""

    def __init__(self, unit: Unit, fresh: Sequence[Fresh]) -> None:
        self._brand = unit.brand_id
        self._told: dict[bytes, list[Packing]] = {}
        self._emptied: dict[bytes, list[Packing]] = {}
        gone = {one.target for one in fresh if one.target} | {id(one.after) for one in fresh if one.after}
        known = self._parents(fresh)
        while known - self._told.keys():
            ring = sorted(known - self._told.keys())
            found = states.packings(unit, ring, None, None)
            for key in ring:
                self._told[key] = [each for each in found.get(key, []) if each.event_id not in gone]
            known |= {each.parent for key in ring for each in self._told[key]}
        for parent, emptied in states.emptyings(unit, known, None, None).items():
            self._emptied[parent] = [each for each in emptied if each.event_id not in gone]
        for number, one in enumerate(fresh):
            if one.counts and one.declared is None and id(one) not in gone:
                self._add(one, Packing(self._at(one), unit.now, f"~{number:06d}", str(one.told.get("action")), self._over(one) or b""))

    def closes_a_circle(self, one: Fresh) -> bool:
        """Whether what is packed is what it is packed in, or stands above that at this moment."""
        over, at = self._over(one), self._at(one)
        inside = set(self._inside(one))
        met: set[bytes] = set()
        while over is not None and over not in met:
            if over in inside:
                return True
            met.add(over)
            over = self._parent(over, at)
        return False

    def _parent(self, key: bytes, at: datetime) -> bytes | None:
        mine = [each for each in self._told.get(key, ()) if each.at <= at]
        places = {each.parent for each in mine}
        return last_parent([*mine, *(each for place in places for each in self._emptied.get(place, ()) if each.at <= at)])

    def _add(self, one: Fresh, packing: Packing) -> None:
        inside = list(self._inside(one))
        for key in inside:
            self._told.setdefault(key, []).append(packing)
        if not inside and packing.action == "DELETE":
            self._emptied.setdefault(packing.parent, []).append(packing)

    def _parents(self, fresh: Iterable[Fresh]) -> set[bytes]:
        return {over for one in fresh if (over := self._over(one)) is not None}

    def _over(self, one: Fresh) -> bytes | None:
        return next((things.key(self._brand, each.uri) for each in one.named if each.role == "parent"), None)

    def _inside(self, one: Fresh) -> Iterable[bytes]:
        single = (each for each in one.named if each.role == "child" and each.kind in ("item", "unit", "other"))
        return (things.key(self._brand, each.uri) for each in single if each.quantity is None)

    @staticmethod
    def _at(one: Fresh) -> datetime:
        return datetime.fromisoformat(one.told["eventTime"])
