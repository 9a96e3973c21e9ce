"""What traceability tells the house."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.facts import Fact


@dataclass(frozen=True)
class PrintAsked(Fact):
    """A file of an order's codes is wanted."""

    job_id: str


@dataclass(frozen=True)
class LotHeld(Fact):
    """A lot must not move, and every scan of it says so."""

    lot_id: str
    hold_id: str


@dataclass(frozen=True)
class LotsRecalled(Fact):
    """These lots are called back; whoever holds an item of them must hear of it."""

    recall_id: str
    lot_ids: list[str]
