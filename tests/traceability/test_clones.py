"""Suspected copies, from the look to the case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import House
from tests.factories.dairy import GTIN
from traceability import cases, clones, suspicion
from traceability.facts import CopySuspected
from traceability.models import ItemScans
from traceability.suspicion import Model, Seen

CITIES = ("CN-31", "CN-11", "CN-4403", "CN-5101", "CN-2301", "CN-6101")


def suspected(house: House, counter: int) -> None:
    """An item that was looked at all over the country, and what comes of it."""
    trail = None
    for device, region in enumerate(CITIES):
        trail = suspicion.follow(Model.DEFAULT, trail, Seen(house.now + timedelta(days=5 * device), device, region)).trail
    with house.begin("system") as unit:
        row = {"gtin": GTIN, "key_version": 1, "counter": counter, "times": 6, "first_at": house.now, "last_at": house.now}
        unit.session.add(ItemScans(**row, first_region="CN-31", trail=trail))
        unit.session.flush()
        clones.on_copy_suspected(unit, CopySuspected(GTIN, 1, counter))


def told(house: House, counter: int) -> tuple[float, dict[str, dict[str, int]]]:
    with house.look() as unit:
        (case,) = cases.of_item(unit, gtin=GTIN, key_version=1, counter=counter)
        assert case.probability is not None
        return case.probability, dict(case.evidence["reasons"])


def test_suspected_neighbours_make_it_likelier(house: House) -> None:
    suspected(house, 1000)
    suspected(house, 1501)
    for counter in (1000, 1501):
        assert "neighbours" not in told(house, counter)[1]
    suspected(house, 1500)
    probability, reasons = told(house, 1500)
    assert reasons["neighbours"] == {"count": 2}
    assert probability > told(house, 1501)[0]


@pytest.mark.parametrize(("decide", "count"), [("confirm", 1), ("dismiss", None)])
def test_a_dismissed_neighbour_is_none(house: House, decide: str, count: int | None) -> None:
    suspected(house, 7)
    with house.begin("brand_admin") as unit:
        (case,) = cases.every(unit)
        getattr(cases, decide)(unit, case_id=case.id, note="看过了")
    suspected(house, 8)
    assert told(house, 8)[1].get("neighbours", {}).get("count") == count


def test_an_item_that_is_not_there_is_no_case(house: House) -> None:
    with house.begin("system") as unit:
        clones.on_copy_suspected(unit, CopySuspected(GTIN, 1, 9))
        assert cases.every(unit) == []
