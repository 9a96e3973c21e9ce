"""A recall on which two persons have decided, for tests that begin after it."""

from __future__ import annotations

from dataclasses import replace

from kernel.unit import Unit
from traceability import recalls
from traceability.models import Recall
from traceability.signing import Proof

PROOF = Proof("王质量")
SAY = {"reason": "检出李斯特菌", "advice": "请勿饮用。\n凭瓶身二维码到门店退款。"}


def a_recall(unit: Unit, *, lot_ids: list[str], reason: str = SAY["reason"], advice: str = SAY["advice"]) -> Recall:
    """One person proposes, and a second one approves what both have seen; both sign."""
    doer = unit.actor
    unit.actor = replace(doer, kind="quality")
    made = recalls.propose(unit, lot_ids=lot_ids, reason=reason, advice=advice, proof=PROOF)
    seen = recalls.digest(unit, recalls.get(unit, made.id)[1])
    unit.actor = replace(doer, kind="quality", id=f"{doer.id}-second")
    recalls.approve(unit, recall_id=made.id, seen=seen, proof=PROOF)
    unit.actor = doer
    return made
