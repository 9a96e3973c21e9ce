"""The published examples: the good are taken, the bad refused where they are bad; the published schema agrees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from kernel.errors import Invalid
from tests.conftest import shared_data
from traceability.events import documents
from traceability.events.documents import from_json

REFUSED = {
    "Combination_of_events_with_missing_mandatory_fields": {
        "0/action required",
        "1/action required",
        "1/eventTimeZoneOffset required",
    },
    "Combination_of_non_standard_bizStep_and_disposition": {"0/bizStep biz-step", "1/disposition disposition"},
    "ObjectEvent_with_ilmd_field_without_namespace": {"0/ilmd/materialType unknown-field"},
    "ObjectEvent_with_invalid_certificationInfo": {"0/certificationInfo/0 uri", "0/certificationInfo/1 uri"},
    "ObjectEvent_with_non_standard_bizStep": {"0/bizStep biz-step"},
    "ObjectEvent_with_non_standard_disposition": {"0/disposition disposition"},
    "ObjectEvent_with_unknown_field_in_quantityList": {"0/quantityList/0/weight unknown-field"},
    "ObjectEvent_without_identifier_list": {"0/epcList identifiers"},
    "QueryDocument_with_invalid_action": {"0/action action"},
}

OF_OTHERS = {
    "EPCISQUERYDOCUMENT_advanced_10": {"unknown-field", "uri"},
    "EPCISQueryDocument_malformed": {"json"},
    "EPCISQueryDocument_with_masterdata": {"date-time"},
    "cap_tool_events": {"epc"},
}
"""What is wrong with those documents of the fishing trade that are not as EPCIS 2.0 wants them: fields without a namespace
and an id that is no URI, a file cut short, a time without an offset, an SSCC of 15 digits."""


def _files(name: str, folder: str) -> list[Path]:
    found = sorted(path for path in (shared_data(name) / folder).rglob("*.json*") if "Queries" not in path.parts)
    assert found
    return found


def _flaws(path: Path) -> list[dict[str, Any]]:
    body = path.read_bytes()
    try:
        if path.parent.name == "Events":
            return documents.event(body, "application/json")[1]
        return [flaw for flaws in documents.read(body, "application/ld+json").flaws for flaw in flaws]
    except Invalid as trouble:
        return trouble.errors


@pytest.mark.parametrize("folder", ["examples-gs1", "examples-openepcis/json", "event-hash/examples", "event-hash/expected_equal"])
def test_every_good_example_is_taken(folder: str) -> None:
    good = [path for path in _files("epcis", folder) if "Invalid" not in path.parts]
    assert {path.name: flaws for path in good if (flaws := _flaws(path))} == {}


def test_every_bad_example_is_refused_where_it_is_bad() -> None:
    bad = [path for path in _files("epcis", "examples-openepcis/json") if "Invalid" in path.parts]
    told = {path.stem: {f"{flaw['pointer'].partition('/eventList/')[2]} {flaw['rule']}" for flaw in _flaws(path)} for path in bad}
    assert told == REFUSED


def test_documents_of_trades_are_taken_unless_they_break_the_standard() -> None:
    paths = [path for path in _files("lot-genealogy", "gdst") if path.suffix == ".jsonld"]
    paths += [path for path in _files("fsma204", ".") if path.stem.endswith("-cte")]
    paths += [path for path in _files("lot-genealogy", ".") if path.parent.name == "lot-genealogy"]
    told = {path.stem: {flaw["rule"] for flaw in flaws} for path in paths if (flaws := _flaws(path))}
    assert told == OF_OTHERS


def _paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield here
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from _paths(value[key], (*here, key))


def _spoiled(document: Any, path: tuple[Any, ...], change: Any) -> Any:
    """The document with one value changed; "gone" takes it away, "bare" adds a field without a namespace."""
    spoiled = deepcopy(document)
    holder = spoiled
    for key in path[:-1]:
        holder = holder[key]
    if change == "gone":
        del holder[path[-1]]
    elif change == "bare" and isinstance(holder[path[-1]], dict):
        holder[path[-1]]["bare"] = 1
    else:
        holder[path[-1]] = change
    return spoiled


CHANGES = ["gone", "bare", None, -1, True, [], {}, "some words", "ADD", "2020-01-01T00:00:00"]
LENIENT = {"@context", "exception"}
"""Where this house takes more than the schema: a context may repeat itself, and a report may give an alarm and no type, as in XML."""


@pytest.mark.parametrize("name", ["WithFullCombinationOfFields", "WithErrorDeclaration", "AssociationEvent"])
def test_whatever_the_published_schema_refuses_is_refused(name: str) -> None:
    """Every value of the fullest examples, changed in ten ways: none that the schema refuses may pass."""
    jsonschema = pytest.importorskip("jsonschema_rs")
    schema = json.loads((shared_data("epcis") / "schema" / "epcis-json-schema-2.0.1.json").read_text())
    schema_takes = jsonschema.Draft7Validator(schema, validate_formats=True).is_valid
    tried, passed = 0, []
    for path in _files("epcis", f"examples-gs1/{name}"):
        document = json.loads(path.read_bytes())
        for number, place in enumerate(place for place in _paths(document) if place and place[0] == "epcisBody" and len(place) > 2):
            change = CHANGES[number % len(CHANGES)]
            spoiled = _spoiled(document, place, change)
            if schema_takes(spoiled):
                continue
            tried += 1
            try:
                taken = from_json.read(json.dumps(spoiled).encode()).good
            except Invalid:
                taken = False
            if taken and not LENIENT & set(map(str, place)):
                passed.append((path.name, place, change))
    assert tried > 5
    assert passed == []
