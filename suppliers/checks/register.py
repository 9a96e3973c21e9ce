"""What did the public register say when a person asked it? Pure.

Chinese registers cannot be asked by machines. A person's look-up with a day and a screenshot is evidence
of its own, and goes stale: "valid" holds for a while only, "revoked" for good until the same register
is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from suppliers.checks.base import Finding, LookupSeen, Paper

_BAD: Final = ("revoked", "suspended", "invalid", "not_found")
"""Worst first."""


class Register:
    def ask(self, paper: Paper, day: date) -> Finding:
        newest = _newest(paper.lookups, day)
        for result in _BAD:
            for lookup in newest:
                if lookup.result == result:
                    return Finding("failed", f"check.register.{result}", _evidence(lookup), final=result == "revoked")
        valid = [lookup for lookup in newest if lookup.result == "valid"]
        fresh = next((lookup for lookup in valid if (day - lookup.asked_on).days <= lookup.fresh_days), None)
        if fresh is not None:
            return Finding("passed", "check.register.valid", _evidence(fresh))
        if valid:
            return Finding("inconclusive", "check.register.stale", _evidence(valid[0]))
        if newest:
            return Finding("inconclusive", "check.register.unreachable", _evidence(newest[0]))
        return Finding("inconclusive", "check.register.not_asked")


def vouched(paper: Paper, day: date) -> bool:
    """Does a fresh look-up say that this paper is valid, and none the opposite?"""
    return Register().ask(paper, day).result == "passed"


def _newest(lookups: Iterable[LookupSeen], day: date) -> list[LookupSeen]:
    """The last answer of each register, newest first. A register that could not be reached takes no older
    answer back; of two answers on one day the worse one counts; nothing from the future counts."""
    last: dict[str, LookupSeen] = {}
    for lookup in sorted((each for each in lookups if each.asked_on <= day), key=_order):
        if lookup.result != "unreachable" or lookup.register not in last:
            last[lookup.register] = lookup
    return sorted(last.values(), key=lambda each: each.asked_on, reverse=True)


def _order(lookup: LookupSeen) -> tuple[date, int]:
    return lookup.asked_on, len(_BAD) - _BAD.index(lookup.result) if lookup.result in _BAD else 0


def _evidence(lookup: LookupSeen) -> dict[str, Any]:
    return {"register": lookup.register, "asked_on": lookup.asked_on.isoformat()}
