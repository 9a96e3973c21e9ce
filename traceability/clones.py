"""An item whose looks say that its label was copied becomes a case for a person.

The weighing is done at each look (``suspicion``); here what it said is written where somebody reads it.
"""

from __future__ import annotations

from kernel.unit import Unit
from traceability import cases, clone_models, suspicion
from traceability.facts import CopySuspected
from traceability.models import ItemScans


def on_copy_suspected(unit: Unit, fact: CopySuspected) -> None:
    """Open the item's case, or add to it, as things stand now."""
    item = unit.session.get(ItemScans, (fact.gtin, fact.key_version, fact.counter))
    if item is None:
        return
    followed = suspicion.recall(clone_models.of(unit, fact.gtin), item.trail)
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
