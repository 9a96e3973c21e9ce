"""The books of an order, open and closed."""

from __future__ import annotations

import pytest

from kernel.errors import Missing
from tests.conftest import House
from tests.traceability.moves.roll import a_roll, let_go
from traceability import balance, moves, reprints
from traceability.balance import Balance


def _holds(books: Balance) -> None:
    ends = books.commissioned + books.scrapped + books.sampled + books.returned + books.void
    assert books.printed == ends + books.open
    assert books.ordered == books.printed + books.allocated + books.unused
    assert books.commissioned == books.on_lot + books.released + books.taken + books.inactive + books.destroyed


def test_every_label_is_in_one_column(house: House) -> None:
    roll = a_roll(house, 100, printed=90, commissioned=40)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
        moves.scrap(unit, order_id=roll.order_id, positions=[50, 52], reason="misprint")
        moves.sample_label(unit, order_id=roll.order_id, start=60, count=3, reason="quality")
        moves.give_back(unit, order_id=roll.order_id, start=70, count=4)
        moves.void(unit, order_id=roll.order_id, start=85, count=10, reason="lost")
        moves.release(unit, order_id=roll.order_id, start=10, count=30)
        moves.inactivate(unit, order_id=roll.order_id, start=10, count=5, reason="sold")
        moves.sample(unit, order_id=roll.order_id, start=20, count=2, reason="retained")
        moves.destroy(unit, order_id=roll.order_id, start=0, count=1, reason="damaged")
        books = balance.of(unit, roll.order_id)
    assert books == Balance(
        ordered=100,
        allocated=5,
        unused=5,
        printed=90,
        commissioned=40,
        scrapped=2,
        sampled=3,
        returned=4,
        void=5,
        open=36,
        on_lot=9,
        released=23,
        taken=2,
        inactive=5,
        destroyed=1,
    )
    _holds(books)


def test_an_order_closes_when_every_label_is_accounted_for_and_not_before(house: House) -> None:
    roll = a_roll(house, 100, printed=90, commissioned=80)
    with house.begin() as unit:
        moves.scrap(unit, order_id=roll.order_id, start=82, count=3, reason="set_up")
    with pytest.raises(balance.BooksOpen) as caught, house.begin() as unit:
        balance.close(unit, order_id=roll.order_id)
    assert caught.value.more == {
        "spans": [{"from": 81, "to": 82, "start": 80, "count": 2}, {"from": 86, "to": 90, "start": 85, "count": 5}],
        "open": 7,
    }
    with house.begin() as unit:
        assert balance.of(unit, roll.order_id).open == 7
        moves.give_back(unit, order_id=roll.order_id, start=80, count=2)
        moves.sample_label(unit, order_id=roll.order_id, start=85, count=5, reason="retained")
        order = balance.close(unit, order_id=roll.order_id)
        assert (order.closed_at, order.closed_by) == (house.now, "test-quality")
    with house.look() as unit:
        books = balance.of(unit, roll.order_id)
        assert (books.unused, books.allocated, books.open) == (10, 0, 0)
        assert books.printed == books.commissioned + books.scrapped + books.sampled + books.returned
        assert roll.states(unit)[-1] == (90, 99, "invalid", "unused")
        _holds(books)


def test_a_closed_order_has_no_more_steps_of_labels_but_items_live_on(house: House) -> None:
    roll = a_roll(house, 10, commissioned=9)
    with house.begin() as unit:
        moves.scrap(unit, order_id=roll.order_id, start=9, count=1, reason="torn")
        balance.close(unit, order_id=roll.order_id)
    for step in (
        lambda unit: moves.printed(unit, order_id=roll.order_id),
        lambda unit: moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=9),
        lambda unit: moves.void(unit, order_id=roll.order_id, start=9, reason="lost"),
        lambda unit: reprints.ask(unit, order_id=roll.order_id, start=9, count=1, reason="torn"),
        lambda unit: balance.close(unit, order_id=roll.order_id),
    ):
        with pytest.raises(moves.OrderClosed), house.begin() as unit:
            step(unit)
    with house.begin() as unit:
        moves.inactivate(unit, order_id=roll.order_id, count=9, reason="sold")
        assert balance.of(unit, roll.order_id).inactive == 9


def test_a_foreign_order_has_no_books(house: House) -> None:
    roll = a_roll(house, 10)
    with pytest.raises(Missing), house.look(brand_id=house.other_brand_id) as unit:
        balance.of(unit, roll.order_id)
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        balance.close(unit, order_id=roll.order_id)
