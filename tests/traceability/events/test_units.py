"""Units: one value in all its units is one value."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid
from tests.conftest import shared_data
from traceability.events import units

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9)
CODES = st.sampled_from(sorted(units.UNITS))


@pytest.mark.parametrize(
    ("value", "source", "target", "becomes"),
    [
        ("20", "CEL", "KEL", "293.15"),
        ("20", "CEL", "FAH", "68"),
        ("527.67", "A48", "CEL", "20"),
        ("180", "KMH", "MTS", "50"),
        ("1", "LBR", "GRM", "453.59237"),
        ("1", "SMI", "KMT", "1.609344"),
        ("1", "GLL", "LTR", "3.785411784"),
        ("2.5", "TNE", "KGM", "2500"),
        ("1013.25", "MBR", "ATM", "1"),
        ("760", "UA", "PAL", "101325"),
        ("1", "KWH", "3B", "3.6"),
        ("36", "MQH", "L2", "600"),
        ("60", "RPM", "RPS", "1"),
        ("1", "M44", "DD", "360"),
        ("3", "DZN", "H87", "36"),
        ("7", "GP", "GQ", "7000"),
        ("1", "A93", "M1", "1"),
        ("1", "AMH", "COU", "3600"),
        ("55", "P1", "59", "550000"),
        ("1", "P71", "P72", "1000"),
        ("1", "CUR", "GBQ", "37"),
        ("1", "AD", "A99", "8"),
    ],
)
def test_known_values_are_exact(value: str, source: str, target: str, becomes: str) -> None:
    assert units.convert(Decimal(value), source, target) == Decimal(becomes)
    assert units.to_base(Decimal(value), source) == units.to_base(Decimal(becomes), target)


def test_what_no_decimal_holds_is_rounded_to_34_digits() -> None:
    assert units.convert(Decimal(1), "C81", "DD") == Decimal("57.29577951308232087679815481410517")
    assert units.convert(Decimal(1), "PS", "PAL") == Decimal("6894.757293168361336722673445346891")


def test_a_difference_has_no_zero() -> None:
    assert units.convert(Decimal("0.5"), "CEL", "KEL", difference=True) == Decimal("0.5")
    assert units.convert(Decimal("0.9"), "FAH", "CEL", difference=True) == Decimal("0.5")


@pytest.mark.parametrize(("source", "target", "rule"), [("CEL", "BAR", "unlike-units"), ("ZZZ", "KGM", "uom"), ("KGM", "kg", "uom")])
def test_unlike_and_unknown_units_are_refused(source: str, target: str, rule: str) -> None:
    with pytest.raises(Invalid) as caught:
        units.convert(Decimal(1), source, target)
    assert [error["rule"] for error in caught.value.errors] == [rule]


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_has_no_base(value: str) -> None:
    with pytest.raises(Invalid):
        units.to_base(Decimal(value), "KGM")


@given(DECIMALS, CODES, CODES)
@settings(max_examples=200)
def test_there_and_back_again(value: Decimal, one: str, other: str) -> None:
    if units.family(one) != units.family(other):
        assert not units.alike(one, other)
        return
    back = units.convert(units.convert(value, one, other), other, one)
    scale = abs(units.UNITS[other].offset / units.UNITS[one].factor) + abs(Fraction(value)) + 1
    assert abs(Fraction(back) - Fraction(value)) <= scale / 10**28


@given(DECIMALS, CODES)
@settings(max_examples=100)
def test_the_order_of_values_survives_the_way_to_the_base(value: Decimal, code: str) -> None:
    assert units.to_base(value, code) < units.to_base(value + Decimal("0.000001"), code)


def test_every_family_has_a_base_and_no_factor_of_nothing() -> None:
    families = {unit.family for unit in units.UNITS.values()}
    assert families == {unit.family for unit in units.UNITS.values() if (unit.factor, unit.offset) == (1, 0)}
    assert all(unit.factor > 0 for unit in units.UNITS.values())


def test_every_quantity_that_a_sensor_may_report_has_units() -> None:
    schema = json.loads((shared_data("epcis") / "schema" / "query-schema.json").read_text("utf-8"))
    quantities = schema["definitions"]["measurementType"]["anyOf"][1]["enum"]
    families = {unit.family for unit in units.UNITS.values()}
    assert [quantity for quantity in quantities if units.measures(quantity) not in families] == []
