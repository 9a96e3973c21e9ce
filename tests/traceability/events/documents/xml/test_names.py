"""Names between XML and the form in which events are kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceability.events.documents.xml.elements import parse
from traceability.events.documents.xml.names import Namespaces, Prefixes, as_xml, from_xml


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12).filter(
        lambda name: name[0] not in "@#"
    )
)
@settings(max_examples=100)
def test_any_name_goes_through_xml_and_comes_back(name: str) -> None:
    assert from_xml(parse(f"<{as_xml(name)}/>".encode()).name) == name


@pytest.mark.parametrize(
    ("name", "written"), [("lotNumber", "lotNumber"), ("best before", "best_x0020_before"), ("1st", "_x0031_st"), ("批号", "批号")]
)
def test_only_what_xml_cannot_bear_is_written_otherwise(name: str, written: str) -> None:
    assert as_xml(name) == written


@pytest.mark.parametrize("name", ["_x0000_", "_xD800_", "_xFFFFFF_", "_x0040_context", "_x0023_text"])
def test_a_name_does_not_smuggle_in_what_a_name_may_not_be(name: str) -> None:
    assert from_xml(name) == name


def test_a_prefix_stands_for_one_namespace_and_a_namespace_has_one_prefix() -> None:
    prefixes = Prefixes()
    said = [
        prefixes.name(*name)
        for name in [("urn:a", "x", "one"), ("urn:b", "x", "two"), ("urn:a", "y", "three"), ("urn:c", "", "four"), ("", "", "five")]
    ]
    assert said == ["x:one", "x2:two", "x:three", "ns3:four", "five"]
    assert prefixes.used == {"x": "urn:a", "x2": "urn:b", "ns3": "urn:c"}


@pytest.mark.parametrize("space", ["urn:epcglobal:cbv:mda", "urn:epcglobal:cbv:mda:"])
def test_the_master_data_of_the_standard_are_known_by_their_usual_prefix(space: str) -> None:
    prefixes = Prefixes()
    assert prefixes.name(space, "m", "lotNumber") == "cbvmda:lotNumber"
    assert prefixes.used == {"cbvmda": space}


@pytest.mark.parametrize(
    ("context", "key", "name", "declared"),
    [
        ({"ex": "urn:e"}, "ex:a", "ex:a", {"ex": "urn:e"}),
        ({}, "cbvmda:lotNumber", "cbvmda:lotNumber", {"cbvmda": "urn:epcglobal:cbv:mda:"}),
        ({}, "nobody:a", "nobody:a", {"nobody": "urn:undeclared:nobody"}),
        ({"xmlish": "urn:e"}, "xmlish:a", "ns:a", {"ns": "urn:e"}),
        ({"1st": "urn:e"}, "1st:a", "ns:a", {"ns": "urn:e"}),
        ({"p": "http://www.w3.org/2000/xmlns/"}, "p:a", "p:a", {"p": "urn:undeclared:p"}),
        ({}, "https://example.com/voc/Inspection", "ns:Inspection", {"ns": "https://example.com/voc/"}),
    ],
)
def test_what_is_written_is_always_a_name_with_a_namespace(context: dict[str, str], key: str, name: str, declared: dict[str, str]) -> None:
    spaces = Namespaces(context)
    assert spaces.name(key) == name
    assert spaces.declared == declared
    ((prefix, space),) = declared.items()
    assert parse(f'<{name} xmlns:{prefix}="{space}"/>'.encode()).space == space
