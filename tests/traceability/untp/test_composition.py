"""Shares of mass: mixtures of mixtures, and nothing where anything cannot be weighed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from traceability.untp import Flow, shares


def flow(source: str, made: str, quantity: str, uom: str = "KGM") -> Flow:
    return Flow(source, made, Decimal(quantity), uom)


RAW = {"milk-1": "Raw milk", "milk-2": "Raw milk", "culture": "Culture", "bottle": "Bottle"}


def test_inputs_weigh_by_their_mass_in_whatever_unit_of_mass() -> None:
    told = shares("b", [flow("milk-1", "b", "750"), flow("culture", "b", "250000", "GRM")], RAW)
    assert told == {"Culture": Decimal("0.25"), "Raw milk": Decimal("0.75")}


def test_a_part_of_a_mixture_is_a_mixture_and_lots_of_one_material_are_one() -> None:
    flows = [
        flow("milk-1", "bulk", "80"),
        flow("culture", "bulk", "20"),
        flow("bulk", "b", "10"),
        flow("milk-2", "b", "10"),
        flow("bulk", "x", "90"),
    ]
    assert shares("b", flows, RAW) == {"Culture": Decimal("0.1"), "Raw milk": Decimal("0.9")}


def test_what_cannot_be_weighed_leaves_nothing_known() -> None:
    for odd in (flow("culture", "b", "5", "LTR"), flow("culture", "b", "0"), flow("culture", "b", "3", "H87"), flow("stranger", "b", "5")):
        assert shares("b", [flow("milk-1", "b", "10"), odd], RAW) == {}
    assert shares("b", [], RAW) == {}
    assert shares("milk-1", [], RAW) == {}


def test_one_input_alone_is_the_whole_and_packaging_is_no_part_of_it() -> None:
    flows = [flow("milk-1", "b", "480", "LTR"), flow("bottle", "b", "500", "H87")]
    assert shares("b", flows, RAW, apart={"bottle"}) == {"Raw milk": Decimal(1)}
    assert shares("b", flows, RAW) == {}


def test_a_circle_ends() -> None:
    assert shares("a", [flow("b", "a", "1"), flow("a", "b", "1")], {}) == {}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 10), st.integers(1, 999)), min_size=1, max_size=25))
def test_shares_are_of_a_whole(told: list[tuple[int, int, int]]) -> None:
    """Lots 0…9, each made of earlier ones; where everything is known the shares add up to one, in any order."""
    flows = [Flow(str(min(a, b - 1)), str(b), Decimal(kilos), "KGM") for a, b, kilos in told]
    made = {each.output for each in flows}
    raw: dict[str, Any] = {each.input: f"material {int(each.input) % 3}" for each in flows if each.input not in made}
    for lot in made:
        found = shares(lot, flows, raw)
        assert abs(sum(found.values()) - 1) < Decimal("0.00001")
        assert all(0 < share <= 1 for share in found.values())
        assert found == shares(lot, flows[::-1], raw)
