"""A recall on which two persons have decided, for tests that begin after it."""

from __future__ import annotations

from dataclasses import replace

from kernel.unit import Unit
from traceability import recalls
from traceability.models import Recall

SAY = {"reason": "检出李斯特菌", "advice": "请勿饮用。\n凭瓶身二维码到门店退款。"}


def a_recall(unit: Unit, *, lot_ids: list[str], reason: str = SAY["reason"], advice: str = SAY["advice"]) -> Recall:
    """The unit's actor proposes and a second person approves what both have seen."""
    made = recalls.propose(unit, lot_ids=lot_ids, reason=reason, advice=advice)
    first, seen = unit.actor, recalls.digest(recalls.get(unit, made.id)[1])
    unit.actor = replace(first, kind="brand_admin", id=f"{first.id}-second")
    recalls.approve(unit, recall_id=made.id, seen=seen)
    unit.actor = first
    return made
