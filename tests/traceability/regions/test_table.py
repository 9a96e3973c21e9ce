"""The table of regions: whole, unique in each language, and where it says things are."""

from __future__ import annotations

import pytest

from traceability import regions


def test_china_is_whole() -> None:
    """GB/T 2260: 31 provinces, Hong Kong, Macao and Taiwan; 333 prefectures (293 cities, 30 autonomous ones, 7 areas, 3 leagues)."""
    codes = [region.code for region in regions.every()]
    assert sum(len(code) == 5 for code in codes) == 34
    assert sum(len(code) == 7 for code in codes) == 333
    assert sum(len(code) == 2 for code in codes) == 246
    assert len(set(codes)) == len(codes)
    assert not any(code in codes for code in ("HK", "MO", "TW", "CN-1101", "CN-4290", "CN-3712", "CN-5424"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_are_unique_and_lead_back(language: str) -> None:
    names = [regions.name(region.code, language) for region in regions.every()]
    assert len(set(names)) == len(names)
    assert [regions.find(name) for name in names] == [region.code for region in regions.every()]


def test_every_place_lies_on_earth_and_near_its_province() -> None:
    for region in regions.every():
        latitude, longitude = regions.at(region.code)
        assert -90 <= latitude <= 90
        assert -180 <= longitude <= 180
        if region.parent == "CN" or len(region.code) == 7:
            assert 16 < latitude < 54
            assert 73 < longitude < 136


def test_parents_climb_to_the_country() -> None:
    assert [regions.parent(code) for code in ("CN-3301", "CN-33", "CN", "JP", "XX")] == ["CN-33", "CN", None, None, None]
    assert regions.known("CN-3301")
    assert not regions.known("CN-9999")
    assert regions.name("CN-9999", "en") == "CN-9999"
    with pytest.raises(KeyError):
        regions.at("CN-9999")


@pytest.mark.parametrize(
    ("code", "codes", "is_within", "is_apart"),
    [
        ("CN-3301", ["CN-33", "CN-31"], True, False),
        ("CN-3301", ["CN"], True, False),
        ("CN-3301", ["CN-3302"], False, True),
        ("CN-33", ["CN-3302"], False, False),  # somewhere in the province: nobody knows that it was elsewhere
        ("CN", ["CN-33"], False, False),
        ("JP", ["CN"], False, True),
        ("CN-3301", [], False, True),
        ("nowhere", ["CN"], False, False),
    ],
)
def test_within_and_apart(code: str, codes: list[str], is_within: bool, is_apart: bool) -> None:
    assert regions.within(code, codes) is is_within
    assert regions.apart(code, codes) is is_apart


def test_distances() -> None:
    assert regions.distance_km("CN-3301", "CN-11") == pytest.approx(1127, abs=5)
    assert regions.distance_km("CN-11", "CN-3301") == regions.distance_km("CN-3301", "CN-11")
    assert regions.distance_km("CN-31", "NZ") == pytest.approx(9700, rel=0.03)
    assert regions.distance_km("CN-3301", "CN-3301") == 0
    assert regions.distance_km("CN-3301", "CN-33") == 0
    assert regions.distance_km("CN", "CN-33") == 0
    assert regions.distance_km("CN-3301", "CN-9999") is None
