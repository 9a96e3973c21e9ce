"""What others tell late spreads a hold to what came of its lot, and to nothing else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from tests.factories.recalls import PROOF, a_recall
from traceability import holds, lots, spreading
from traceability.events import capture
from traceability.facts import EventsCaptured


@pytest.fixture
def ids(house: House) -> dict[str, str]:
    """milk → one; nothing was told of two and three yet. An hour later, milk is on hold, and nothing else."""
    with house.begin() as unit:
        milk = a_delivery(unit, "milk", material=a_material(unit), supplier=a_supplier(unit))
        product = a_product(unit)
        made = {"milk": milk.id} | {code: a_batch(unit, code, product).id for code in ("one", "two", "three")}
        lots.finish(unit, lot_id=made["one"], inputs=[(milk.id, Decimal(1))])
    with house.begin(now=house.now + timedelta(hours=1)) as unit:
        holds.place(unit, lot_id=made["milk"], cause="person", cause_id="x", reason="气味")
    return made


def _told(unit: Unit, source: str, made: str) -> EventsCaptured:
    """One event that this was made of that, and the fact of it."""
    what: dict[str, Any] = {"inputQuantityList": [{"epcClass": lots.get(unit, source).uri}]}
    what["outputQuantityList"] = [{"epcClass": lots.get(unit, made).uri}]
    roles = {source: "input", made: "output"}
    event = capture.record(
        unit, type="TransformationEvent", biz_step="commissioning", disposition="active", event_time=unit.now, what=what, lots=roles
    )
    return EventsCaptured(event_ids=[event.id], made=True)


def _standings(house: House) -> dict[str, str]:
    with house.look() as unit:
        return {lot.code: lot.standing for lot in lots.every(unit)}


def test_only_what_is_newly_known_is_held(house: House, ids: dict[str, str]) -> None:
    with house.begin(now=house.now + timedelta(hours=2)) as unit:
        spreading.on_events_captured(unit, _told(unit, ids["milk"], ids["two"]))
    assert _standings(house) == {"milk": "held", "one": "clear", "two": "held", "three": "clear"}


def test_what_a_person_let_go_is_not_held_again_by_an_event_about_something_else(house: House, ids: dict[str, str]) -> None:
    with house.begin(now=house.now + timedelta(hours=2)) as unit:
        spreading.on_events_captured(unit, _told(unit, ids["milk"], ids["two"]))
    with house.begin(now=house.now + timedelta(hours=3)) as unit:
        (hold,) = holds.of_lot(unit, ids["two"])
        holds.release(unit, hold_id=hold.id, why="复检合格", proof=PROOF)
    with house.begin(now=house.now + timedelta(hours=4)) as unit:
        spreading.on_events_captured(unit, _told(unit, ids["milk"], ids["three"]))
    assert _standings(house) == {"milk": "held", "one": "clear", "two": "clear", "three": "held"}


def test_what_is_newly_known_to_be_made_of_a_recalled_lot_waits_for_two_persons(house: House, ids: dict[str, str]) -> None:
    with house.begin(now=house.now + timedelta(hours=2)) as unit:
        recall = a_recall(unit, lot_ids=[ids["milk"]])
    with house.begin(now=house.now + timedelta(hours=3)) as unit:
        spreading.on_events_captured(unit, _told(unit, ids["one"], ids["two"]))
        (hold,) = [each for each in holds.of_lot(unit, ids["two"]) if each.cause == "recall"]
        assert (hold.cause_id, hold.reason, hold.state) == (recall.id, "hold.recall.made_of_it", "placed")
    assert _standings(house) == {"milk": "recalled", "one": "recalled", "two": "held", "three": "clear"}
