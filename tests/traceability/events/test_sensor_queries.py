"""GS1's conformance test TCR-53 from the door of capture to the answer: every step finds its event, and only that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.conftest import House
from tests.traceability.events.asking.test_sensors import DEVICE, FULL, NS, STEPS
from tests.traceability.events.test_capturing import AT, an_event, capture
from traceability.events import asking
from traceability.events.querying import find

INLINE = {"deviceID": DEVICE + "2", "time": "2026-01-01T09:00:00Z", "rawData": "urn:x:raw", "dataProcessingMethod": "urn:x:m"}


def sensed(name: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return an_event(eventID=f"urn:x:{name}", readPoint={"id": "urn:x:here"}, sensorElementList=list(elements), hours=24 * 265 + 2, **more)


def _typed(report: dict[str, Any]) -> dict[str, Any]:
    """With a type, which capture asks for."""
    return {"type": "gs1:Dimensionless", **report}


def test_tcr_53(house: House) -> None:
    full = FULL["sensorElementList"][0]
    full = {**full, "sensorReport": [_typed(report) for report in full["sensorReport"]]}
    above = {"sensorMetadata": INLINE, "sensorReport": [{"type": "gs1:Pressure", "value": 1, "uom": "BAR"}]}
    inside = {"sensorReport": [{"type": "gs1:Pressure", "value": 100, "uom": "KPA", **INLINE}]}
    both = {"sensorMetadata": INLINE, "sensorReport": [{"type": "gs1:Pressure", **INLINE, "rawData": "urn:x:other"}]}
    with house.begin(now=AT + timedelta(days=300)) as unit:
        captured = capture(
            unit, sensed("full", full, **{"@context": NS}), sensed("above", above), sensed("inside", inside), an_event(epcList=["urn:x:y"])
        )
        assert captured.errors == []
        assert capture(unit, sensed("both", both)).errors  # step 29
    with house.look() as unit:

        def ask(**params: Any) -> list[str | None]:
            return [event.uri for event in find(unit, asking.read({"@context": NS, **params})).events]

        for step, met, unmet in STEPS:
            assert "urn:x:full" in ask(**met), step
            assert "urn:x:full" not in ask(**unmet), step
        assert ask(EXISTS_sensorElement="true") == ["urn:x:full", "urn:x:above", "urn:x:inside"]
        for parameter, value in (("EQ_deviceID", DEVICE + "2"), ("EQ_rawData", "urn:x:raw"), ("EQ_time", "2026-01-01T17:00:00+08:00")):
            assert ask(**{parameter: value}) == ["urn:x:above", "urn:x:inside"]  # step 28
        assert ask(EQ_type="gs1:Pressure", GE_value_PAL=100_000) == ["urn:x:above", "urn:x:inside"]
        assert ask(EQ_type="gs1:Pressure", GT_value_BAR=1) == []
