"""The score of a supplier: it adds up, it explains itself, and it knows when it knows nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.score import LIMITS, Asked, Conduct, Renewal, score

KINDS = ("business_licence", "food_production", "inspection_report")
WELL = Conduct(asked=tuple(Asked(kind, "verified") for kind in KINDS), handed_in=5, lots=100)


def test_a_supplier_with_everything_in_force_has_all_points_and_a_reason() -> None:
    got = score(WELL)
    assert (got.points, got.grade) == (100, "A")
    assert [reason.code for reason in got.reasons] == ["score.all_well"]


@pytest.mark.parametrize(
    ("conduct", "points", "grade", "codes"),
    [
        (Conduct(asked=(Asked("food_production", "expiring"),), handed_in=1), 98, "A", ["score.paper.expiring"]),
        (Conduct(asked=(Asked("food_production", "lapsed"),), handed_in=1), 85, "B", ["score.paper.lapsed"]),
        (Conduct(asked=tuple(Asked(kind, "missing") for kind in KINDS), handed_in=1), 40, "D", ["score.paper.missing"] * 3),
        (Conduct(asked=tuple(Asked(kind, "missing") for kind in KINDS * 3), handed_in=1), 40, "D", ["score.paper.missing"] * 9),
        (Conduct(asked=(Asked("organic", "verified"),), renewals=(Renewal("organic", -3),)), 92, "A", ["score.renewal.late"]),
        (Conduct(asked=(Asked("organic", "verified"),), renewals=(Renewal("organic", 5, 30),)), 97, "A", ["score.renewal.close"]),
        (Conduct(asked=(Asked("organic", "verified"),), renewals=(Renewal("organic", 40, 30),)), 100, "A", ["score.all_well"]),
        (Conduct(asked=(Asked("organic", "verified"),), handed_in=20, rejected=3), 94, "A", ["score.care.rejected"]),
        (Conduct(asked=(Asked("organic", "verified"),), handed_in=2, rejected=9), 85, "B", ["score.care.rejected"]),
        (Conduct(asked=(Asked("organic", "verified"),), conflicts=9), 70, "C", ["score.trust.conflict"]),
        (
            Conduct(asked=(Asked("organic", "verified"),), revoked=1, overridden=1),
            90,
            "A",
            ["score.trust.overridden", "score.trust.revoked"],
        ),
        (Conduct(asked=(Asked("organic", "verified"),), lots=100, lots_held=1), 95, "A", ["score.lots.held"]),
    ],
)
def test_every_reason_costs_what_the_table_says(conduct: Conduct, points: int, grade: str, codes: list[str]) -> None:
    got = score(conduct)
    assert (got.points, got.grade) == (points, grade)
    assert [reason.code for reason in got.reasons] == codes


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert score(Conduct()).points is None
    nothing = score(Conduct(asked=(Asked("organic", "missing"),)))
    assert (nothing.points, nothing.grade, nothing.reasons[0].code) == (None, None, "score.nothing_shown")
    assert score(Conduct(asked=(Asked("organic", "missing"),), handed_in=1)).points == 80


def test_a_standing_that_is_not_known_is_as_bad_as_none() -> None:
    assert score(Conduct(asked=(Asked("organic", "brand new word"),), handed_in=1)).points == 80


COUNT = st.integers(0, 50)
STANDINGS = ["verified", "expiring", "lapsed", "missing", "rejected", "revoked", "suspended", "submitted", "needs_person", "superseded"]
CONDUCT = st.builds(
    Conduct,
    asked=st.lists(st.builds(Asked, st.sampled_from(KINDS), st.sampled_from(STANDINGS)), min_size=1, max_size=9).map(tuple),
    renewals=st.lists(st.builds(Renewal, st.sampled_from(KINDS), st.integers(-60, 120), st.integers(0, 90)), max_size=6).map(tuple),
    handed_in=COUNT,
    rejected=COUNT,
    revoked=COUNT,
    overridden=COUNT,
    conflicts=COUNT,
    lots=COUNT,
    lots_held=COUNT,
)


@given(CONDUCT)
def test_the_reasons_add_up_and_no_group_costs_more_than_its_limit(conduct: Conduct) -> None:
    got = score(conduct)
    if got.points is None:
        return
    assert got == score(conduct)
    assert got.reasons
    assert got.points == max(0, 100 + sum(reason.points for reason in got.reasons))
    assert all(reason.points <= 0 for reason in got.reasons)
    for group, limit in LIMITS.items():
        head = "score.paper." if group == "papers" else f"score.{group}."
        assert -limit <= sum(reason.points for reason in got.reasons if reason.code.startswith(head))
    assert (got.points >= 90) == (got.grade == "A")
