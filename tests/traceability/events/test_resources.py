"""What events speak of, listed in pages: the standard's words and one's own, places as they are told, no serial of ours."""

from __future__ import annotations

import pytest

from kernel.errors import Missing
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.traceability.events.test_capturing import an_event, capture
from tests.traceability.moves.roll import a_roll
from traceability.events import names, vocabulary
from traceability.events.resources import KINDS, knows, resources

SHOP = "urn:epc:id:sgln:0614141.07346.0"
STEP = "https://x.example/step/tasting"
OURS = "https://id.example/place/%E5%B2%9A%E7%89%A7%E4%B8%80%E5%8E%82"


@pytest.fixture
def serial(house: House) -> str:
    """Of an item of the house, which made some and heard of others."""
    roll = a_roll(house, 20, commissioned=5)
    with house.begin() as unit:
        capture(
            unit,
            an_event(epcList=["urn:epc:id:sgtin:0614141.107346.1"], bizStep=STEP, readPoint={"id": SHOP}, bizLocation={"id": SHOP}),
            an_event(epcList=[names.item(GTIN, roll.serials(unit)[1])], bizStep="receiving"),
            an_event(epcList=["urn:epc:id:sscc:0614141.1234567890"], disposition="active", readPoint={"id": "https://x.example/gate"}),
        )
        return roll.serials(unit)[0]


def paged(unit: Unit, kind: str, size: int = 3) -> list[str]:
    found: list[str] = []
    while True:
        page = resources(unit, kind, most=size, after=found[-1] if found else None)
        found += page
        if len(page) < size:
            return found


def test_words_are_the_standards_and_ones_own(house: House, serial: str) -> None:
    with house.look() as unit:
        assert paged(unit, "bizSteps") == sorted([*vocabulary.BIZ_STEPS, STEP])
        assert paged(unit, "dispositions") == sorted(vocabulary.DISPOSITIONS)
        assert len(paged(unit, "eventTypes")) == 5


def test_places_are_named_as_events_tell_them(house: House, serial: str) -> None:
    with house.look() as unit:
        assert paged(unit, "readPoints", 1) == [OURS, "https://id.gs1.org/414/0614141073467", "https://x.example/gate"]
        assert "https://id.gs1.org/414/0614141073467" in paged(unit, "bizLocations")
        assert all(knows(unit, "bizLocations", place) for place in paged(unit, "bizLocations"))
    with house.look(brand_id=house.other_brand_id) as unit:
        assert [paged(unit, kind) for kind in ("epcs", "readPoints", "bizLocations")] == [[], [], []]


def test_things_are_listed_but_no_serial_of_the_house(house: House, serial: str) -> None:
    with house.look() as unit:
        found = paged(unit, "epcs")
        assert found == sorted(found)
        assert {"https://id.gs1.org/01/10614141073464/21/1", "https://id.gs1.org/00/106141412345678908"} <= set(found)
        assert not [uri for uri in found if uri.startswith(f"https://id.gs1.org/01/{GTIN}/21/")]
        assert knows(unit, "epcs", names.item(GTIN, serial))
        assert not knows(unit, "epcs", names.item(GTIN, serial[::-1]))


def test_a_page_of_things_is_full_though_items_of_the_house_lie_between(house: House, serial: str) -> None:
    with house.begin() as unit:
        capture(unit, *(an_event(epcList=[names.item(GTIN, f"{number}x")]) for number in range(5)))
        whole = resources(unit, "epcs", most=1_000)
        assert (paged(unit, "epcs", 2), len(whole) > 2) == (whole, True)


def test_spelling_does_not_matter(house: House, serial: str) -> None:
    known = {
        "eventTypes": ("ObjectEvent", "https://ref.gs1.org/epcis/ObjectEvent"),
        "bizSteps": ("shipping", "https://ref.gs1.org/cbv/BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping", STEP),
        "dispositions": ("cbv:Disp-active",),
        "readPoints": (SHOP, "https://id.gs1.org/414/0614141073467"),
        "epcs": ("urn:epc:id:sgtin:0614141.107346.1", "https://x.example/01/10614141073464/21/1?a=b"),
    }
    with house.look() as unit:
        for kind, texts in known.items():
            assert [knows(unit, kind, text) for text in texts] == [True] * len(texts)
        for kind in KINDS:
            assert not knows(unit, kind, "urn:x:none")
            assert not knows(unit, kind, "none")
        for ask in (lambda: knows(unit, "people", "x"), lambda: resources(unit, "people", most=1)):
            with pytest.raises(Missing):
                ask()
