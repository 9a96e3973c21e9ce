"""Lines and streams."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.errors import Invalid, Missing
from monitoring import streams
from tests.conftest import House
from tests.monitoring.plant import a_line

STREAM = {"tag": "t", "name_zh": "温度", "name_en": "Temperature", "unit_code": "Cel"}


def test_lines_and_streams_are_found_again_and_only_by_their_brand(house: House) -> None:
    with house.begin("brand_admin") as unit:
        made = a_line(unit)
    with house.look() as unit:
        (line,) = streams.lines(unit)
        assert [stream.tag for stream in streams.streams(unit, line.id)] == list(made)
        assert streams.stream(unit, made["cold_store"].no).name_zh == "冷库温度"
    with house.look(brand_id=house.other_brand_id) as unit:
        assert streams.lines(unit) == []
        with pytest.raises(Missing):
            streams.stream(unit, made["cold_store"].no)
    with house.begin("brand_admin", brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        streams.add_stream(unit, line_id=line.id, **STREAM)


def test_a_code_and_a_tag_are_taken_once(house: House) -> None:
    with house.begin("brand_admin") as unit:
        line = streams.add_line(unit, code="L1", name_zh="一号线", name_en="Line 1")
        streams.add_stream(unit, line_id=line.id, **STREAM)
        with pytest.raises(streams.LineCodeTaken):
            streams.add_line(unit, code=" L1 ", name_zh="一号线", name_en="Line 1")
        with pytest.raises(streams.StreamTagTaken):
            streams.add_stream(unit, line_id=line.id, **STREAM)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"tag": " "}, "/tag"),
        ({"tag": "t" * 61}, "/tag"),
        ({"name_en": "a\u0007b"}, "/name_en"),
        ({"unit_code": "furlong"}, "/unit"),
        ({"physical_low": 5.0, "physical_high": 5.0}, "/physical_high"),
        ({"physical_low": float("nan")}, "/physical_low"),
        ({"limits": {"ll": 3.0, "l": 2.0}}, "/limits"),
        ({"limits": {"deadband": -1.0}}, "/limits/deadband"),
        ({"limits": {"warm": 1.0}}, "/limits"),
        ({"limits": {"h": float("inf")}}, "/limits/h"),
        ({"cadence_seconds": 0.0}, "/cadence_seconds"),
    ],
)
def test_what_cannot_be_is_named(house: House, wrong: dict[str, Any], pointer: str) -> None:
    with house.begin("brand_admin") as unit:
        line = streams.add_line(unit, code="L1", name_zh="一号线", name_en="Line 1")
        with pytest.raises(Invalid) as caught:
            streams.add_stream(unit, line_id=line.id, **{**STREAM, **wrong})
    assert [error["pointer"] for error in caught.value.errors] == [pointer]
