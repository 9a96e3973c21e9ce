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


@dataclass(frozen=True)
class CaseOpened(Fact):
    """Something about scans is suspected, for the first time or anew, and waits for a person."""

    case_id: str
    kind: str


@dataclass(frozen=True)
class CopySuspected(Fact):
    """A look at an item whose label was probably copied."""

    gtin: str
    key_version: int
    counter: int


@dataclass(frozen=True)
class LinksDue(Fact):
    """These links have not been checked for a day."""

    link_ids: list[str]


@dataclass(frozen=True)
class ScanModelDue(Fact):
    """A product has enough looks to fit anew how its items are looked at."""

    gtin: str


@dataclass(frozen=True)
class EventsCaptured(Fact):
    """These events came in from elsewhere. ``made``: some of them tell what was made of what."""

    event_ids: list[str]
    made: bool


@dataclass(frozen=True)
class CaptureAsked(Fact):
    """A document of events lies in the vault and is to be captured: all of it, or where it may proceed part by part, this part."""

    job_id: str
    part: int = 0


@dataclass(frozen=True)
class EventsRecorded(Fact):
    """The house itself wrote these events, and somebody may have asked to be told of them."""

    event_ids: list[str]


@dataclass(frozen=True)
class SubscriptionDue(Fact):
    """These events are to be told to a subscriber, under the number ``turn``, which stays the same however often it is tried."""

    subscription_id: str
    turn: str
    event_ids: list[str]
