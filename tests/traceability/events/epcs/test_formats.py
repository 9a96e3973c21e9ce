"""An event's identifiers as URNs or as links, and back."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from traceability.events.epcs import FORMATS, as_digital_link, as_urn, canonical, prefix_length, translate

URNS = [
    "urn:epc:id:sgtin:4012345.011111.9876",
    "urn:epc:id:sgtin:401234.5011111.a%2Fb",
    "urn:epc:class:lgtin:4012345.011111.L1",
    "urn:epc:idpat:sgtin:4012345.011111.*",
    "urn:epc:id:sscc:4012345.1112223334",
    "urn:epc:id:sgln:4012345.00005.0",
    "urn:epc:id:sgln:401234500005..12",
    "urn:epc:id:pgln:4012345.00005",
    "urn:epc:id:grai:4012345.00005.7",
    "urn:epc:idpat:grai:4012345.00005.*",
    "urn:epc:id:giai:4012345.A-7",
    "urn:epc:id:gdti:4012345.55555.1234",
    "urn:epc:id:cpi:4012345.A%2FB.7",
    "urn:epc:id:itip:4012345.011111.01.02.9",
    "urn:epc:id:gsrn:4012345.0000000001",
]


@pytest.mark.parametrize("text", URNS)
def test_there_and_back(text: str) -> None:
    length = prefix_length(text)
    assert length == len(text.split(":")[4].split(".")[0])
    link = as_digital_link(text)
    assert link.startswith("https://id.gs1.org/")
    assert as_urn(link, length) == text
    assert canonical(as_urn(link, length) or "").uri == link
    assert as_urn(link.replace("id.gs1.org", "example.com"), length) == text


def test_a_urn_stays_a_urn_and_a_link_keeps_its_host() -> None:
    assert as_urn(URNS[0], 9) == URNS[0]
    assert as_digital_link("https://example.com/01/04012345111118?x=1") == "https://example.com/01/04012345111118?x=1"
    assert as_digital_link("urn:epc:id:gid:1.2.3") == "urn:epc:id:gid:1.2.3"


@pytest.mark.parametrize("text", ["https://example.com/1", "urn:uuid:1", "https://id.gs1.org/8013/4012345A1BWP", "urn:epc:id:sgtin:1.2.3"])
def test_what_has_no_urn_has_none(text: str) -> None:
    assert as_urn(text, 7) is None


def test_a_length_that_no_prefix_has_gives_none() -> None:
    assert as_urn("https://id.gs1.org/01/04012345111118", 13) is None
    assert as_urn("https://id.gs1.org/01/04012345111118", 5) is None
    assert prefix_length("https://id.gs1.org/01/04012345111118") is None
    assert prefix_length("urn:epc:id:sgtin:4012345.1.1") is None


def _event(*, links: bool) -> dict[str, Any]:
    """An event with every field that bears an identifier, all in one form."""

    def of(text: str) -> str:
        return as_digital_link(text) if links else text

    item, lot, unit, place, party = (of(URNS[number]) for number in (0, 2, 4, 5, 7))
    device, document = of(URNS[10]), of(URNS[11])
    sensor = {"deviceID": device, "bizRules": document, "value": 3}
    return {
        "type": "ObjectEvent",
        "eventID": "urn:uuid:1",
        "epcList": [item, "urn:uuid:2"],
        "childEPCs": [item],
        "inputEPCList": [item],
        "outputEPCList": [item],
        "parentID": unit,
        "quantityList": [{"epcClass": lot, "quantity": 3}],
        "childQuantityList": [{"epcClass": lot}],
        "inputQuantityList": [{"epcClass": lot}],
        "outputQuantityList": [{"epcClass": lot}],
        "readPoint": {"id": place, "ex:name": "dock"},
        "bizLocation": {"id": place},
        "sourceList": [{"type": "owning_party", "source": party}],
        "destinationList": [{"type": "location", "destination": place}],
        "bizTransactionList": [{"type": "po", "bizTransaction": document}, {"bizTransaction": "urn:epcglobal:cbv:bt:1:2"}],
        "sensorElementList": [{"sensorMetadata": sensor, "sensorReport": [sensor], "ex:more": {"deviceID": "x"}}],
        "ex:seen": "as told",
    }


def test_every_field_is_translated_both_ways_and_the_told_event_stays() -> None:
    urns, links = _event(links=False), _event(links=True)
    told = copy.deepcopy(urns)
    assert translate(told, "Always_GS1_Digital_Link", lambda uri: None) == links
    assert told == urns
    assert translate(links, "Always_EPC_URN", lambda uri: 7) == urns


def test_a_link_whose_prefix_nobody_knows_stays() -> None:
    links = _event(links=True)
    assert translate(links, "Always_EPC_URN", lambda uri: None) == links


def test_the_prefix_is_asked_for_by_canonical_uri_and_never_for_a_urn() -> None:
    asked: list[str] = []

    def of(uri: str) -> int | None:
        asked.append(uri)
        return 7

    told = {"epcList": [URNS[0], "https://example.com/01/04012345111118/21/1?x=y", "geo:1,2"]}
    assert translate(told, "Always_EPC_URN", of)["epcList"] == [URNS[0], "urn:epc:id:sgtin:4012345.011111.1", "geo:1,2"]
    assert asked == ["https://id.gs1.org/01/04012345111118/21/1"]


@pytest.mark.parametrize("form", sorted(FORMATS - {"Always_EPC_URN", "Always_GS1_Digital_Link"}))
def test_the_other_forms_leave_everything(form: str) -> None:
    told = _event(links=False)
    copied = translate(told, form, lambda uri: 7)
    assert copied == told
    assert copied is not told
