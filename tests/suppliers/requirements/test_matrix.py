"""The matrix: complete where it speaks, silent where no rule is known, and open to a brand's own rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.requirements import (
    CATEGORIES,
    CLAIMS,
    KINDS,
    MARKETS,
    ROWS,
    SUPPLIER_KINDS,
    Malformed,
    Requirement,
    flaw_of,
    line_of,
    required,
    words,
)

DAY = date(2026, 11, 22)
PRIMARY = [each.code for each in CATEGORIES.values() if "primary" in each.sorts]
OWN: dict[str, Any] = {
    "id": "own.haccp",
    "market": "CN",
    "supplier_kinds": ["manufacturer"],
    "categories": ["dairy"],
    "kinds": ["haccp", "iso22000"],
    "per": "supplier",
    "optional": False,
    "citation": "供应商手册 3.2",
    "why": "我们只向有体系认证的工厂采购",
    "effective_from": date(2026, 1, 1),
}


def asked(*of: str, claims: tuple[str, ...] = (), day: date = DAY, per: str | None = None) -> set[str]:
    """The kinds that are a must; alternatives joined by a stroke."""
    lines = required(of[0], of[1], of[2], day=day, claims=claims)
    return {"|".join(line.kinds) for line in lines if not line.optional and per in (None, line.per)}


def rule_is_expected(supplier_kind: str, market: str, category: str) -> bool:
    """A farm sells what grows; in the Union one that sells feed is registered too."""
    if supplier_kind == "farm":
        return category in PRIMARY or (market, category) == ("EU", "feed")
    return supplier_kind != "packaging" or category == "packaging"


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("supplier_kind", SUPPLIER_KINDS)
def test_every_combination_of_the_trade_has_a_rule_and_no_other_has(supplier_kind: str, market: str) -> None:
    for category in CATEGORIES:
        lines = required(supplier_kind, market, category, day=DAY)
        if rule_is_expected(supplier_kind, market, category):
            assert any(not line.optional and line.per == "supplier" for line in lines), category
        else:
            assert lines == (), category


def test_every_row_cites_its_source_and_says_why_in_both_languages() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
    said = words()
    for row in ROWS:
        assert all(each.strip() for each in (row.cited.zh, row.cited.en)), row.id
        assert said[row.why_code] == (row.why.zh, row.why.en)
        assert all(KINDS[kind].scope == row.per for kind in row.kinds)
        assert all(KINDS[kind].market in (row.market, "ANY") or kind == "cnas_accreditation" for kind in row.kinds), row.id
        assert row.basis in ("law", "practice")
        assert row.id.startswith(f"{row.market.lower()}.")


def test_wherever_china_asks_anything_it_asks_for_a_business_licence() -> None:
    for supplier_kind in SUPPLIER_KINDS:
        for category in CATEGORIES:
            if required(supplier_kind, "CN", category, day=DAY):
                assert "business_licence" in asked(supplier_kind, "CN", category)


def test_nobody_is_asked_twice_for_the_same() -> None:
    for supplier_kind in SUPPLIER_KINDS:
        for market in MARKETS:
            for category in CATEGORIES:
                lines = required(supplier_kind, market, category, day=DAY, claims=CLAIMS)
                assert len({line.kinds for line in lines}) == len(lines), (supplier_kind, market, category)


def test_makers_of_food_show_a_production_licence_and_makers_of_bottles_do_not() -> None:
    assert asked("manufacturer", "CN", "dairy") == {"business_licence", "food_production", "factory_report|inspection_report"}
    assert asked("manufacturer", "CN", "additive", per="supplier") == {"business_licence", "additive_production|food_production"}
    assert asked("manufacturer", "CN", "packaging") == asked("packaging", "CN", "packaging") == {"business_licence", "packaging_conformity"}
    assert asked("manufacturer", "CN", "feed", per="supplier") == {"business_licence", "feed_production"}


def test_traders_show_a_licence_or_a_filing_except_for_what_grows() -> None:
    assert asked("trader", "CN", "oil_fat", per="supplier") == {"business_licence", "food_trade|food_trade_filing"}
    assert asked("trader", "CN", "produce", per="supplier") == {"business_licence"}
    assert asked("trader", "CN", "produce", per="lot") == {"produce_commitment|inspection_report|quarantine"}


def test_farms_bring_proof_with_every_lot() -> None:
    assert asked("farm", "CN", "dairy", per="supplier") == {"business_licence", "raw_milk_purchase", "animal_epidemic_conditions"}
    assert asked("farm", "CN", "dairy", per="lot") == {"inspection_report|factory_report"}
    assert asked("farm", "CN", "produce") == {"business_licence", "produce_commitment|inspection_report"}


def test_pork_needs_two_papers_and_one_report_for_every_lot() -> None:
    with_pork = asked("manufacturer", "CN", "meat", claims=("pork",), per="lot")
    assert with_pork == {"factory_report|inspection_report", "quarantine", "meat_quality", "asf_test"}
    assert asked("manufacturer", "CN", "meat", per="lot") == with_pork - {"asf_test"}
    assert any(line.kind == "asf_test" and line.optional for line in required("manufacturer", "CN", "meat", day=DAY))


def test_imports_show_where_they_come_from() -> None:
    assert asked("importer", "CN", "dairy") >= {"gacc_registration", "import_inspection"}
    assert asked("importer", "EU", "tea", claims=("organic",)) >= {"eu_organic", "eu_coi"}
    assert "us_fsvp" in asked("importer", "US", "tea")


def test_a_laboratory_is_approved() -> None:
    assert asked("lab", "CN", "dairy") == {"business_licence", "cma_accreditation"}
    assert asked("lab", "EU", "dairy") == asked("lab", "US", "dairy") == {"lab_accreditation|cnas_accreditation"}


@pytest.mark.parametrize(("market", "paper"), [("CN", "organic"), ("EU", "eu_organic"), ("US", "us_organic")])
def test_organic_is_welcome_until_it_is_claimed(market: str, paper: str) -> None:
    assert paper not in asked("manufacturer", market, "dairy")
    assert paper in asked("manufacturer", market, "dairy", claims=("organic",))
    told = [line for line in required("manufacturer", market, "dairy", day=DAY, claims=("organic",)) if paper in line.kinds]
    assert [line.optional for line in told] == [False]


def test_no_scheme_is_a_must_unless_a_brand_says_so() -> None:
    assert all(row.optional for row in ROWS if row.basis == "practice" and row.id.split(".")[1] == "scheme")


def test_no_rule_is_no_permission() -> None:
    assert required("packaging", "CN", "dairy", day=DAY) == ()
    assert required("manufacturer", "XX", "dairy", day=DAY) == ()
    assert required("witch", "CN", "dairy", day=DAY) == required("farm", "CN", "gold", day=DAY) == ()


def test_a_claim_alone_opens_nothing() -> None:
    """Where no rule is known without it, an organic certificate is no rule either."""
    own = {**OWN, "supplier_kinds": ["farm"], "categories": ["sugar"], "claims": ["organic"], "kinds": ["organic"]}
    assert required("farm", "CN", "sugar", day=DAY, claims=("organic",)) == ()
    assert required("farm", "CN", "sugar", day=DAY, claims=("organic",), extra=[own]) == ()
    assert required("farm", "CN", "sugar", day=DAY, claims=("organic",), extra=[{**own, "claims": []}]) != ()


def test_rules_hold_from_their_first_day_to_their_last() -> None:
    """Since 29 April 2021 a filing is enough to sell prepacked food."""
    assert "food_trade" in asked("trader", "CN", "tea", day=date(2021, 4, 28))
    assert "food_trade|food_trade_filing" not in asked("trader", "CN", "tea", day=date(2021, 4, 28))
    assert "food_trade|food_trade_filing" in asked("trader", "CN", "tea", day=date(2021, 4, 29))
    assert "food_trade" not in asked("trader", "CN", "tea", day=date(2021, 4, 29))


def ids(extra: list[dict[str, Any]], day: date = DAY) -> list[str]:
    return [line.id for line in required("manufacturer", "CN", "dairy", day=day, extra=extra) if not line.optional]


def test_a_brand_asks_for_more() -> None:
    assert ids([OWN])[-1] == "own.haccp"
    own = next(line for line in required("manufacturer", "CN", "dairy", day=DAY, extra=[OWN]) if line.id == "own.haccp")
    assert (own.kinds, own.basis, own.citation, own.why.en) == (
        ("haccp", "iso22000"),
        "brand",
        "供应商手册 3.2",
        "我们只向有体系认证的工厂采购",
    )
    assert isinstance(own, Requirement)
    assert "own.haccp" not in ids([OWN], date(2025, 12, 31))
    assert "own.haccp" not in ids([{**OWN, "effective_until": "2026-11-21"}])
    assert "own.haccp" in ids([{**OWN, "effective_until": "2026-11-22", "categories": [], "supplier_kinds": []}])


def test_a_brand_switches_a_row_off_alone_or_for_another() -> None:
    off = {**OWN, "id": "own.off", "kinds": [], "drops": "cn.proof"}
    assert "cn.proof" in ids([])
    assert "cn.proof" not in ids([off])
    assert ids([{**OWN, "drops": "cn.proof"}]) == [each for each in ids([]) if each != "cn.proof"] + ["own.haccp"]
    assert "cn.proof" in ids([{**off, "categories": ["tea"]}]), "only where the dropping row itself speaks"
    assert "cn.proof" in ids([off], date(2025, 6, 1)), "and when"


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ({"market": "MARS"}, "market"),
        ({"supplier_kinds": ["witch"]}, "supplier_kinds"),
        ({"categories": ["gold"]}, "categories"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["letter"]}, "no such kind: letter"),
        ({"per": "lot"}, "haccp is for a supplier"),
        ({"per": "month"}, "per"),
        ({"effective_from": None}, "effective_from"),
        ({"effective_from": "tomorrow"}, "effective_from"),
        ({"effective_until": date(2025, 1, 1)}, "effective_until"),
        ({"citation": "  "}, "citation"),
        ({"why": None}, "why"),
        ({"optional": "no"}, "optional"),
        ({"claims": ["halal"]}, "claims"),
        ({"drops": "cn.nothing"}, "drops"),
        ({"colour": "red"}, "unknown: colour"),
    ],
)
def test_a_row_of_a_brand_with_a_slip_is_refused_by_name(slip: dict[str, Any], told: str) -> None:
    assert told in (flaw_of({**OWN, **slip}) or "")
    assert flaw_of(OWN) is None


@given(
    st.dictionaries(
        st.sampled_from([*OWN, "drops", "claims", "effective_until"]),
        st.none() | st.text(max_size=5) | st.integers() | st.lists(st.text(max_size=3)),
    )
)
def test_no_row_breaks_the_reader(slip: dict[str, Any]) -> None:
    try:
        line_of({**OWN, **slip})
    except Malformed:
        assert flaw_of({**OWN, **slip})
