"""Master data that came with documents: the last telling counts, and what cannot be kept is passed over."""

from __future__ import annotations

from typing import Any

from tests.conftest import House
from traceability.events import master_data
from traceability.events.asking import naming

PLACE = "urn:epc:id:sgln:0614141.07346.0"
LINK = "https://id.gs1.org/414/0614141073467"
KIND = "urn:epcglobal:epcis:vtype:BusinessLocation"


def told(*elements: dict[str, Any], kind: Any = KIND) -> dict[str, Any]:
    return {"vocabularyList": [{"type": kind, "vocabularyElementList": list(elements)}]}


def attribute(name: str, value: Any) -> dict[str, Any]:
    return {"id": name, "attribute": value}


def test_an_element_is_found_by_any_spelling_and_replaced_when_told_again(house: House) -> None:
    with house.begin() as unit:
        first = [attribute("cbvmda:name", "Shop"), attribute("urn:x:size", 7), attribute("urn:x:open", True), attribute("urn:x:size", 8)]
        assert master_data.keep(unit, told({"id": PLACE, "attributes": first, "children": ["https://x.example/shelf"]})) == 1
    with house.begin() as unit:
        (element,) = master_data.of(unit, LINK)
        assert element == (
            KIND,
            LINK,
            {"urn:epcglobal:cbv:mda:name": ["Shop"], "urn:x:size": ["7", "8"], "urn:x:open": ["true"]},
            ["https://x.example/shelf"],
        )
        master_data.keep(unit, told({"id": LINK, "attributes": [attribute("urn:x:size", {"@value": 9})]}))
        assert master_data.of(unit, PLACE)[0].attributes == {"urn:x:size": ["9"]}
        assert master_data.ancestors(unit)("https://x.example/shelf") == {"https://x.example/shelf"}
    with house.look(brand_id=house.other_brand_id) as unit:
        assert master_data.of(unit, LINK) == []


def test_places_lie_in_places_also_in_a_circle(house: House) -> None:
    chain = [{"id": f"urn:x:{number}", "children": [f"urn:x:{(number + 1) % 4}"]} for number in range(4)]
    with house.begin() as unit:
        master_data.keep(unit, told(*chain[:2]))
        assert master_data.ancestors(unit)("urn:x:2") == {"urn:x:0", "urn:x:1", "urn:x:2"}
        assert master_data.descendants(unit, {"urn:x:1"}) == {"urn:x:1", "urn:x:2"}
        master_data.keep(unit, told(*chain))
        assert master_data.descendants(unit, {"urn:x:1"}) == {f"urn:x:{number}" for number in range(4)}


def test_a_vocabulary_is_kept_by_its_whole_name_or_not_at_all(house: House) -> None:
    room = master_data.LONGEST_KIND - len(naming.STANDARD["gs1"])
    with house.begin() as unit:
        assert master_data.keep(unit, told({"id": "urn:x:1"}, kind="gs1:" + "k" * room)) == 1
        assert [len(each.kind) for each in master_data.of(unit, "urn:x:1")] == [master_data.LONGEST_KIND]
        assert master_data.keep(unit, told({"id": "urn:x:2"}, kind="gs1:" + "k" * (room + 1))) == 0


def test_what_is_no_master_data_is_passed_over(house: House) -> None:
    strange: list[Any] = [None, {}, {"vocabularyList": 7}, {"vocabularyList": [7, {}]}, told(kind=7), told(kind="k" * 121), told({"id": 7})]
    strange += [told({"id": "urn:x:" + "y" * 400}), told({"id": ""}), told({"id": "urn:x:\0"})]
    with house.begin() as unit:
        assert [master_data.keep(unit, each) for each in strange] == [0] * len(strange)
        odd = {"id": "urn:x:1", "attributes": [7, {"id": 7}, attribute("urn:x:nul", "\0")], "children": "urn:x:2"}
        assert master_data.keep(unit, told(odd)) == 1
        assert master_data.of(unit, "urn:x:1") == [(KIND, "urn:x:1", {"urn:x:nul": []}, [])]
