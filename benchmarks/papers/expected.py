"""From the words of those who made a set to the verdicts that are right for a file. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.papers.folders import Beside
from benchmarks.papers.verdicts import WORDS, Verdict

Ask = Callable[[bytes, Beside], Verdict]
"""Looks at bytes, at most once at the same."""

ANY_BUT_VERIFIED = frozenset(WORDS) - {"verified"}


@dataclass(frozen=True)
class Expected:
    """``words``: the verdicts that are right; ``bad``: it must never be taken for verified."""

    words: frozenset[str]
    bad: bool


@dataclass(frozen=True)
class Judged:
    """What a set expects of ``name`` and what it got. ``bad``: it must never be taken for verified."""

    set: str
    name: str
    expected: str
    got: str
    right: bool
    bad: bool = False
    accepted: bool = False
    asked: tuple[bytes, Beside] | None = None
    """The bytes that it is about, and what lay beside them."""


_RULES: tuple[tuple[str, frozenset[str], bool], ...] = (
    (r"^(unsigned|no signature)", frozenset({"unsigned"}), False),
    (r"^(intact, trusted|accept|valid\b|good|trusted|total.passed|ok\b|pass)", frozenset({"verified"}), False),
    (r"reject or re-?review|re-?review or reject", frozenset({"rejected", "refused", "needs_person"}), True),
    (r"revoked|tampered|digest mismatch", frozenset({"rejected"}), True),
    (r"reject|refused|must be stopped|must fail|not allowed|forbidden", frozenset({"rejected", "refused"}), True),
    (r"^invalid|^fail|total.failed|hash.failure", frozenset({"rejected", "refused"}), True),
    (r"human review|forgery signal|needs a person", frozenset({"needs_person"}), True),
    (r"indeterminate|never|not accepted|not to a listed|untrusted", ANY_BUT_VERIFIED, True),
)  # fmt: skip


def read(text: str) -> Expected | None:
    """What a maker's sentence asks for; None when it asks for nothing that is known here. Verdicts may also be
    written as they are, several with | between them."""
    words = frozenset(text.strip().split("|"))
    if words <= set(WORDS):
        return Expected(words, "verified" not in words and words != {"unsigned"})
    for pattern, right, bad in _RULES:
        if re.search(pattern, text.strip(), re.IGNORECASE):
            return Expected(right, bad)
    return None
