"""Random histories of splits, merges, rework, packing, deletions and corrections, told in any order: every trace, every
pack and every state is exactly what a patient person would find, as known on any day, and after all is made anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kernel.unit import Unit
from tests.conftest import House
from tests.traceability.events.test_capturing import AT, ITEM, _lot, a_making, a_packing, an_event, capture
from traceability import rebuilding
from traceability.events import flows, states, things
from traceability.events.epcs import canonical
from traceability.models import Thing

LOTS = [_lot(name) for name in "ABCDEFG"]
UNITS = [f"urn:epc:id:sscc:0614141.123456789{number}" for number in range(3)]
ITEMS = [ITEM + str(number) for number in range(4)]
DAY = timedelta(days=1)

some_lots = st.lists(st.sampled_from(LOTS), min_size=1, max_size=3, unique=True)
some_items = st.lists(st.sampled_from(ITEMS), max_size=2, unique=True)
hours = st.integers(0, 30)
makings = st.tuples(st.just("make"), some_lots, some_lots, st.sampled_from([None, None, "urn:x:t1", "urn:x:t2"]), hours)
packings = st.tuples(
    st.just("pack"),
    st.sampled_from(UNITS),
    st.lists(st.sampled_from(ITEMS), max_size=2, unique=True),
    st.sampled_from(["ADD", "DELETE"]),
    hours,
)
moves = st.tuples(
    st.just("move"), st.sampled_from(ITEMS + LOTS), st.sampled_from(["https://x.example/1", "https://x.example/2", None]),
    st.sampled_from(["active", "in_transit", None]), hours,
)  # fmt: skip
errors = st.tuples(st.just("error"), st.integers(0, 20))
histories = st.lists(st.one_of(makings, makings, packings, packings, moves, errors), min_size=1, max_size=14)


class _Forget(Exception):
    """Ends a unit of which nothing shall stay."""


@dataclass
class Patient:
    """A person with a pencil: events as they were told, when, and until when they were believed."""

    told: list[tuple[dict[str, Any], datetime]] = field(default_factory=list)
    until: dict[int, datetime] = field(default_factory=dict)

    def believed(self, at: datetime) -> list[dict[str, Any]]:
        known = [(number, told) for number, (told, since) in enumerate(self.told) if since <= at]
        return [told for number, told in known if not (number in self.until and self.until[number] <= at)]

    def reached(self, start: str, direction: str, at: datetime) -> set[str]:
        steps = [told for told in self.believed(at) if told["type"] == "TransformationEvent"]
        sides: dict[str, tuple[set[str], set[str]]] = {}
        for told in steps:
            into, out = sides.setdefault(told.get("transformationID", told["eventID"]), (set(), set()))
            into |= {each["epcClass"] for each in told.get("inputQuantityList", ())}
            out |= {each["epcClass"] for each in told.get("outputQuantityList", ())}
        pairs = [(into, out) if direction == "forward" else (out, into) for into, out in sides.values()]
        met: set[str] = set()
        todo = {start}
        while todo:
            todo = {there for here, theres in pairs if here & todo for there in theres} - met
            met |= todo
        return met

    def parent(self, child: str) -> str | None:
        now = AT + 999 * DAY
        packed = [told for told in self.believed(now) if told["type"] == "AggregationEvent"]
        inside = None
        for told in sorted(packed, key=lambda each: (each["eventTime"], self._when(each))):
            if told["action"] == "ADD" and child in told.get("childEPCs", ()):
                inside = told["parentID"]
            elif told["action"] == "DELETE" and inside == told["parentID"] and child in told.get("childEPCs", [child]):
                inside = None
        return inside

    def state(self, thing: str) -> tuple[str | None, str | None]:
        seen = [told for told in self.believed(AT + 999 * DAY) if thing in _named(told)]
        return _last(seen, lambda told: told.get("bizLocation", {}).get("id")), _last(seen, lambda told: told.get("disposition"))

    def _when(self, told: dict[str, Any]) -> datetime:
        return next(since for each, since in self.told if each is told)


def _named(told: dict[str, Any]) -> set[str]:
    """Whose state the event tells."""
    classes = [*told.get("quantityList", ()), *told.get("outputQuantityList", ())]
    return {*told.get("epcList", ()), *told.get("childEPCs", ()), told.get("parentID"), *(each["epcClass"] for each in classes)}


def _last(seen: list[dict[str, Any]], word: Callable[[dict[str, Any]], str | None]) -> str | None:
    told = [(each["eventTime"], word(each)) for each in seen if word(each) is not None]
    return max(told)[1] if told else None


def _event(number: int, step: tuple[Any, ...]) -> dict[str, Any]:
    name = {"eventID": f"https://x.example/e/{number}"}
    if step[0] == "make":
        more = {"transformationID": step[3]} if step[3] else {}
        return a_making([(lot, 1) for lot in step[1]], [(lot, 1) for lot in step[2]], hours=step[4], **more, **name)
    if step[0] == "pack":
        action = step[3] if step[2] else "DELETE"
        return a_packing(step[1], step[2], action, hours=step[4], **name)
    what = {"quantityList": [{"epcClass": step[1]}]} if step[1] in LOTS else {"epcList": [step[1]]}
    place = {"bizLocation": {"id": step[2]}} if step[2] else {}
    return an_event(**what, **place, disposition=step[3], hours=step[4], **name)


def _tell(house: House, unit: Unit, patient: Patient, history: list[tuple[Any, ...]]) -> None:
    """Both are told the same, one event a day."""
    for number, step in enumerate(history):
        unit.now = AT + (2 + number) * DAY
        if step[0] != "error":
            told = _event(number, step)
            assert len(capture(unit, told).ids) == 1
            patient.told.append((told, unit.now))
        elif patient.told:
            wrong = step[1] % len(patient.told)
            declared = {**patient.told[wrong][0], "errorDeclaration": {"declarationTime": AT.isoformat()}}
            capture(unit, declared)
            patient.until.setdefault(wrong, unit.now)


def _compare(house: House, unit: Unit, patient: Patient, known_at: datetime | None) -> None:
    names = {things.key(house.brand_id, canonical(text).uri): text for text in (*LOTS, *UNITS, *ITEMS)}
    keys = {text: key for key, text in names.items()}
    for lot in LOTS:
        for direction in ("forward", "back"):
            found = flows.reached(unit, [keys[lot]], direction, flows.Window(known_at=known_at))
            assert {names[key] for key in found} == patient.reached(lot, direction, known_at or AT + 999 * DAY)
    if known_at is None:
        now = {each.key: each for each in unit.session.scalars(select(Thing))}
        for text, key in keys.items():
            thing = now.get(key)
            assert (thing.location, thing.disposition) == patient.state(text) if thing else patient.state(text) == (None, None)
            assert (names.get(thing.parent or b"") if thing else None) == patient.parent(text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories, day=st.integers(0, 16))
def test_everything_is_what_a_patient_person_would_find(house: House, history: list[tuple[Any, ...]], day: int) -> None:
    with suppress(_Forget), house.begin() as unit:
        patient = Patient()
        _tell(house, unit, patient, history)
        unit.session.expire_all()
        _compare(house, unit, patient, None)
        _compare(house, unit, patient, AT + day * DAY)
        rebuilding.rebuild(unit)
        unit.session.expire_all()
        _compare(house, unit, patient, None)
        _compare(house, unit, patient, AT + day * DAY)
        raise _Forget


def test_the_place_of_a_child_at_an_earlier_hour(house: House) -> None:
    with house.begin() as unit:
        capture(unit, a_packing(UNITS[0], ITEMS[:1], hours=1), a_packing(UNITS[1], ITEMS[:1], hours=5))
        key = things.key(house.brand_id, canonical(ITEMS[0]).uri)
        for hour, parent in ((0, None), (2, UNITS[0]), (6, UNITS[1])):
            found = states.packed_in(unit, [key], at=AT + timedelta(hours=hour))
            assert found == ({key: things.key(house.brand_id, canonical(parent).uri)} if parent else {})
