"""Steps taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Missing
from kernel.unit import Unit
from tests.conftest import House
from tests.traceability.events.test_export import valid
from tests.traceability.moves.roll import Roll, a_roll, let_go
from traceability import balance, life, lots, moves, packing, packs, ranges, shipments
from traceability.events import export, query
from traceability.models import CodeMove
from traceability.moves import back
from traceability.ranges import Run
from traceability.spans import Span


def _states(house: House, roll: Roll) -> list[tuple[int, int, str, str | None]]:
    with house.look() as unit:
        return roll.states(unit)


STEPS: dict[str, Callable[[Unit, Roll], CodeMove]] = {
    "print": lambda unit, roll: moves.printed(unit, order_id=roll.order_id, start=90),
    "commission": lambda unit, roll: moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=50, count=5),
    "scrap": lambda unit, roll: moves.scrap(unit, order_id=roll.order_id, positions=[51, 53, 70, 71], reason="torn"),
    "sample_label": lambda unit, roll: moves.sample_label(unit, order_id=roll.order_id, start=60, count=5, reason="quality"),
    "give_back": lambda unit, roll: moves.give_back(unit, order_id=roll.order_id, start=60, count=5),
    "void": lambda unit, roll: moves.void(unit, order_id=roll.order_id, start=85, count=10, reason="mistake"),
    "release": lambda unit, roll: moves.release(unit, order_id=roll.order_id, start=10, count=10),
    "sample": lambda unit, roll: moves.sample(unit, order_id=roll.order_id, start=10, count=10, reason="quality"),
    "inactivate": lambda unit, roll: moves.inactivate(unit, order_id=roll.order_id, start=49, count=1, reason="lost"),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_taken_back_leaves_codes_as_they_were(house: House, name: str) -> None:
    roll = a_roll(house, printed=90, commissioned=50)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
    before = _states(house, roll)
    with house.begin() as unit:
        done = STEPS[name](unit, roll)
        assert done.move == name
    assert _states(house, roll) != before
    with house.begin() as unit:
        moves.undo(unit, move_id=done.id)
    assert _states(house, roll) == before
    with house.look() as unit:
        assert {each.id: each.undone_by for each in moves.history(unit, roll.order_id)}[done.id] == "test-quality"


@given(st.lists(st.sampled_from(life.STATES), min_size=1, max_size=30), st.data())
def test_whatever_a_step_did_wherever_it_is_undone_run_by_run(states: list[str], data: st.DataObject) -> None:
    runs = ranges.joined(Run(place, place, state) for place, state in enumerate(states))
    move = life.MOVES[data.draw(st.sampled_from(sorted(life.MOVES)))]
    legal = [place for place, state in enumerate(states) if state in move.sources]
    chosen = ranges.together(data.draw(st.sets(st.sampled_from(legal)))) if legal else []
    before = ranges.inside(runs, chosen)
    after = ranges.repaint(runs, chosen, lambda run: move.after(run, "other", "LOT"))
    assert ranges.joined(ranges.inside(after, chosen)) == ranges.joined(move.after(run, "other", "LOT") for run in before)
    assert back._restored(after, chosen, before) == runs


def test_its_event_is_declared_in_error_under_the_same_name(house: House) -> None:
    roll = a_roll(house, 10)
    with house.begin() as unit:
        done = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, count=3)
    with house.begin(now=house.now + timedelta(hours=1)) as unit:
        moves.undo(unit, move_id=done.id)
    with house.look() as unit:
        events = query.of_lot(unit, roll.lot_id)
        document = export.document(unit, events)
        assert query.valid(events) == []
    first, second = document["epcisBody"]["eventList"]
    assert first.keys() | {"errorDeclaration"} == second.keys()
    assert second["errorDeclaration"]["reason"] == "did_not_occur"
    told = {"recordTime", "errorDeclaration"}
    assert {key: text for key, text in first.items() if key not in told} == {key: text for key, text in second.items() if key not in told}
    valid(document)


def test_who_took_it_or_a_brand_admin_and_nobody_else(house: House) -> None:
    roll = a_roll(house, 10)
    with house.begin("plant") as unit:
        done = moves.scrap(unit, order_id=roll.order_id, count=1, reason="torn")
        other = moves.scrap(unit, order_id=roll.order_id, start=1, count=1, reason="torn")
    with pytest.raises(moves.NotYoursToUndo), house.begin("quality") as unit:
        moves.undo(unit, move_id=done.id)
    with pytest.raises(Missing), house.begin("brand_admin", brand_id=house.other_brand_id) as unit:
        moves.undo(unit, move_id=done.id)
    with house.begin("plant") as unit:
        moves.undo(unit, move_id=done.id)
    with house.begin("brand_admin") as unit:
        moves.undo(unit, move_id=other.id)
    assert _states(house, roll) == [(0, 9, "encoded", None)]


def _refused(house: House, move_id: str, why: str, later: timedelta = timedelta()) -> None:
    with pytest.raises(moves.MoveNotUndoable) as caught, house.begin(now=house.now + later) as unit:
        moves.undo(unit, move_id=move_id)
    assert caught.value.more["why"] == why


def test_not_twice_not_late_and_never_what_is_final(house: House) -> None:
    roll = a_roll(house, 20, commissioned=10)
    with house.begin() as unit:
        twice = moves.scrap(unit, order_id=roll.order_id, start=10, count=1, reason="torn")
        late = moves.scrap(unit, order_id=roll.order_id, start=11, count=1, reason="torn")
        gone = moves.destroy(unit, order_id=roll.order_id, start=0, count=1, reason="damaged")
        stolen = moves.inactivate(unit, order_id=roll.order_id, start=1, count=1, reason="stolen")
        label = moves.void(unit, order_id=roll.order_id, start=12, count=1, reason="stolen")
        moves.undo(unit, move_id=twice.id)
    _refused(house, twice.id, "undone")
    _refused(house, late.id, "late", timedelta(days=10, seconds=1))
    for final in (gone, stolen, label):
        _refused(house, final.id, "final")
    with house.begin(now=house.now + timedelta(days=10)) as unit:
        moves.undo(unit, move_id=late.id)


def test_only_while_the_codes_are_as_the_step_left_them(house: House) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        done = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, count=10)
        later = moves.inactivate(unit, order_id=roll.order_id, start=9, count=1, reason="opened")
    _refused(house, done.id, "moved-on")
    with house.begin() as unit:
        moves.undo(unit, move_id=later.id)
        moves.undo(unit, move_id=done.id)
    assert _states(house, roll) == [(0, 19, "encoded", None)]


def test_a_recalled_lot_keeps_its_items(house: House) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        done = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, count=10)
        lots.get(unit, roll.lot_id).standing = "recalled"
    with pytest.raises(lots.LotRecalled), house.begin() as unit:
        moves.undo(unit, move_id=done.id)


def test_an_item_in_a_case_becomes_no_label_again(house: House) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        done = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, count=10)
        packing.set_prefix(unit, prefix="6901234")
        packing.pack(unit, kind="case", items=[Span("06901234567892", 1, 0, 5)])
    with pytest.raises(packs.StillPacked), house.begin() as unit:
        moves.undo(unit, move_id=done.id)


def test_an_item_that_was_shipped_stays_on_its_lot(house: House) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        done = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, count=10)
        spare = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=10, count=2)
        let_go(unit, roll.lot_id)
        shipments.ship(unit, reference="DN-7", customer="杭州示例商贸", regions=["CN"], order_id=roll.order_id, start=8, count=2)
    with pytest.raises(moves.ItemsShipped) as caught, house.begin() as unit:
        moves.undo(unit, move_id=done.id)
    assert caught.value.more == {"shipment": "DN-7"}
    with house.begin() as unit:
        moves.undo(unit, move_id=spare.id)
    assert _states(house, roll) == [(0, 9, "commissioned", None), (10, 19, "encoded", None)]


def test_no_item_leaves_a_lot_that_is_on_hold(house: House) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        done = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, count=10)
        sample = moves.sample(unit, order_id=roll.order_id, count=1, reason="quality")
        lots.get(unit, roll.lot_id).standing = "held"
        moves.undo(unit, move_id=sample.id)
    with pytest.raises(lots.LotOnHold), house.begin() as unit:
        moves.undo(unit, move_id=done.id)


def test_once_the_books_are_closed_labels_stay_but_items_may_come_back(house: House) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        label = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id)
        balance.close(unit, order_id=roll.order_id)
        item = moves.sample(unit, order_id=roll.order_id, count=1, reason="quality")
        moves.undo(unit, move_id=item.id)
    with pytest.raises(moves.OrderClosed), house.begin() as unit:
        moves.undo(unit, move_id=label.id)
