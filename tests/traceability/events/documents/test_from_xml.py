"""The XML binding, read: documents, events, what is wrong and where."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.errors import Invalid
from traceability.events import documents
from traceability.events.documents import from_xml

HEAD = 'xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" creationDate="2026-04-04T00:00:00Z"'
TIMES = "<eventTime>2026-04-03T20:33:31.116-06:00</eventTime><eventTimeZoneOffset>-06:00</eventTimeZoneOffset>"
EPCS = "<epcList><epc>urn:epc:id:sgtin:0614141.107346.2017</epc></epcList>"
PLAIN = f"<ObjectEvent>{TIMES}{EPCS}<action>ADD</action></ObjectEvent>"
LIST = "/epcis:EPCISDocument/EPCISBody/EventList"
SENSOR = "<sensorElementList><sensorElement>{}</sensorElement></sensorElementList>"


def document(events: str, head: str = HEAD, header: str = "") -> bytes:
    return f"<epcis:EPCISDocument {head}>{header}<EPCISBody><EventList>{events}</EventList></EPCISBody></epcis:EPCISDocument>".encode()


def observed(more: str = "", attributes: str = "", scope: str = "") -> bytes:
    event = f"<ObjectEvent {attributes}>{TIMES}{EPCS}<action>OBSERVE</action>{more}</ObjectEvent>"
    return document(event, f"{HEAD} {scope}")


def told(body: bytes) -> dict[str, Any]:
    read = from_xml.read(body)
    assert read.flaws == [[]]
    (event,) = read.events
    assert event is not None
    return event


def refused(body: bytes) -> set[str]:
    return {f"{flaw['pointer'].removeprefix(LIST)} {flaw['rule']}" for flaws in from_xml.read(body).flaws for flaw in flaws}


def test_events_places_and_flaws_run_side_by_side() -> None:
    aggregation = f"<AggregationEvent>{TIMES}<action>ADD</action></AggregationEvent>"
    read = from_xml.read(document(PLAIN + aggregation + PLAIN.replace("ADD", "LOOK")))
    assert read.places == [f"{LIST}/ObjectEvent[1]", f"{LIST}/AggregationEvent[1]", f"{LIST}/ObjectEvent[2]"]
    assert [{flaw["rule"] for flaw in flaws} for flaws in read.flaws] == [set(), {"required", "identifiers"}, {"action"}]
    assert (read.is_query, read.creation_date) == (False, "2026-04-04T00:00:00Z")
    assert read.flaws[2][0]["pointer"] == f"{LIST}/ObjectEvent[2]/action"


def test_words_are_bare_however_they_came() -> None:
    event = told(
        observed(
            "<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep><disposition>https://ref.gs1.org/cbv/Disp-in_transit</disposition>"
            "<readPoint><id>urn:epc:id:sgln:0614141.07346.1234</id></readPoint>"
            '<bizTransactionList><bizTransaction type="cbv:BTT-po">urn:epcglobal:cbv:bt:1:2</bizTransaction></bizTransactionList>'
            "<persistentDisposition><set>urn:epcglobal:cbv:disp:damaged</set></persistentDisposition>"
            + SENSOR.format('<sensorReport type="gs1:Temperature" value="26.0" booleanValue="true" hexBinaryValue="f0"/>')
        )
    )
    assert (event["bizStep"], event["disposition"]) == ("shipping", "in_transit")
    assert event["bizTransactionList"] == [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:1:2"}]
    assert event["persistentDisposition"] == {"set": ["damaged"]}
    assert event["sensorElementList"] == [
        {"sensorReport": [{"type": "Temperature", "value": 26, "booleanValue": True, "hexBinaryValue": "f0"}]}
    ]
    assert "@context" not in event


def test_fields_of_others_are_prefixed_and_repeat_as_lists() -> None:
    event = told(
        observed(
            "<ex:one>1</ex:one><ex:list>a</ex:list><ex:list>b</ex:list>"
            '<ex:deep kind="k" o:also="l"><ex:in>x</ex:in><bare>y</bare></ex:deep><ex:said unit="KGM"> 5 </ex:said><ex:empty/>',
            attributes='ex:on="event"',
            scope='xmlns:ex="urn:example:" xmlns:o="urn:other:" xmlns:unused="urn:unused:"',
        )
    )
    assert event["ex:one"] == "1"
    assert event["ex:list"] == ["a", "b"]
    assert event["ex:deep"] == {"o:also": "l", "kind": "k", "ex:in": "x", "bare": "y"}
    assert event["ex:said"] == {"unit": "KGM", "#text": "5"}
    assert (event["ex:empty"], event["ex:on"]) == ("", "event")
    assert event["@context"] == {"ex": "urn:example:", "o": "urn:other:"}


def test_types_that_the_elements_of_others_say_are_kept() -> None:
    given = {"integer": "10", "double": "20.5", "boolean": "true", "string": "30", "dateTime": "2026-01-01T00:00:00Z", "decimal": "no"}
    elements = "".join(f'<ex:{kind} xsi:type="xsd:{kind}">{text}</ex:{kind}>' for kind, text in given.items())
    scope = 'xmlns:ex="urn:e" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    event = told(observed(elements, scope=scope))
    wanted = {"integer": 10, "double": 20.5, "boolean": True, "string": "30", "dateTime": "2026-01-01T00:00:00Z", "decimal": "no"}
    assert {name.partition(":")[2]: value for name, value in event.items() if name.startswith("ex:")} == wanted


def test_one_prefix_for_two_namespaces_becomes_two() -> None:
    event = told(observed('<x:a xmlns:x="urn:one">1</x:a><x:a xmlns:x="urn:two">2</x:a><a xmlns="urn:three">3</a>'))
    assert {event["@context"][name.partition(":")[0]]: value for name, value in event.items() if name.endswith(":a")} == {
        "urn:one": "1",
        "urn:two": "2",
        "urn:three": "3",
    }


def test_a_prefix_used_in_a_word_stays_as_well() -> None:
    event = told(observed("<bizStep>ex:polishing</bizStep>", scope='xmlns:ex="https://example.com/" xmlns:other="urn:o"'))
    assert (event["bizStep"], event["@context"]) == ("ex:polishing", {"ex": "https://example.com/"})


def test_empty_lists_are_left_out() -> None:
    body = document(
        f"<ObjectEvent>{TIMES}<epcList/><action>ADD</action><quantityList><quantityElement><epcClass>urn:epc:class:lgtin:4012345.012345.998877</epcClass>"
        "<quantity>200.50</quantity><uom>KGM</uom></quantityElement></quantityList></ObjectEvent>"
    )
    event = told(body)
    assert "epcList" not in event
    assert event["quantityList"] == [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200.5, "uom": "KGM"}]


def test_wrappers_of_the_older_standard_are_looked_through() -> None:
    head = HEAD.replace("xsd:2", "xsd:1").replace('"2.0"', '"1.2"')
    outputs = EPCS.replace("epcList", "outputEPCList")
    ilmd = '<extension><extension><ilmd><ex:grade xmlns:ex="urn:e:">A</ex:grade></ilmd></extension></extension>'
    base = "<baseExtension><eventID>urn:uuid:1</eventID></baseExtension>"
    old = f"<ObjectEvent>{TIMES}{base}{EPCS}<action>ADD</action>{ilmd}</ObjectEvent>"
    old += f"<extension><TransformationEvent>{TIMES}<transformationID>urn:x:1</transformationID>{outputs}</TransformationEvent></extension>"
    read = from_xml.read(document(old, head))
    assert read.good
    assert [event and (event.get("eventID"), event.get("ilmd")) for event in read.events] == [
        ("urn:uuid:1", {"ex:grade": "A"}),
        (None, None),
    ]
    assert read.places[1] == f"{LIST}/extension/TransformationEvent[1]"


def test_the_answer_to_a_query_is_a_document_too() -> None:
    head = HEAD.replace("epcis=", "q=").replace("epcis:xsd", "epcis-query:xsd")
    results = f"<resultsBody><EventList>{PLAIN}</EventList></resultsBody>"
    named = f"<q:QueryResults><queryName>SimpleEventQuery</queryName><subscriptionID>s1</subscriptionID>{results}</q:QueryResults>"
    body = f"<q:EPCISQueryDocument {head}><EPCISBody>{named}</EPCISBody></q:EPCISQueryDocument>"
    read = documents.read(body.encode(), "application/xml; charset=utf-8")
    assert (read.is_query, read.query_name, read.subscription_id, read.good) == (True, "SimpleEventQuery", "s1", True)
    assert read.places == ["/q:EPCISQueryDocument/EPCISBody/q:QueryResults/resultsBody/EventList/ObjectEvent[1]"]


def test_the_header_says_who_tells_what_to_whom() -> None:
    sbdh = (
        '<s:StandardBusinessDocumentHeader xmlns:s="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
        "<s:Sender><s:Identifier>urn:epc:id:sgln:0353579.00001.0</s:Identifier></s:Sender>"
        "<s:Receiver><s:Identifier>urn:epc:id:sgln:5012345.00001.0</s:Identifier></s:Receiver>"
        "<s:DocumentIdentification><s:InstanceIdentifier>1234567890</s:InstanceIdentifier></s:DocumentIdentification>"
        "</s:StandardBusinessDocumentHeader>"
    )
    master = (
        '<extension><EPCISMasterData><VocabularyList><Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation"><VocabularyElementList>'
        '<VocabularyElement id="urn:epc:id:sgln:0614141.00001.0"><attribute id="urn:epcglobal:cbv:mda#name">Dock &amp; yard</attribute>'
        '<attribute id="urn:e:address"><ex:city xmlns:ex="urn:e">北京</ex:city></attribute>'
        "<children><id>urn:epc:id:sgln:0614141.00001.1</id></children></VocabularyElement></VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension>"
    )
    read = from_xml.read(document(PLAIN, header=f"<EPCISHeader>{sbdh}{master}</EPCISHeader>"))
    assert (read.sender, read.receiver, read.document_id) == (
        "urn:epc:id:sgln:0353579.00001.0",
        "urn:epc:id:sgln:5012345.00001.0",
        "1234567890",
    )
    assert read.master_data == {
        "vocabularyList": [
            {
                "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
                "vocabularyElementList": [
                    {
                        "id": "urn:epc:id:sgln:0614141.00001.0",
                        "attributes": [
                            {"id": "urn:epcglobal:cbv:mda#name", "attribute": "Dock & yard"},
                            {"id": "urn:e:address", "attribute": {"ex:city": "北京"}},
                        ],
                        "children": ["urn:epc:id:sgln:0614141.00001.1"],
                    }
                ],
            }
        ]
    }


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (observed("<madeUp>x</madeUp>"), "/ObjectEvent[1]/madeUp unknown-field"),
        (observed("<action>ADD</action>"), "/ObjectEvent[1]/action[2] twice"),
        (observed("<bizStep>urn:epcglobal:cbv:bizstep:flying</bizStep>"), "/ObjectEvent[1]/bizStep biz-step"),
        (observed("<bizStep><deep/></bizStep>"), "/ObjectEvent[1]/bizStep/deep unknown-field"),
        (observed("<readPoint><name>x</name><id>urn:x:1</id></readPoint>"), "/ObjectEvent[1]/readPoint/name unknown-field"),
        (observed("<readPoint/>"), "/ObjectEvent[1]/readPoint/id required"),
        (observed("lost words"), "/ObjectEvent[1] xml-text"),
        (observed("<sourceList><source>urn:x:1</source></sourceList>"), "/ObjectEvent[1]/sourceList/source[1]/@type required"),
        (observed("<quantityList><epc>urn:x:1</epc></quantityList>"), "/ObjectEvent[1]/quantityList/epc unknown-field"),
        (observed("<quantityList>urn:x:1</quantityList>"), "/ObjectEvent[1]/quantityList xml-text"),
        (
            observed(
                "<quantityList><quantityElement><epcClass>urn:x:1</epcClass><quantity>1e999</quantity></quantityElement></quantityList>"
            ),
            "/ObjectEvent[1]/quantityList/quantityElement[1]/quantity number",
        ),
        (
            observed(SENSOR.format('<sensorReport type="gs1:Temperature" value="warm"/>')),
            "/ObjectEvent[1]/sensorElementList/sensorElement[1]/sensorReport[1]/@value number",
        ),
        (
            observed(SENSOR.format('<sensorReport type="gs1:Temperature" valeu="1"/>')),
            "/ObjectEvent[1]/sensorElementList/sensorElement[1]/sensorReport[1]/@valeu unknown-field",
        ),
        (
            observed(SENSOR.format('<sensorMetadata time="2026-04-03T12:00:00Z"/>')),
            "/ObjectEvent[1]/sensorElementList/sensorElement[1]/sensorReport required",
        ),
        (document("<QuantityEvent/>"), "/QuantityEvent[1] event-type"),
        (document(PLAIN.replace("ObjectEvent", "TransformationEvent")), "/TransformationEvent[1]/action unknown-field"),
        (observed("<ex:a>" * 40 + "</ex:a>" * 40, scope='xmlns:ex="urn:e"'), f"/ObjectEvent[1]{'/ex:a' * 34} depth"),
    ],
)
def test_what_is_refused_of_an_event_and_where(body: bytes, where: str) -> None:
    assert where in refused(body)


def test_an_unknown_element_is_told_with_its_line() -> None:
    (flaws,) = from_xml.read(observed("\n\n<madeUp/>")).flaws
    assert flaws[0]["line"] == 3


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (PLAIN.encode(), "/ObjectEvent epcis-document"),
        (document(PLAIN, HEAD.replace("epcglobal", "example")), "/epcis:EPCISDocument epcis-document"),
        (b"<html/>", "/html epcis-document"),
        (document(PLAIN, HEAD.replace('"2.0"', '"3.0"')), "/epcis:EPCISDocument/@schemaVersion schema-version"),
        (document(PLAIN, 'xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"'), "/epcis:EPCISDocument/@creationDate required"),
        (document(PLAIN, HEAD.replace("2026-04-04T", "yesterday")), "/epcis:EPCISDocument/@creationDate date-time"),
        (f"<epcis:EPCISDocument {HEAD}/>".encode(), "/epcis:EPCISDocument/EPCISBody required"),
    ],
)
def test_what_is_no_document_as_a_whole(body: bytes, where: str) -> None:
    with pytest.raises(Invalid) as trouble:
        from_xml.read(body)
    assert [f"{flaw['pointer']} {flaw['rule']}" for flaw in trouble.value.errors] == [where]


def test_a_query_that_is_no_answer_is_refused() -> None:
    head = HEAD.replace("epcis=", "q=").replace("epcis:xsd", "epcis-query:xsd")
    body = f"<q:EPCISQueryDocument {head}><EPCISBody><q:Poll/></EPCISBody></q:EPCISQueryDocument>"
    with pytest.raises(Invalid) as trouble:
        from_xml.read(body.encode())
    assert trouble.value.errors[0]["rule"] == "required"


def test_one_event_on_its_own() -> None:
    event, flaws = documents.event(PLAIN.encode(), "text/xml")
    assert (event["type"], flaws) == ("ObjectEvent", [])
    assert documents.event(PLAIN.replace("<action>ADD</action>", "").encode(), "text/xml")[1][0]["pointer"] == "/ObjectEvent/action"
    with pytest.raises(Invalid):
        from_xml.event(document(PLAIN))
    with pytest.raises(Invalid):
        from_xml.event(b"<QuantityEvent/>")


def test_an_event_of_somebody_elses_type_has_its_prefix() -> None:
    event = told(document(f'<extension><ex:Inspection xmlns:ex="urn:e:">{TIMES}<ex:passed>true</ex:passed></ex:Inspection></extension>'))
    assert (event["type"], event["ex:passed"], event["@context"]) == ("ex:Inspection", "true", {"ex": "urn:e:"})


def test_times_are_kept_in_capital_letters() -> None:
    low = "2026-04-03t20:33:31.116z"
    sensor = SENSOR.format(f'<sensorMetadata time="{low}"/><sensorReport type="Temperature" time="{low}"/>')
    event = told(observed(sensor).replace(b"2026-04-03T20:33:31.116-06:00", low.encode()))
    (element,) = event["sensorElementList"]
    assert {event["eventTime"], element["sensorMetadata"]["time"], element["sensorReport"][0]["time"]} == {low.upper()}
