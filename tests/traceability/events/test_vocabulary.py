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
