"""The words of an event are those of the standard."""

from __future__ import annotations

import json

import pytest

from kernel.errors import Invalid
from tests.conftest import shared_data
from traceability.events import vocabulary


def test_the_words_are_exactly_those_of_the_published_schema() -> None:
    schema = json.loads((shared_data("epcis") / "schema" / "epcis-json-schema-2.0.1.json").read_text())["definitions"]
    assert set(schema["bizStep"]["anyOf"][1]["enum"]) == vocabulary.BIZ_STEPS
    assert set(schema["disposition"]["anyOf"][1]["enum"]) == vocabulary.DISPOSITIONS
    assert set(schema["bizTransaction-type"]["anyOf"][1]["enum"]) == vocabulary.BIZ_TRANSACTION_TYPES
    assert set(schema["source-dest-type"]["anyOf"][1]["enum"]) == vocabulary.SOURCE_DEST_TYPES
    assert set(schema["error-reason"]["anyOf"][1]["enum"]) == vocabulary.ERROR_REASONS
    assert set(schema["component"]["anyOf"][1]["enum"]) == vocabulary.COMPONENTS
    assert set(schema["measurementType"]["anyOf"][1]["enum"]) == vocabulary.MEASUREMENTS
    assert set(schema["sensorAlertType"]["anyOf"][1]["enum"]) == vocabulary.ALERTS


def test_the_spellings_are_those_of_the_published_ontology() -> None:
    graph = json.loads((shared_data("epcis") / "schema" / "CBV.jsonld").read_text())["@graph"]
    classes = {
        "cbv:BizStep": "bizStep",
        "cbv:Disp": "disposition",
        "cbv:BTT": "btt",
        "cbv:SDT": "sdt",
        "cbv:ER": "er",
        "cbv:Comp": "component",
    }
    told = {kind: {node["@id"] for node in graph if node.get("@type") == name} for name, kind in classes.items()}
    for kind, curies in told.items():
        assert {vocabulary.bare(kind, curie) for curie in curies} == vocabulary.KINDS[kind].words
        assert {vocabulary.full(kind, word).replace("https://ref.gs1.org/cbv/", "cbv:") for word in vocabulary.KINDS[kind].words} == curies


@pytest.mark.parametrize("kind", vocabulary.KINDS)
def test_a_bare_word_is_what_all_its_spellings_mean(kind: str) -> None:
    for word in vocabulary.KINDS[kind].words:
        assert vocabulary.bare(kind, word) is vocabulary.bare(kind, vocabulary.full(kind, word))
        assert vocabulary.strange(kind, word) is None


@pytest.mark.parametrize(
    ("kind", "text", "taken"),
    [
        ("bizStep", "https://example.com/bizStep/inspecting", True),
        ("bizStep", "urn:gdst:bizStep:fishingEvent", True),
        ("bizStep", "milking", False),
        ("bizStep", "http://ns.gs1.org/cbv/BizStep-shipping", False),
        ("bizStep", "cbv:Disp-active", False),
        ("sdt", "cbv:my_own_party", True),
        ("measurement", "gs1:Humidity", True),
        ("measurement", "https://gs1.org/voc/Humidity", False),
    ],
)
def test_what_may_stand_beside_the_words_of_the_standard(kind: str, text: str, taken: bool) -> None:
    assert vocabulary.bare(kind, text) == text
    assert (vocabulary.strange(kind, text) is None) is taken


def test_every_wrong_word_is_named() -> None:
    with pytest.raises(Invalid) as trouble:
        vocabulary.check("ObjectEvent", "EAT", "milking", "fresh")
    assert [error["pointer"] for error in trouble.value.errors] == ["/action", "/bizStep", "/disposition"]


@pytest.mark.parametrize("type", [name for name, acts in vocabulary.EVENT_TYPES.items() if acts])
def test_an_action_is_needed_where_the_standard_needs_one(type: str) -> None:
    vocabulary.check(type, "OBSERVE", "receiving", None)
    with pytest.raises(Invalid):
        vocabulary.check(type, None, "receiving", None)


def test_a_transformation_bears_no_action() -> None:
    vocabulary.check("TransformationEvent", None, "commissioning", "in_progress")
    with pytest.raises(Invalid):
        vocabulary.check("TransformationEvent", "ADD", "commissioning", "in_progress")
    with pytest.raises(Invalid):
        vocabulary.check("TeleportEvent", None, "commissioning", None)
