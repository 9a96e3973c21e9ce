"""The books of lots, sites and steps."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.errors import Invalid
from tests.traceability.mass_balance.books import START, moved
from traceability.mass_balance import Step, of_lot, of_site, of_step

DAY = timedelta(days=1)


def test_a_lot_in_units_of_one_dimension() -> None:
    account = of_lot(
        [moved("received", 2, "TNE"), moved("used", 1500, "KGM", hour=1), moved("sampled", 250, "GRM", hour=2)], "M-1", uom="KGM"
    )
    assert (account.inflow, account.outflow, account.left) == (2000, Decimal("1500.25"), Decimal("499.75"))
    assert (account.excess, account.short, account.unknown) == (0, 0, ())


def test_the_account_speaks_the_unit_of_what_came_in_first() -> None:
    account = of_lot([moved("shipped", 300, "GRM"), moved("received", 1, "KGM", hour=1)], "M-1")
    assert (account.uom, account.outflow, account.left) == ("KGM", Decimal("0.3"), Decimal("0.7"))
    assert of_lot([moved("shipped", 300, "GRM")], "M-1").uom == "GRM"


def test_more_out_than_in_is_an_excess_only_beyond_the_tolerance() -> None:
    told = [moved("received", 1000), moved("shipped", 1010, hour=1)]
    assert [of_lot(told, "M-1", tolerance=Decimal(share)).excess for share in ("0", "0.009", "0.01")] == [10, 10, 0]


def test_what_cannot_be_compared_is_named_and_in_no_sum() -> None:
    told = [
        moved("received", 10),
        moved("sold", 5, "H87", hour=1),
        moved("sold", 5, "??", hour=2),
        moved("sold", 5, "LTR", hour=3),
        moved("sold", 4, hour=4),
    ]
    account = of_lot(told, "M-1")
    assert ([each.uom for each in account.unknown], account.outflow) == (["H87", "??", "LTR"], 4)


def test_pieces_are_compared_with_what_they_hold_only_where_that_is_given() -> None:
    told = [moved("received", 100, "LTR"), moved("sold", 100, "H87", hour=1)]
    assert len(of_lot(told, "M-1").unknown) == 1
    account = of_lot(told, "M-1", contents={"M-1": (Decimal(950), "MLT")})
    assert (account.outflow, account.unknown) == (95, ())


def test_conversions_without_an_end_do_not_make_an_excess() -> None:
    told = [moved("received", "0.45359237", "KGM"), *(moved("sold", "0.1", "LBR", hour=hour) for hour in range(1, 11))]
    for uom in ("KGM", "LBR", "TNE"):
        assert of_lot(told, "M-1", uom=uom).excess == 0, uom


def test_other_lots_are_passed_over_and_a_lot_that_never_moved_is_refused() -> None:
    told = [moved("received", 10), moved("received", 99, lot="M-2")]
    assert of_lot(told, "M-1").inflow == 10
    with pytest.raises(Invalid):
        of_lot(told, "M-3")


@pytest.mark.parametrize(("kind", "quantity", "rule"), [("lost", 1, "choice"), ("sold", -1, "positive"), ("sold", "NaN", "number")])
def test_a_movement_that_cannot_be_is_refused(kind: str, quantity: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        moved(kind, quantity)
    assert [flaw["rule"] for flaw in refused.value.errors] == [rule]


def test_what_a_foreign_event_may_claim_stays_exact() -> None:
    account = of_lot([moved("received", "1e300"), moved("sold", "1e300", hour=1), moved("sold", "0.000001", hour=2)], "M-1")
    assert account.excess == Decimal("0.000001")


def test_a_site_has_an_account_for_each_dimension_and_brings_forward_what_was_there() -> None:
    told = [
        moved("received", 100, hour=-48),
        moved("used", 40, hour=-47),
        moved("used", 50, hour=1),
        moved("produced", 48, "H87", hour=1, lot="B-1"),
        moved("sold", 9, "XX", hour=2, lot="B-1"),
        moved("used", 60, hour=30),
        moved("received", 5, hour=3, site="shop"),
    ]
    mass, pieces = of_site(told, START, START + DAY, site="dairy")
    assert (mass.uom, mass.brought, mass.inflow, mass.outflow, mass.left) == ("KGM", 60, 60, 50, 10)
    assert (pieces.uom, pieces.inflow, pieces.outflow) == ("H87", 48, 0)
    assert [each.uom for each in mass.unknown] == [each.uom for each in pieces.unknown] == ["XX"]


def test_an_overdraft_is_told_once_in_the_time_in_which_it_arose() -> None:
    told = [moved("received", 10), moved("sold", 30, hour=1), moved("received", 10, hour=24), moved("sold", 15, hour=25)]
    days = [of_site(told, START + day * DAY, START + (day + 1) * DAY)[0] for day in range(3 - 1)]
    assert [(day.brought, day.excess) for day in days] == [(0, 20), (-20, 5)]
    whole = of_site(told, START, START + 2 * DAY)[0]
    assert whole.excess == sum(day.excess for day in days)


def test_only_units_that_nobody_knows_are_an_account_of_their_own() -> None:
    (account,) = of_site([moved("received", 1, "XX")], START, START + DAY)
    assert (account.uom, account.inflow, len(account.unknown)) == ("XX", 1, 0)


def test_a_step_yields_what_is_expected_of_it() -> None:
    def account(made: int):  # type: ignore[no-untyped-def]
        step = Step("e", START, "dairy", (("M-1", Decimal(1), "TNE"), ("CAP", Decimal(9), "H87")), (("C-1", Decimal(made), "KGM"),))
        return of_step(step, expected=Decimal("0.1"), tolerance=Decimal("0.05"))

    good, much, little = account(103), account(106), account(90)
    assert (good.uom, good.inflow, good.allowed, good.tolerance) == ("KGM", 1000, 100, 5)
    assert [(each.excess, each.short) for each in (good, much, little)] == [(0, 0), (6, 0), (0, 10)]
    assert [each.lot for each in good.unknown] == ["CAP"]


def test_a_step_into_pieces_is_compared_by_what_they_hold() -> None:
    step = Step("e", START, "dairy", (("M-1", Decimal(1000), "LTR"),), (("B-1", Decimal(1060), "H87"),))
    account = of_step(step, contents={"B-1": (Decimal("0.95"), "LTR")})
    assert (account.uom, account.outflow, account.excess) == ("LTR", 1007, 7)
    with pytest.raises(Invalid):
        of_step(Step("e", START, "dairy", (), ()))
