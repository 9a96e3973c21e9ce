"""What a check is: one question about one paper, answered by the words, the bytes' reading and the day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

Result = Literal["passed", "failed", "inconclusive"]


@dataclass(frozen=True)
class Paper:
    """All that may be known of a paper. ``reading`` is what ``suppliers.reading.look`` answered."""

    kind: str
    number: str
    holder_name: str
    holder_uscc: str | None
    issuer_name: str | None
    valid_from: date
    valid_until: date | None
    supplier_name: str
    supplier_uscc: str
    media_type: str
    reading: Mapping[str, Any]
    duplicate_of_other_supplier: bool = False


@dataclass(frozen=True)
class Finding:
    """``because`` is a word of app/words.py; ``evidence`` holds its values and what was compared."""

    result: Result
    because: str
    evidence: dict[str, Any] = field(default_factory=dict)


class Check(Protocol):
    """Inconclusive means that a person must look; it never counts as passed."""

    def ask(self, paper: Paper, day: date) -> Finding:
        """``day`` is a date in Shanghai."""
        ...
