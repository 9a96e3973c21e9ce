"""What the people at the doors tell the house."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.facts import Fact


@dataclass(frozen=True)
class ColleagueInvited(Fact):
    """Somebody of a supplier is to get a one-time link by the post. The link itself is made when the letter is, and
    kept as a hash only."""

    account_id: str
    brand_id: str
