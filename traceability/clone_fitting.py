"""Fits ``suspicion.Model`` to how a product's items were looked at.

Runs in the worker only: statsmodels takes its time to import and is never on a request's path.
Knows no table: histories in, a model out.

A history holds copies and postings that nobody told us of. So each item counts as an owner's by as
much as the model so far believes that (expectation maximisation, ROUNDS times), and every number is
drawn towards the default by as many made-up observations of it as are said below: few data change little.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Any

import numpy as np

from traceability import regions
from traceability.suspicion import Model, Seen
from traceability.suspicion.model import EDGES, LATER, MIDDLE, NEAR
from traceability.suspicion.weighing import Face, Stories, add, begin, weigh

ROUNDS = 3
BUDGET = 100.0
"""False alarms per million items that a brand is ready to bear."""
AIM = 0.4
"""Share of the budget at which the threshold aims: the tail is an estimate, and people change."""
BODY, TAIL = 5000.0, 1000.0
"""Items per million beyond the two log odds between which the slope of the tail is taken."""
FEW_ITEMS = 20_000
"""With so many items the fitted threshold counts as much as the default."""
CLEARLY = 4
"""Places from which on a posting is one for sure: a party has one."""
NO_PLACES = 300
"""Made-up looks, spread over all places."""
MOST_COUNTED = 20_000
"""Items whose numbers of faces are fitted: more add nothing."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class History:
    """``again``: the looks at each item that was looked at more than once, in order of time; ``ages``: days from the
    first look at each such item until the end of the history, then of all items looked at once; ``places``: looks by region."""

    again: Sequence[Sequence[Seen]]
    ages: Numbers
    places: Mapping[str, int]

    @property
    def items(self) -> int:
        return len(self.ages)


@dataclass(frozen=True)
class Told:
    """What a model makes of a history: the highest log odds of each item in ``again``, the shares to which it is an owner's,
    posted, copied; its faces, its places and, were it posted, the mean days until they
    came; and all faces, each with its item's place in the list."""

    highest: Numbers
    owner: Numbers
    posted: Numbers
    copied: Numbers
    counts: Numbers
    cities: Numbers
    decay: Numbers
    faces: list[Face]
    of: Numbers


def fit(history: History, *, now: Model = Model.DEFAULT) -> Model:
    """A model of this history, begun from ``now``."""
    model = replace(now, **_places(history.places))
    for _ in range(ROUNDS):
        model = _refined(model, history, tell(model, history))
    scans = sum(map(len, history.again)) + history.items - len(history.again)
    return replace(model, threshold=threshold(tell(model, history), history.items), items=history.items, scans=scans)


def tell(model: Model, history: History) -> Told:
    """Follow every item, as a look at a time would."""
    highest, shares, counts, faces, of = [], [], [], [], []
    for place, looks in enumerate(history.again):
        trail = begin(looks[0])
        log_odds, stories = weigh(model, trail)
        best = log_odds
        for seen in looks[1:]:
            face = add(model, trail, seen)
            if face is not None:
                faces.append(face)
                of.append(place)
            log_odds, stories = weigh(model, trail)
            best = max(best, log_odds)
        highest.append(best)
        decay = trail.wave_since / trail.wave_faces if trail.wave_faces else trail.since_first / max(trail.faces, 1)
        counts.append((trail.faces, trail.places, decay))
        shares.append(_shares(model, stories))
    owner, posted, copied = np.array(shares, dtype=float).reshape(-1, 3).T
    number, cities, decays = np.array(counts, dtype=float).reshape(-1, 3).T
    return Told(np.array(highest), owner, posted, copied, number, cities, decays, faces, np.array(of, dtype=int))


def _shares(model: Model, stories: Stories) -> tuple[float, float, float]:
    told = (stories.owner, stories.posted, stories.copied + model.prior)
    best = max(told)
    owner, posted, copied = (exp(each - best) for each in told)
    total = owner + posted + copied
    return owner / total, posted / total, copied / total


def _refined(model: Model, history: History, told: Told) -> Model:
    weight = told.owner[told.of] if len(told.of) else np.zeros(0)
    tempo = _tempo(history.ages, np.array([face.days for face in told.faces]), weight)
    moves, moves_gap = _moves(told.faces, weight)
    timed = replace(model, tempo=tempo, moves=moves, moves_gap=moves_gap, reach=_reach(told.faces, weight))
    shape, rate = _faces(timed, history.ages, told)
    posted, kinds = _postings(told, history.items)
    copied = _share(float(told.copied.sum()), history.items, 1 / (1 + exp(-model.DEFAULT.prior)), 200_000)
    return replace(timed, faces_shape=shape, faces_rate=rate, posted=posted, **kinds, prior=log(copied / (1 - copied)))


def _postings(told: Told, items: int) -> tuple[float, dict[str, Any]]:
    """Share of items posted, and how large and long-lived the postings to all the world are: from those that cannot be anything
    else, with five made-up ones. A family's chat is too much like a journey to be told apart, and keeps its share."""
    usual = Model.DEFAULT
    clear = (told.posted > 0.5) & (told.cities >= CLEARLY)
    chats = usual.posted * usual.posted_kinds[0]
    world = (float(clear.sum()) + FEW_ITEMS * (usual.posted - chats)) / (items + FEW_ITEMS)
    share = chats / (chats + world)
    days = np.sort(told.decay[clear])
    thirds = [
        _drawn(np.median(third), len(third), mean, 20) if len(third) else mean
        for third, mean in zip(np.array_split(days, 3), usual.posted_days[1:], strict=True)
    ]
    faces = (float(told.counts[clear].sum()) + 5 * usual.posted_faces[1]) / (float(clear.sum()) + 5)
    return chats + world, {
        "posted_kinds": (share, *[(1 - share) / 3] * 3),
        "posted_days": (usual.posted_days[0], *thirds),
        "posted_faces": (usual.posted_faces[0], faces, faces, faces),
    }


def _drawn(found: float, many: float, usual: float, made_up: float) -> float:
    """A positive number, drawn towards what is usual."""
    return exp((many * log(max(found, usual / 5)) + made_up * log(usual)) / (many + made_up))


def _share(found: float, items: int, usual: float, made_up: int) -> float:
    """Within a factor of five of what is usual."""
    return min(max((found + usual * made_up) / (items + made_up), usual / 5), usual * 5)


def _places(places: Mapping[str, int]) -> dict[str, Any]:
    """Shares of the regions, of one that nobody looked from yet, and how far apart two looks are."""
    known = {code: count for code, count in places.items() if regions.known(code)}
    total = sum(known.values())
    if total < NO_PLACES:
        return {}
    every = 360
    shares = {code: round((count + NO_PLACES / every) / (total + NO_PLACES), 6) for code, count in known.items()}
    codes, weights = list(shares), np.array(list(shares.values()))
    drawn = np.random.default_rng(1).choice(len(codes), (4000, 2), p=weights / weights.sum())
    km = [regions.distance_km(codes[a], codes[b]) for a, b in drawn if a != b]
    counts = _by_distance([each for each in km if each is not None]) + 100 * np.array(Model.DEFAULT.spread)
    return {
        "places": shares,
        "rare": max(round(NO_PLACES / every / (total + NO_PLACES), 6), 1e-5),
        "spread": tuple(map(float, counts / counts.sum())),
    }


def _by_distance(km: Sequence[float]) -> Numbers:
    return np.bincount(np.digitize(km, [NEAR, MIDDLE], right=True), minlength=3).astype(float) if len(km) else np.zeros(3)


def _tempo(ages: Numbers, days: Numbers, weight: Numbers) -> tuple[float, ...]:
    """Faces a slice, by the items that were old enough to have them; 300 made-up ones."""
    if not len(ages):
        return Model.DEFAULT.tempo
    ends = np.array([*EDGES, LATER])
    seen = (
        np.bincount(np.searchsorted(EDGES, days, side="right"), weights=weight, minlength=len(ends)) if len(days) else np.zeros(len(ends))
    )
    starts = np.array([0.0, *EDGES])
    passed = np.clip((ages[:, None] - starts) / (ends - starts), 0, 1).mean(axis=0)
    usual = np.array(Model.DEFAULT.tempo)
    hazard = (seen + 300 * usual * passed) / np.maximum(passed, 0.02)
    return tuple(map(float, hazard / hazard.sum()))


def _moves(faces: Sequence[Face], weight: Numbers) -> tuple[tuple[float, float, float], float]:
    """A binomial model of moving by places known and log of the gap; 20 made-up faces at each of nine points."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    usual = Model.DEFAULT
    rows = [(face.places, face.gap, face.moved, w) for face, w in zip(faces, weight, strict=True) if face.moved is not None and w > 0.01]
    for places in (1, 2, 3):
        for gap in (0.0, 3.0, 30.0):
            chance = 1 / (1 + exp(-usual.moves[places - 1] - usual.moves_gap * np.log1p(gap)))
            rows += [(places, gap, True, 20 * chance), (places, gap, False, 20 * (1 - chance))]
    places_known, gaps, moved, weights = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    against = np.column_stack([places_known == each for each in (1, 2, 3)] + [np.log1p(gaps)]).astype(float)
    one, two, more, by_gap = GLM(moved, against, family=Binomial(), freq_weights=weights).fit().params
    return (float(one), float(two), float(more)), float(by_gap)


def _reach(faces: Sequence[Face], weight: Numbers) -> tuple[float, float, float]:
    counts = 30 * np.array(Model.DEFAULT.reach)
    for face, w in zip(faces, weight, strict=True):
        if face.far is not None:
            counts[face.far] += w
    near, middle, far = map(float, counts / counts.sum())
    return near, middle, far


def _faces(model: Model, ages: Numbers, told: Told) -> tuple[float, float]:
    """Shape and rate of the mean number of an owner's faces: a negative binomial model, by the time that each item had."""
    from statsmodels.discrete.discrete_model import NegativeBinomial

    counts = np.zeros(len(ages))
    counts[: len(told.counts)] = told.counts
    kept = np.ones(len(ages), dtype=bool)
    kept[: len(told.owner)] = told.owner > 0.5
    places = np.flatnonzero(kept & (ages > 0.05))
    if len(places) > MOST_COUNTED:
        places = np.random.default_rng(1).choice(places, MOST_COUNTED, replace=False)
    usual = Model.DEFAULT
    if len(places) < 200 or counts[places].sum() < 20:
        return usual.faces_shape, usual.faces_rate
    starts = np.array([0.0, *EDGES])
    widths = np.diff([*starts, LATER])
    passed = (np.clip((ages[places, None] - starts) / widths, 0, 1) * np.array(model.tempo)).sum(axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an unfit outcome is looked at below
        fitted = NegativeBinomial(counts[places], np.ones(len(places)), exposure=passed).fit(disp=0, maxiter=100)
    mean, alpha = exp(float(fitted.params[0])), float(fitted.params[1])
    if not (0.005 < mean < 20 and 0.05 < alpha < 50):
        return usual.faces_shape, usual.faces_rate
    mine = len(places) / (len(places) + 1000)
    shape = exp(mine * -log(alpha) + (1 - mine) * log(usual.faces_shape))
    mean = exp(mine * log(mean) + (1 - mine) * log(usual.faces_shape / usual.faces_rate))
    return shape, shape / mean


def threshold(told: Told, items: int) -> float:
    """Log odds beyond which so many items are honest as AIM of the BUDGET allows.

    A budget of one in ten thousand lies beyond what a small history shows, and just there lie the copies that nobody told us
    of. So the tail is taken as exponential (peaks over a threshold, shape 0) with the slope that it has where copies are few among the
    honest, between BODY and TAIL, and carried on from there; items count by what they are believed to be. Where the counted quantile
    lies higher, it holds. Then drawn towards the default by FEW_ITEMS.
    """
    order = np.argsort(-told.highest)
    highest, beyond = told.highest[order], np.cumsum(1 - told.copied[order]) / items * 1e6
    body, tail, aim = (int(np.searchsorted(beyond, each)) for each in (BODY, TAIL, AIM * BUDGET))
    if body >= len(highest) or tail < 5 or highest[tail] <= highest[body]:
        return Model.DEFAULT.threshold
    reached = highest[tail] + (highest[tail] - highest[body]) * log(TAIL / (AIM * BUDGET)) / log(BODY / TAIL)
    mine = items / (items + FEW_ITEMS)
    return float(mine * max(reached, highest[aim]) + (1 - mine) * Model.DEFAULT.threshold)
