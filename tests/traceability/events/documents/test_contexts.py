"""Prefixes of extension fields: where they may be declared, and which of them an event keeps."""

from __future__ import annotations

from typing import Any

from tests.traceability.events.documents.samples import CONTEXT, document, good, sensing
from traceability.events.documents import from_json

EX1, EX2 = "https://one.example/", "https://two.example/"


def kept(told: dict[str, Any], *contexts: Any) -> dict[str, Any]:
    made = from_json.read(document(told, **{"@context": [CONTEXT, *contexts]}))
    assert made.flaws == [[]]
    assert made.events[0] is not None
    return made.events[0]


def flaws(told: dict[str, Any], *contexts: Any) -> list[tuple[str, str]]:
    made = from_json.read(document(told, **{"@context": [CONTEXT, *contexts]}))
    return [(flaw["pointer"].removeprefix("/epcisBody/eventList/0"), flaw["rule"]) for flaw in made.flaws[0]]


def test_an_event_keeps_the_prefixes_it_uses_and_only_those() -> None:
    told = kept(good(**{"one:a": 1}), {"one": EX1}, {"two": EX2})
    assert told["@context"] == {"one": EX1}
    assert "@context" not in kept(good(), {"one": EX1})


def test_prefixes_may_be_declared_at_the_event_and_deeper() -> None:
    assert kept({**good(**{"one:a": 1}), "@context": [{"one": EX1}]})["@context"] == {"one": EX1}
    told = kept(good(**{"one:a": {"@context": {"two": EX2}, "two:b": [{"two:c": 2}]}}), {"one": EX1})
    assert told["@context"] == {"one": EX1, "two": EX2}
    assert told["one:a"] == {"two:b": [{"two:c": 2}]}


def test_the_events_own_meaning_of_a_prefix_counts() -> None:
    assert kept({**good(**{"one:a": 1}), "@context": {"one": EX2}}, {"one": EX1})["@context"] == {"one": EX2}


def test_the_prefixes_of_the_standards_context_need_no_declaration() -> None:
    assert kept(good(ilmd={"cbvmda:lotNumber": "1"}))["@context"] == {"cbvmda": "urn:epcglobal:cbv:mda:"}


def test_a_prefix_that_nobody_declared_is_refused_wherever_it_stands() -> None:
    assert flaws(good(**{"one:a": 1})) == [("/one:a", "prefix")]
    assert flaws(good(ilmd={"one:a": 1})) == [("/ilmd/one:a", "prefix")]
    assert flaws(good(readPoint={"id": "urn:x:1", "one:a": 1})) == [("/readPoint/one:a", "prefix")]
    assert flaws(sensing({"one:a": 1}, {"one:b": 1}), {"two": EX2}) == [
        ("/sensorElementList/0/sensorMetadata/one:a", "prefix"),
        ("/sensorElementList/0/sensorReport/0/one:b", "prefix"),
    ]


def test_one_prefix_does_not_stand_for_two_namespaces() -> None:
    inner = {"@context": {"one": EX2}, "one:b": 2}
    assert flaws(good(**{"one:a": inner}), {"one": EX1}) == [("/one:a/one:b", "prefix")]


def test_a_field_named_by_its_whole_iri_gets_a_prefix_in_its_place() -> None:
    told = kept(good(**{f"{EX1}a": 1, "urn:ours:b": {f"{EX2}c#d": 2}, "zz:e": 3}), {"zz": EX1})
    assert told["@context"] == {"zz": EX1, "ns1": "urn:ours:", "ns2": f"{EX2}c#"}
    assert list(told)[-4:] == ["zz:a", "ns1:b", "zz:e", "@context"]
    assert told["ns1:b"] == {"ns2:d": 2}


def test_a_term_may_be_declared_as_an_object() -> None:
    assert kept(good(**{"one:a": 1}), {"one": {"@id": EX1, "@prefix": True}, "@version": 1.1})["@context"] == {"one": EX1}


def test_a_prefix_used_in_a_word_stays_as_well() -> None:
    told = kept(sensing({}, {"type": "one:Sweetness"}), {"one": EX1})
    assert told["@context"] == {"one": EX1}
    assert kept({**good(), "type": "one:TastingEvent"}, {"one": EX1})["@context"] == {"one": EX1}


def test_extensions_do_not_nest_without_end() -> None:
    deep: Any = 1
    for _ in range(40):
        deep = {"one:a": deep}
    assert [rule for _, rule in flaws(good(**{"one:a": deep}), {"one": EX1})] == ["depth"]


def test_a_context_that_is_none_is_refused() -> None:
    assert flaws({**good(), "@context": 7}) == [("/@context", "ld-context")]
