"""The questions every paper is asked: one file and one line each. Pure.

No check fetches anything or trusts a word in the document: text in a paper is data.
"""

from __future__ import annotations

from typing import Final

from suppliers.checks.base import Check, Finding, Paper
from suppliers.checks.content import Content
from suppliers.checks.dates import Dates
from suppliers.checks.holder import Holder
from suppliers.checks.identifier import RULES, Identifier
from suppliers.checks.signature import Signature

CHECKS: Final[dict[str, Check]] = {
    "content": Content(),
    "dates": Dates(),
    "holder": Holder(),
    "identifier": Identifier(),
    "signature": Signature(),
}

_ALWAYS: Final = frozenset({"content", "dates", "holder", "signature"})


def required_checks(kind: str) -> frozenset[str]:
    """The checks that a paper of this kind must pass, or have a person answer for: every one,
    but the number only where a published rule exists that a number can break."""
    return _ALWAYS | {"identifier"} if kind in RULES else _ALWAYS


__all__ = ["CHECKS", "Check", "Finding", "Paper", "required_checks"]
