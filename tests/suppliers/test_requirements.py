"""The table of papers: complete where it speaks, silent where no rule is known."""

from __future__ import annotations

import itertools

from suppliers.requirements import CATEGORIES, KINDS, SUPPLIER_KINDS, required


def test_wherever_a_rule_is_known_a_business_licence_is_asked_and_every_line_says_why() -> None:
    for kind, category in itertools.product(SUPPLIER_KINDS, CATEGORIES):
        lines = required(kind, "CN", category)
        if lines:
            assert "business_licence" in {line.kind for line in lines if not line.optional}
            assert all(line.kind in KINDS and line.citation and line.why_code.startswith("require.") for line in lines)
            assert len({line.kind for line in lines}) == len(lines)


def test_makers_of_food_show_a_production_licence_and_makers_of_bottles_do_not() -> None:
    def asked(kind: str, category: str) -> set[str]:
        return {line.kind for line in required(kind, "CN", category) if not line.optional}

    assert asked("manufacturer", "dairy") == {"business_licence", "food_production"}
    assert asked("manufacturer", "packaging") == {"business_licence"}
    assert asked("trader", "additive") == {"business_licence", "food_trade"}
    assert asked("farm", "dairy") == {"business_licence", "inspection_report"}


def test_no_rule_is_no_permission() -> None:
    assert required("packaging", "CN", "dairy") == ()
    assert required("manufacturer", "XX", "dairy") == ()
