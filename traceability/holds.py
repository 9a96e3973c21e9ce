"""Holds: a lot must not move until somebody decides.

An alert, a certificate or a person causes a hold; one cause holds one lot once. A
statistical alarm only proposes one; a proposed recall holds all that it would call back, until it is decided.
Anybody may stop a lot. Only a person lets it go, and signs for that; but a paper that stands again, and a recall that was
declined, let go of what they held.
Each change here is one event, one audit row and the
lot's standing, all in the caller's transaction. What the cause was is known by its kind
and id alone: no paper and no sensor is looked at here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from traceability import lots, signing
from traceability.events import capture
from traceability.facts import LotHeld
from traceability.given import Given
from traceability.models import Hold, Lot, Recall
from traceability.signing import Proof

CAUSES: Final = frozenset({"alert", "certificate", "person", "recall"})


class HoldNotProposed(Conflict):
    """The proposal was decided before: the lot's page shows by whom, when and why."""

    code = "hold-not-proposed"
    title = "This proposal was decided before"


class HoldNotPlaced(Conflict):
    """Only a hold that stands can be released. This one was released before, or was never placed."""

    code = "hold-not-placed"
    title = "This hold does not stand"


class HoldOfRecall(Conflict):
    """This hold stands because a recall was proposed. Whoever decides on that recall decides on the hold."""

    code = "hold-of-recall"
    title = "A proposed recall holds this lot"


def place(unit: Unit, *, lot_id: str, cause: str, cause_id: str, reason: str) -> Hold | None:
    """Hold a lot and tell LotHeld; None when this cause holds it already.

    A proposal of the same cause is confirmed by it. A hold that the same cause once placed and that
    was released stands again. ``reason`` is a person's text or a word of the dictionary. A person at the desk
    uses ``place_signed``. Raises Invalid, Missing.
    """
    text = _given(cause, cause_id, reason)
    lot, hold = _find(unit, lot_id, cause, cause_id)
    if hold is not None and hold.state == "placed":
        return None
    return _stand(unit, lot, hold or _new(unit, lot, cause, cause_id), text)


def place_signed(unit: Unit, *, lot_id: str, reason: str, proof: Proof | None) -> Hold:
    """A person holds a lot, and signs. Raises Invalid, Missing, signing.MachinesDoNotSign, signing.NotSigned."""
    signing.must_sign(unit, proof)
    cause_id = unit.new_id()
    text = _given("person", cause_id, reason)
    lot, _nothing = _find(unit, lot_id, "person", cause_id)
    hold = _stand(unit, lot, _new(unit, lot, "person", cause_id), text)
    return _signed(unit, proof, hold, "hold.place", hold.reason)


def place_all(unit: Unit, *, held: Sequence[Lot], cause: str, cause_id: str, reason: str) -> list[Hold]:
    """Hold many lots at once for one cause that is new: one event that names them all. The caller has locked them. Raises Invalid."""
    text = _given(cause, cause_id, reason)
    placed = []
    for lot in held:
        hold = _new(unit, lot, cause, cause_id)
        hold.reason, hold.state = text, "placed"
        placed.append(hold)
        unit.record("lot.held", "lot", lot.id, hold=hold.id, cause=cause, cause_id=cause_id)
    _project(unit, held)
    _event(unit, held, "holding", "non_conformant", {cause: cause_id, "reason": text})
    for hold in placed:
        unit.tell(LotHeld(lot_id=hold.lot_id, hold_id=hold.id))
    return placed


def release_all(unit: Unit, *, cause: str, cause_id: str, why: str) -> list[Lot]:
    """Let go of all that one cause holds, since the cause itself is settled: a paper stands again, a recall was declined.

    One event for those lots that are clear now, one for those that are not.
    """
    placed = {hold.lot_id: hold for hold in of_cause(unit, cause=cause, cause_id=cause_id)}
    held = list(lots.locked(unit, placed).values())
    for lot in held:
        _end(unit, placed[lot.id], "released", why)
        unit.record("hold.released", "lot", lot.id, hold=placed[lot.id].id)
    _project(unit, held)
    for disposition, some in (
        ("conformant", [lot for lot in held if lot.standing == "clear"]),
        ("non_conformant", [lot for lot in held if lot.standing != "clear"]),
    ):
        if some:
            _event(unit, some, "inspecting", disposition, {"holdReleased": cause_id, "reason": why})
    return held


def supersede(unit: Unit, *, recalled: Sequence[Lot], why: str) -> None:
    """These lots are recalled, which holds for ever: what held them until this was decided ends, and none goes free by it."""
    query = select(Hold).where(Hold.lot_id.in_([lot.id for lot in recalled]), Hold.cause == "recall", Hold.state == "placed")
    for hold in unit.session.scalars(query.order_by(Hold.id)):
        _end(unit, hold, "released", why)


def propose(unit: Unit, *, lot_id: str, cause: str, cause_id: str, reason: str) -> Hold | None:
    """Ask a person to decide on a hold; None when this cause proposed or held it before. The lot stays free."""
    text = _given(cause, cause_id, reason)
    lot, hold = _find(unit, lot_id, cause, cause_id)
    if hold is not None:
        return None
    hold = _new(unit, lot, cause, cause_id)
    hold.reason, hold.state = text, "proposed"
    unit.session.flush()
    unit.record("hold.proposed", "lot", lot.id, hold=hold.id, cause=cause, cause_id=cause_id)
    return hold


def confirm(unit: Unit, *, hold_id: str, proof: Proof | None) -> Hold:
    """A person agrees with a proposal, and signs: the lot is held and LotHeld is told. Raises Missing, HoldNotProposed,
    signing.MachinesDoNotSign, signing.NotSigned."""
    signing.must_sign(unit, proof)
    lot, hold = _locked(unit, hold_id)
    _must_be_proposed(hold)
    _place(unit, lot, hold)
    unit.record("hold.confirmed", "lot", lot.id, hold=hold.id)
    return _signed(unit, proof, hold, "hold.place", hold.reason)


def decline(unit: Unit, *, hold_id: str, why: str, proof: Proof | None) -> Hold:
    """A person rejects a proposal, and signs. Raises Invalid, Missing, HoldNotProposed, signing.MachinesDoNotSign,
    signing.NotSigned."""
    signing.must_sign(unit, proof)
    lot, hold = _locked(unit, hold_id)
    _must_be_proposed(hold)
    _end(unit, hold, "declined", why)
    unit.record("hold.declined", "lot", lot.id, hold=hold.id)
    return _signed(unit, proof, hold, "hold.decline", str(hold.ended_why))


def release(unit: Unit, *, hold_id: str, why: str, proof: Proof | None) -> Hold:
    """A person lets a held lot go, whatever held it, and signs; it is clear once no other hold stands.

    Raises Invalid, Missing, HoldNotPlaced, HoldOfRecall, signing.MachinesDoNotSign or signing.NotSigned.
    """
    signing.must_sign(unit, proof)
    lot, hold = _locked(unit, hold_id)
    if hold.state != "placed":
        raise HoldNotPlaced(f"the hold is {hold.state}", state=hold.state)
    if hold.cause == "recall" and unit.session.scalar(select(Recall.state).where(Recall.id == hold.cause_id)) == "proposed":
        raise HoldOfRecall("a proposed recall holds this lot", recall=hold.cause_id)
    _end(unit, hold, "released", why)
    _project(unit, [lot])
    disposition = "conformant" if lot.standing == "clear" else "non_conformant"
    _event(unit, [lot], "inspecting", disposition, {"holdReleased": hold.id, "reason": hold.ended_why})
    unit.record("hold.released", "lot", lot.id, hold=hold.id)
    return _signed(unit, proof, hold, "hold.release", str(hold.ended_why))


def get(unit: Unit, hold_id: str) -> Hold:
    hold = unit.session.get(Hold, hold_id)
    if hold is None:
        raise Missing("no such hold")
    return hold


def of_lot(unit: Unit, lot_id: str) -> list[Hold]:
    """Every hold and proposal that a lot ever had, newest first."""
    return list(unit.session.scalars(select(Hold).where(Hold.lot_id == lot_id).order_by(Hold.made_at.desc(), Hold.id.desc())))


def of_cause(unit: Unit, *, cause: str, cause_id: str) -> list[Hold]:
    """What one cause holds now."""
    query = select(Hold).where(Hold.cause == cause, Hold.cause_id == cause_id, Hold.state == "placed").order_by(Hold.id)
    return list(unit.session.scalars(query))


def waiting(unit: Unit) -> list[Hold]:
    """The proposals that somebody must decide on, oldest first."""
    return _in_state(unit, "proposed")


def active(unit: Unit) -> list[Hold]:
    """The holds that stand, oldest first."""
    return _in_state(unit, "placed")


def single(unit: Unit) -> list[Hold]:
    """Those that stand and are decided on one by one, oldest first: all but what a *proposed* recall holds."""
    proposed = set(unit.session.scalars(select(Recall.id).where(Recall.state == "proposed")))
    return [hold for hold in active(unit) if hold.cause != "recall" or hold.cause_id not in proposed]


def _in_state(unit: Unit, state: str) -> list[Hold]:
    return list(unit.session.scalars(select(Hold).where(Hold.state == state).order_by(Hold.made_at, Hold.id)))


def _given(cause: str, cause_id: str, reason: str) -> str:
    given = Given()
    if cause not in CAUSES:
        given.wrong("/cause", "choice", "must be alert, certificate, person or recall")
    given.text("/cause_id", cause_id, 64)
    text = given.text("/reason", reason, 300)
    given.done()
    return text


def _find(unit: Unit, lot_id: str, cause: str, cause_id: str) -> tuple[Lot, Hold | None]:
    """The lot, locked, and what this cause made of it so far."""
    lot = lots.locked(unit, {lot_id}).get(lot_id)
    if lot is None:
        raise Missing("no such lot")
    query = select(Hold).where(Hold.lot_id == lot_id, Hold.cause == cause, Hold.cause_id == cause_id)
    return lot, unit.session.scalar(query.execution_options(populate_existing=True))


def _locked(unit: Unit, hold_id: str) -> tuple[Lot, Hold]:
    """The lot is locked first, then its hold read afresh: the one order in which all of this room works."""
    lot_id = get(unit, hold_id).lot_id
    lot = lots.locked(unit, {lot_id})[lot_id]
    return lot, unit.session.get_one(Hold, hold_id, populate_existing=True)


def _new(unit: Unit, lot: Lot, cause: str, cause_id: str) -> Hold:
    hold = Hold(id=unit.new_id(), lot_id=lot.id, cause=cause, cause_id=cause_id, made_at=unit.now, made_by=unit.actor.id)
    unit.session.add(hold)
    return hold


def _must_be_proposed(hold: Hold) -> None:
    if hold.state != "proposed":
        raise HoldNotProposed(f"the hold is {hold.state}", state=hold.state)


def _stand(unit: Unit, lot: Lot, hold: Hold, reason: str) -> Hold:
    """The hold stands from now on, whatever it was before."""
    hold.reason, hold.made_at, hold.made_by = reason, unit.now, unit.actor.id
    hold.ended_at = hold.ended_by = hold.ended_why = None
    _place(unit, lot, hold)
    unit.record("lot.held", "lot", lot.id, hold=hold.id, cause=hold.cause, cause_id=hold.cause_id)
    return hold


def _signed(unit: Unit, proof: Proof | None, hold: Hold, intent: str, reason: str) -> Hold:
    content = {"hold": hold.id, "lot": lots.get(unit, hold.lot_id).uri, "state": hold.state, "reason": reason}
    signing.sign(unit, proof, subject_kind="hold", subject_id=hold.id, intent=intent, reason=reason, content=content)
    return hold


def _place(unit: Unit, lot: Lot, hold: Hold) -> None:
    hold.state = "placed"
    _project(unit, [lot])
    _event(unit, [lot], "holding", "non_conformant", {"hold": hold.id, "reason": hold.reason})
    unit.tell(LotHeld(lot_id=lot.id, hold_id=hold.id))


def _end(unit: Unit, hold: Hold, state: str, why: str) -> None:
    given = Given()
    text = given.text("/why", why, 300)
    given.done()
    hold.state, hold.ended_at, hold.ended_by, hold.ended_why = state, unit.now, unit.actor.id, text


def _project(unit: Unit, changed: Sequence[Lot]) -> None:
    """The standing of these lots: recalled for ever, else held while any hold stands, else clear."""
    unit.session.flush()
    ids = [lot.id for lot in changed]
    stands = set(unit.session.scalars(select(Hold.lot_id).where(Hold.lot_id.in_(ids), Hold.state == "placed")))
    for lot in changed:
        if lot.standing != "recalled":
            lot.standing = "held" if lot.id in stands else "clear"
        lots.touch(unit, lot)


def _event(unit: Unit, named: Sequence[Lot], biz_step: str, disposition: str, why: dict[str, Any]) -> None:
    places = {lot.place for lot in named}
    capture.record(
        unit,
        type="ObjectEvent",
        action="OBSERVE",
        biz_step=biz_step,
        disposition=disposition,
        event_time=unit.now,
        what={"quantityList": [lots.portion(lot) for lot in named]},
        why=why,
        read_point=places.pop() if len(places) == 1 else None,
        lots={lot.id: "object" for lot in named},
    )
