"""A wrong event is declared in error and told anew; both times stay askable, and the truth holds what it has to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Invalid
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from tests.traceability.events.test_export import valid
from traceability import corrections, genealogy, hindsight, holds, lots, stock
from traceability.batches import batched
from traceability.events import export, flows, query
from traceability.events.flows import Window
from traceability.lots import finding
from traceability.models import EpcisEvent, EventError, Recall, RecallLot


@dataclass
class Ground:
    """M-1 went into L-1 and L-1 into L-2; M-2 went into nothing."""

    m1: str
    m2: str
    l1: str
    l2: str
    then: datetime


@pytest.fixture
def ground(house: House) -> Ground:
    with house.begin() as unit:
        farm, milk, product = a_supplier(unit), a_material(unit), a_product(unit)
        m1, m2 = (a_delivery(unit, code, material=milk, supplier=farm).id for code in ("M-1", "M-2"))
        l1, l2 = (a_batch(unit, code, product).id for code in ("L-1", "L-2"))
        lots.finish(unit, lot_id=l1, inputs=[(m1, Decimal(900))], quantity=Decimal(950))
        lots.finish(unit, lot_id=l2, inputs=[(l1, Decimal(10))], quantity=Decimal(10))
    return Ground(m1, m2, l1, l2, house.now)


def _correct(house: House, ground: Ground, *, hours: float = 1, **words: Any) -> list[str]:
    given: dict[str, Any] = {"lot_id": ground.l1, "inputs": [(ground.m2, Decimal(900))], "reason": "罐号抄错", **words}
    with house.begin(now=house.now + timedelta(hours=hours)) as unit:
        return sorted(lot.code for lot in corrections.correct_inputs(unit, **given))


def test_the_corrected_event_takes_the_place_of_the_wrong_one(house: House, ground: Ground) -> None:
    assert _correct(house, ground, inputs=[(ground.m1, Decimal(400)), (ground.m2, Decimal(520))], quantity=Decimal(940)) == []
    with house.look(now=house.now + timedelta(hours=2)) as unit:
        lot = lots.get(unit, ground.l1)
        assert lot.quantity == Decimal(940)
        assert {source.code: amount for source, amount in corrections.inputs(unit, lot)} == {"M-1": 400, "M-2": 520}
        assert genealogy.back(unit, [ground.l2]) == {ground.l1, ground.m1, ground.m2}
        assert genealogy.back(unit, [ground.l2], Window(known_at=ground.then)) == {ground.l1, ground.m1}
        left = stock.of(unit, [lots.get(unit, ground.m1), lots.get(unit, ground.m2)])
        assert (left[ground.m1].left, left[ground.m2].left) == (600, 480)
        made = [
            event for event in query.of_lot(unit, ground.l1) if event.type == "TransformationEvent" and "output" in _role(unit, event, lot)
        ]
        wrong, right, declared = sorted(made, key=lambda event: (event.declares is not None, event.record_time))
        assert declared.declares == wrong.id
        document = export.document(unit, [wrong, right, declared])
        told = document["epcisBody"]["eventList"]
        assert told[2]["eventID"] == told[0]["eventID"] != told[1]["eventID"]
        assert told[2]["errorDeclaration"]["correctiveEventIDs"] == [told[1]["eventID"]]
        assert told[1]["eventTime"] == told[0]["eventTime"], "it is corrected what happened, not when"
    valid(document)


def _role(unit: Any, event: EpcisEvent, lot: Any) -> list[str]:
    from sqlalchemy import select

    from traceability.models import EventThing

    return list(unit.session.scalars(select(EventThing.role).where(EventThing.event_id == event.id, EventThing.thing == lot.thing)))


def test_a_correction_of_a_correction_counts_last(house: House, ground: Ground) -> None:
    _correct(house, ground)
    _correct(house, ground, hours=2, inputs=[(ground.m1, Decimal(800))])
    with house.look() as unit:
        assert genealogy.back(unit, [ground.l1]) == {ground.m1}
        for hours, sources in ((0.5, {ground.m1}), (1.5, {ground.m2}), (3, {ground.m1})):
            window = Window(known_at=house.now + timedelta(hours=hours))
            assert genealogy.back(unit, [ground.l1], window) == sources
        assert unit.session.query(EventError).count() == 2


def test_what_went_in_before_holds_nothing_again(house: House, ground: Ground) -> None:
    with house.begin() as unit:
        ((before, amount), *rest) = corrections.inputs(unit, lots.get(unit, ground.l1))
        holds.place(unit, lot_id=before.id, cause="person", cause_id="x", reason="抗生素残留")
        used = [(before.id, amount - 1), *((each.id, much) for each, much in rest)]
        assert corrections.correct_inputs(unit, lot_id=ground.l1, inputs=used, reason="看错了") == []
        assert lots.get(unit, ground.l1).standing == "clear"


def test_a_held_input_is_told_and_holds_all_that_was_made_of_it(house: House, ground: Ground) -> None:
    with house.begin() as unit:
        hold = holds.place(unit, lot_id=ground.m2, cause="person", cause_id="x", reason="抗生素残留")
        assert hold is not None
    assert _correct(house, ground) == ["L-1", "L-2"]
    with house.begin() as unit:
        for lot_id in (ground.l1, ground.l2):
            (follower,) = holds.of_lot(unit, lot_id)
            assert (follower.cause, follower.cause_id, follower.reason) == ("person", "x", "抗生素残留")
    _correct(house, ground, hours=2, inputs=[(ground.m1, Decimal(900))])
    with house.look() as unit:
        assert lots.get(unit, ground.l2).standing == "held", "what turns out to be clean is not let go by itself"


def test_a_recalled_input_holds_what_the_recall_does_not_cover(house: House, ground: Ground) -> None:
    _recall(house, ground.m2)
    assert _correct(house, ground) == ["L-1", "L-2"]
    with house.look() as unit:
        (hold,) = holds.of_lot(unit, ground.l2)
        assert (hold.cause, hold.reason) == ("recall", "hold.recall.correction")


def _recall(house: House, *ids: str) -> str:
    with house.begin() as unit:
        recall = Recall(id=unit.new_id(), state="open", reason="异物", advice="退货", scope={"lot_ids": list(ids)}, proposed_by="a")
        recall.proposed_at = recall.opened_at = unit.now
        unit.session.add(recall)
        unit.session.flush()
        for lot_id in ids:
            lots.get(unit, lot_id).standing = "recalled"
            unit.session.add(RecallLot(id=unit.new_id(), recall_id=recall.id, lot_id=lot_id))
        return recall.id


def test_what_cannot_be_is_refused_and_changes_nothing(house: House, ground: Ground) -> None:
    for words, trouble in (
        ({"inputs": [(ground.m2, Decimal(1001))]}, lots.NotEnoughLeft),
        ({"inputs": [(ground.l2, Decimal(1))]}, Invalid),
        ({"inputs": [(ground.m1, Decimal(900))]}, corrections.SameAsBefore),
        ({"inputs": []}, Invalid),
        ({"reason": " "}, Invalid),
        ({"lot_id": ground.m1}, corrections.NothingToCorrect),
    ):
        with pytest.raises(trouble):
            _correct(house, ground, **words)
    with house.look() as unit:
        assert genealogy.back(unit, [ground.l1]) == {ground.m1}
        assert unit.session.query(EventError).count() == 0
    _correct(house, ground, inputs=[(ground.m1, Decimal(1000))])


def test_a_receipt_is_corrected_within_what_has_left(house: House) -> None:
    from suppliers import directory
    from tests.factories.dairy import a_farms_papers
    from traceability import deliveries
    from traceability.arrivals import Line

    with house.begin("brand_admin") as unit:
        farm, milk = a_supplier(unit), a_material(unit)
        directory.list_supply(unit, supplier_id=farm.id, material_id=milk.id)
        a_farms_papers(unit, farm, "T7")
        lines = [
            Line(milk.id, Decimal(quantity), "KGM", lot_code=code, supplier_lot="T7") for code, quantity in (("M-1", 100), ("M-2", 70))
        ]
        made = deliveries.receive(unit, supplier_id=farm.id, reference="LS", place="厂", lines=lines).id
        first = lots.by_code(unit, "M-1").id
        lots.discard(unit, lot_id=first, quantity=Decimal(90), reason="waste")
    with pytest.raises(lots.NotEnoughLeft), house.begin() as unit:
        corrections.correct_receipt(unit, lot_id=first, quantity=Decimal(89), reason="抄错")
    with house.begin() as unit:
        corrections.correct_receipt(unit, lot_id=first, quantity=Decimal(1000), reason="少一个零")
        delivery = deliveries.get(unit, made)
        assert [(row.lot.code, row.quantity) for row in deliveries.lines(unit, [delivery])[made]] == [("M-1", 1000), ("M-2", 70)]
        assert stock.of(unit, [lots.get(unit, first)])[first].left == 910


def test_the_difference_names_lots_both_ways_and_recalls(house: House, ground: Ground) -> None:
    recall = _recall(house, ground.m2)
    _correct(house, ground)
    later = house.now + timedelta(hours=2)
    with house.look(now=later) as unit:
        changes = hindsight.diff(unit, [ground.l1], before=ground.then, after=later)
        assert [lot.code for lot in changes.upstream.gained] == ["M-2"]
        assert [lot.code for lot in changes.upstream.lost] == ["M-1"]
        assert changes.downstream.same
        (other,) = changes.recalls
        assert other.recall.id == recall
        assert {lot.code for lot in other.apart.gained} == {lot.code for lot in other.uncovered} == {"L-1", "L-2"}
        below = hindsight.diff(unit, [ground.m1, ground.m2], before=ground.then, after=later)
        assert below.downstream.same, "together they became the same lots"
        assert {lot.code for lot in hindsight.diff(unit, [ground.m1], before=ground.then, after=later).downstream.lost} == {"L-1", "L-2"}
        assert hindsight.diff(unit, [ground.l1], before=later, after=later).none
        with pytest.raises(Invalid):
            hindsight.diff(unit, [ground.l1], before=later, after=ground.then)


def test_no_less_came_out_than_left_since(house: House, ground: Ground) -> None:
    with pytest.raises(lots.NotEnoughLeft):
        _correct(house, ground, quantity=Decimal(9))
    _correct(house, ground, quantity=Decimal(10))
    with house.look() as unit:
        assert stock.of(unit, [lots.get(unit, ground.l1)])[ground.l1].left == 0


def test_a_family_is_the_same_however_many_are_asked_at_once(house: House, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    _correct(house, ground)
    _recall(house, ground.m2)
    with house.look(now=house.now + timedelta(hours=2)) as unit:
        every = [ground.m1, ground.m2, ground.l1, ground.l2]
        words: dict[str, Any] = {"before": ground.then, "after": unit.now}
        whole = genealogy.forward(unit, every), sorted(lots.several(unit, every)), hindsight.diff(unit, every, **words)
        for room, name in ((flows, "_STARTS"), (finding, "_AT_ONCE")):
            monkeypatch.setattr(room, name, 1)
        monkeypatch.setattr(hindsight, "batched", lambda values: batched(values, 1))
        assert (genealogy.forward(unit, every), sorted(lots.several(unit, every)), hindsight.diff(unit, every, **words)) == whole
