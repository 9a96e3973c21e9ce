"""Fitting, on a made-up people with a seed."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.clones import highest, history, seen, starts
from benchmarks.population import Map, People, copied, honest
from traceability.clone_fitting import BUDGET, History, fit
from traceability.suspicion import Model


def test_nothing_leaves_the_default() -> None:
    model = fit(History([], np.zeros(0), {}))
    assert model.threshold == Model.DEFAULT.threshold
    assert model.moves == pytest.approx(Model.DEFAULT.moves, abs=1e-6)
    assert model.reach == pytest.approx(Model.DEFAULT.reach)
    assert model.places == {}


def test_an_unseen_people_is_left_in_peace_and_its_copies_are_found() -> None:
    """Far inside of what the benchmark measures, so that it fails for a broken model and not by chance."""
    model = fit(history(seed=31, items=15_000))
    assert 7 < model.threshold < 12
    assert sum(model.tempo) == pytest.approx(1)
    assert model.places["CN-31"] == max(model.places.values())
    chance = np.random.default_rng(32)
    people = People.drawn(chance)
    country = Map(people.zipf, chance)
    scores = []
    for looks, most in ((honest(people, country, 20_000, chance), 10**9), (copied(people, country, 200, chance), 12)):
        begin, end = starts(looks)
        again = end - begin > 1
        scores.append(highest(([model], seen(looks, country.codes, begin[again], end[again]), most)))
    false = (scores[0][:, 0, 2] >= model.threshold).sum()
    assert false <= 10 * BUDGET * 20_000 / 1e6
    assert (scores[1][:, 0, 1] >= model.threshold).mean() > 0.75
