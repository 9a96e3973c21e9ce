"""Questions about sensor data: GS1's conformance test TCR-53, step by step, and what belongs together."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import shared_data
from traceability.events import asking

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NS = {"ex": "https://ns.example.com/"}
DEVICE = "urn:epc:id:giai:4000001.111"

FULL: dict[str, Any] = {
    "@context": NS,
    "type": "ObjectEvent",
    "eventTime": "2026-11-21T10:00:00Z",
    "sensorElementList": [
        {
            "ex:element": "E-7",
            "sensorMetadata": {
                "time": "2026-11-21T09:00:00Z",
                "startTime": "2026-11-21T08:00:00Z",
                "endTime": "2026-11-21T08:30:00Z",
                "deviceID": DEVICE,
                "deviceMetadata": "https://id.gs1.org/8004/4000001111",
                "rawData": "https://example.com/raw/1",
                "dataProcessingMethod": "https://example.com/method/1",
                "bizRules": "https://example.com/rules/1",
                "ex:metadata": 7,
            },
            "sensorReport": [
                {
                    "type": "Temperature",
                    "value": 20.0,
                    "minValue": 19,
                    "maxValue": 21.5,
                    "meanValue": 20.1,
                    "sDev": 0.5,
                    "percRank": 50,
                    "percValue": 20.2,
                    "uom": "CEL",
                    "ex:report": "R-7",
                },
                {"type": "RelativeHumidity", "value": 55, "uom": "P1"},
                {"type": "ex:smell", "stringValue": "musty", "booleanValue": True, "hexBinaryValue": "f00d", "uriValue": "urn:ex:1"},
                {"microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011", "value": 3, "uom": "H87"},
                {"chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N", "value": 0.18, "uom": "C35"},
            ],
        }
    ],
}
NONE: dict[str, Any] = {"type": "ObjectEvent", "eventTime": "2026-11-21T10:00:00Z"}


def fits(told: dict[str, Any], **params: Any) -> bool:
    return asking.fits(asking.read({"@context": NS, **params}), told, NOW)


STEPS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("3", {"EXISTS_sensorElement": "true"}, {"EXISTS_sensorElementList": "", "EQ_type": "Speed"}),
    ("4", {"GE_time": "2026-11-21T09:00:00Z", "LT_time": "2026-11-21T09:00:01Z"}, {"LT_time": "2026-11-21T09:00:00Z"}),
    ("5a", {"GE_startTime": "2026-11-21T08:00:00Z", "LT_startTime": "2026-11-21T08:30:00Z"}, {"GE_startTime": "2026-11-21T08:00:01Z"}),
    ("5b", {"GE_endTime": "2026-11-21T08:30:00Z", "LT_endTime": "2026-11-21T08:31:00Z"}, {"LT_endTime": "2026-11-21T08:30:00Z"}),
    ("6", {"EQ_type": "gs1:Temperature"}, {"EQ_type": "Pressure"}),
    ("7", {"EQ_deviceID": "https://id.gs1.org/8004/4000001111"}, {"EQ_deviceID": "urn:epc:id:giai:4000001.112"}),
    ("8", {"EQ_dataProcessingMethod": "https://example.com/method/1"}, {"EQ_dataProcessingMethod": "https://example.com/method/2"}),
    (
        "9",
        {"EQ_microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011"},
        {"EQ_microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1"},
    ),
    (
        "10",
        {"EQ_chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N"},
        {"EQ_chemicalSubstance": "https://identifiers.org/inchikey:X"},
    ),
    ("11", {"EQ_bizRules": "https://example.com/rules/1"}, {"EQ_bizRules": "https://example.com/rules/2"}),
    ("12a", {"EQ_value_CEL": "20"}, {"EQ_value_CEL": "20.000001"}),
    ("12b", {"GE_value_CEL": "20", "LT_value_CEL": "20.1"}, {"GT_value_CEL": "20"}),
    ("13", {"GE_minValue_CEL": "19", "LT_minValue_CEL": "20"}, {"LT_minValue_CEL": "19"}),
    ("14", {"GE_maxValue_FAH": "70.7", "LT_maxValue_FAH": "70.8"}, {"GE_maxValue_CEL": "22"}),
    ("15", {"GE_meanValue_KEL": "293.25", "LT_meanValue_KEL": "294"}, {"LT_meanValue_KEL": "293.25"}),
    ("16", {"EQ_stringValue": "fresh,musty"}, {"EQ_stringValue": "fresh"}),
    ("17", {"EQ_booleanValue": "true"}, {"EQ_booleanValue": "false"}),
    ("18", {"EQ_hexBinaryValue": "F00D"}, {"EQ_hexBinaryValue": "F00E"}),
    ("19", {"EQ_uriValue": "urn:ex:1"}, {"EQ_uriValue": "urn:ex:2"}),
    ("20", {"EQ_SENSORELEMENT_ex:element": "E-7"}, {"EQ_SENSORELEMENT_ex:metadata": "7"}),
    ("21", {"GE_SENSORMETADATA_ex:metadata": "7", "LE_SENSORMETADATA_ex:metadata": "7"}, {"GT_SENSORMETADATA_ex:metadata": "7"}),
    ("22", {"EQ_SENSORREPORT_ex:report": "R-7"}, {"EQ_SENSORELEMENT_ex:report": "R-7"}),
    ("23a", {"GE_sDev": "0.5", "LT_sDev": "0.6"}, {"LT_sDev": "0.5"}),
    ("23b", {"GE_sDev_FAH": "0.9", "LE_sDev_KEL": "0.5"}, {"LT_sDev_FAH": "0.9"}),
    ("24", {"GE_percRank": "50", "LT_percRank": "51"}, {"GT_percRank": "50"}),
    ("25", {"GE_percValue": "20.2", "LT_percValue_KEL": "294"}, {"LT_percValue": "20.2"}),
    ("26", {"EQ_type": "gs1:Temperature", "GE_value_KEL": "293.15"}, {"EQ_type": "gs1:Temperature", "GE_value_KEL": "293.16"}),
    ("28a", {"EQ_deviceMetadata": "urn:epc:id:giai:4000001.111"}, {"EQ_deviceMetadata": "urn:x:1"}),
    ("28b", {"EQ_rawData": "https://example.com/raw/1"}, {"EQ_rawData": "https://example.com/raw/2"}),
    ("28c", {"EQ_time": "2026-11-21T17:00:00+08:00"}, {"EQ_time": "2026-11-21T17:00:00Z"}),
]


@pytest.mark.parametrize(("met", "unmet"), [step[1:] for step in STEPS], ids=[step[0] for step in STEPS])
def test_tcr_53(met: dict[str, Any], unmet: dict[str, Any]) -> None:
    assert fits(FULL, **met)
    assert not fits(FULL, **unmet)
    assert not fits(NONE, **met)


def test_tcr_53_step_28_what_stands_in_the_metadata_or_in_the_report_is_found_alike() -> None:
    inline = {"deviceID": DEVICE, "time": "2026-11-21T09:00:00Z", "rawData": "urn:x:raw"}
    above = {"sensorElementList": [{"sensorMetadata": inline, "sensorReport": [{"type": "Temperature"}]}]}
    inside = {"sensorElementList": [{"sensorReport": [{"type": "Temperature", **inline}]}]}
    alone = {"sensorElementList": [{"sensorMetadata": inline}]}
    for told in (above, inside, alone):
        assert fits(told, EQ_deviceID=DEVICE, EQ_rawData="urn:x:raw", GE_time="2026-11-21T09:00:00Z")
    assert not fits(alone, EQ_deviceID=DEVICE, EQ_type="Temperature")


@pytest.mark.parametrize("stored", [{"value": 20, "uom": "CEL"}, {"value": 293.15, "uom": "KEL"}, {"value": 68.0, "uom": "FAH"}])
@pytest.mark.parametrize("asked", [("CEL", "20"), ("KEL", "293.15"), ("FAH", "68")])
def test_one_temperature_in_every_unit(stored: dict[str, Any], asked: tuple[str, str]) -> None:
    told = {"sensorElementList": [{"sensorReport": [stored]}]}
    unit, value = asked
    assert fits(told, **{f"EQ_value_{unit}": value, f"GE_value_{unit}": value, f"LE_value_{unit}": value})
    assert not fits(told, **{f"GT_value_{unit}": value})
    assert not fits(told, **{f"LT_value_{unit}": value})


def test_a_value_without_a_unit_or_of_an_unlike_one_is_not_compared() -> None:
    for report in ({"value": 20}, {"value": 20, "uom": "P1"}, {"value": 20, "uom": "ZZZ"}, {"value": "warm", "uom": "CEL"}):
        assert not fits({"sensorElementList": [{"sensorReport": [report]}]}, GE_value_CEL="0")


def test_all_that_is_asked_of_a_report_is_met_by_one_report() -> None:
    assert not fits(FULL, EQ_type="Temperature", GE_value_P1="50")
    assert not fits(FULL, EQ_type="Speed", GE_value_CEL="0")
    assert fits(FULL, EQ_type="Temperature,RelativeHumidity", GE_value_P1="50")
    split = {"sensorElementList": [{"sensorReport": [{"value": 2, "uom": "CEL"}, {"value": 30, "uom": "CEL"}]}]}
    assert not fits(split, GE_value_CEL="10", LT_value_CEL="20")


def test_all_that_is_asked_of_an_element_is_met_by_the_reports_own() -> None:
    def element(rules: str, value: int) -> dict[str, Any]:
        return {"sensorMetadata": {"bizRules": rules}, "sensorReport": [{"value": value, "uom": "CEL"}]}

    told = {"sensorElementList": [element("urn:x:1", 5), element("urn:x:2", 50)]}
    assert fits(told, EQ_bizRules="urn:x:2", GE_value_CEL="50")
    assert not fits(told, EQ_bizRules="urn:x:1", GE_value_CEL="50")


def test_the_published_sensor_events_answer_by_any_unit() -> None:
    found = 0
    for path in sorted((shared_data("epcis") / "examples-gs1" / "WithSensorData").glob("*.jsonld")):
        for told in json.loads(path.read_text("utf-8"))["epcisBody"]["eventList"]:
            found += fits(told, GE_value_FAH="78.8", LT_value_FAH="80", EQ_type="Temperature")
    assert found == 3
