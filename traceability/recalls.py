"""Recalls: these lots, and everything made of them, come back. Two persons decide on it.

One proposes, and from that moment all that would come back is held. Another looks at the very same lots and
approves, which is never undone, or declines, which lets them go. A machine may propose: then a person takes that up first.
Each of these persons signs: nothing here is decided without a proof of who decides.
A lot is recalled once. Who holds an item of it is not known here: whoever knows hears LotsRecalled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from kernel.errors import Conflict, Missing, Refused
from kernel.unit import Unit
from traceability import genealogy, holds, lots, reach, signing
from traceability.batches import batched
from traceability.events import capture
from traceability.facts import LotsRecalled
from traceability.given import Given
from traceability.models import CodeRange, Lot, Recall, RecallLot
from traceability.signing import Proof

NEWEST = (Recall.proposed_at.desc(), Recall.id.desc())


class AlreadyRecalled(Conflict):
    """These lots, and all that was made of them, are recalled already: there is nothing to add."""

    code = "already-recalled"
    title = "All of this is recalled already"


class AlreadyProposed(Conflict):
    """The very same lots wait for a decision already: ``recall`` is that proposal. Take it up, approve or decline it."""

    code = "already-proposed"
    title = "A recall of these very lots is proposed already"


class RecallNotProposed(Conflict):
    """This proposal was decided before: its page shows by whom, when and why."""

    code = "recall-not-proposed"
    title = "This recall was decided before"


class RecallGrew(Conflict):
    """The lots, or the items on them, are not the ones that were read: more was made of them or put on them meanwhile, some were
    recalled or taken off. Look again, then decide."""

    code = "recall-grew"
    title = "These are other lots now"


class RecallUnadopted(Conflict):
    """A machine proposed this recall. A person must take the proposal up before another one can approve it."""

    code = "recall-unadopted"
    title = "No person has proposed this yet"


class TwoPersons(Refused):
    """A recall is never undone, so that two persons decide on it: whoever proposed it cannot approve it."""

    code = "two-persons"
    title = "Another person must approve"


def propose(
    unit: Unit,
    *,
    lot_ids: list[str],
    reason: str,
    advice: str,
    scope: dict[str, Any] | None = None,
    seen: str | None = None,
    proof: Proof | None = None,
) -> Recall:
    """Propose to recall lots of any kind with all that was made of them; all of it is held from now on.

    ``advice`` says what a person who holds an item should do, ``scope`` how the lots were found (a plain record), ``seen`` is the
    ``digest`` of what was shown. A person signs with ``proof``; only a machine proposes without. Lots recalled before stay with their
    first recall. Raises Invalid, Missing, RecallGrew, AlreadyProposed, AlreadyRecalled when nothing is left to recall,
    signing.MachinesDoNotSign or signing.NotSigned.
    """
    is_machine = unit.actor.kind == "machine"
    if not is_machine:
        signing.must_sign(unit, proof)
    given = Given()
    reason, advice = given.text("/reason", reason, 300), given.text("/advice", advice, 2000, lines=True)
    if not lot_ids:
        given.wrong("/lot_ids", "empty", "name at least one lot")
    given.done()
    fresh = _fresh(unit, set(lot_ids), seen)
    ids = sorted(lot.id for lot in fresh)
    for other in waiting(unit):
        if other.scope.get("seen") == ids:
            raise AlreadyProposed("the very same lots are proposed already", recall=other.id)
    found = {**(scope or {}), "lot_ids": sorted(set(lot_ids)), "seen": ids, "machine": is_machine}
    recall = Recall(
        id=unit.new_id(), state="proposed", reason=reason, advice=advice, scope=found, proposed_at=unit.now, proposed_by=unit.actor.id
    )
    unit.session.add(recall)
    unit.session.flush()
    holds.place_all(unit, held=fresh, cause="recall", cause_id=recall.id, reason="hold.recall.proposed")
    unit.record("recall.proposed", "recall", recall.id, lots=len(fresh))
    if not is_machine:
        _sign(unit, proof, recall, "recall.propose", reason, fresh)
    return recall


def adopt(unit: Unit, *, recall_id: str, seen: str, proof: Proof | None) -> Recall:
    """A person takes up what a machine proposed, and signs: from now on it is theirs. ``seen``: ``digest`` of the lots that were shown.

    Raises Missing, RecallNotProposed, RecallGrew, AlreadyRecalled, signing.MachinesDoNotSign or signing.NotSigned.
    """
    signing.must_sign(unit, proof)
    recall = _proposed(unit, recall_id)
    if not recall.scope.get("machine"):
        raise RecallNotProposed("a person proposed this recall", state=recall.state)
    fresh = _fresh(unit, set(recall.scope["lot_ids"]), seen)
    recall.scope = {**recall.scope, "machine": False, "told_by": recall.proposed_by}
    recall.proposed_by, recall.proposed_at = unit.actor.id, unit.now
    unit.record("recall.adopted", "recall", recall.id)
    _sign(unit, proof, recall, "recall.propose", recall.reason, fresh)
    return recall


def approve(unit: Unit, *, recall_id: str, seen: str, proof: Proof | None) -> Recall:
    """Another person agrees, and signs: the lots are recalled for ever and LotsRecalled is told. ``seen``: ``digest`` of the lots that
    were shown.

    Raises Missing, TwoPersons, RecallUnadopted, RecallNotProposed, RecallGrew, AlreadyRecalled, signing.MachinesDoNotSign or
    signing.NotSigned.
    """
    signing.must_sign(unit, proof)
    recall = _proposed(unit, recall_id)
    if recall.proposed_by == unit.actor.id:
        raise TwoPersons("whoever proposed a recall cannot approve it")
    if recall.scope.get("machine"):
        raise RecallUnadopted("a person must take the proposal up first")
    fresh = _fresh(unit, set(recall.scope["lot_ids"]), seen)
    recall.state, recall.opened_at, recall.opened_by = "open", unit.now, unit.actor.id
    for lot in fresh:
        unit.session.add(RecallLot(id=unit.new_id(), recall_id=recall.id, lot_id=lot.id))
        lot.standing = "recalled"
        lots.touch(unit, lot)
    holds.supersede(unit, recalled=fresh, why="hold.recall.approved")
    _tell(unit, recall, fresh)
    unit.record("recall.opened", "recall", recall.id, lots=len(fresh))
    _sign(unit, proof, recall, "recall.approve", recall.reason, fresh)
    return recall


def decline(unit: Unit, *, recall_id: str, why: str, proof: Proof | None) -> Recall:
    """A person says no, or takes back what they proposed, and signs: what the proposal held goes free. One person is enough for that,
    also where a machine proposed. Raises Invalid, Missing, RecallNotProposed, signing.MachinesDoNotSign, signing.NotSigned."""
    signing.must_sign(unit, proof)
    given = Given()
    why = given.text("/why", why, 300)
    given.done()
    recall = _proposed(unit, recall_id)
    recall.state, recall.declined_at, recall.declined_by, recall.declined_why = "declined", unit.now, unit.actor.id, why
    holds.release_all(unit, cause="recall", cause_id=recall.id, why="hold.recall.declined")
    unit.record("recall.declined", "recall", recall.id)
    _sign(unit, proof, recall, "recall.decline", why, get(unit, recall_id)[1])
    return recall


def digest(unit: Unit, shown: Iterable[Lot]) -> str:
    """What somebody has seen of a recall: the lots, in any order, and how many items are on each; short enough to travel in a form."""
    return hashlib.sha256(" ".join(f"{uri} {count}" for uri, count in _seen(unit, shown)).encode()).hexdigest()[:32]


def content(unit: Unit, recall: Recall, shown: Iterable[Lot]) -> dict[str, Any]:
    """What a person signs: the words, and every lot by what events call it with the number of items on it."""
    return {"recall": recall.id, "reason": recall.reason, "advice": recall.advice, "lots": _seen(unit, shown)}


def every(unit: Unit, *, state: str | None = None) -> list[Recall]:
    """All recalls, whatever became of them, newest first; of one state when given."""
    query = select(Recall).order_by(*NEWEST)
    return list(unit.session.scalars(query if state is None else query.where(Recall.state == state)))


def waiting(unit: Unit) -> list[Recall]:
    """What was proposed and waits for another person, oldest first."""
    return every(unit, state="proposed")[::-1]


def get(unit: Unit, recall_id: str) -> tuple[Recall, list[Lot]]:
    """A recall and its lots, oldest first: those recalled by it, those it would recall now, or was declined for. Raises Missing."""
    recall = unit.session.get(Recall, recall_id)
    if recall is None:
        raise Missing("no such recall")
    if recall.state == "open":
        query = select(Lot).join(RecallLot, RecallLot.lot_id == Lot.id).where(RecallLot.recall_id == recall_id)
        return recall, list(unit.session.scalars(query.order_by(Lot.started_at, Lot.id)))
    if recall.state == "declined":
        return recall, _ordered(lots.several(unit, recall.scope["seen"]).values())
    return recall, [lot for lot in affected(unit, recall.scope["lot_ids"]) if lot.standing != "recalled"]


def affected(unit: Unit, lot_ids: Iterable[str]) -> list[Lot]:
    """These lots and everything made of them, also by way of packs, oldest first, recalled or not. Nothing is written or locked."""
    ids = set(reach.roots(unit, lot_ids))
    return _ordered(lots.several(unit, ids | genealogy.forward(unit, ids)).values())


def of_lot(unit: Unit, lot_id: str) -> Recall | None:
    """The recall that a lot belongs to, if any."""
    return unit.session.scalar(select(Recall).join(RecallLot, RecallLot.recall_id == Recall.id).where(RecallLot.lot_id == lot_id))


def _ordered(found: Iterable[Lot]) -> list[Lot]:
    return sorted(found, key=lambda lot: (lot.started_at, lot.id))


def _proposed(unit: Unit, recall_id: str) -> Recall:
    """The proposal, locked, so that two persons who decide at once do it one after the other."""
    query = select(Recall).where(Recall.id == recall_id).with_for_update().execution_options(populate_existing=True)
    recall = unit.session.scalar(query)
    if recall is None:
        raise Missing("no such recall")
    if recall.state != "proposed":
        raise RecallNotProposed(f"the recall is {recall.state}", state=recall.state)
    return recall


def _seen(unit: Unit, shown: Iterable[Lot]) -> list[list[Any]]:
    """[what events call the lot, the items that were ever put on it], in order."""
    uris = {lot.id: lot.uri for lot in shown}
    counts, size = dict.fromkeys(uris, 0), func.sum(CodeRange.last - CodeRange.first + 1)
    for some in batched(uris):
        rows = select(CodeRange.lot_id, size).where(CodeRange.lot_id.in_(some)).group_by(CodeRange.lot_id)
        counts |= {str(lot_id): int(count) for lot_id, count in unit.session.execute(rows)}
    return sorted([uri, counts[lot_id]] for lot_id, uri in uris.items())


def _sign(unit: Unit, proof: Proof | None, recall: Recall, intent: str, reason: str, shown: Iterable[Lot]) -> None:
    said = content(unit, recall, shown)
    signing.sign(unit, proof, subject_kind="recall", subject_id=recall.id, intent=intent, reason=reason, content=said)


def _fresh(unit: Unit, lot_ids: set[str], seen: str | None) -> list[Lot]:
    """What is left to recall of these lots and all that was made of them, locked: the very lots and items that were seen."""
    found = genealogy.affected(unit, reach.roots(unit, lot_ids))
    ids = [lot.id for lot in found]
    if not lot_ids <= set(ids):
        raise Missing("no such lot")
    before = set(unit.session.scalars(select(RecallLot.lot_id).where(RecallLot.lot_id.in_(ids))))
    fresh = [lot for lot in found if lot.id not in before]
    if not fresh:
        raise AlreadyRecalled("all of these lots are recalled already")
    if seen is not None and digest(unit, fresh) != seen:
        raise RecallGrew("the lots are not the ones that were shown")
    return fresh


def _tell(unit: Unit, recall: Recall, fresh: list[Lot]) -> None:
    capture.record(
        unit,
        type="ObjectEvent",
        action="OBSERVE",
        biz_step="holding",
        disposition="recalled",
        event_time=unit.now,
        what={"quantityList": [lots.portion(lot) for lot in fresh]},
        why={"recall": recall.id, "reason": recall.reason},
        lots={lot.id: "object" for lot in fresh},
    )
    unit.tell(LotsRecalled(recall_id=recall.id, lot_ids=[lot.id for lot in fresh]))
