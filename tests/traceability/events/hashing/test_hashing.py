"""One event, one hash, in whatever form and order it was told."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceability.events.epcs import as_digital_link
from traceability.events.hashing import event_hash, general, plain, prehash

Told = dict[str, Any]

EVENT: Told = {
    "type": "ObjectEvent",
    "eventID": "urn:uuid:1",
    "eventTime": "2026-04-03T20:33:31.1165+08:00",
    "recordTime": "2026-04-03T20:33:32+08:00",
    "eventTimeZoneOffset": "+08:00",
    "epcList": ["urn:epc:id:sgtin:4012345.011111.2", "urn:epc:id:sgtin:4012345.011111.1"],
    "action": "OBSERVE",
    "bizStep": "shipping",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0"},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:2"}, {"type": "inv", "bizTransaction": "urn:x:1"}],
}
SAID = (
    "eventType=ObjectEventeventTime=2026-04-03T12:33:31.117ZeventTimeZoneOffset=+08:00"
    "epcListepc=https://id.gs1.org/01/04012345111118/21/1epc=https://id.gs1.org/01/04012345111118/21/2"
    "action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-shippingreadPointid=https://id.gs1.org/414/4012345000054"
)
TRADE = (
    "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-invbizTransaction=urn:x:1type=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:x:2"
)
CONTEXT = {"ex": "https://ns.example.com/epcis/", "un": "urn:example:", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}


def test_a_plain_event() -> None:
    assert prehash(EVENT) == SAID + TRADE
    assert event_hash(EVENT) == f"ni:///sha-256;{sha256((SAID + TRADE).encode()).hexdigest()}?ver=CBV2.0"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"errorDeclaration": {"declarationTime": "2026-04-04T00:00:00Z"}}, SAID + TRADE),
        ({"rdfs:comment": "no", "ex:a": {"rdfs:comment": "no", "ex:b": "1"}}, f"{SAID}{TRADE}{{{CONTEXT['ex']}}}a{{{CONTEXT['ex']}}}b=1"),
        ({"ilmd": {"un:lot": "07", "ex:day": "2026-01-01"}}, f"{SAID}{TRADE}ilmd{{{CONTEXT['ex']}}}day=2026-01-01{{{CONTEXT['un']}}}lot=7"),
        ({"ex:z": ["b", "a"]}, f"{SAID}{TRADE}{{{CONTEXT['ex']}}}z=a{{{CONTEXT['ex']}}}z=b"),
        ({"ex:q": {"#text": "5.0", "ex:unit": "kg"}}, f"{SAID}{TRADE}{{{CONTEXT['ex']}}}q=5{{{CONTEXT['ex']}}}unit=kg"),
        ({"unknown:a": 1}, f"{SAID}{TRADE}unknown:a=1"),
        (
            {"readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0", "ex:gate": "3"}},
            f"{SAID}{{{CONTEXT['ex']}}}gate=3{TRADE}",
        ),
        (
            {"persistentDisposition": {"unset": ["damaged"], "set": ["recalled", "expired"]}},
            SAID.replace(
                "readPoint",
                "persistentDispositionset=https://ref.gs1.org/cbv/Disp-expiredset=https://ref.gs1.org/cbv/Disp-recalled"
                "unset=https://ref.gs1.org/cbv/Disp-damagedreadPoint",
            )
            + TRADE,
        ),
        (
            {"certificationInfo": ["urn:x:b", "urn:x:a"]},
            SAID.replace("epcList", "certificationInfo=urn:x:acertificationInfo=urn:x:bepcList") + TRADE,
        ),
        (
            {"quantityList": [{"quantity": 5.50, "uom": "KGM", "epcClass": "urn:epc:class:lgtin:4012345.011111.L1"}]},
            SAID.replace(
                "action", "quantityListquantityElementepcClass=https://id.gs1.org/01/04012345111118/10/L1quantity=5.5uom=KGMaction"
            )
            + TRADE,
        ),
        (
            {
                "destinationList": [{"type": "location", "destination": "urn:x:3"}],
                "sourceList": [{"source": "urn:x:4"}],
                "ilmd": {"ex:a": 1},
            },
            f"{SAID}{TRADE}destinationListtype=https://ref.gs1.org/cbv/SDT-locationdestination=urn:x:3"
            f"ilmd{{{CONTEXT['ex']}}}a=1sourceListsource=urn:x:4",
        ),
    ],
)
def test_what_more_an_event_may_say(more: Told, said: str) -> None:
    assert prehash({**EVENT, **more, "@context": CONTEXT}) == said


def test_sensors_say_their_fields_in_order_and_the_rest_behind() -> None:
    report = {"type": "Temperature", "uom": "CEL", "value": 26.0, "ex:cv": "1.50", "exception": "ALARM_CONDITION", "bizRules": "urn:x:r"}
    element = {
        "sensorMetadata": {"ex:more": "m", "time": "2026-04-03T20:33:31+08:00", "deviceID": "urn:epc:id:giai:4012345.7"},
        "sensorReport": [report, {"type": "gs1:AbsoluteHumidity", "component": "cbv:Comp-x", "booleanValue": True}],
        "ex:further": {"ex:b": 2, "ex:a": 1},
    }
    space = f"{{{CONTEXT['ex']}}}"
    assert prehash({"type": "ObjectEvent", "sensorElementList": [element], "@context": CONTEXT}) == (
        "eventType=ObjectEventsensorElementListsensorElement"
        f"sensorMetadatatime=2026-04-03T12:33:31.000ZdeviceID=https://id.gs1.org/8004/40123457{space}more=m"
        "sensorReporttype=https://gs1.org/voc/AbsoluteHumiditycomponent=https://ref.gs1.org/cbv/Comp-xbooleanValue=true"
        f"sensorReporttype=https://gs1.org/voc/Temperatureexception=https://gs1.org/voc/ALARM_CONDITIONvalue=26uom=CEL{space}cv=1.5"
        f"{space}further{space}a=1{space}b=2"
        "sensorElementListsensorElementsensorReportbizRules=urn:x:r"
    )


def test_an_extension_stands_behind_where_the_reference_generator_puts_it_there() -> None:
    told = {"type": "ObjectEvent", "readPoint": {"id": "geo:1,2", "un:gate": 3}, "bizStep": "packing", "@context": CONTEXT}
    step = "eventType=ObjectEventbizStep=https://ref.gs1.org/cbv/BizStep-packing"
    assert prehash(told) == f"{step}readPointid=geo:1,2readPoint{{{CONTEXT['un']}}}gate=3"
    alone = [{"sensorMetadata": {"ex:a": 1}}]
    assert prehash({"type": "ObjectEvent", "sensorElementList": alone, "@context": CONTEXT}) == (
        f"eventType=ObjectEventsensorElementListsensorElementsensorMetadata{{{CONTEXT['ex']}}}a=1"
    )


def test_fields_can_be_left_out() -> None:
    told = {**EVENT, "ex:a": {"ex:b": 1, "ex:c": 2}, "ex:b": 3, "@context": CONTEXT}
    space = f"{{{CONTEXT['ex']}}}"
    assert prehash(told, {f"{space}b"}) == f"{SAID}{TRADE}{space}a{space}c=2"


def test_told_is_left_as_it_was() -> None:
    told = {**EVENT, "epcList": ["urn:b:1", "urn:a:1"]}
    event_hash(told)
    assert told["epcList"] == ["urn:b:1", "urn:a:1"]


# Any event.

epcs = st.one_of(
    st.builds("urn:epc:id:sgtin:4012345.0111{:02d}.{}".format, st.integers(0, 99), st.integers(0, 9)),
    st.sampled_from(["urn:epc:id:sscc:4012345.1112223334", "urn:uuid:7", "007", "https://id.gs1.org/01/04012345111118/21/A%2F1"]),
)
quantities = st.fixed_dictionaries(
    {"epcClass": st.sampled_from(["urn:epc:class:lgtin:4012345.011111.L1", "urn:x:c"])},
    optional={"quantity": st.one_of(st.integers(0, 9), st.sampled_from([0.5, 2.0, 1e-7])), "uom": st.sampled_from(["KGM", "LTR"])},
)
times = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
words = st.sampled_from(["shipping", "cbv:BizStep-shipping", "urn:epcglobal:cbv:bizstep:packing", "https://example.com/step"])


def _some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, max_size=3)


def _typed(name: str) -> st.SearchStrategy[list[Told]]:
    return _some(
        st.fixed_dictionaries({name: st.sampled_from(["urn:x:1", "urn:x:2"])}, optional={"type": st.sampled_from(["po", "urn:y"])})
    )


plain_events = st.fixed_dictionaries(
    {"type": st.sampled_from(["ObjectEvent", "TransformationEvent"]), "eventTime": times.map(datetime.isoformat)},
    optional={
        "eventTimeZoneOffset": st.just("+08:00"),
        "certificationInfo": st.one_of(st.just("urn:x:1"), _some(st.sampled_from(["urn:x:2", "urn:x:1"]))),
        **dict.fromkeys(("parentID", "transformationID"), epcs),
        **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _some(epcs)),
        **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _some(quantities)),
        "action": st.sampled_from(["ADD", "", "DELETE"]),
        **dict.fromkeys(("bizStep", "disposition"), words),
        "persistentDisposition": st.dictionaries(st.sampled_from(["set", "unset"]), _some(words), max_size=2),
        **dict.fromkeys(("readPoint", "bizLocation"), epcs.map(lambda text: {"id": text})),
        "bizTransactionList": _typed("bizTransaction"),
        "sourceList": _typed("source"),
        "destinationList": _typed("destination"),
        "errorDeclaration": st.just({"declarationTime": "2026-01-01T00:00:00Z"}),
    },
)
extensions = st.recursive(
    st.one_of(st.integers(0, 99), st.booleans(), epcs),
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(["ex:a", "ex:b", "un:c"]), inner, min_size=1, max_size=3), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)
reports = st.fixed_dictionaries({}, optional={"type": st.sampled_from(["Speed", "ex:b"]), "value": st.integers(0, 3), "ex:a": extensions})
sensors = st.fixed_dictionaries(
    {"sensorReport": st.lists(reports, min_size=1, max_size=3)},
    optional={"sensorMetadata": st.fixed_dictionaries({}, optional={"bizRules": epcs, "un:a": extensions}), "ex:b": extensions},
)
events = st.builds(
    lambda told, more: {**told, **more, "@context": CONTEXT},
    plain_events,
    st.fixed_dictionaries({}, optional={"ex:a": extensions, "un:b": extensions, "sensorElementList": st.lists(sensors, max_size=2)}),
)


@given(plain_events)
@settings(max_examples=300)
def test_the_quick_way_says_what_the_general_way_says(told: Told) -> None:
    assert plain.prehash(told) == general.prehash(told, frozenset())


@given(plain_events, st.sampled_from(["ex:a", "ilmd", "sensorElementList", "unknown"]))
def test_the_quick_way_leaves_what_it_does_not_know(told: Told, name: str) -> None:
    assert plain.prehash({**told, name: {"ex:a": 1}}) is None
    assert plain.prehash({**told, "readPoint": {"id": "urn:x:1", "ex:a": 1}}) is None
    assert plain.prehash({**told, "quantityList": [{"epcClass": "urn:x:1", "ex:a": 1}]}) is None
    assert plain.prehash({**told, "sourceList": [{"source": "urn:x:1", "ex:a": 1}]}) is None


@given(events, st.randoms(use_true_random=False))
def test_no_order_counts(told: Told, chance: random.Random) -> None:
    assert prehash(_shuffled(told, chance)) == prehash(told)


@given(events, st.integers(-14 * 60, 14 * 60))
def test_no_time_zone_counts(told: Told, minutes: int) -> None:
    at = datetime.fromisoformat(told["eventTime"]).astimezone(timezone(timedelta(minutes=minutes)))
    assert prehash({**told, "eventTime": at.isoformat()}) == prehash(told)


@given(events)
def test_no_form_of_identifiers_and_numbers_counts(told: Told) -> None:
    assert prehash(_other_form(told)) == prehash(told)


@given(events, st.sampled_from(["ex:n", "action", "parentID"]))
def test_whatever_is_said_more_counts(told: Told, name: str) -> None:
    assert prehash({**told, name: "urn:other:thing"}) != prehash(told)


def _shuffled(told: Any, chance: random.Random) -> Any:
    if isinstance(told, dict):
        items = [(name, _shuffled(value, chance)) for name, value in told.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(told, list):
        return chance.sample([_shuffled(value, chance) for value in told], len(told))
    return told


def _other_form(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: value if name == "@context" else _other_form(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_other_form(value) for value in told]
    if isinstance(told, bool):
        return "true" if told else "false"
    if isinstance(told, int | float):
        return f"+0{told:.9f}00"
    return as_digital_link(told).replace("id.gs1.org/00", "example.com/x/00")
