"""What monitoring tells the house."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.facts import Fact


@dataclass(frozen=True)
class ReadingsArrived(Fact):
    """New readings of these streams lie in the store."""

    stream_nos: list[int]


@dataclass(frozen=True)
class AlertOpened(Fact):
    """An episode began: which lots were on the line?"""

    alert_id: str
