"""Brackets, FNC1 and the text under a symbol: written, and read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.gs1.some import elements, scrawls
from traceability.gs1.elements import Elements
from traceability.gs1.keys import NotGS1
from traceability.gs1.strings import bracketed, human, message, read_bracketed, read_message

TROUT = Elements((("01", "09506000134352"), ("10", "A(1"), ("17", "261231"), ("21", "X")))


def test_the_three_forms() -> None:
    assert bracketed(TROUT) == r"(01)09506000134352(10)A\(1(17)261231(21)X"
    assert message(TROUT) == "^010950600013435210A(1^1726123121X"
    assert human(TROUT) == ["(01) 09506000134352", "(10) A(1", "(17) 261231", "(21) X"]


@given(elements)
def test_brackets_are_read_as_they_were_written(value: Elements) -> None:
    assert read_bracketed(bracketed(value)) == value


@given(elements, st.sampled_from(["^", "\x1d"]))
def test_a_message_is_read_as_it_was_written(value: Elements, fnc1: str) -> None:
    assert read_message(message(value).replace("^", fnc1)) == value


@pytest.mark.parametrize(
    "text",
    [
        "^010950600013435210A(1^1726123121X",
        "^0109506000134352^10A(1^17261231^21X^",
        "]d2010950600013435210A(1\x1d1726123121X",
        "]C1010950600013435210A(1\x1d1726123121X\x1d",
        "]Q3010950600013435210A(1\x1d1726123121X",
    ],
)
def test_fnc1_is_borne_where_it_need_not_be_and_scanners_are_understood(text: str) -> None:
    assert read_message(text) == TROUT


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "gs1-message"),
        ("0109506000134352", "gs1-message"),
        ("^", "empty"),
        ("^^0109506000134352", "gs1-ai"),
        ("^040109506000134352", "gs1-ai"),
        ("^01095060001343", "gs1-short"),
        ("^0109506000134352102^^21A", "gs1-ai"),
        ("^80180614141123456789020109506000134352", "length"),
        ("^" + "0109506000134352" * 600, "gs1-message"),
    ],
)
def test_a_message_that_breaks_a_rule_is_refused(text: str, rule: str) -> None:
    with pytest.raises(NotGS1) as caught:
        read_message(text)
    assert caught.value.errors[0]["rule"] == rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "empty"),
        ("01)09506000134352", "gs1-brackets"),
        (" (01)09506000134352", "gs1-brackets"),
        ("(01)09506000134352()A", "gs1-brackets"),
        ("(01)09506000134352(10)A(1", "gs1-brackets"),
        ("(1)09506000134352", "gs1-brackets"),
        ("(０１)09506000134352", "gs1-brackets"),
        ("(01)09506000134352(10)A\\", "gs1-characters"),
        ("(01)09506000134352(10)A^", "gs1-characters"),
        ("(01)" + "0" * 9000, "gs1-brackets"),
    ],
)
def test_brackets_that_break_a_rule_are_refused(text: str, rule: str) -> None:
    with pytest.raises(NotGS1) as caught:
        read_bracketed(text)
    assert caught.value.errors[0]["rule"] == rule


@given(st.sampled_from(["", "^", "]d2", "(01)09506000134352", "^0109506000134352"]), scrawls | st.text())
def test_no_text_does_worse_than_be_refused(head: str, text: str) -> None:
    for read, write in ((read_bracketed, bracketed), (read_message, message)):
        try:
            value = read(head + text)
        except NotGS1:
            continue
        assert read(write(value)) == value
