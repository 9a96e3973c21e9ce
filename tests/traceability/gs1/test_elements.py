"""Values that are right together, and what is said of those that are not."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words import WORDS
from traceability.gs1.elements import Elements
from traceability.gs1.keys import NotGS1
from traceability.gs1.strings import read_bracketed
from traceability.gs1.table import AIS

GTIN = "(01)09506000134352"
SSCC = "(00)376104250021234569"


@pytest.mark.parametrize(
    "text",
    [
        GTIN,
        f"{GTIN}(10)ABC(21)12345",
        f"{GTIN}(30)5(3922)1050",
        f"{GTIN}(3103)000195(3932)1560105",
        f"{SSCC}(02)09506000134352(37)12",
        f"{SSCC}(4300)CO%20LTD(4302)1%20ROAD(4303)2(4307)CN(4309)02790858483015297971(4324)2612010000",
        f"{SSCC}(4331)000050-",
        f"{SSCC}(7041)PX",
        f"{GTIN}(423)156840(7030)999AB(7007)260101261231(8008)2601011200",
        f"{GTIN}(7003)2612312359(8001)00100100000101",
        f"{GTIN}(21)A(8030)-_aZ09==",
        f"{GTIN}(21)A(8040)123456789012345(8043)1234567890123456781",
        f"{GTIN}(8014)1987654Ad4X4bL5ttr2310c2K",
        "(8013)1987654Ad4X4bL5ttr2310c2K",
        "(8018)061414112345678902(7250)20240229(7252)1(7259)BABY(7258)1/2",
        "(415)4012345678901(8020)REF-1(8007)GB82WEST12345698765432(3912)9781050(12)261231",
        "(414)9506000134352(254)A",
        "(255)9506000134352(3942)1000",
        "(8110)106141416543213150110120",
        f"{GTIN}(01)09506000134352",
    ],
)
def test_what_is_right(text: str) -> None:
    assert read_bracketed(text).pairs


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("(01)09506000134353", [("/01", "check-digit")]),
        ("(01)9506000134352", [("/01", "gs1-short")]),
        ("(01)095060001343520", [("/01", "length")]),
        ("(01)0950600013435X", [("/01", "gs1-characters")]),
        (f"{GTIN}(10)", [("/10", "gs1-short")]),
        (f"{GTIN}(10)A B", [("/10", "gs1-characters")]),
        (f"{GTIN}(10)中", [("/10", "gs1-characters")]),
        (f"{GTIN}(21){'A' * 21}", [("/21", "length")]),
        (f"{GTIN}(17)260230(10)A#", [("/17", "gs1-date"), ("/10", "gs1-characters")]),
        (f"{GTIN}(7003)2612312460", [("/7003", "gs1-time")]),
        (f"{GTIN}(422)000", [("/422", "gs1-code")]),
        (f"{GTIN}(423)15684", [("/423", "gs1-short")]),
        (f"{GTIN}(423)156840156840156840", [("/423", "length")]),
        (f"{SSCC}(4300)CO%2", [("/4300", "gs1-percent")]),
        ("(8004)952A12", [("/8004", "gs1-prefix")]),
        ("(8014)12345678", [("/8014", "check-digit"), ("/8014", "gs1-characters")]),
        ("(8110)1", [("/8110", "gs1-coupon")]),
        ("(8003)1095060001343", [("/8003", "range"), ("/8003", "gs1-short")]),
        ("(04)1", [("/04", "gs1-ai")]),
        ("(3106)000001", [("/3106", "gs1-ai")]),
        (f"{GTIN}(01)10614141123459", [("/01", "gs1-differs")]),
        ("(10)A", [("/10", "gs1-needs")]),
        (f"{GTIN}(250)A", [("/250", "gs1-needs")]),
        (f"{GTIN}(427)AB", [("/427", "gs1-needs")]),
        (f"{GTIN}(3922)1050", [("/3922", "gs1-needs")]),
        (f"{GTIN}(37)5", [("/01", "gs1-apart"), ("/37", "gs1-needs")]),
        (f"{GTIN}(21)A(235)B", [("/21", "gs1-apart")]),
        (f"{GTIN}(3102)000001(3103)000001", [("/3102", "gs1-apart"), ("/3103", "gs1-apart")]),
        (f"{SSCC}(4330)000001(4331)000001", [("/4330", "gs1-apart"), ("/4331", "gs1-apart")]),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, wrong: list[tuple[str, str]]) -> None:
    with pytest.raises(NotGS1) as caught:
        read_bracketed(text)
    assert [(flaw["pointer"], flaw["rule"]) for flaw in caught.value.errors] == wrong
    for flaw in caught.value.errors:
        assert all(words.format_map(flaw) for words in WORDS[f"rule.{flaw['rule']}"])


def test_nothing_is_no_element_string() -> None:
    with pytest.raises(NotGS1) as caught:
        Elements(())
    assert caught.value.errors[0]["rule"] == "empty"


def test_a_value_is_asked_for_by_its_identifier() -> None:
    elements = read_bracketed(f"{GTIN}(10)A")
    assert (elements.get("10"), elements.get("21")) == ("A", None)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(AIS)) | st.text(max_size=4), st.text("0123456789", max_size=30) | st.text(max_size=30)), max_size=4
    )
)
def test_no_pairs_do_worse_than_be_refused(pairs: list[tuple[str, str]]) -> None:
    with suppress(NotGS1):
        assert Elements(tuple(pairs)).pairs == tuple(pairs)
