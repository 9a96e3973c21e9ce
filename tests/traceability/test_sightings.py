"""Sightings of one item."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.factories.looks import a_look
from traceability import sightings

ITEM = {"gtin": GTIN, "key_version": 1, "counter": 7}


def test_devices_are_letters_and_steps_have_a_gap_and_a_distance(house: House) -> None:
    looks = [(0, "CN-3301", 911), (2, "CN-3301", 911), (5, "CN-4403", 4), (6, None, None), (9, "CN-3301", 911)]
    with house.begin() as unit:
        for hours, region, device in looks:
            a_look(unit, house.now + timedelta(hours=hours), region=region, device=device)
        a_look(unit, house.now, counter=8)
        seen = sightings.of_item(unit, **ITEM)  # type: ignore[arg-type]
    assert [(each.device, each.is_new) for each in seen] == [("A", True), ("A", False), ("B", True), (None, False), ("A", False)]
    assert [each.gap and each.gap.total_seconds() / 3600 for each in seen] == [None, 2, 3, 1, 3]
    assert [each.km is not None for each in seen] == [False, True, True, False, False]
    assert seen[1].km == 0
    assert 1000 < (seen[2].km or 0) < 1200  # Hangzhou to Shenzhen


def test_of_very_many_looks_the_first_and_the_last_are_told(house: House) -> None:
    with house.begin() as unit:
        for number in range(sightings.SHOWN + 5):
            a_look(unit, house.now + timedelta(minutes=number))
        seen = sightings.of_item(unit, **ITEM)  # type: ignore[arg-type]
        assert len(seen) == sightings.SHOWN
        assert (seen[0].at, seen[-1].at) == (house.now, house.now + timedelta(minutes=sightings.SHOWN + 4))
        assert [each.at for each in seen] == sorted({each.at for each in seen})


def test_days_without_a_look_are_days_too(house: House) -> None:
    with house.begin() as unit:
        for days, counter in ((0, 7), (0, 8), (3, 7), (3, 99)):
            a_look(unit, house.now + timedelta(days=days), counter=counter)
        told = sightings.days_of(unit, gtin=GTIN, key_version=1, first=7, last=8)
        assert told.looks == [2, 0, 0, 1]
        assert len(told.days) == 4
        assert sightings.days_of(unit, gtin=GTIN, key_version=2, first=7, last=8).days == []


def test_looks_are_counted_by_region(house: House) -> None:
    with house.begin() as unit:
        for counter, region in ((7, "CN-3301"), (7, "CN-3301"), (8, "CN-11"), (8, None), (9, "JP")):
            a_look(unit, house.now, counter=counter, region=region)
        assert sightings.by_region(unit, [(GTIN, 1, 7), (GTIN, 1, 8)]) == {"CN-3301": 2, "CN-11": 1}
        assert sightings.by_region(unit, []) == {}
    with house.look(brand_id=house.other_brand_id) as unit:
        assert sightings.by_region(unit, [(GTIN, 1, 7)]) == {}


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters_never_run_out(number: int, name: str) -> None:
    assert sightings.letter(number) == name
