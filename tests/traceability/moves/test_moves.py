"""Codes from the printer to wherever they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel.audit import AuditEntry
from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_product
from tests.traceability.moves.roll import Roll, a_roll, let_go
from traceability import codes, life, lots, moves, packs
from traceability.events import query
from traceability.models import CodeMove, CodeRange, EpcisEvent, Product
from traceability.spans import Span


def test_what_is_not_printed_goes_on_no_lot(house: House) -> None:
    roll = a_roll(house, printed=50)
    with pytest.raises(moves.CodesNotFree) as caught, house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=40, count=20)
    assert caught.value.more["spans"] == [{"from": 51, "to": 60, "start": 50, "count": 10, "state": "allocated"}]
    assert (caught.value.more["move"], caught.value.more["sources"]) == ("commission", ["encoded"])
    with house.look() as unit:
        assert roll.states(unit) == [(0, 49, "encoded", None), (50, 99, "allocated", None)]
        assert codes.count_of(unit, roll.lot_id) == 0


def test_codes_put_on_a_lot_are_commissioned_and_say_so_in_an_event(house: House) -> None:
    roll = a_roll(house)
    with house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=10, count=20)
    with house.look() as unit:
        assert roll.states(unit) == [(0, 9, "encoded", None), (10, 29, "commissioned", None), (30, 99, "encoded", None)]
        assert codes.count_of(unit, roll.lot_id) == 20
        assert codes.ranges_of(unit, roll.lot_id) == [Span(GTIN, 1, 10, 29)]
        (event,) = query.of_lot(unit, roll.lot_id)
        assert (event.type, event.action, event.biz_step, event.disposition) == ("ObjectEvent", "ADD", "commissioning", "active")
        assert event.what["codeRanges"] == [{"gtin": GTIN, "keyVersion": 1, "first": 10, "last": 29}]
        assert list(event.what["lots"].values()) == ["object"]
        assert event.ilmd["cbvmda:lotNumber"] == "L-1"
        assert lots.get(unit, roll.lot_id).revision == 1


def test_a_line_that_commissions_box_by_box_leaves_one_range(house: House) -> None:
    roll = a_roll(house)
    for start in (0, 10, 30, 20):
        with house.begin() as unit:
            moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=start, count=10)
    with house.look() as unit:
        assert roll.states(unit) == [(0, 39, "commissioned", None), (40, 99, "encoded", None)]


def test_overlapping_ranges_are_refused_by_position_and_nothing_is_half_done(house: House) -> None:
    roll = a_roll(house)
    with house.begin() as unit:
        other = a_batch(unit, "L-2", unit.session.get_one(Product, roll.product_id))
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=40, count=10)
        moves.scrap(unit, order_id=roll.order_id, start=60, count=1, reason="misprint")
    with pytest.raises(moves.CodesNotFree) as caught, house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=other.id, start=45)
    assert caught.value.more["spans"] == [
        {"from": 46, "to": 50, "start": 45, "count": 5, "state": "commissioned"},
        {"from": 61, "to": 61, "start": 60, "count": 1, "state": "label_scrapped"},
    ]
    with house.look() as unit:
        assert codes.count_of(unit, other.id) == 0
        assert lots.get(unit, other.id).revision == 0
        assert len(moves.history(unit, roll.order_id)) == 3


def test_only_the_first_ten_strays_are_named(house: House) -> None:
    roll = a_roll(house, 40)
    with house.begin() as unit:
        moves.scrap(unit, order_id=roll.order_id, positions=range(0, 40, 2), reason="torn")
    with pytest.raises(moves.CodesNotFree) as caught, house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id)
    assert [span["from"] for span in caught.value.more["spans"]] == list(range(1, 21, 2))
    assert "and 10 more" in caught.value.detail


def test_a_lot_of_another_product_of_another_brand_or_recalled_takes_no_codes(house: House) -> None:
    roll = a_roll(house)
    with house.begin() as unit:
        cheese = a_batch(unit, "L-2", a_product(unit, "06901234567809"))
    with pytest.raises(moves.LotOfAnotherProduct), house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=cheese.id)
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id)
    with house.begin() as unit:
        lots.get(unit, roll.lot_id).standing = "recalled"
    with pytest.raises(lots.LotRecalled), house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id)


def test_bad_labels_here_and_there_are_scrapped_in_one_step(house: House) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        done = moves.scrap(unit, order_id=roll.order_id, positions=[7, 3, 4, 19], reason="unreadable", note="第 2 卷")
    with house.look() as unit:
        assert [row for row in roll.states(unit) if row[2] == "label_scrapped"] == [
            (3, 4, "label_scrapped", "unreadable"),
            (7, 7, "label_scrapped", "unreadable"),
            (19, 19, "label_scrapped", "unreadable"),
        ]
        event = unit.session.get_one(EpcisEvent, done.event_id)
        assert (event.action, event.biz_step, event.disposition) == ("DELETE", "destroying", "destroyed")
        assert [(span["first"], span["last"]) for span in event.what["codeRanges"]] == [(3, 4), (7, 7), (19, 19)]
        assert event.why == {"reason": "unreadable", "note": "第 2 卷"}


@pytest.mark.parametrize(
    ("positions", "rule"), [([], "empty"), ([1, 1], "twice"), ([20], "range"), ([-1], "range"), ([True], "range"), ([0.5], "range")]
)
def test_wrong_positions_are_refused_by_rule(house: House, positions: list[int], rule: str) -> None:
    roll = a_roll(house, 20)
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        moves.scrap(unit, order_id=roll.order_id, positions=positions, reason="torn")
    assert [(flaw["pointer"], flaw["rule"]) for flaw in caught.value.errors] == [("/positions", rule)]


@pytest.mark.parametrize(("start", "count"), [(-1, 1), (100, 1), (0, 0), (99, 2), (0, 101), (0.5, 1), (0, True)])
def test_positions_outside_the_order_are_refused(house: House, start: int, count: int) -> None:
    roll = a_roll(house)
    with pytest.raises(Invalid), house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=start, count=count)


@pytest.mark.parametrize(("reason", "note", "pointer"), [("whim", None, "/reason"), (None, None, "/reason"), ("torn", "x" * 301, "/note")])
def test_a_reason_is_one_of_those_there_are(house: House, reason: Any, note: str | None, pointer: str) -> None:
    roll = a_roll(house)
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        moves.scrap(unit, order_id=roll.order_id, count=1, reason=reason, note=note)
    assert [flaw["pointer"] for flaw in caught.value.errors] == [pointer]


def test_labels_end_in_many_ways(house: House) -> None:
    roll = a_roll(house, 10, printed=8)
    with house.begin() as unit:
        moves.sample_label(unit, order_id=roll.order_id, start=0, count=2, reason="retained")
        moves.give_back(unit, order_id=roll.order_id, start=2, count=2)
        moves.void(unit, order_id=roll.order_id, start=6, count=4, reason="stolen", note="仓库被盗")
    with house.look() as unit:
        assert roll.states(unit) == [
            (0, 1, "label_sampled", "retained"),
            (2, 3, "invalid", "returned"),
            (4, 5, "encoded", None),
            (6, 7, "invalid", "stolen"),
            (8, 9, "invalid", "unused"),
        ]


def test_items_leave_with_their_lot_and_every_later_state_keeps_it(house: House) -> None:
    roll = a_roll(house, commissioned=50)
    with pytest.raises(moves.LotNotReleased), house.begin() as unit:
        moves.release(unit, order_id=roll.order_id, count=50)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
        moves.release(unit, order_id=roll.order_id, count=10)
        (rest,) = moves.release_lot(unit, lot_id=roll.lot_id)
        assert (rest.first, rest.last) == (10, 49)
        assert moves.release_lot(unit, lot_id=roll.lot_id) == []
        moves.inactivate(unit, order_id=roll.order_id, start=0, count=5, reason="sold")
        moves.inactivate(unit, order_id=roll.order_id, start=5, count=5, reason="stolen")
        moves.sample(unit, order_id=roll.order_id, start=10, count=5, reason="authority")
        moves.destroy(unit, order_id=roll.order_id, start=4, count=7, reason="recalled")
    with house.look() as unit:
        assert roll.states(unit) == [
            (0, 3, "inactive", "sold"),
            (4, 10, "destroyed", "recalled"),
            (11, 14, "sampled", "authority"),
            (15, 49, "released", None),
            (50, 99, "encoded", None),
        ]
        found = {place for span in codes.ranges_of(unit, roll.lot_id) for place in range(span.first, span.last + 1)}
        assert found == set(range(50))
        told = [(event.biz_step, event.disposition) for event in query.of_lot(unit, roll.lot_id)]
        assert sorted(told) == sorted(
            [
                ("commissioning", "active"),
                ("staging_outbound", "sellable_not_accessible"),
                ("staging_outbound", "sellable_not_accessible"),
                ("retail_selling", "retail_sold"),
                ("other", "stolen"),
                ("sampling", "non_sellable_other"),
                ("destroying", "destroyed"),
            ]
        )


def test_a_held_lot_lets_no_item_go(house: House) -> None:
    roll = a_roll(house, commissioned=50)
    with house.begin() as unit:
        let_go(unit, roll.lot_id).standing = "held"
    with pytest.raises(lots.LotOnHold), house.begin() as unit:
        moves.release_lot(unit, lot_id=roll.lot_id)


def test_nothing_leaves_destroyed(house: House) -> None:
    roll = a_roll(house, commissioned=10)
    with house.begin() as unit:
        moves.destroy(unit, order_id=roll.order_id, count=10, reason="damaged")
    for step in (moves.destroy, moves.sample, moves.inactivate, moves.scrap, moves.void):
        reason = life.MOVES[step.__name__].reasons[0]
        with pytest.raises(moves.CodesNotFree), house.begin() as unit:
            step(unit, order_id=roll.order_id, count=1, reason=reason)
    with house.look() as unit:
        assert roll.states(unit)[0] == (0, 9, "destroyed", "damaged")


def test_a_billion_codes_move_as_one_row(house: House) -> None:
    roll = a_roll(house, 10**9, commissioned=10**8)
    with house.look() as unit:
        assert [(first, last) for first, last, *_ in roll.states(unit)] == [(0, 10**8 - 1), (10**8, 10**9 - 1)]
        assert unit.session.scalar(select(func.count()).select_from(CodeMove)) == 2


def test_rows_that_do_not_change_are_not_written_again(house: House) -> None:
    roll = a_roll(house)
    with house.begin() as unit:
        moves.scrap(unit, order_id=roll.order_id, positions=[10, 50, 90], reason="torn")

    def ids() -> dict[int, str]:
        with house.look() as unit:
            return {row.first: row.id for row in unit.session.scalars(select(CodeRange))}

    before = ids()
    with house.begin() as unit:
        moves.scrap(unit, order_id=roll.order_id, positions=[5, 95], reason="torn")
    after = ids()
    assert {first for first in before if after.get(first) == before[first]} == {10, 11, 50, 51, 90}


def test_each_step_leaves_one_line_in_the_audit_and_no_serial(house: House) -> None:
    roll = a_roll(house, commissioned=5)
    with house.begin() as unit:
        moves.scrap(unit, order_id=roll.order_id, start=5, count=1, reason="torn")
    with house.look() as unit:
        lines = list(unit.session.scalars(select(AuditEntry).where(AuditEntry.subject_id == roll.order_id).order_by(AuditEntry.id)))
        steps = {line.detail["step"]: line.detail["codes"] for line in lines if line.verb == "codes.moved"}
        assert (steps, len(lines)) == ({"print": 100, "commission": 5, "scrap": 1}, 4)
        assert not any(serial in str(line.detail) for line in lines for serial in roll.serials(unit))


def test_another_brand_sees_and_moves_nothing(house: House) -> None:
    roll: Roll = a_roll(house, commissioned=5)
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        moves.destroy(unit, order_id=roll.order_id, reason="other")
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        moves.release_lot(unit, lot_id=roll.lot_id)
    with house.look(brand_id=house.other_brand_id) as unit:
        assert moves.history(unit, roll.order_id) == []
        packs.must_be_loose(unit, [Span(GTIN, 1, 0, 4)])


def test_the_past_is_read_page_by_page_without_its_runs(house: House) -> None:
    roll = a_roll(house, 10)
    done = []
    for n in range(3):
        with house.begin(now=house.now + timedelta(minutes=n + 1)) as unit:
            done.append(moves.scrap(unit, order_id=roll.order_id, positions=[n, n + 5], reason="unreadable").id)
    with house.look() as unit:
        newest = moves.history(unit, roll.order_id, limit=2)
        assert [move.id for move in newest] == [done[2], done[1]]
        older = moves.history(unit, roll.order_id, limit=2, before=done[1])
        assert [move.move for move in older] == ["scrap", "print"]
        assert sorted(moves.sizes(unit, [*newest, *older]).values()) == [2, 2, 2, 10]
        assert all("before" not in vars(move) for move in newest)
        with pytest.raises(Missing):
            moves.history(unit, roll.order_id, before="nobody")
    with house.begin(brand_id=house.other_brand_id) as unit:
        assert moves.sizes(unit, newest) == {}
