"""Labels wanted a second time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.errors import Invalid, Missing
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import a_product
from tests.traceability.moves.roll import a_roll
from traceability import addresses, codes, moves, printable, printing, reprints
from traceability.models import Reprint


def _asked(house: House, order_id: str) -> Reprint:
    with house.begin("plant") as unit:
        return reprints.ask(unit, order_id=order_id, start=10, count=5, reason="卷芯受潮")


def test_one_asks_with_a_reason_and_another_approves(house: House) -> None:
    roll = a_roll(house, 20)
    wanted = _asked(house, roll.order_id)
    assert (wanted.first, wanted.last, wanted.state, wanted.asked_by) == (10, 14, "asked", "test-plant")
    with pytest.raises(reprints.SecondPersonNeeded), house.begin("plant") as unit:
        reprints.approve(unit, reprint_id=wanted.id)
    with house.begin("brand_admin") as unit:
        done, job = reprints.approve(unit, reprint_id=wanted.id, format="csv")
        assert (job.first, job.last, job.reprint_id, job.state) == (10, 14, wanted.id, "waiting")
        assert (done.state, done.decided_by, done.decided_at) == ("approved", "test-brand_admin", house.now)
    for decide in (reprints.approve, reprints.decline):
        with pytest.raises(reprints.ReprintDecided), house.begin("quality") as unit:
            decide(unit, reprint_id=wanted.id)
    with house.look() as unit:
        assert [each.state for each in reprints.every(unit, roll.order_id)] == ["approved"]


def test_a_file_of_printed_labels_takes_a_reprint_but_what_was_made_stays(house: House) -> None:
    roll = a_roll(house, 20, printed=0)
    with house.begin() as unit:
        made = printing.ask(unit, order_id=roll.order_id, format="csv")
        moves.printed(unit, order_id=roll.order_id, count=10)
        assert printing.ask(unit, order_id=roll.order_id, format="csv").id == made.id
        printing.ask(unit, order_id=roll.order_id, format="csv", start=10)
        with pytest.raises(printable.ReprintNeeded):
            printing.ask(unit, order_id=roll.order_id, format="csv", start=9)


def test_the_inner_face_is_printed_once_whenever_the_outer_was(house: House) -> None:
    with house.begin("brand_admin") as unit:
        addresses.add(unit, name="s.cn")
        order_id = codes.order(unit, product_id=a_product(unit).id, count=20, reference="PO-1", formats=(), inner=True).id
        printing.ask(unit, order_id=order_id, format="csv", count=10)
        printing.ask(unit, order_id=order_id, format="csv", face="both", start=15)
        moves.printed(unit, order_id=order_id)
        made = printing.ask(unit, order_id=order_id, format="csv", face="inner", count=10)
        assert made.state == "waiting"
        for more in ({"face": "inner", "start": 9, "count": 2}, {"face": "inner", "start": 10}, {"face": "both", "start": 10, "count": 1}):
            with pytest.raises(printable.ReprintNeeded):
                printing.ask(unit, order_id=order_id, format="csv", **more)  # type: ignore[arg-type]


def test_a_report_that_was_taken_back_spares_nobody_the_second_person(house: House) -> None:
    roll = a_roll(house, 20, printed=0)
    with house.begin() as unit:
        printing.ask(unit, order_id=roll.order_id, format="csv", count=10)
    house.drain()
    with house.begin(now=house.now + timedelta(hours=1)) as unit:
        moves.undo(unit, move_id=moves.printed(unit, order_id=roll.order_id, start=5).id)
        printing.ask(unit, order_id=roll.order_id, format="csv", start=10)
        printing.ask(unit, order_id=roll.order_id, format="csv", count=5)
        with pytest.raises(printable.ReprintNeeded):
            printing.ask(unit, order_id=roll.order_id, format="csv", start=9, count=1)
        moves.printed(unit, order_id=roll.order_id, start=9, count=1)
        wanted = reprints.ask(unit, order_id=roll.order_id, start=9, count=1, reason="x")
    with house.begin("brand_admin") as unit:
        assert reprints.approve(unit, reprint_id=wanted.id, format="csv")[1].reprint_id == wanted.id


def test_only_printed_labels_that_are_on_no_item(house: House) -> None:
    roll = a_roll(house, 20, printed=12)
    with pytest.raises(moves.CodesNotFree) as caught:
        _asked(house, roll.order_id)
    assert caught.value.more["spans"] == [{"from": 13, "to": 15, "start": 12, "count": 3, "state": "allocated"}]


def test_a_label_that_was_used_in_the_meantime_is_not_printed_again(house: House) -> None:
    roll = a_roll(house, 20)
    wanted = _asked(house, roll.order_id)
    with house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=14)
    with pytest.raises(moves.CodesNotFree), house.begin("quality") as unit:
        reprints.approve(unit, reprint_id=wanted.id)
    with house.begin("plant") as unit:
        assert reprints.decline(unit, reprint_id=wanted.id).state == "declined"


def test_without_a_reason_outside_the_order_or_of_another_brand_it_is_refused(house: House) -> None:
    roll = a_roll(house, 20)

    def ask(unit: Unit, start: int = 0, reason: str = "x") -> Reprint:
        return reprints.ask(unit, order_id=roll.order_id, start=start, count=1, reason=reason)

    with pytest.raises(Invalid), house.begin() as unit:
        ask(unit, reason=" ")
    with pytest.raises(Invalid), house.begin() as unit:
        ask(unit, start=20)
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        ask(unit)
    wanted = _asked(house, roll.order_id)
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        reprints.approve(unit, reprint_id=wanted.id)
