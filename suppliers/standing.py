"""From what the checks said, what a person said and what day it is, to how a paper stands. Pure.

Absence is failure: a paper nobody looked at, or that a check could not settle, is unverified.
No person can talk a failed check away, and no clock brings a rejected paper back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Standing = Literal["unverified", "accepted", "lapsing", "lapsed", "rejected", "revoked"]
GOOD: Final = ("accepted", "lapsing")
"""The standings on which a supplier may deliver."""
SOON: Final = timedelta(days=30)


@dataclass(frozen=True)
class Outcome:
    """What one check said: ``result`` is passed, failed or inconclusive."""

    result: str
    because: str


@dataclass(frozen=True)
class Judgement:
    standing: Standing
    because: list[str]
    """Words of app/words.py."""


def judge(
    outcomes: Mapping[str, Outcome],
    *,
    required: frozenset[str],
    valid_from: date,
    valid_until: date | None,
    decision: str | None,
    day: date,
) -> Judgement:
    """How the paper stands on ``day``.

    ``required`` names the checks that must have passed for a paper of this kind; ``decision`` is
    what a person said last: accept, reject, revoke or None. ``valid_until`` is the last good day.
    """
    if decision == "revoke":
        return Judgement("revoked", ["standing.revoked"])
    failed = [outcome.because for _, outcome in sorted(outcomes.items()) if outcome.result == "failed"]
    if failed:
        return Judgement("rejected", failed)
    if decision == "reject":
        return Judgement("rejected", ["standing.rejected_by_person"])
    open_points = _open(outcomes, required)
    if open_points and (decision != "accept" or not outcomes):
        return Judgement("unverified", open_points)
    return _by_day(valid_from, valid_until, day, "standing.accepted_by_person" if decision == "accept" else "standing.all_passed")


def _open(outcomes: Mapping[str, Outcome], required: frozenset[str]) -> list[str]:
    """What is still to be settled; never empty when nothing was checked."""
    if not outcomes:
        return ["standing.not_checked"]
    return [
        outcomes[name].because if name in outcomes else f"check.{name}.missing"
        for name in sorted(required)
        if name not in outcomes or outcomes[name].result != "passed"
    ]


def _by_day(valid_from: date, valid_until: date | None, day: date, why: str) -> Judgement:
    if day < valid_from:
        return Judgement("unverified", ["standing.not_yet_valid"])
    if valid_until is None:
        return Judgement("accepted", [why])
    if valid_until < day:
        return Judgement("lapsed", ["standing.lapsed"])
    if valid_until - day <= SOON:
        return Judgement("lapsing", ["standing.lapsing"])
    return Judgement("accepted", [why])
