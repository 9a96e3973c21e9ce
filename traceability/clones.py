"""An item whose looks say that its label was copied becomes a case for a person.

The weighing is done at each look (``suspicion``); here what it said is written where somebody reads it, together with
what only a look around can tell: items close by on the same roll that are suspected too.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select

from kernel.unit import Unit
from traceability import cases, clone_models, suspicion
from traceability.facts import CopySuspected
from traceability.models import ItemScans, Suspicion

NEAR: Final = 500
"""Counters to either side in which a suspected item is a neighbour: labels of one stretch of a roll."""


def on_copy_suspected(unit: Unit, fact: CopySuspected) -> None:
    """Open the item's case, or add to it, as things stand now."""
    item = unit.session.get(ItemScans, (fact.gtin, fact.key_version, fact.counter))
    if item is None:
        return
    followed = suspicion.recall(clone_models.of(unit, fact.gtin), item.trail, _neighbours(unit, fact))
    cases.suspect(
        unit,
        kind="copied",
        subject=cases.item_subject(fact.gtin, fact.key_version, fact.counter),
        gtin=fact.gtin,
        key_version=fact.key_version,
        first=fact.counter,
        last=fact.counter,
        probability=followed.probability,
        evidence={"reasons": [list(reason) for reason in followed.reasons], "times": item.times},
    )


def _neighbours(unit: Unit, fact: CopySuspected) -> int:
    """How many items close by have a case that nobody dismissed."""
    query = select(func.count()).where(
        Suspicion.kind == "copied",
        Suspicion.state != "dismissed",
        Suspicion.gtin == fact.gtin,
        Suspicion.key_version == fact.key_version,
        Suspicion.first.between(fact.counter - NEAR, fact.counter + NEAR),
        Suspicion.first != fact.counter,
    )
    return unit.session.scalar(query) or 0
