"""The fewest events behind an excess, against all sets there are; and the slips of one hand."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.traceability.mass_balance.books import START, moved
from traceability.mass_balance import Account, Explanation, Step, explain, of_lot, of_step

AMOUNTS = st.decimals(min_value=0, max_value=40, places=1)


def _lot(inward: object, *outward: object, tolerance: str = "0", uom: str = "KGM") -> Account:
    told = [
        moved("received", str(inward), uom),
        *(moved("shipped", str(each), uom, hour=24 * at, event=f"e{at}") for at, each in enumerate(outward, 1)),
    ]
    return of_lot(told, "M-1", tolerance=Decimal(tolerance))


def _brute(account: Account, net: dict[str, Decimal]) -> tuple[int, Decimal] | None:
    """Size and distance of the best set, by looking at every one."""
    least = account.excess - account.tolerance
    for size in range(len(net) + 1):
        sums = [sum(chosen, Decimal(0)) for chosen in combinations(net.values(), size)]
        enough = [abs(each - account.excess) for each in sums if each >= least]
        if enough:
            return size, min(enough)
    return None


@settings(max_examples=150, deadline=None)
@given(AMOUNTS, st.lists(AMOUNTS, max_size=9), st.sampled_from(["0", "0.05", "0.5"]))
def test_it_is_the_smallest_and_among_those_the_closest(inward: Decimal, outward: list[Decimal], tolerance: str) -> None:
    account = _lot(inward, *outward, tolerance=tolerance)
    found = explain(account, most=9)
    assert found.proven
    if not account.excess:
        assert found == Explanation((), Decimal(0), True, True, None, ())
        return
    amounts = {f"e{at}": each for at, each in enumerate(outward, 1)}
    assert (len(found.events), abs(found.total - account.excess)) == _brute(account, amounts)
    assert found.total == sum(amounts[event] for event in found.events)
    assert found.fits == (abs(found.total - account.excess) <= account.tolerance)
    rest = [amount for event, amount in amounts.items() if event not in found.events]
    assert not _lot(inward, *rest, tolerance=tolerance).excess


@settings(max_examples=40, deadline=None)
@given(st.lists(AMOUNTS, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_in_which_movements_are_told_changes_nothing(outward: list[Decimal], random: Random) -> None:
    account = _lot(1, *outward)
    told = [line.movement for line in account.lines]
    random.shuffle(told)
    assert explain(of_lot(told, "M-1")) == explain(account)


def test_one_event_that_is_the_excess_itself() -> None:
    found = explain(_lot(1000, 600, 400, 250))
    assert (found.events, found.total, found.fits) == (("e3",), 250, True)


def test_when_so_many_are_not_enough_it_says_so() -> None:
    account = _lot(7, *[1] * 16)
    assert explain(account, most=8) == Explanation((), Decimal(0), False, True, 8, ())
    assert len(explain(account, most=9).events) == 9


def test_an_event_that_gave_as_much_as_it_took_explains_nothing() -> None:
    told = [
        moved("received", 10),
        moved("used", 50, hour=1, event="rework"),
        moved("produced", 50, hour=1, event="rework"),
        moved("sold", 15, hour=2),
    ]
    assert explain(of_lot(told, "M-1")).events == ("sold-2",)


def test_a_hard_search_ends_and_admits_what_it_did_not_prove() -> None:
    random = Random(5)
    outward = [random.randrange(10**11, 10**12) for _ in range(200)]
    account = _lot(sum(outward) - 5 * 10**12 - 123457, *outward)
    began = time.perf_counter()
    hard = explain(account, most=20, work=3000)
    assert time.perf_counter() - began < 2
    assert (len(hard.events), hard.proven) == (6, False)
    assert hard.total >= account.excess


def test_five_thousand_movements_are_looked_through() -> None:
    account = _lot(5290, *[1] * 4990, *range(20, 60))
    found = explain(account, most=40)
    assert found.proven
    assert (found.total, found.fits) == (account.excess, True)


def _slips(account: Account) -> list[tuple[str, str]]:
    return [(slip.kind, slip.movement.event_id) for slip in explain(account).slips]


def test_a_zero_too_many_is_named() -> None:
    found = explain(_lot(1000, 300, 4000, 300))
    assert found.events == ("e2",)
    (slip,) = found.slips
    assert (slip.kind, slip.movement.event_id, slip.quantity, slip.uom, slip.left) == ("tenfold", "e2", 400, "KGM", 0)
    assert _slips(_lot(1000, 300, 400000, 300)) == [("unit", "e2")], "what is a thousandfold in kilograms is tonnes for kilograms"
    assert _slips(_lot(30, 10, 10000, 10, uom="H87")) == [("thousandfold", "e2")]


def test_a_zero_too_few_at_the_door_is_named() -> None:
    assert _slips(_lot(100, 300, 400, 300)) == [("tenfold", "received-0")]


def test_grams_that_were_written_as_kilograms_are_named() -> None:
    account = _lot(20, 5, 7, 8000)
    (slip,) = explain(account).slips
    assert (slip.kind, slip.movement.event_id, slip.quantity, slip.uom) == ("unit", "e3", 8000, "GRM")


def test_pounds_that_were_written_as_kilograms_are_named() -> None:
    assert _slips(_lot("95.359237", 50, 100)) == [("unit", "e2")]


def test_the_same_told_twice_is_named() -> None:
    told = [moved("received", 900), *(moved("shipped", 300, hour=hour, event=f"e{hour}") for hour in (24, 48, 72, 96))]
    closed = explain(of_lot(told, "M-1"))
    assert closed.fits
    assert {(slip.kind, slip.other) for slip in closed.slips} == {("twice", "e24"), ("twice", "e48"), ("twice", "e72")}
    told[4] = moved("shipped", 300, hour=72, event="e72-again")
    told[0] = moved("received", 1000)
    (slip,) = explain(of_lot(told, "M-1")).slips
    assert (slip.movement.event_id, slip.other, slip.left) == ("e72-again", "e72", 100), "nothing fits, but they came at once"


def test_among_many_alike_the_one_that_stands_out_is_named_though_some_is_left() -> None:
    assert _slips(_lot(1000, 95, 100, 105, 98, 1000)) == [("tenfold", "e5")]
    assert _slips(_lot(1000, 95, 500, 505, 98, 300)) == [], "any of them may be too much: no evidence, no name"


def test_a_slip_in_a_step_is_weighed_with_what_the_step_yields() -> None:
    step = Step("e", START, "dairy", (("M-1", Decimal(100), "KGM"),), (("C-1", Decimal(100), "KGM"),))
    (slip, *_) = explain(of_step(step, expected=Decimal("0.1"), tolerance=Decimal("0.01"))).slips
    assert (slip.kind, slip.left) == ("tenfold", 0)
    kinds = {each.movement.kind for each in explain(of_step(step, expected=Decimal("0.1"))).slips}
    assert kinds == {"used", "produced"}, "either side may have slipped"


def test_a_duplicate_an_hour_apart_is_one_and_a_day_apart_is_not() -> None:
    for gap, slips in ((timedelta(hours=1), 1), (timedelta(days=1), 0)):
        told = [
            moved("received", 100),
            moved("sold", 80, hour=1),
            moved("sold", 80, hour=1 + int(gap.total_seconds() // 3600), event="again"),
        ]
        assert len([slip for slip in explain(of_lot(told, "M-1")).slips if slip.kind == "twice"]) == slips
