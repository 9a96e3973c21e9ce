"""What is in a pack, told by places in orders."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import House
from tests.factories.dairy import a_product
from traceability import codes, packs
from traceability.spans import Span


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    taken=st.sets(st.integers(0, 35), min_size=1),
)
def test_every_item_stands_in_the_order_it_is_of(house: House, counts: list[int], taken: set[int]) -> None:
    unit = house.begin("brand_admin")
    with unit:
        product = a_product(unit)
        orders = [codes.order(unit, product_id=product.id, count=n, reference=f"O-{at}", formats=()) for at, n in enumerate(counts)]
        firsts = {order.id: order.first for order in orders}
        wanted = sorted(counter for counter in taken if counter < sum(counts))
        spans = [Span(product.gtin, 1, counter, counter) for counter in wanted]
        told = packs.places(unit, spans)
        assert sorted(firsts[place.order_id] + place.start + at for place in told for at in range(place.count)) == wanted
        whole = packs.places(unit, [Span(product.gtin, 1, 0, sum(counts) - 1)])
        assert [(place.start, place.count) for place in whole] == [(0, count) for count in counts]
        unit.session.rollback()
