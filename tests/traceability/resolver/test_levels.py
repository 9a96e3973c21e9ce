"""The sets of keys of a request that may have links."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.traceability.gs1.some import elements
from traceability.gs1 import uri
from traceability.gs1.elements import Elements
from traceability.gs1.strings import read_bracketed
from traceability.gs1.table import AIS
from traceability.resolver import levels


@pytest.mark.parametrize(
    ("said", "sets"),
    [
        ("(01)09506000134352", ["01"]),
        ("(01)09506000134352(21)S", ["01 21", "01"]),
        ("(01)09506000134352(10)L(21)S", ["01 21", "01 10", "01"]),
        ("(01)09506000134352(22)V(10)L(21)S(17)261231", ["01 21", "01 22 10", "01 10", "01 22", "01"]),
        ("(01)09506000134352(235)T", ["01 235", "01"]),
        ("(414)9506000134352(254)A", ["414 254", "414"]),
        ("(414)9506000134352(7040)1A2B", ["414 7040", "414"]),
        ("(415)4012345678901(8020)R", ["415 8020", "415"]),
        ("(8010)952100A(8011)7", ["8010 8011", "8010"]),
        ("(8006)095060001343520102(10)L(21)S", ["8006 21", "8006 10", "8006"]),
        ("(00)376104250021234569(02)09506000134352(37)5", ["00"]),
        ("(01)09506000134352(21)A(414)9506000134352", ["01 21", "01"]),
    ],
)
def test_a_request_has_these_levels_the_narrowest_first(said: str, sets: list[str]) -> None:
    value = read_bracketed(said)
    found = levels.of(value)
    assert [" ".join(ai for ai, _ in pairs) for pairs in found] == sets
    assert all(value.get(ai) == text for pairs in found for ai, text in pairs)


def test_without_a_key_there_is_no_level() -> None:
    assert levels.of(read_bracketed("(99)A")) == []


def test_every_key_and_qualifier_of_the_table_has_its_level() -> None:
    keys = {ai: known.path for ai, known in AIS.items() if known.path is not None}
    assert keys.keys() == levels.SETS.keys()
    for ai, orders in keys.items():
        assert {name for order in orders or () for name in order} == {name for names in levels.SETS[ai] for name in names}
        assert levels.SETS[ai][-1] == ()


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ("(01)09506000134352(21)S", True),
        ("(01)09506000134352(22)V(10)L", True),
        ("(01)09506000134352", True),
        ("(414)9506000134352(254)A", True),
        ("(01)09506000134352(10)L(21)S", False),
        ("(01)09506000134352(22)V(21)S", False),
        ("(01)09506000134352(17)261231", False),
        ("(99)A", False),
    ],
)
def test_links_of_one_item_carry_neither_lot_nor_variant(said: str, may: bool) -> None:
    assert levels.is_registrable(read_bracketed(said)) is may


@given(elements)
def test_an_anchor_is_the_path_of_a_link(value: Elements) -> None:
    for pairs in levels.of(value):
        path = levels.anchor(pairs)
        assert path.count("/") == 2 * len(pairs) - 1
        if pairs[0][0] != "415" or len(pairs) > 1:
            assert uri.read(f"https://id.example/{path}").elements.pairs == pairs


def test_a_slash_in_a_value_stays_inside_it() -> None:
    assert levels.anchor((("01", "09506000134352"), ("10", "A/B"))) == "01/09506000134352/10/A%2FB"
