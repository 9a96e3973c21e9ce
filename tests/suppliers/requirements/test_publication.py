"""What machines read before they upload anything."""

from __future__ import annotations

import json
from datetime import date

from suppliers.requirements import CATEGORIES, KINDS, ROWS, as_json, required, rules_version

DAY = date(2026, 11, 22)
OWN = {
    "id": "own.haccp",
    "market": "CN",
    "supplier_kinds": ["manufacturer"],
    "categories": ["dairy"],
    "kinds": ["haccp"],
    "per": "supplier",
    "citation": "手册",
    "why": "手册",
    "effective_from": date(2026, 1, 1),
    "drops": "cn.proof",
}


def test_the_whole_matrix_is_plain_json() -> None:
    whole = json.loads(json.dumps(as_json(day=DAY)))
    in_force = {row.id for row in ROWS if row.effective_until is None or row.effective_until >= DAY}
    assert {row["id"] for row in whole["rows"]} == in_force
    assert all(row["citation"]["zh"] and row["citation"]["en"] and row["why"]["zh"] and row["why"]["en"] for row in whole["rows"])
    assert set(whole["kinds"]) <= set(KINDS)
    assert set(whole["categories"]) == set(CATEGORIES)
    assert whole["kinds"]["food_production"]["ladder"][2] == {"name": "apply_by", "before": 30, "unit": "working_days", "statutory": True}
    assert whole["registers"]["gsxt"]["hosts"] == ["gsxt.gov.cn"]


def test_it_says_the_same_as_the_gate_is_told() -> None:
    told = as_json(day=DAY, market="CN", supplier_kind="manufacturer", category="dairy")
    assert {row["id"] for row in told["rows"] if not row["claims"]} == {
        line.id for line in required("manufacturer", "CN", "dairy", day=DAY)
    }


def test_old_rules_are_left_out_and_can_be_asked_for() -> None:
    assert "cn.trade.until_2021" not in {row["id"] for row in as_json(day=DAY)["rows"]}
    assert "cn.trade.until_2021" in {row["id"] for row in as_json(day=date(2020, 1, 1))["rows"]}


def test_a_brands_rows_are_told_and_what_they_switch_off() -> None:
    told = {row["id"]: row for row in as_json(day=DAY, extra=[OWN])["rows"]}
    assert told["own.haccp"]["basis"] == "brand"
    assert told["cn.proof"]["dropped"] == [
        {"supplier_kinds": ["manufacturer"], "categories": ["dairy"], "claims": [], "effective_from": "2026-01-01", "effective_until": None}
    ]
    assert told["cn.production"]["dropped"] == []


def test_the_version_follows_the_rules_and_nothing_else() -> None:
    assert rules_version() == rules_version() == as_json(day=DAY)["version"] == as_json(day=date(2020, 1, 1), market="EU")["version"]
    assert rules_version([OWN]) not in (rules_version(), rules_version([{**OWN, "kinds": ["iso22000"]}]))
    assert len(rules_version()) == 16
