"""Copied labels found, and honest owners left in peace: a made-up people that the parameters never saw.

    python benchmarks/clones.py [--seed N] [--quick] [--rounds N]

Two peoples are drawn (``benchmarks.population``), each with numbers of its own: one, of another seed, is the
history that the model and its threshold are fitted to as they are every night (0.2 in a thousand of its
items are copies that nobody told of); the other, of ``--seed``, is watched look by look by ``suspicion.follow``, from the
first look on and through the text that is kept between looks. An item with one look cannot alarm and is
not followed. More ``--rounds`` take the seeds after it as well: the figures are then those of all together.

An honest item is a false alarm if it was suspected at any look in its 90 days. A copied one is found if it was suspected within
its first 12 looks (or 5), however few it has. Peers in the same run, on the same looks: what is done elsewhere,
and everybody's first idea. Last line: detected and false_per_million, detected_after_5, the threshold,
seed, items, clones, budget, the peers' [false per million, detected, detected after 5], the default model's the same.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.habit import arguments, emit, note
from benchmarks.population import SEEN_FOR, Looks, Map, People, copied, honest
from traceability.clone_fitting import BUDGET, History, fit
from traceability.suspicion import Model, Seen, follow

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
COPIED_IN_HISTORY = 0.0002
FIRST, LONG = 5, 12
WORKERS = 2


def starts(looks: Looks) -> tuple[np.ndarray, np.ndarray]:
    """Rows at which an item begins, and at which it ends."""
    begin = np.flatnonzero(np.r_[True, looks.item[1:] != looks.item[:-1]])
    return begin, np.r_[begin[1:], len(looks.item)]


def seen(looks: Looks, codes: list[str], begin: np.ndarray, end: np.ndarray) -> list[list[Seen]]:
    minutes, devices, unused = looks.minute.tolist(), looks.device.tolist(), looks.unused.tolist()
    places = [codes[place] if place >= 0 else None for place in looks.region.tolist()]
    return [
        [Seen(EPOCH + timedelta(minutes=minutes[i]), devices[i], places[i], unused[i]) for i in range(a, b)]
        for a, b in zip(begin.tolist(), end.tolist(), strict=True)
    ]


def history(seed: int, items: int) -> History:
    """What a brand has: honest items, and some copies among them."""
    chance = np.random.default_rng(seed)
    people = People.drawn(chance)
    country = Map(people.zipf, chance)
    mine, theirs = honest(people, country, items, chance), copied(people, country, max(int(items * COPIED_IN_HISTORY), 1), chance)
    theirs.item += items
    looks = Looks(*(np.concatenate(pair) for pair in zip(vars(mine).values(), vars(theirs).values(), strict=True)))
    begin, end = starts(looks)
    again = end - begin > 1
    age = (max(int(looks.minute.max()), SEEN_FOR) - looks.minute[begin]) / 1440
    places, counts = np.unique(looks.region[looks.region >= 0], return_counts=True)
    return History(
        seen(looks, country.codes, begin[again], end[again]),
        np.r_[age[again], age[~again]],
        {country.codes[place]: int(count) for place, count in zip(places, counts, strict=True)},
    )


def highest(work: tuple[list[Model], list[list[Seen]], int]) -> np.ndarray:
    """For each item and model the highest log odds within FIRST, LONG and all of its looks; ``most`` are followed."""
    models, items, most = work
    return np.array([[_highest(model, looks, most) for model in models] for looks in items]).reshape(-1, len(models), 3)


def _highest(model: Model, looks: list[Seen], most: int) -> list[float]:
    trail, best, kept = None, 0.0, []
    for number, each in enumerate(looks[:most], start=1):
        followed = follow(model, trail, each)
        trail, best = followed.trail, max(best, followed.log_odds)
        if number in (FIRST, LONG):
            kept.append(best)
    return [*kept, *[best] * (3 - len(kept))]


def followed(models: list[Model], items: list[list[Seen]], most: int) -> np.ndarray:
    parts = [(models, items[begin : begin + 5000], most) for begin in range(0, len(items), 5000)]
    with ProcessPoolExecutor(WORKERS) as pool:
        return np.concatenate(list(pool.map(highest, parts)))


def _within(looks: Looks, most: int | None) -> Looks:
    if most is None:
        return looks
    begin, end = starts(looks)
    row = np.arange(len(looks.item)) - np.repeat(begin, end - begin)
    return Looks(*(column[row < most] for column in vars(looks).values()))


def _different(looks: Looks, column: np.ndarray, items: int) -> np.ndarray:
    pairs = np.unique(np.stack([looks.item, column])[:, column >= 0], axis=1)
    return np.bincount(pairs[0], minlength=items)


def _fast(looks: Looks, country: Map, items: int) -> np.ndarray:
    """Items that moved faster than an airliner between two looks that follow each other, by more than 100 km."""
    known = looks.region >= 0
    item, place, minute = looks.item[known], looks.region[known], looks.minute[known]
    km = country.km[place[:-1], place[1:]]
    hours = np.maximum(minute[1:] - minute[:-1], 1) / 60
    hit = (item[1:] == item[:-1]) & (km > 100) & (km / hours > 900)
    return np.bincount(item[1:][hit], minlength=items) > 0


PEERS: dict[str, Callable[[Looks, Map, int], np.ndarray]] = {
    "more_than_5_scans": lambda looks, _, items: np.bincount(looks.item, minlength=items) > 5,
    "4_devices": lambda looks, _, items: _different(looks, looks.device, items) >= 4,
    "3_cities": lambda looks, _, items: _different(looks, looks.region, items) >= 3,
    "4_cities": lambda looks, _, items: _different(looks, looks.region, items) >= 4,
    "900_km_h": _fast,
}


def one(seed: int, models: list[Model], items: int, clones: int) -> dict[str, np.ndarray]:
    """Counts of one people: for each rule honest items alarmed, copies found within LONG and within FIRST looks."""
    chance = np.random.default_rng(seed)
    people = People.drawn(chance)
    country = Map(people.zipf, chance)
    mine, theirs = honest(people, country, items, chance), copied(people, country, clones, chance)
    counts = {
        name: np.array([rule(mine, country, items).sum(), *(rule(_within(theirs, most), country, clones).sum() for most in (LONG, FIRST))])
        for name, rule in PEERS.items()
    }
    scores = []
    for looks, most in ((mine, 10**9), (theirs, LONG)):
        begin, end = starts(looks)
        again = end - begin > 1
        scores.append(followed(models, seen(looks, country.codes, begin[again], end[again]), most))
    for place, name in enumerate(("fitted", "default")):
        limit = models[place].threshold
        ours, others = scores[0][:, place], scores[1][:, place]
        counts[name] = np.array([(ours[:, 2] >= limit).sum(), (others[:, 1] >= limit).sum(), (others[:, 0] >= limit).sum()])
    return counts


def with_seed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=4711, help="of the people that are watched")


def main() -> None:
    given = arguments(__doc__.splitlines()[0], seed=with_seed)
    learnt, items, clones = (100_000, 150_000, 1_000) if given.quick else (400_000, 1_000_000, 5_000)
    rounds = given.rounds or 1
    began = time.perf_counter()
    taught = given.seed + 1_000_003
    model = fit(history(taught, learnt))
    note(f"fitted to {learnt} items of seed {taught} in {time.perf_counter() - began:.0f} s: threshold {model.threshold:.2f}")
    sums: dict[str, np.ndarray] = {}
    for seed in range(given.seed, given.seed + rounds):
        counts = one(seed, [model, Model.DEFAULT], items, clones)
        sums = {name: sums.get(name, 0) + count for name, count in counts.items()}
        alarms, found, early = counts["fitted"]
        note(f"seed {seed}: {alarms / items * 1e6:.0f} false per million, {found / clones:.1%} found, {early / clones:.1%} in {FIRST}")
    pairs = {
        name: [round(float(a) / items / rounds * 1e6), round(float(b) / clones / rounds, 4), round(float(c) / clones / rounds, 4)]
        for name, (a, b, c) in sums.items()
    }
    false, detected, early_share = pairs.pop("fitted")
    emit(
        detected=detected,
        false_per_million=false,
        detected_after_5=early_share,
        threshold=round(model.threshold, 3),
        budget=BUDGET,
        seed=given.seed,
        history_seed=taught,
        items=items * rounds,
        clones=clones * rounds,
        default=pairs.pop("default"),
        peers=pairs,
        seconds=round(time.perf_counter() - began, 1),
    )


if __name__ == "__main__":
    main()
