"""Two who want the same codes at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from kernel.errors import Trouble
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import a_batch, a_product
from tests.traceability.moves.roll import let_go
from traceability import addresses, balance, codes, keys, moves, spans
from traceability.models import CodeMove

CROWD = 4


def _at_once(house: House, act: Callable[[Unit, int], Any]) -> list[Any]:
    """What ``act`` answered, or the trouble it met, for each of a crowd that starts together."""
    together = Barrier(CROWD)

    def one(number: int) -> Any:
        together.wait()
        try:
            with house.begin() as unit:
                return act(unit, number)
        except Trouble as trouble:
            return trouble

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(CROWD)))


def test_first_orders_of_a_product_share_one_key_and_no_code(house: House) -> None:
    with house.begin() as unit:
        product = a_product(unit)
    orders = _at_once(house, lambda unit, n: codes.order(unit, product_id=product.id, count=10, reference=f"PO-{n}", formats=()))
    assert sorted((order.key_version, order.first) for order in orders) == [(1, 0), (1, 10), (1, 20), (1, 30)]


def test_one_reference_is_one_order_whoever_comes_first(house: House) -> None:
    with house.begin() as unit:
        products = [a_product(unit, gtin) for gtin in ("06901234567892", "06901234567809")]
    orders = _at_once(house, lambda unit, n: codes.order(unit, product_id=products[n % 2].id, count=10, reference="PO", formats=()))
    made = [order for order in orders if not isinstance(order, Trouble)]
    assert len({order.id for order in made}) == 1
    assert len(made) == CROWD / 2
    assert all(isinstance(order, codes.ReferenceUsed) for order in orders if order not in made)


def test_codes_wanted_by_many_lots_go_to_one(house: House) -> None:
    with house.begin() as unit:
        product = a_product(unit)
        order = codes.order(unit, product_id=product.id, count=100, reference="PO", formats=())
        moves.printed(unit, order_id=order.id)
        batches = [a_batch(unit, f"L-{n}", product) for n in range(CROWD)]
    answers = _at_once(house, lambda unit, n: moves.commission(unit, order_id=order.id, lot_id=batches[n].id, start=n, count=50))
    assert sum(isinstance(answer, CodeMove) for answer in answers) == 1
    with house.look() as unit:
        books = balance.of(unit, order.id)
        assert (books.open, books.commissioned) == (50, 50)
        assert sorted(codes.count_of(unit, lot.id) for lot in batches) == [0, 0, 0, 50]


def _not_in_a_circle(house: House, first: Callable[[Unit], Any], then: Callable[[Unit], Any], other: Callable[[Unit], Any]) -> None:
    """One unit did ``first`` when another begins ``other`` and has to wait; then the one goes on, and both end well."""
    if not house.settings.database_url.startswith("postgresql"):
        pytest.skip("on SQLite, who writes is alone")

    def meanwhile() -> None:
        with house.begin() as unit:
            other(unit)

    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor(1) as crowd:
        with house.begin() as unit:
            first(unit)
            after = crowd.submit(meanwhile)
            with house.look() as onlooker:
                while not onlooker.session.scalar(waiting) and not after.done():
                    pass
            then(unit)
        after.result()


def test_a_key_is_rotated_while_the_first_inner_codes_are_ordered(house: House) -> None:
    with house.begin() as unit:
        product = a_product(unit)
        addresses.add(unit, name="/DY")
        codes.order(unit, product_id=product.id, count=10, reference="PO-1", formats=())
    _not_in_a_circle(
        house,
        keys.alone,
        lambda unit: keys.rotate(unit, kind=keys.GS1, gtin=product.gtin, reason="yearly"),
        lambda unit: codes.order(unit, product_id=product.id, count=10, reference="PO-2", inner=True, formats=()),
    )


def test_a_lot_of_two_orders_is_let_go_while_one_of_them_is_printed_on(house: House) -> None:
    with house.begin() as unit:
        product = a_product(unit)
        lot = let_go(unit, a_batch(unit, "L-1", product).id)
        orders = sorted(codes.order(unit, product_id=product.id, count=10, reference=f"PO-{n}", formats=()).id for n in range(2))
        for order_id in orders:
            moves.printed(unit, order_id=order_id)
            moves.commission(unit, order_id=order_id, lot_id=lot.id, count=5)
    _not_in_a_circle(
        house,
        lambda unit: spans.locked(unit, orders[1]),
        lambda unit: moves.commission(unit, order_id=orders[1], lot_id=lot.id, start=5),
        lambda unit: moves.release_lot(unit, lot_id=lot.id),
    )
