"""What became of a lot, and what it came from."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from traceability import genealogy, lots
from traceability.events import capture
from traceability.models import Lot


@pytest.fixture
def ids(house: House) -> dict[str, str]:
    """milk → cream → butter; milk and caps → bottles; other stands alone."""
    with house.begin() as unit:
        material, supplier, product = a_material(unit), a_supplier(unit), a_product(unit)
        made = {code: a_delivery(unit, code, material=material, supplier=supplier) for code in ("milk", "caps", "other")}
        for code, inputs in {"cream": ["milk"], "butter": ["cream"], "bottles": ["milk", "caps"]}.items():
            made[code] = a_batch(unit, code, product)
            lots.finish(unit, lot_id=made[code].id, inputs=[(made[name].id, Decimal(10)) for name in inputs])
        return {code: lot.id for code, lot in made.items()}


def _names(ids: dict[str, str], found: set[str]) -> set[str]:
    return {code for code, lot_id in ids.items() if lot_id in found}


def test_both_ways_and_never_the_start(house: House, ids: dict[str, str]) -> None:
    with house.look() as unit:
        assert _names(ids, genealogy.forward(unit, [ids["milk"]])) == {"cream", "butter", "bottles"}
        assert _names(ids, genealogy.forward(unit, [ids["milk"], ids["cream"]])) == {"butter", "bottles"}
        assert _names(ids, genealogy.back(unit, [ids["butter"]])) == {"cream", "milk"}
        assert genealogy.forward(unit, [ids["other"]]) == genealogy.back(unit, [ids["other"]]) == set()
        assert genealogy.forward(unit, []) == set()


def test_the_family_of_a_lot(house: House, ids: dict[str, str]) -> None:
    with house.look() as unit:
        family = genealogy.graph(unit, ids["cream"])
        assert {lot.code for lot in family.lots} == {"milk", "cream", "butter"}
        assert {(edge.input, edge.output, edge.quantity) for edge in family.edges} == {
            (ids["milk"], ids["cream"], Decimal(10)),
            (ids["cream"], ids["butter"], Decimal(10)),
        }


def test_another_brand_walks_nowhere(house: House, ids: dict[str, str]) -> None:
    with house.look(brand_id=house.other_brand_id) as unit:
        assert genealogy.forward(unit, [ids["milk"]]) == set()
        assert genealogy.affected(unit, [ids["milk"]]) == []


class _Forget(Exception):
    """Ends a unit of which nothing shall stay."""


def _wired(unit: Unit, edges: set[tuple[int, int]]) -> list[str]:
    """Seven lots wired as given, circles and all, without asking whether anybody could make them so."""
    product = a_product(unit)
    made = [a_batch(unit, f"N{number}", product).id for number in range(7)]
    for source, target in edges:
        into, out = (lots.portion(unit.session.get_one(Lot, made[number]), Decimal(1)) for number in (source, target))
        what = {"inputQuantityList": [into], "outputQuantityList": [out]}
        capture.record(unit, type="TransformationEvent", biz_step="commissioning", event_time=unit.now, what=what, lots={})
    return made


def _reached(start: set[int], edges: set[tuple[int, int]]) -> set[int]:
    """The same walk as a patient person would make it."""
    met: set[int] = set()
    todo = set(start)
    while todo:
        todo = {b for a, b in edges if a in todo} - met
        met |= todo
    return met - start


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14), start=st.sets(st.integers(0, 6), max_size=3))
def test_it_finds_what_a_patient_person_would_find(house: House, edges: set[tuple[int, int]], start: set[int]) -> None:
    with suppress(_Forget), house.begin() as unit:
        made = _wired(unit, edges)
        ids = [made[number] for number in start]
        assert genealogy.forward(unit, ids) == {made[number] for number in _reached(start, edges)}
        assert genealogy.back(unit, ids) == {made[number] for number in _reached(start, {(b, a) for a, b in edges})}
        raise _Forget
