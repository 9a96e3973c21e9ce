"""A fact: something that happened, in the past tense, told to whoever reacts.

A fact carries ids and plain values only, never an object: it is written to the outbox as
JSON in the transaction that made it true, and read again in another process.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Fact:
    """Subclasses are frozen dataclasses of str, int, float, bool, None and lists of these."""

    @classmethod
    def name(cls) -> str:
        return cls.__name__

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Self:
        return cls(**body)
