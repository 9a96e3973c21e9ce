"""The tables of elements say what the published schema says."""

from __future__ import annotations

import pytest

from tests.conftest import shared_data
from traceability.events.documents.xml import fields
from traceability.events.documents.xml.elements import Element, parse


@pytest.fixture(scope="module")
def schema() -> dict[str, Element]:
    root = parse((shared_data("epcis") / "schema/xsd-2.0/EPCglobal-epcis-2_0.xsd").read_bytes())
    return {one.attributes["name"]: one for one in root.children if "name" in one.attributes}


def _within(element: Element, name: str) -> list[str]:
    found = [element.attributes["name"]] if element.name == name and "name" in element.attributes else []
    return found + [inner for one in element.children for inner in _within(one, name)]


@pytest.mark.parametrize("type_", fields.ORDER)
def test_elements_stand_in_the_order_of_the_schema(schema: dict[str, Element], type_: str) -> None:
    wanted = _within(schema["EPCISEventType"], "element") + _within(schema[f"{type_}Type"], "element")
    assert list(fields.ORDER[type_]) == [name for name in wanted if name not in fields.WRAPPERS]
    assert set(fields.ORDER[type_]) <= set(fields.ORDER_OF_OTHERS)


def test_attributes_of_sensor_data_are_those_of_the_schema(schema: dict[str, Element]) -> None:
    assert set(_within(schema["SensorMetadataType"], "attribute")) == set(fields.METADATA)
    assert set(_within(schema["SensorReportType"], "attribute")) == set(fields.REPORT) - {"bizRules"}, "JSON alone has bizRules there"
