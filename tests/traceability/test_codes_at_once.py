"""Two who want the same codes at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from kernel.errors import Trouble
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import a_batch, a_product
from traceability import codes

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
        batches = [a_batch(unit, f"L-{n}", product) for n in range(CROWD)]
    answers = _at_once(house, lambda unit, n: codes.activate(unit, order_id=order.id, lot_id=batches[n].id, start=n, count=50))
    assert sum(isinstance(answer, codes.Span) for answer in answers) == 1
    with house.look() as unit:
        assert codes.balance(unit, order.id) == codes.Balance(100, 50, 50, 0)
        assert sorted(codes.count_of(unit, lot.id) for lot in batches) == [0, 0, 0, 50]
