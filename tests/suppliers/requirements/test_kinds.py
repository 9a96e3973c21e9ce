"""Kinds of papers, categories, registers: whole, named, and safe to show."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from suppliers.identifiers import RULES
from suppliers.identifiers.china import SC_ADDITIVE, SC_FOOD
from suppliers.requirements import CATEGORIES, KINDS, LADDERS, MARKETS, REGISTERS, SHOWABLE, SUPPLIER_KINDS, Malformed, words
from suppliers.requirements.kinds import _kind, _ladder

PROMISED = {
    "business_licence",
    "food_production",
    "food_trade",
    "food_trade_filing",
    "additive_production",
    "feed_production",
    "raw_milk_purchase",
    "animal_epidemic_conditions",
    "inspection_report",
    "factory_report",
    "produce_commitment",
    "quarantine",
    "meat_quality",
    "asf_test",
    "import_inspection",
    "gacc_registration",
    "organic",
    "cma_accreditation",
    "cnas_accreditation",
    "eu_registration",
    "eu_approval",
    "eu_organic",
    "eu_coi",
    "us_fsvp",
    "us_facility_registration",
    "gfsi_brcgs",
    "gfsi_fssc22000",
    "gfsi_ifs",
    "gfsi_sqf",
    "gfsi_globalgap",
    "iso22000",
    "haccp",
    "conformity_credential",
    "packaging_conformity",
    "other",
}


def test_the_kinds_that_other_rooms_speak_of_are_there() -> None:
    assert set(KINDS) >= PROMISED
    assert {kind for kind in PROMISED if KINDS[kind].scope == "lot"} == {
        "inspection_report",
        "factory_report",
        "produce_commitment",
        "quarantine",
        "meat_quality",
        "asf_test",
        "import_inspection",
        "eu_coi",
    }


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_is_whole(code: str) -> None:
    kind = KINDS[code]
    assert kind.market in (*MARKETS, "ANY")
    assert kind.number is None or kind.number in RULES
    assert kind.usual_months is None or kind.longest_months is None or kind.usual_months <= kind.longest_months
    assert kind.open_end or kind.usual_months, "a paper that must end says when it usually does"
    assert kind.shown, "something is shown"
    assert (kind.ladder == ()) == (kind.scope == "lot"), "papers of suppliers are renewed, papers of lots are not"
    assert kind.validity is not None or kind.scope == "lot" or code == "other"
    assert not kind.registers or kind.fresh_days, "a look-up goes stale"


def test_nothing_of_a_person_is_ever_shown() -> None:
    assert {field for kind in KINDS.values() for field in kind.shown} <= set(SHOWABLE)
    assert not {"holder_name", "holder_uscc", "number", "site", "legal_representative", "address", "id_number"} & set(SHOWABLE)


@pytest.mark.parametrize("code", REGISTERS)
def test_every_register_answers_under_its_own_hosts(code: str) -> None:
    register = REGISTERS[code]
    host = urlsplit(register.url).hostname or ""
    assert any(host == each or host.endswith(f".{each}") for each in register.hosts)
    assert all("." in each and each == each.lower() and "/" not in each for each in register.hosts)


def test_a_kinds_symbol_may_lead_to_its_registers() -> None:
    for kind in KINDS.values():
        assert {host for register in kind.registers for host in register.hosts} <= set(kind.qr_hosts)


def test_every_category_of_a_licence_belongs_to_some_material() -> None:
    named = {each for category in CATEGORIES.values() for each in category.sc_categories}
    assert named == {*SC_FOOD, *SC_ADDITIVE}
    assert CATEGORIES["dairy"].sc_categories[0] == "105"
    assert CATEGORIES["packaging"].sc_categories == CATEGORIES["feed"].sc_categories == ()


def test_every_ladder_is_used_and_goes_down_to_the_end() -> None:
    used = {kind.ladder for kind in KINDS.values()}
    for code, rungs in LADDERS.items():
        assert rungs in used, code
        assert (rungs[-1].name, rungs[-1].before) == ("expires", 0)
        assert len({rung.name for rung in rungs}) == len(rungs)


def test_whatever_can_be_said_has_words_in_both_languages() -> None:
    said = words()
    wanted = {f"paper.{each}" for each in KINDS} | {f"category.{each}" for each in CATEGORIES} | {f"register.{each}" for each in REGISTERS}
    wanted |= {f"supplier_kind.{each}" for each in SUPPLIER_KINDS} | {f"market.{each}" for each in MARKETS}
    wanted |= {rung.code for rungs in LADDERS.values() for rung in rungs}
    assert wanted <= set(said)
    assert all(zh.strip() and en.strip() for zh, en in said.values())


def test_both_languages_are_what_they_say() -> None:
    han = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
    for code, (chinese, english) in words().items():
        assert han.search(chinese), code
        assert not han.search(english), code
        assert not re.search(r"[{}]|%\(", chinese + english), f"{code}: nothing to be filled in"


def test_only_the_law_limits_how_long_a_paper_may_run() -> None:
    assert {code: kind.longest_months for code, kind in KINDS.items() if kind.longest_months} == {
        "food_production": 60,
        "additive_production": 60,
        "food_trade": 60,
        "us_facility_registration": 27,
    }


def test_a_slip_in_a_table_is_named_with_its_place() -> None:
    row = {"zh": "纸", "en": "Paper", "market": "CN", "scope": "supplier"}
    for slip, wanted in (
        ({"scope": "site"}, "scope"),
        ({"zh": ""}, "zh"),
        ({"shown": ["holder_name"]}, "not for the public: holder_name"),
        ({"registers": ["gxst"]}, "no such register: gxst"),
        ({"ladder": "stairs"}, "no such ladder: stairs"),
        ({"usual_months": "12"}, "usual_months"),
        ({"usual_months": True}, "usual_months"),
        ({"open_end": "yes"}, "open_end"),
        ({"valid": 12}, "unknown: valid"),
        ({"validity_zh": "一年"}, "validity_en"),
    ):
        with pytest.raises(Malformed, match=wanted) as told:
            _kind("kinds/paper.toml", "paper", {**row, **slip})
        assert "kinds/paper.toml: paper" in str(told.value)
    with pytest.raises(Malformed, match="before"):
        list(_ladder("stairs", [{"name": "early", "unit": "days"}]))
