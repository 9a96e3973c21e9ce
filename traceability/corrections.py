"""What was told wrongly is told anew: the event that was wrong is declared in error and another takes its place.

Both stay (EPCIS 2.0 §7.4.1.4), so that what was known before can be asked for ever. The truth is never refused because it is bad: if it
turns out that something held or recalled went into a lot, then the lot and all that was made of it are held for the same
cause. What turns out to be clean is not let go by itself: a person looks first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from kernel.errors import Conflict, Invalid, Missing, flaw
from kernel.unit import Unit
from traceability import deliveries, genealogy, holds, lots, recalls, stock
from traceability.events import capture, names, things
from traceability.given import Given
from traceability.models import EpcisEvent, EventThing, Lot


class NothingToCorrect(Conflict):
    """What was told of this lot did not come from this house, or was never told: a lot that is still being made is finished first, and
    what a partner told is corrected by that partner."""

    code = "nothing-to-correct"
    title = "There is nothing of this kind to correct"


class WhichDelivery(Conflict):
    """Several deliveries brought of this lot, and each told how much: say which of them was wrong. ``deliveries`` names them."""

    code = "which-delivery"
    title = "Several deliveries brought of this lot"


class SameAsBefore(Conflict):
    """The correction says what is known already. Nothing was written."""

    code = "same-as-before"
    title = "This is what was told before"


def correct_inputs(
    unit: Unit, *, lot_id: str, inputs: list[tuple[str, Decimal]], quantity: Decimal | None = None, reason: str
) -> list[Lot]:
    """A finished lot was made of other lots, or of other quantities, than was told; ``quantity``: or it was another one that came out.

    Writes the corrected TransformationEvent and the declaration that the earlier one is in error. Returns the lots that are held from now
    on because of it. Raises Invalid, Missing, NothingToCorrect, SameAsBefore, lots.LotNotReady or lots.NotEnoughLeft.
    """
    given = Given()
    made = given.amount("/quantity", quantity) if quantity is not None else None
    why = given.text("/reason", reason, 300)
    used = lots.inputs_of(given, lot_id, inputs)
    given.done()
    there = lots.locked(unit, {lot_id, *used})
    lot = there.get(lot_id)
    if lot is None:
        raise Missing("no such lot")
    wrong = _told(unit, lot, type="TransformationEvent", role="output")
    before = {element["epcClass"]: Decimal(element["quantity"]) for element in wrong.what["inputQuantityList"]}
    _may_have_gone_in(unit, lot, there, used, before)
    after = {there[each].uri: amount for each, amount in used.items()}
    if after == before and made in (None, lot.quantity):
        raise SameAsBefore("nothing is different", lot=lot.code)
    if made is not None and made < lot.quantity:
        lots.must_hold(unit, lot, lot.quantity - made)
    lot.quantity = made or lot.quantity
    _replace(
        unit,
        wrong,
        why,
        what={
            "inputQuantityList": [lots.portion(there[each], amount) for each, amount in used.items()],
            "outputQuantityList": [lots.portion(lot)],
        },
        roles={lot.id: "output", **dict.fromkeys(used, "input")},
    )
    unit.record("lot.corrected", "lot", lot.id, event=wrong.id, reason=why, inputs=len(used))
    return _follow(unit, lot, [there[each] for each in used if there[each].uri not in before])


def correct_receipt(unit: Unit, *, lot_id: str, quantity: Decimal, reason: str, delivery_id: str | None = None) -> Lot:
    """Another quantity of a lot came in than was told. ``delivery_id`` says with which delivery, where several brought of it.

    Raises Invalid, Missing, NothingToCorrect, WhichDelivery, SameAsBefore or lots.NotEnoughLeft, when more than that has left already.
    """
    given = Given()
    amount, why = given.amount("/quantity", quantity), given.text("/reason", reason, 300)
    given.done()
    lot = lots.locked(unit, {lot_id}).get(lot_id)
    if lot is None:
        raise Missing("no such lot")
    wrong, before = _receipt(unit, lot, delivery_id)
    if amount == before:
        raise SameAsBefore("nothing is different", lot=lot.code)
    if amount < before:
        lots.must_hold(unit, lot, before - amount)
    elements = [
        element | {"quantity": f"{amount:f}"} if element["epcClass"] == lot.uri else element for element in wrong.what["quantityList"]
    ]
    others = unit.session.scalars(select(Lot.id).join(EventThing, EventThing.thing == Lot.thing).where(EventThing.event_id == wrong.id))
    lot.quantity += amount - before
    lots.touch(unit, lot)
    _replace(unit, wrong, why, what={"quantityList": elements}, roles=dict.fromkeys(others, "object"))
    unit.record("lot.corrected", "lot", lot.id, event=wrong.id, reason=why)
    unit.session.flush()
    return lot


def _receipt(unit: Unit, lot: Lot, delivery_id: str | None) -> tuple[EpcisEvent, Decimal]:
    """The event that tells the receipt in question, and how much of the lot it tells."""
    events = {each.id: each for each in _telling(unit, lot, type="ObjectEvent", role="object") if each.biz_step == "receiving"}
    if delivery_id is not None or len(events) > 1:
        brought = [(each, row) for each, row in deliveries.of_lot(unit, lot) if row.event_id in events]
        events = {row.event_id: events[row.event_id] for each, row in brought if delivery_id in (None, each.id)}
        if len(events) > 1:
            told = [{"delivery_id": each.id, "reference": each.reference, "quantity": f"{row.quantity:f}"} for each, row in brought]
            raise WhichDelivery(f"lot {lot.code} came with {len(events)} deliveries", lot=lot.code, deliveries=told)
    if not events:
        raise NothingToCorrect(f"this house did not tell that lot {lot.code} was received so", lot=lot.code)
    (event,) = events.values()
    amounts = select(EventThing.quantity).where(EventThing.event_id == event.id, EventThing.thing == lot.thing, EventThing.role == "object")
    return event, Decimal(unit.session.scalar(amounts) or 0)


def inputs(unit: Unit, lot: Lot) -> list[tuple[Lot, Decimal]]:
    """What went into a lot, as it was told last and counts; nothing when this house told nothing of it."""
    try:
        event = _told(unit, lot, type="TransformationEvent", role="output")
    except NothingToCorrect:
        return []
    amounts = {element["epcClass"]: Decimal(element["quantity"]) for element in event.what["inputQuantityList"]}
    keys = [things.key(unit.brand_id, uri) for uri in amounts]
    found = unit.session.scalars(select(Lot).where(Lot.thing.in_(keys)).order_by(Lot.started_at, Lot.id))
    return [(each, amounts[each.uri]) for each in found]


def _told(unit: Unit, lot: Lot, *, type: str, role: str) -> EpcisEvent:
    """The one event of this house that says how a lot came to be. Raises NothingToCorrect when there is none, or more than one."""
    found = _telling(unit, lot, type=type, role=role)
    if len(found) != 1:
        raise NothingToCorrect(f"lot {lot.code} was told in {len(found)} events of this house", lot=lot.code)
    return found[0]


def _telling(unit: Unit, lot: Lot, *, type: str, role: str) -> list[EpcisEvent]:
    named = list(unit.session.scalars(select(EventThing.event_id).where(EventThing.thing == lot.thing, EventThing.role == role)))
    query = select(EpcisEvent).where(EpcisEvent.id.in_(named), EpcisEvent.type == type, EpcisEvent.told.is_(None), *stock.counting())
    return list(unit.session.scalars(query))


def _may_have_gone_in(unit: Unit, lot: Lot, there: Mapping[str, Lot], used: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> None:
    """Held and recalled inputs may: it happened. What was made of the lot may not, nor more than there was."""
    descendants = genealogy.forward(unit, [lot.id])
    for place, (each, amount) in enumerate(used.items()):
        source = there.get(each)
        if source is None:
            raise Missing("no such input lot")
        if each in descendants:
            raise Invalid(errors=[flaw(f"/inputs/{place}/lot_id", "made-of-it", "was made of this very lot", lot=source.code)])
        if source.state == "open":
            raise lots.LotNotReady(f"lot {source.code} is not finished", lot=source.code)
        if lot.finished_at is not None and source.started_at > lot.finished_at:
            raise Invalid(errors=[flaw(f"/inputs/{place}/lot_id", "newer", "did not exist yet", lot=source.code)])
        lots.must_hold(unit, source, amount, besides=before.get(source.uri, Decimal(0)))


def _replace(unit: Unit, wrong: EpcisEvent, why: str, *, what: dict[str, Any], roles: Mapping[str, str]) -> EpcisEvent:
    """Write the event anew with other words, and that the earlier one is in error."""
    same: dict[str, Any] = {
        "type": wrong.type,
        "action": wrong.action,
        "biz_step": str(wrong.biz_step),
        "disposition": wrong.disposition,
        "event_time": wrong.event_time,
        "ilmd": wrong.ilmd,
        "read_point": wrong.read_point,
        "biz_location": wrong.biz_location,
        "transformation_id": wrong.transformation_id,
    }
    right = capture.record(unit, **same, what=what, why=wrong.why, lots=roles)
    error = {
        "declarationTime": unit.now.isoformat(timespec="milliseconds"),
        "reason": "incorrect_data",
        "correctiveEventIDs": [names.event(right.id)],
    }
    declared = {**wrong.why, "errorDeclaration": error, "note": why}
    earlier = _roles(unit, wrong)
    capture.record(unit, **same, what=wrong.what, why=declared, lots=earlier, declares=wrong.id)
    unit.session.flush()
    return right


def _roles(unit: Unit, event: EpcisEvent) -> dict[str, str]:
    query = select(Lot.id, EventThing.role).join(EventThing, EventThing.thing == Lot.thing).where(EventThing.event_id == event.id)
    return dict(unit.session.execute(query).tuples().all())


def _follow(unit: Unit, lot: Lot, sources: Iterable[Lot]) -> list[Lot]:
    """Whatever holds or recalls one of these new inputs now holds this lot and all that was made of it."""
    causes: dict[tuple[str, str], str] = {}
    for source in sources:
        for hold in holds.of_lot(unit, source.id):
            if hold.state == "placed":
                causes.setdefault((hold.cause, hold.cause_id), hold.reason)
        recall = recalls.of_lot(unit, source.id)
        if recall is not None:
            causes[("recall", recall.id)] = "hold.recall.correction"
    touched = genealogy.affected(unit, [lot.id])
    held = []
    for each in touched:
        own = recalls.of_lot(unit, each.id)
        fresh = [
            holds.place(unit, lot_id=each.id, cause=cause, cause_id=cause_id, reason=reason)
            for (cause, cause_id), reason in causes.items()
            if own is None or (cause, cause_id) != ("recall", own.id)
        ]
        lots.touch(unit, each)
        if any(fresh):
            held.append(each)
    unit.session.flush()
    return held
