"""What traceability tells the house."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.facts import Fact


@dataclass(frozen=True)
class PrintAsked(Fact):
    """A part of a file of an order's codes is wanted; the parts are made one after the other."""

    job_id: str
    part: int = 0


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
