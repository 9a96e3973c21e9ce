"""What members tell the house."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.facts import Fact


@dataclass(frozen=True)
class CodeAsked(Fact):
    """A one-time code waits to be posted to a phone."""

    challenge_id: str


@dataclass(frozen=True)
class NoticeWritten(Fact):
    """A recall notice waits to be posted to its member."""

    notice_id: str
