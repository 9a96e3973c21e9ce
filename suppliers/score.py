"""How well a supplier keeps its papers, as a number that explains itself. Pure.

Everybody begins with 100 points. Whatever costs points is a reason with its points and what it counted, and no
group of reasons costs more than its limit; the rest is the score. Deterministic, and it decides nothing:
whether a supplier may deliver is the gate's question, and a person's.

Weights (points a piece, limit of the group):

    papers   asked and missing, rejected or revoked 20; lapsed or suspended 15; waiting 5; expiring 2    60
    renewal  handed in after the old one had lapsed 8; in the last days, after the ladder's last rung 3  24
    care     each tenth of the last year's papers that were rejected 3                                   15
    trust    a paper revoked or overridden by two persons 5; in conflict with another supplier's 10      30
    lots     each twentieth of the year's lots that were held for its papers 5                           20

A ≥ 90, B ≥ 75, C ≥ 60, D below. Where nothing is asked, or nothing that is asked was ever shown, nothing is
known: no points, no class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

Class = Literal["A", "B", "C", "D"]
CLASSES: Final[tuple[tuple[int, Class], ...]] = ((90, "A"), (75, "B"), (60, "C"), (0, "D"))
LIMITS: Final = {"papers": 60, "renewal": 24, "care": 15, "trust": 30, "lots": 20}
_PAPERS: Final = {
    "missing": 20,
    "rejected": 20,
    "revoked": 20,
    "lapsed": 15,
    "suspended": 15,
    "superseded": 15,
    "submitted": 5,
    "needs_person": 5,
    "expiring": 2,
    "verified": 0,
}
_UNSEEN: Final = 20
"""A standing that this table does not know is as bad as the worst."""


@dataclass(frozen=True)
class Asked:
    """One requirement that is asked for certain, and how its best paper stands: a standing, or ``missing``."""

    kind: str
    standing: str


@dataclass(frozen=True)
class Renewal:
    """A paper that followed another: how many days before the old one's last day it came (negative: after it),
    and how many days before the end the last rung of its ladder stood."""

    kind: str
    days_before: int
    last_rung: int = 0


@dataclass(frozen=True)
class Conduct:
    """What is known of one supplier; counts are of the last twelve months. Optional papers are left out."""

    asked: tuple[Asked, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    handed_in: int = 0
    rejected: int = 0
    revoked: int = 0
    overridden: int = 0
    conflicts: int = 0
    lots: int = 0
    lots_held: int = 0


@dataclass(frozen=True)
class Reason:
    """``code`` is a word of app/words.py; ``points`` are negative, or 0 where something is only told."""

    code: str
    points: int
    evidence: dict[str, Any]


@dataclass(frozen=True)
class Score:
    """``points`` 0 … 100 and ``grade``, both None when nothing is known; ``reasons`` by what they cost, the worst first."""

    points: int | None
    grade: Class | None
    reasons: tuple[Reason, ...]


def score(conduct: Conduct) -> Score:
    """Add it up. 100 plus the points of all reasons is the score, never less than 0."""
    if not conduct.asked:
        return Score(None, None, (Reason("score.nothing_asked", 0, {}),))
    if not conduct.handed_in and all(each.standing == "missing" for each in conduct.asked):
        return Score(None, None, (Reason("score.nothing_shown", 0, {"count": len(conduct.asked)}),))
    reasons = [
        *_within("papers", _papers(conduct.asked)),
        *_within("renewal", _renewals(conduct.renewals)),
        *_within("care", _care(conduct)),
        *_within("trust", _trust(conduct)),
        *_within("lots", _lots(conduct)),
    ]
    points = max(0, 100 + sum(reason.points for reason in reasons))
    grade = next(name for least, name in CLASSES if points >= least)
    reasons.sort(key=lambda reason: (reason.points, reason.code, str(reason.evidence)))
    return Score(points, grade, tuple(reasons) or (Reason("score.all_well", 0, {"count": len(conduct.asked)}),))


def _within(group: str, reasons: Iterable[Reason]) -> Iterator[Reason]:
    """As they come, until the group has cost what it may; what goes beyond is told with the points that it still cost."""
    left = LIMITS[group]
    for reason in reasons:
        cost = min(-reason.points, left)
        left -= cost
        yield Reason(reason.code, -cost, reason.evidence)


def _papers(asked: Iterable[Asked]) -> Iterator[Reason]:
    for each in asked:
        cost = _PAPERS.get(each.standing, _UNSEEN)
        if cost:
            known = each.standing if each.standing in _PAPERS else "missing"
            yield Reason(f"score.paper.{known}", -cost, {"paper": each.kind})


def _renewals(renewals: Iterable[Renewal]) -> Iterator[Reason]:
    for each in renewals:
        if each.days_before < 0:
            yield Reason("score.renewal.late", -8, {"paper": each.kind, "days": -each.days_before})
        elif each.days_before < each.last_rung:
            yield Reason("score.renewal.close", -3, {"paper": each.kind, "days": each.days_before})


def _care(conduct: Conduct) -> Iterator[Reason]:
    tenths = _share(conduct.rejected, conduct.handed_in, 10)
    if tenths:
        yield Reason("score.care.rejected", -3 * tenths, {"count": conduct.rejected, "all": conduct.handed_in})


def _trust(conduct: Conduct) -> Iterator[Reason]:
    for code, count, cost in (("conflict", conduct.conflicts, 10), ("revoked", conduct.revoked, 5), ("overridden", conduct.overridden, 5)):
        if count > 0:
            yield Reason(f"score.trust.{code}", -cost * count, {"count": count})


def _lots(conduct: Conduct) -> Iterator[Reason]:
    twentieths = _share(conduct.lots_held, conduct.lots, 20)
    if twentieths:
        yield Reason("score.lots.held", -5 * twentieths, {"count": conduct.lots_held, "all": conduct.lots})


def _share(part: int, whole: int, parts: int) -> int:
    """How many ``parts`` of the whole, begun ones counted full; nothing of nothing is nothing."""
    if part <= 0:
        return 0
    return min(parts, -(-part * parts // max(whole, part)))
