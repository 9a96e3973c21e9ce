"""When unknown codes are too many to be chance. Pure: counts in, a finding out.

Looks are counted in stretches of five minutes. A cumulative sum (CUSUM, E. S. Page, Biometrika 41, 1954)
of log likelihood ratios of "the share is four times as likely as usual" (in odds) against "it is as usual"
rises while unknown codes come too thick. Its mean time to a false alarm is at least e^threshold stretches
(Lorden, Annals of Mathematical Statistics 42, 1971), whatever the load is; so the threshold is the
logarithm of the stretches in a year: one false alarm a year at most. Unknown codes come in bursts even on
quiet days (a torn label is scanned five times over), so that the ratios are divided by how much more the
counts vary than a binomial does (Pearson's dispersion).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final, NamedTuple

STRETCH: Final = 300
"""Seconds."""
IN_A_YEAR: Final = 365 * 24 * 3600 // STRETCH
THRESHOLD: Final = log(IN_A_YEAR)
TIMES: Final = 4.0
"""By so much the odds of an unknown code grow under attack."""
FLOOR: Final = 0.001
PRIOR: Final = (5.0, 500.0)
"""Unknown codes and looks that are counted in before any history: a share of 1 %."""
LEAST: Final = 20
"""Fewer unknown codes in a run are no search, however unusual: one person with a heap of torn labels."""
MOST_DISPERSION: Final = 20.0


class Stretch(NamedTuple):
    """``unknown`` of ``looks`` were at codes that are nobody's."""

    looks: int
    unknown: int


@dataclass(frozen=True)
class Usual:
    """The share of unknown codes on an ordinary day, and how much more their number varies than a binomial's."""

    share: float
    dispersion: float = 1.0


@dataclass(frozen=True)
class Finding:
    """Since the stretch with the index ``since`` there were ``unknown`` codes among ``looks``. ``probability``: that
    it is a search, where one a year is expected beforehand."""

    since: int
    looks: int
    unknown: int
    probability: float


def usual(history: Iterable[Stretch]) -> Usual:
    """What is usual, from the stretches of ordinary days; a little history counts for little."""
    counted = [each for each in history if each.looks]
    looks, unknown = sum(each.looks for each in counted), sum(each.unknown for each in counted)
    share = max(FLOOR, (unknown + PRIOR[0]) / (looks + PRIOR[1]))
    if len(counted) < 2:
        return Usual(share)
    spread = share * (1 - share)
    pearson = sum((each.unknown - each.looks * share) ** 2 / (each.looks * spread) for each in counted) / (len(counted) - 1)
    return Usual(share, min(max(1.0, pearson), MOST_DISPERSION))


def find(stretches: Sequence[Stretch], usual: Usual) -> Finding | None:
    """The run of too many unknown codes that lasts until the last stretch; None while it may be chance."""
    height, since = 0.0, 0
    for index, each in enumerate(stretches):
        height += weight(each, usual)
        if height <= 0:
            height, since = 0.0, index + 1
    run = stretches[since:]
    unknown = sum(each.unknown for each in run)
    if height < THRESHOLD or unknown < LEAST:
        return None
    return Finding(since, sum(each.looks for each in run), unknown, 1 / (1 + exp(THRESHOLD - height)))


def weight(stretch: Stretch, usual: Usual) -> float:
    """The log likelihood ratio of one stretch."""
    odds = usual.share / (1 - usual.share) * TIMES
    attacked = odds / (1 + odds)
    known = stretch.looks - stretch.unknown
    ratio = stretch.unknown * log(attacked / usual.share) + known * log((1 - attacked) / (1 - usual.share))
    return ratio / usual.dispersion
