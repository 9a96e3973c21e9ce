"""The published examples in XML: taken, refused where they are bad, equal to their twins in JSON, and written without loss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kernel.errors import Invalid
from tests.conftest import shared_data
from traceability.events import documents
from traceability.events.documents import Document, from_xml, to_xml
from traceability.events.documents.rules import DISREGARDED
from traceability.events.epcs import canonical
from traceability.events.hashing import event_hash, prehash

DATE = "2026-04-04T00:00:00Z"
EVENT = "/epcis:EPCISDocument/EPCISBody/EventList/ObjectEvent[1]"
REFUSED = {
    "ObjectEvent_bare_event_without_action": {"/ObjectEvent epcis-document"},
    "ObjectEvent_with_invalid_eventTime_format": {f"{EVENT}/eventTime date-time"},
    "ObjectEvent_with_unknown_element": {f"{EVENT}/madeUpField unknown-field"},
    "ObjectEvent_without_eventTime": {f"{EVENT}/eventTime required"},
}
SPELLS_THE_MASTER_DATA_OTHERWISE = {"ObjectEvent_all_possible_fields", "SensorData_with_combined_events"}
"""In XML without a colon at the end of the namespace, in JSON by the standard's context, which has one: other names, another hash."""


def _files(*patterns: str) -> list[Path]:
    root = shared_data("epcis")
    found = sorted(
        path for pattern in patterns for path in root.glob(pattern) if "Invalid" not in path.parts and "Queries" not in path.parts
    )
    assert found
    return found


def _xml() -> list[Path]:
    return _files("examples-openepcis/xml/**/*.xml", "event-hash/**/*.xml")


def _read(path: Path) -> Document:
    return documents.read(path.read_bytes(), "text/xml" if path.suffix == ".xml" else "application/ld+json")


def _twins() -> Iterator[tuple[Path, Path]]:
    for path in _xml():
        beside = [path.with_suffix(".jsonld")]
        beside += [path.parents[3] / "json" / folder / f"{path.stem}.json" for folder in ("Capture/Documents", "Query")]
        yield from ((path, twin) for twin in beside if twin.exists())


def _plain(value: Any) -> Any:
    """What is told, whatever way times, EPCs and numbers of others are spelled and lists are sorted."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in sorted(value.items()) if name not in ("@context", "declarationTime")}
    if isinstance(value, list):
        return sorted((_plain(one) for one in value), key=repr)
    said = canonical(value).uri if isinstance(value, str) else str(value).lower()
    for plain in (float, lambda text: datetime.fromisoformat(text.upper()).timestamp()):
        try:
            return plain(said)
        except ValueError:
            continue
    return said


def test_every_good_example_is_taken() -> None:
    flaws = {path.name: [flaw for flaws in _read(path).flaws for flaw in flaws if flaw["rule"] not in DISREGARDED] for path in _xml()}
    assert {name: found for name, found in flaws.items() if found} == {}
    assert len(flaws) >= 40


def test_every_bad_example_is_refused_where_it_is_bad() -> None:
    told = {}
    for path in sorted((shared_data("epcis") / "examples-openepcis/xml/Capture/Invalid").glob("*.xml")):
        try:
            flaws = [flaw for flaws in from_xml.read(path.read_bytes()).flaws for flaw in flaws]
        except Invalid as trouble:
            flaws = trouble.errors
        told[path.stem] = {f"{flaw['pointer']} {flaw['rule']}" for flaw in flaws}
    assert told == REFUSED


def test_a_bare_event_is_refused_for_what_it_lacks_where_one_is_asked_for() -> None:
    path = shared_data("epcis") / "examples-openepcis/xml/Capture/Invalid/ObjectEvent_bare_event_without_action.xml"
    assert [f"{flaw['pointer']} {flaw['rule']}" for flaw in from_xml.event(path.read_bytes())[1]] == ["/ObjectEvent/action required"]


def test_twins_in_xml_and_json_tell_the_same_and_have_one_hash() -> None:
    twins = list(_twins())
    assert len(twins) >= 25
    for path, twin in twins:
        of_xml, of_json = _read(path).events, _read(twin).events
        assert [_plain(event) for event in of_xml] == [_plain(event) for event in of_json], path.name
        differ = sum(event_hash(one or {}) != event_hash(other or {}) for one, other in zip(of_xml, of_json, strict=True))
        assert differ == (path.stem in SPELLS_THE_MASTER_DATA_OTHERWISE), path.name


def test_the_published_hashes_come_out_of_xml() -> None:
    paths = [path for path in _xml() if path.with_suffix(".prehashes").exists()]
    assert len(paths) >= 12
    for path in paths:
        read = _read(path)
        wanted = [line for line in path.with_suffix(".prehashes").read_text().splitlines() if line]
        assert [prehash(event or {}, read.ignored) for event in read.events] == wanted, path.name


@pytest.mark.parametrize("urns", [False, True])
def test_what_was_told_is_written_and_read_without_loss(urns: bool) -> None:
    for path in [*_xml(), *_files("examples-*/**/*.json*", "event-hash/**/*.json*")]:
        if path.parent.name == "Events":
            continue
        told = _read(path).events
        events = [event for event in told if event is not None]
        assert from_xml.read(to_xml.document(events, creation_date=DATE, urns=urns)).events == told, path.name
        assert from_xml.read(to_xml.query_document(events, "all", creation_date=DATE, urns=urns)).events == told, path.name
