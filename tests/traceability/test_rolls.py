"""Stretches that stand out among their siblings."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom

from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import cases, codes, rolls
from traceability.models import ItemScans
from traceability.rolls import STRETCH, Count
from traceability.suspicion import Model, Seen, follow

CITIES = ("CN-31", "CN-11", "CN-4403", "CN-5101")


@given(st.integers(0, 60), st.integers(1, 400), st.floats(0.1, 50), st.floats(1, 900))
def test_the_chance_is_the_beta_binomials(many: int, looked_at: int, alpha: float, beta: float) -> None:
    mine = rolls.at_least(many, looked_at, alpha, beta)
    theirs = float(betabinom.sf(many - 1, looked_at, alpha, beta)) if many <= looked_at else 0.0
    assert mine == pytest.approx(theirs, rel=1e-5, abs=1e-9)


def test_the_rate_of_false_discoveries_is_benjamini_and_hochbergs() -> None:
    chances = {("o", n): p for n, p in enumerate([0.001, 0.008, 0.039, 0.041, 0.6])}
    assert list(rolls.discoveries(chances).values())[::-1] == pytest.approx([0.005, 0.02, 0.05125, 0.05125, 0.6])


def test_ordinary_stretches_do_not_stand_out_and_a_bad_one_does() -> None:
    chance = Random(8)
    counts = {("o", n): Count(400, sum(chance.random() < 0.004 for _ in range(400))) for n in range(200)}
    assert rolls.outstanding(counts) == {}
    counts["o", 7] = Count(400, 14)
    assert set(rolls.outstanding(counts)) == {("o", 7)}


def test_siblings_that_differ_much_are_no_news() -> None:
    chance = Random(8)
    shares = [chance.betavariate(0.5, 20) for _ in range(200)]
    counts = {("o", n): Count(300, sum(chance.random() < share for _ in range(300))) for n, share in enumerate(shares)}
    assert len(rolls.outstanding(counts)) <= 3


@pytest.mark.parametrize("stretches", [0, 1, rolls.LEAST_SIBLINGS])
def test_with_few_siblings_nothing_can_be_said(stretches: int) -> None:
    assert rolls.outstanding({("o", n): Count(100, 50 if n == 0 else 0) for n in range(stretches)}) == {}


def test_a_stretch_becomes_a_case(house: House) -> None:
    with house.begin("brand_admin") as unit:
        order = codes.order(unit, product_id=a_product(unit).id, count=30 * STRETCH, reference="PO-9")
        for number in range(30):
            for place in range(40):
                _seen_in(unit, house, order.first + number * STRETCH + place, 4 if number == 12 and place < 9 else 1)
        first = order.first + 12 * STRETCH
    assert [house.chore("watch rolls"), house.chore("watch rolls")] == [1, 1]
    with house.look() as unit:  # one and the same case
        (case,) = cases.every(unit, kind="roll")
        assert (case.gtin, case.first, case.last) == (GTIN, first, first + STRETCH - 1)
        assert case.probability is not None
        assert case.probability >= 0.99
        assert (case.evidence["items"], case.evidence["spread"], case.evidence["siblings"]) == (40, 9, 29)
    assert house.chore("watch rolls", now=house.now + timedelta(days=rolls.DAYS + 1)) == 0
    assert house.chore("watch rolls", brand_id=house.other_brand_id) == 0


def _seen_in(unit, house: House, counter: int, places: int) -> None:  # type: ignore[no-untyped-def]
    trail = None
    for number in range(places):
        trail = follow(Model.DEFAULT, trail, Seen(house.now + timedelta(days=number), number, CITIES[number])).trail
    row = ItemScans(gtin=GTIN, key_version=1, counter=counter, times=places, first_at=house.now, last_at=house.now, trail=trail)
    unit.session.add(row)
