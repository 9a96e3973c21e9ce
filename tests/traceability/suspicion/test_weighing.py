"""Owners, postings and copies, as their looks tell them apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import isfinite
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.suspicion import Followed, Model, Seen, follow, places, recall

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
CITIES = ("CN-31", "CN-11", "CN-4403", "CN-5101", "CN-2301", "CN-6101", "CN-4201", "CN-3501", "CN-6501", "CN-5301", "CN-3701", "CN-2101")
AROUND_HANGZHOU = ("CN-3301", "CN-3304", "CN-3306", "CN-3302", "CN-3305")


def after(looks: Iterable[tuple[float, int | None, str | None]], model: Model = Model.DEFAULT) -> list[Followed]:
    """What is thought after each look: (days, device, region)."""
    told: list[Followed] = []
    for days, device, region in looks:
        told.append(follow(model, told[-1].trail if told else None, Seen(BEGIN + timedelta(days=days), device, region)))
    return told


@given(st.lists(st.floats(0, 700), min_size=1, max_size=60), st.sampled_from([*CITIES, None]), st.one_of(st.none(), st.integers(0, 9)))
def test_one_owner_with_one_device_in_one_place_is_never_suspected(days: list[float], region: str | None, device: int | None) -> None:
    told = after((day, device, region) for day in sorted(days))
    assert max(each.log_odds for each in told) < 0.1
    assert not any(each.suspected or each.reasons for each in told)


def test_a_family_at_home_is_not_suspected() -> None:
    told = after([(0, 1, "CN-3301"), (0.1, 2, "CN-3301"), (3, 3, "CN-3301"), (9, 4, "CN-3301"), (30, 5, "CN-3306"), (31, 1, "CN-3301")])
    assert not any(each.suspected for each in told)


def test_new_faces_from_new_places_for_weeks_are_suspected_with_their_reasons() -> None:
    told = after((5.0 * n, n, city) for n, city in enumerate(CITIES[:6]))
    assert [each.suspected for each in told[:2]] == [False, False]
    assert told[-1].suspected
    assert told[-1].probability > 0.9
    reasons = dict(told[-1].reasons)
    assert reasons["devices"] == {"count": 6}
    assert reasons["regions"]["count"] == 6
    assert 1600 < reasons["regions"]["km"] < 1750  # Shanghai to Harbin
    assert reasons["tempo"] == {"days": 25}


def test_copies_around_one_place_are_suspected_too() -> None:
    told = after((4.0 * n, n, AROUND_HANGZHOU[n % 5]) for n in range(12))
    assert told[-1].suspected


@pytest.mark.parametrize("quiet_days", [0.01, 20.0])
def test_a_posted_photograph_is_not_suspected(quiet_days: float) -> None:
    chance = Random(4)
    days = sorted(quiet_days + chance.expovariate(1.2) for _ in range(40))
    told = after([(0, 0, "CN-3301"), *((day, n, chance.choice(CITIES)) for n, day in enumerate(days, 1))])
    assert not any(each.suspected for each in told)


def test_a_posting_does_not_hide_the_copies_after_it() -> None:
    chance = Random(4)
    posted = [(day, n, chance.choice(CITIES)) for n, day in enumerate(sorted(chance.expovariate(1.2) for _ in range(40)))]
    copies = [(15 + 3.0 * n, 100 + n, CITIES[n % 12]) for n in range(25)]
    told = after([*posted, *copies])
    assert not any(each.suspected for each in told[:40])
    assert told[-1].suspected


def test_what_is_not_known_of_a_look_says_nothing() -> None:
    told = after([(0, 1, "CN-3301"), (5, None, None), (9, None, "CN-3301"), (12, None, "CN-33")])
    known = after([(0, 1, "CN-3301"), (5, 1, "CN-3301"), (9, 1, "CN-3301"), (12, 1, "CN-3301")])
    assert [each.log_odds for each in told[:3]] == pytest.approx([each.log_odds for each in known[:3]])


def test_two_looks_at_once_may_come_in_either_order() -> None:
    one, other = Seen(BEGIN + timedelta(days=2), 2, "CN-11"), Seen(BEGIN + timedelta(days=2), 3, "CN-4403")
    first = follow(Model.DEFAULT, None, Seen(BEGIN, 1, "CN-31")).trail
    ends = []
    for pair in ((one, other), (other, one)):
        trail = first
        for seen in pair:
            followed = follow(Model.DEFAULT, trail, seen)
            trail = followed.trail
        ends.append(followed)
    assert ends[0].log_odds == pytest.approx(ends[1].log_odds, abs=0.5)
    assert ends[0].reasons == ends[1].reasons


def test_unused_labels_and_suspected_neighbours_weigh() -> None:
    plain = follow(Model.DEFAULT, None, Seen(BEGIN, 1, "CN-31"))
    unused = follow(Model.DEFAULT, None, Seen(BEGIN, 1, "CN-31", unused=True))
    assert unused.log_odds - plain.log_odds == pytest.approx(Model.DEFAULT.unused, abs=0.01)
    assert unused.reasons == (("unused", {}),)
    assert not unused.suspected
    near = follow(Model.DEFAULT, None, Seen(BEGIN, 1, "CN-31"), neighbours=9)
    assert near.log_odds - plain.log_odds == pytest.approx(3 * Model.DEFAULT.neighbour, abs=0.01)
    assert near.reasons == (("neighbours", {"count": 9}),)


def test_the_threshold_and_the_prior_are_the_models() -> None:
    looks = [(5.0 * n, n, city) for n, city in enumerate(CITIES[:3])]
    usual = after(looks)[-1]
    eager = after(looks, replace(Model.DEFAULT, threshold=usual.log_odds - 0.1))[-1]
    believing = after(looks, replace(Model.DEFAULT, prior=0.0))[-1]
    assert (usual.suspected, eager.suspected) == (False, True)
    assert believing.probability > usual.probability


def test_it_can_be_told_again_without_a_look() -> None:
    told = after((5.0 * n, n, city) for n, city in enumerate(CITIES[:6]))[-1]
    again = recall(Model.DEFAULT, told.trail)
    assert again.log_odds == pytest.approx(told.log_odds, abs=0.1)
    assert (again.suspected, again.reasons, again.trail) == (told.suspected, told.reasons, told.trail)
    assert (places(told.trail), places("broken"), places(None)) == (6, 0, 0)
    assert recall(Model.DEFAULT, "broken").suspected is False


def test_news_is_a_new_face_or_the_look_that_made_it_suspected() -> None:
    told = after((5.0 * n, n, city) for n, city in enumerate(CITIES[:6]))
    first = next(place for place, each in enumerate(told) if each.suspected)
    assert [each.is_news for each in told] == [place >= first for place in range(6)]
    looks = [(5.0 * n, n, city) for n, city in enumerate(CITIES[:6])]
    again = after([*looks, (25.01, 3, CITIES[3]), (25.02, 3, CITIES[3])])
    assert [(each.suspected, each.is_news) for each in again[-2:]] == [(True, False), (True, False)]
    assert not recall(Model.DEFAULT, again[-1].trail).is_news


def test_a_known_device_may_be_the_one_that_crosses() -> None:
    """Days pass without a new face, and the posting that could have explained the faces is over."""
    looks = [(0.0, 0, "CN-31"), *((0.4 + 0.01 * n, n, city) for n, city in enumerate(CITIES[1:7], 1))]
    before = after(looks)[-1]
    later = after([*looks, (0.6, 1, CITIES[1])])[-1]
    assert before.log_odds != later.log_odds
    between = replace(Model.DEFAULT, threshold=(before.log_odds + later.log_odds) / 2)
    crossing = follow(between, before.trail, Seen(BEGIN + timedelta(days=0.6), 1, CITIES[1]))
    assert crossing.suspected == crossing.is_news == (later.log_odds > before.log_odds)


def test_neighbours_weigh_without_a_look_too() -> None:
    told = after((5.0 * n, n, city) for n, city in enumerate(CITIES[:6]))[-1]
    alone, near = recall(Model.DEFAULT, told.trail), recall(Model.DEFAULT, told.trail, 2)
    assert near.log_odds - alone.log_odds == pytest.approx(2 * Model.DEFAULT.neighbour)
    assert near.probability > alone.probability
    assert near.reasons == (*alone.reasons, ("neighbours", {"count": 2}))


@given(
    st.lists(st.tuples(st.floats(0, 30), st.integers(0, 9), st.sampled_from([*CITIES, None])), min_size=2, max_size=40),
    st.floats(1, 1000),
    st.floats(0.1, 5),
)
def test_no_fitted_model_and_no_rounding_breaks_it(looks: list[tuple[float, int, str | None]], faces: float, days: float) -> None:
    model = replace(Model.DEFAULT, posted_faces=(2.5, faces, faces, faces), posted_days=(0.6, days, days, days))
    told = after(sorted(looks, key=lambda look: look[0]), model)
    assert all(isfinite(each.log_odds) for each in told)
    assert recall(model, told[-1].trail).trail == told[-1].trail


def test_a_posting_that_seems_to_begin_after_the_last_look_is_weighed() -> None:
    model = replace(Model.DEFAULT, posted_faces=(2.5, 1000.0, 1000.0, 1000.0), posted_days=(0.6, 0.1, 0.1, 0.1))
    days = 1 + 1000 / 1440  # 1.69444…, kept as 1.694; the next ends in …58, kept rounded up
    for minute in range(30):
        told = after([(0, 0, "CN-31"), (days + minute / 1440, 1, "CN-11"), (days + minute / 1440, 2, "CN-4403")], model)
        assert isfinite(told[-1].log_odds)
        assert isfinite(recall(model, told[-1].trail).log_odds)
