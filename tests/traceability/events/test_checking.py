"""What is held against what the house knows: sizes, names, holds, circles, and others who write at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import House
from tests.factories.dairy import a_batch
from tests.traceability.events.test_capturing import (
    AT,
    CASE,
    ITEM,
    PALLET,
    _lot,
    a_making,
    a_packing,
    an_event,
    capture,
    key,
    milk,
    parent_of,
    rules,
)
from traceability import holds, lots, spreading
from traceability.events import keeping
from traceability.facts import EventsCaptured
from traceability.models import Flow, Lot, Product

__all__ = ["milk"]


def test_what_lies_too_far_ahead_is_refused(house: House) -> None:
    with house.begin() as unit:
        ahead = (unit.now + timedelta(days=2)).isoformat()
        assert rules(capture(unit, an_event(epcList=[ITEM + "1"], eventTime=ahead))) == [("/0/eventTime", "future")]


def test_a_wrong_packing_and_the_right_one_come_together(house: House) -> None:
    """The standard's own pattern (§7.4.1.4): the declaration, and the event that corrects it."""
    wrong = a_packing(PALLET, [CASE], eventID="https://x.example/e/1")
    with house.begin() as unit:
        capture(unit, wrong)
        declared = {**wrong, "errorDeclaration": {"declarationTime": AT.isoformat()}}
        assert capture(unit, declared, a_packing(CASE, [PALLET])).errors == []
    assert parent_of(house, PALLET) == key(house, CASE)


def test_what_stood_in_another_may_hold_it_later_and_may_have_held_it_before(house: House) -> None:
    with house.begin() as unit:
        turned = (a_packing(PALLET, [CASE], hours=1), a_packing(PALLET, [CASE], "DELETE", hours=2), a_packing(CASE, [PALLET], hours=3))
        assert capture(unit, *turned).errors == []
        before = (a_packing(PALLET, [CASE], hours=-5), a_packing(PALLET, [], "DELETE", hours=-4))
        assert capture(unit, *before).errors == []
        assert rules(capture(unit, a_packing(PALLET, [CASE], hours=4))) == [("/0/childEPCs", "cyclic-packing")]


def test_a_declaration_of_what_nobody_told_is_no_packing(house: House) -> None:
    told = a_packing(CASE, [PALLET], hours=1, eventID="https://x.example/e/1", errorDeclaration={"declarationTime": AT.isoformat()})
    with house.begin() as unit:
        capture(unit, a_packing(PALLET, [CASE]))
        assert capture(unit, told).errors == []
    assert parent_of(house, PALLET) is None


def test_a_declaration_says_again_what_it_takes_back(house: House) -> None:
    told = an_event(epcList=[ITEM + "1"], eventID="https://x.example/e/1")
    with house.begin() as unit:
        capture(unit, told)
        other = {**told, "epcList": [ITEM + "2"], "errorDeclaration": {"declarationTime": AT.isoformat()}}
        assert rules(capture(unit, other)) == [("/0/errorDeclaration", "declared-otherwise")]


LONG = "https://x.example/" + "s" * 250


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"bizStep": LONG}, "/0/bizStep"),
        ({"disposition": LONG}, "/0/disposition"),
        ({"bizLocation": {"id": LONG}}, "/0/bizLocation/id"),
        ({"readPoint": {"id": LONG}}, "/0/readPoint/id"),
        ({"errorDeclaration": {"declarationTime": AT.isoformat(), "reason": LONG}}, "/0/errorDeclaration/reason"),
    ],
)
def test_a_word_that_no_column_holds_is_refused_by_its_place(house: House, more: dict[str, Any], pointer: str) -> None:
    with house.begin() as unit:
        assert rules(capture(unit, an_event(epcList=[ITEM + "1"], **more))) == [(pointer, "length")]


def test_an_event_of_a_type_of_ones_own_is_kept(house: House) -> None:
    with house.begin() as unit:
        kind = "https://x.example/voc/" + "VeryLongName" * 10
        assert len(capture(unit, an_event(epcList=[ITEM + "1"], type=kind)).ids) == 1


def test_too_little_and_too_much_are_refused(house: House) -> None:
    with house.begin() as unit:
        little = an_event(quantityList=[{"epcClass": _lot("A"), "quantity": 1e-9, "uom": "KGM"}])
        much = an_event(quantityList=[{"epcClass": _lot("A"), "quantity": 1e11, "uom": "KGM"}])
        assert rules(capture(unit, little, much)) == [("/0/quantityList/0/quantity", "quantity-least"), ("/1", "quantity-most")]


def test_the_same_document_twice_at_once_is_kept_once(house: House) -> None:
    if house.database.engine.dialect.name == "sqlite":
        pytest.skip("on SQLite, who writes is alone")
    events = [an_event(epcList=[ITEM + str(number)], hours=number % 9) for number in range(40)]
    gate = Barrier(4)

    def bring(_: int) -> tuple[int, int]:
        gate.wait()
        with house.begin() as unit:
            captured = capture(unit, *events)
            return len(captured.ids), captured.repeated

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(bring, range(4))) == [(0, 40), (0, 40), (0, 40), (40, 0)]


def test_capture_and_the_line_do_not_wait_for_each_other_in_a_circle(house: House, milk: dict[str, str]) -> None:
    if house.database.engine.dialect.name == "sqlite":
        pytest.skip("on SQLite, who writes is alone")
    with house.begin() as unit:
        product = unit.session.get_one(Product, unit.session.get_one(Lot, milk["batch"]).product_id)
        begun = [a_batch(unit, f"X-{number}", product).id for number in range(12)]

    def finish(lot_id: str) -> None:
        with house.begin() as unit:
            lots.finish(unit, lot_id=lot_id, inputs=[(milk["milk"], Decimal(1))])

    def tell(number: int) -> None:
        with house.begin() as unit:
            both = [{"epcClass": milk["uri"], "quantity": 1}, {"epcClass": milk["milk_uri"], "quantity": number + 1, "uom": "KGM"}]
            capture(unit, an_event(quantityList=both))

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(finish, lot_id) for lot_id in begun] + [pool.submit(tell, number) for number in range(12)]
        assert [job.result() for job in jobs] == [None] * 24


def test_a_failure_of_the_database_quotes_no_serial(house: House) -> None:
    row = keeping.Row("1" * 26, "ObjectEvent", None, None, None, AT, "+00:00", None, None, None, None, "urn:x:secret", "h", "{}")
    with pytest.raises(keeping.Unwritten) as trouble, house.begin() as unit:
        keeping.write(unit, [row, row], capture_id=None)
    assert "secret" not in str(trouble.value)
    assert trouble.value.__cause__ is None


def test_nothing_stands_in_itself(house: House) -> None:
    with house.begin() as unit:
        capture(unit, a_packing(PALLET, [CASE]))
        assert rules(capture(unit, a_packing(CASE, [PALLET], hours=1))) == [("/0/childEPCs", "cyclic-packing")]
        third = "urn:epc:id:sscc:0614141.1234567892"
        both = capture(unit, a_packing(CASE, [third], hours=1), a_packing(third, [PALLET], hours=2), behaviour="proceed")
        assert rules(both) == [("/1/childEPCs", "cyclic-packing")]


def test_nothing_is_made_of_a_lot_on_hold_and_what_was_made_before_is_held(house: House, milk: dict[str, str]) -> None:
    with house.begin() as unit:
        holds.place(unit, lot_id=milk["milk"], cause="person", cause_id="x", reason="气味")
        late = a_making([(milk["milk_uri"], 3)], [(milk["uri"], 3)], eventTime=unit.now.isoformat())
        assert rules(capture(unit, late)) == [("/0/inputQuantityList/0/epcClass", "lot-on-hold")]
        before = capture(unit, a_making([(milk["milk_uri"], 3)], [(milk["uri"], 3)]))
        assert len(before.ids) == 1
        spreading.on_events_captured(unit, EventsCaptured(event_ids=before.ids, made=True))
        assert unit.session.get_one(Lot, milk["batch"]).standing == "held"


def test_an_event_of_the_house_is_not_taken_back_by_others(house: House, milk: dict[str, str]) -> None:
    from traceability.events import names, query

    with house.begin() as unit:
        (event,) = [each for each in query.of_lot(unit, milk["batch"]) if each.type == "TransformationEvent"]
        told = a_making([(milk["milk_uri"], 3)], [(milk["uri"], 3)], eventID=names.event(event.id))
        assert rules(capture(unit, {**told, "errorDeclaration": {"declarationTime": AT.isoformat()}})) == [("/0/eventID", "own-event")]
        assert unit.session.scalar(select(func.count()).select_from(Flow).where(Flow.annulled_at.is_not(None))) == 0
