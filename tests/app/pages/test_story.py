"""What the scan page tells of a lot: from facts alone, in both languages, and by the numbers that were read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.pages import story
from app.pages.story import Story, incident_told, stops_of
from kernel.unit import VISITOR
from monitoring.conditions import Condition, Incident
from tests.app.conftest import Web
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from tests.factories.recalls import PROOF, a_recall
from tests.monitoring.plant import a_line, samples, send
from traceability import holds, lots
from traceability.passport import Step

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


@contextmanager
def _reading(web: Web, language: str = "zh") -> Iterator[None]:
    with web.app.test_request_context("/", headers={"Accept-Language": language}):
        yield


def _lot(web: Web, *, dip: bool = False) -> str:
    """A finished lot, made in ten minutes an hour ago; its line at 72.6 °C, with a dip of half a minute when asked."""
    house = web.house
    since = house.now - timedelta(hours=1)
    with house.begin("brand_admin") as unit:
        a_line(unit)
        milk = a_delivery(unit, "MILK-1", material=a_material(unit), supplier=a_supplier(unit), came=since)
        lot = a_batch(unit, "B-1", a_product(unit), since)
        lots.finish(unit, lot_id=lot.id, inputs=[(milk.id, Decimal(10))], finished_at=since + timedelta(minutes=10))
        lot_id = lot.id
    values = [72.6] * 600
    if dip:
        values[300:330] = [69.8] * 30
    send(house, samples(since, values), now=house.now)
    house.drain()
    return lot_id


def _told(web: Web, lot_id: str, language: str = "zh") -> Story:
    with _reading(web, language), web.house.database.look(VISITOR) as unit:
        unit.enter(web.house.brand_id)
        return story.told(unit, lot_id)


def test_a_clean_lot_is_told_with_its_curve_and_its_finding(web: Web) -> None:
    lot_id = _lot(web)
    told = _told(web, lot_id)
    (line,) = told.lines
    outlet = line.curves[0]
    assert outlet.sentence == "全程 72.6–72.6 °C，不低于 72.0 °C"
    assert _told(web, lot_id, "en").lines[0].curves[0].sentence == "72.6–72.6 °C throughout, never below 72.0 °C"
    assert outlet.picture is not None
    assert outlet.rows
    assert outlet.incidents == []
    assert told.materials["MILK-1"].name_en == "Raw milk"
    assert told.suppliers["MILK-1"] == "青原牧场"


def test_a_dip_is_told_with_what_was_done_about_this_lot(web: Web) -> None:
    lot_id = _lot(web, dip=True)
    outlet = _told(web, lot_id).lines[0].curves[0]
    assert outlet.finding.code == "condition.outside.low"
    (incident,) = outlet.incidents
    assert incident.tone == "stop"
    assert "低于 72.0 °C，最低 69.8 °C" in incident.sentence
    assert incident.done == "这批货因此已暂停，正在复核"
    with web.house.begin() as unit:
        (hold,) = holds.of_lot(unit, lot_id)
        holds.release(unit, hold_id=hold.id, why="复检合格", proof=PROOF)
    (incident,) = _told(web, lot_id).lines[0].curves[0].incidents
    assert (incident.tone, incident.done) == ("good", "这批货曾因此暂停，复核后已恢复")


def test_a_dip_of_a_recalled_lot_does_not_say_that_it_is_being_re_checked(web: Web) -> None:
    lot_id = _lot(web, dip=True)
    with web.house.begin() as unit:
        a_recall(unit, lot_ids=[lot_id], reason="温度", advice="退货")
    (incident,) = _told(web, lot_id).lines[0].curves[0].incidents
    assert incident.done == "这批货因此暂停，之后召回"


def test_a_line_that_said_nothing_is_told_as_silent_and_one_that_is_not_measured_not_at_all(web: Web) -> None:
    with web.house.begin("brand_admin") as unit:
        a_line(unit)
        product = a_product(unit)
        measured, unmeasured = a_batch(unit, "B-1", product).id, a_batch(unit, "B-2", product, line="L9").id
    (line,) = _told(web, measured).lines
    assert line.silent
    assert {each.finding.code for each in line.curves} == {"condition.silent"}
    assert _told(web, unmeasured).lines == []


CONDITION = Condition("t", "温度", "Temperature", "Cel", True, 72.0, None, NOON, NOON + timedelta(hours=1), 60.0)


def _incident(detector: str = "limits", ended: datetime | None = NOON + timedelta(minutes=1), **evidence: object) -> Incident:
    return Incident("a", detector, "warning", NOON, ended, {"code": "alert.limits.low", "limit": 72.0, "value": 69.57, **evidence})


def test_an_incident_says_when_with_its_days_only_where_they_differ(web: Web) -> None:
    def sentence(ended: datetime | None) -> str:
        told = incident_told(_incident(ended=ended), CONDITION, None)
        assert told is not None
        return told.sentence

    with _reading(web):
        assert sentence(NOON + timedelta(minutes=1)) == "11-21 12:00–12:01 低于 72.0 °C，最低 69.5 °C"
        assert sentence(NOON + timedelta(seconds=20)).startswith("11-21 12:00 低于")
        assert sentence(NOON + timedelta(days=1)).startswith("11-21 12:00–11-22 12:00 低于")
        assert sentence(None).startswith("11-21 12:00 起，仍在持续")


@pytest.mark.parametrize(
    ("state", "is_told"), [(None, False), ("proposed", False), ("declined", False), ("placed", True), ("released", True)]
)
def test_what_was_only_unusual_is_told_when_the_lot_was_held_for_it(web: Web, state: str | None, is_told: bool) -> None:
    with _reading(web):
        assert (incident_told(_incident("novelty"), CONDITION, state) is not None) == is_told
        assert incident_told(_incident("silence"), CONDITION, None) is None
        assert incident_told(_incident("limits"), CONDITION, state) is not None


def test_a_high_limit_is_told_as_one(web: Web) -> None:
    with _reading(web, "en"):
        told = incident_told(_incident(code="alert.limits.high", value=73.01), CONDITION, None)
    assert told is not None
    assert told.sentence.endswith("above 72.0 °C, up to 73.1 °C")
    assert told.done is None


def test_the_way_has_stops_only_where_things_were_and_only_when_they_moved() -> None:
    def step(kind: str, place: str | None) -> Step:
        return Step(kind, NOON, place, "e", NOON)

    places = {"牧场": "CN-1501", "一厂": "CN-3301", "二线": "CN-3301"}
    way = [step("received", "牧场"), step("received", "一厂"), step("made", "二线"), step("released", "别处"), step("made", None)]
    assert stops_of(way, places) == [("CN-1501", "牧场"), ("CN-3301", "一厂")]
    assert stops_of(way[1:], places) == []
    assert stops_of(way, {}) == []
