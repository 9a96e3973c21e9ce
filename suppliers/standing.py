"""From what the checks said, what persons said and what day it is, to how a paper stands. Pure.

Absence is failure: a paper nobody looked at, or that a check could not settle, is never good. One
person answers for what is open, two for what failed, nobody for what is final, and what its issuer
took back no one brings back. It knows no check by its question, only by its name and its answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Standing = Literal["submitted", "needs_person", "verified", "rejected", "expiring", "lapsed", "suspended", "revoked", "superseded"]
Decision = Literal["accept", "reject", "revoke", "suspend", "resume"]
GOOD: Final = ("verified", "expiring")
"""The standings on which a supplier may deliver."""
FALLEN: Final = ("lapsed", "suspended", "revoked", "rejected")
"""Those on which it may not, after all was looked at."""
REVOKED: Final = frozenset({"check.status.revoked", "check.signature.revoked", "check.register.revoked"})
SUSPENDED: Final = frozenset({"check.status.suspended", "check.register.suspended"})
"""What the issuer itself took back wins over every acceptance, and over every other failure."""
TWO_PERSONS: Final = frozenset(
    {
        "check.content.child.crashed",
        "check.content.child.memory",
        "check.content.child.timeout",
        "check.content.credential.too_complex",
        "check.content.credential.too_deep",
        "check.content.credential.too_large",
        "check.content.image.too_large",
        "check.content.ofd.bomb",
        "check.content.ofd.page_size",
        "check.content.ofd.too_large",
        "check.content.ofd.too_many_pages",
        "check.content.pdf.bomb",
        "check.content.pdf.image_size",
        "check.content.pdf.page_size",
        "check.content.pdf.too_many_objects",
        "check.content.pdf.too_many_pages",
        "check.duplicate.conflict",
        "check.identifier.outer",
        "check.signature.filled_in",
        "check.signature.stamped_later",
        "check.signature.stripped",
    }
)
"""Open points that one person may not answer for: only an override, which takes two."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check said: ``result`` is passed, failed or inconclusive; ``final``: no override counts;
    ``evidence``: a digest of what it showed."""

    result: str
    because: str
    final: bool = False
    evidence: str = ""

    @property
    def key(self) -> str:
        """What a person who accepts has before them: the word and the digest of what it was said on."""
        return f"{self.because}:{self.evidence}"


@dataclass(frozen=True, slots=True)
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
    decision: Decision | str | None,
    day: date,
    soon: date | None = None,
    superseded: bool = False,
    overrides: frozenset[str] = frozenset(),
    accepted: Mapping[str, str] | None = None,
) -> Judgement:
    """How the paper stands on ``day``, a date in Shanghai.

    ``outcomes``: by name of the check. ``required`` names those that must have been asked, and have passed or
    been answered for. ``decision`` is what a person said last; ``resume`` only ends a suspension: open points
    then wait for a person again, so give the decision from before instead where that one shall count.
    ``valid_until`` is the last good day; ``soon`` the first day on which the paper is expiring (None: it never
    is); ``superseded``: a newer paper took its place; ``overrides`` names the checks that two persons overrode.
    ``accepted``: by name of the check, the ``Outcome.key`` that whoever accepted had before them: an acceptance
    answers for just these points, and for none that opened later or shows something else. None where it was not
    kept: then it answers for whatever one person may answer for.
    """
    withdrawn = _withdrawn(outcomes, decision)
    if withdrawn is not None:
        return withdrawn
    failed = [
        outcome.because for name, outcome in outcomes.items() if outcome.result == "failed" and (outcome.final or name not in overrides)
    ]
    if failed:
        return Judgement("rejected", sorted(failed))
    if decision == "reject":
        return Judgement("rejected", ["standing.rejected_by_person"])
    if not outcomes:
        return Judgement("submitted", ["standing.not_checked"])
    unasked = required.difference(outcomes)
    if unasked:
        return Judgement("submitted", [f"check.{name}.missing" for name in sorted(unasked)])
    answered = accepted if decision == "accept" else {}
    points = _open(outcomes, required, overrides, answered)
    if points:
        return Judgement("needs_person", points)
    if any(name in outcomes and outcomes[name].result != "passed" for name in overrides):
        why = "standing.accepted_by_two"
    else:
        why = "standing.accepted_by_person" if decision == "accept" else "standing.all_passed"
    return _by_day(valid_from, valid_until, day, soon, superseded, why)


def _withdrawn(outcomes: Mapping[str, Outcome], decision: str | None) -> Judgement | None:
    codes = {outcome.because for outcome in outcomes.values()}
    revoked = codes & REVOKED
    if decision == "revoke" or revoked:
        return Judgement("revoked", sorted(revoked) or ["standing.revoked_by_person"])
    suspended = codes & SUSPENDED
    if decision == "suspend" or suspended:
        return Judgement("suspended", sorted(suspended) or ["standing.suspended_by_person"])
    return None


def _open(
    outcomes: Mapping[str, Outcome], required: frozenset[str], overrides: frozenset[str], answered: Mapping[str, str] | None
) -> list[str]:
    """What still waits for one person, or for two. ``answered``: None when one person answered for everything."""
    return sorted(
        outcome.because
        for name, outcome in outcomes.items()
        if outcome.result != "passed"
        and name not in overrides
        and (outcome.because in TWO_PERSONS or (name in required and answered is not None and answered.get(name) != outcome.key))
    )


def _by_day(valid_from: date, valid_until: date | None, day: date, soon: date | None, superseded: bool, why: str) -> Judgement:
    if day < valid_from:
        return Judgement("submitted", ["standing.not_yet_valid"])
    if superseded:  # before lapsed: what came in while it stood is not stopped by its end, for its renewal stands
        return Judgement("superseded", ["standing.superseded"])
    if valid_until is not None and valid_until < day:
        return Judgement("lapsed", ["standing.lapsed"])
    if soon is not None and valid_until is not None and day >= soon:
        return Judgement("expiring", ["standing.expiring"])
    return Judgement("verified", [why])
