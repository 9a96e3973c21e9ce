"""One value as a hash says it."""

from __future__ import annotations

from typing import Any

import pytest

from traceability.events.hashing.values import instant, value, word


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("2019-10-21T01:58:56+02:00", "2019-10-20T23:58:56.000Z"),
        ("2019-10-20T23:58:56.1Z", "2019-10-20T23:58:56.100Z"),
        ("2022-02-16T08:40:21.3142715Z", "2022-02-16T08:40:21.314Z"),
        ("2022-02-16T08:40:21.3145Z", "2022-02-16T08:40:21.315Z"),
        ("2022-02-16T08:40:21.3144999Z", "2022-02-16T08:40:21.314Z"),
        ("2022-12-31T23:59:59.9995Z", "2023-01-01T00:00:00.000Z"),
        ("2022-02-16T08:40:21.3135-06:00", "2022-02-16T14:40:21.314Z"),
        ("2019-10-21T01:58:56", "2019-10-21T01:58:56.000Z"),
        ("yesterday", "yesterday"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_times(told: str, said: str) -> None:
    assert instant(told) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (25.0, "25"),
        (25, "25"),
        (0.05, "0.05"),
        (-0.0, "0"),
        (1e22, "10000000000000000000000"),
        (1e-7, "1e-07"),
        (True, "true"),
        (None, ""),
        ("12.10000", "12.1"),
        ("+007", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("111100001111000011110000", "111100001111000003641344"),
        ("1e999", "1e999"),
        ("1_000", "1_000"),
        ("nan", "nan"),
        ("2020-11-10", "2020-11-10"),
        ("+01:00", "+01:00"),
        ("  text ", "text"),
        ("", ""),
        ("urn:epc:id:giai:4012345.ABC", "https://id.gs1.org/8004/4012345ABC"),
        ("urn:epcglobal:cbv:disp:damaged", "https://ref.gs1.org/cbv/Disp-damaged"),
        ("cbv:BTT-po", "https://ref.gs1.org/cbv/BTT-po"),
        ("gs1:Temperature", "https://gs1.org/voc/Temperature"),
        ("rail:Abc", "rail:Abc"),
    ],
)
def test_values(told: Any, said: str) -> None:
    assert value(told) == said


@pytest.mark.parametrize(
    ("kind", "bare", "spellings"),
    [
        ("bizStep", "shipping", ["cbv:BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping", "https://ref.gs1.org/cbv/BizStep-shipping"]),
        ("disposition", "recalled", ["cbv:Disp-recalled", "urn:epcglobal:cbv:disp:recalled", "https://ref.gs1.org/cbv/Disp-recalled"]),
        ("btt", "po", ["cbv:BTT-po", "urn:epcglobal:cbv:btt:po", "https://ref.gs1.org/cbv/BTT-po"]),
        ("sdt", "location", ["cbv:SDT-location", "urn:epcglobal:cbv:sdt:location", "https://ref.gs1.org/cbv/SDT-location"]),
        ("measurement", "Speed", ["gs1:Speed", "https://gs1.org/voc/Speed", "https://ref.gs1.org/voc/Speed"]),
        ("component", "x", ["cbv:Comp-x", "https://ref.gs1.org/cbv/Comp-x"]),
    ],
)
def test_every_spelling_of_a_word_is_one(kind: str, bare: str, spellings: list[str]) -> None:
    said = word(kind, bare)
    assert said.startswith("https://")
    assert {word(kind, spelling) for spelling in spellings} == {said}


def test_a_word_of_somebody_else_stays() -> None:
    assert word("bizStep", "https://example.com/steps/x") == "https://example.com/steps/x"
    assert word("measurement", "example:Ghi") == "example:Ghi"
