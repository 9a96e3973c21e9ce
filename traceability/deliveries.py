"""Goods that one supplier brought at once: past the gate all of them, or none.

Each line is a lot of ours. Where the supplier marks goods with GS1 keys, the lot bears the supplier's own class
(``https://id.gs1.org/01/GTIN/10/LOT``) as its name in events, and nothing is labelled anew: what they captured of that class
and what we do with it are told of one thing, so that every trace goes through (FSMA 204, 21 CFR 1.1320, asks the same of a
traceability lot code; EPCIS 2.0 §8.2). More of it in a later delivery is more of the same lot. Otherwise the lot is named by
this house, and the supplier's own lot code stands beside it. What a paper is worth is decided by suppliers alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing
from kernel.given import day_of
from kernel.unit import Unit
from suppliers import directory, gate
from traceability import arrivals
from traceability.arrivals import Line
from traceability.events import capture, names
from traceability.given import Given
from traceability.models import EpcisEvent, EventThing, GoodsDelivery, Lot

MOST: Final = 200
"""Lines in one delivery."""


class DeliveryReferenceUsed(Conflict):
    """The number of a delivery note names one delivery of a supplier, so that a repeated request takes in nothing twice. This one was
    used for other goods, another place or another time: look at that delivery, or choose another number."""

    code = "delivery-reference-used"
    title = "This delivery note belongs to another delivery"


@dataclass(frozen=True)
class Received:
    """One line of a delivery as its events tell it now: so much of a lot."""

    lot: Lot
    quantity: Decimal
    uom: str
    event_id: str


def receive(
    unit: Unit,
    *,
    supplier_id: str,
    reference: str | None,
    place: str,
    lines: Sequence[Line],
    received_at: datetime | None = None,
) -> GoodsDelivery:
    """Take in all lines, if the gate is open for each on the day they came.

    ``reference``: the supplier's delivery note; the same one again, with the same words, is the same delivery. None when there is none.
    Each lot leans on the papers that opened the gate for it, those that name it among them, and on those laid beside it. Raises
    Invalid, Missing, gate.GateClosed (``lines`` says which and why), DeliveryReferenceUsed, lots.LotCodeTaken or
    arrivals.SupplierLotKnown; then nothing is done.
    """
    given = Given()
    number, place = given.optional("/reference", reference, 64), given.text("/place", place, 120)
    at = given.moment("/received_at", received_at, unit.now)
    if not lines:
        given.wrong("/lines", "empty", "name what was received")
    if len(lines) > MOST:
        given.wrong("/lines", "most", f"at most {MOST} lines", most=MOST)
    told = arrivals.read(given, lines[:MOST])
    given.done()
    supplier = directory.supplier(unit, supplier_id)
    digest = _digest(place, received_at, told)
    earlier = _earlier(unit, supplier.id, number, digest)
    if earlier is not None:
        return earlier
    papers = _through_the_gate(unit, supplier.id, told, day_of(at))
    made = GoodsDelivery(supplier_id=supplier.id, reference=number or "", place=place, received_at=at, digest=digest)
    if not _first(unit, made):
        return _earlier(unit, supplier.id, made.reference, digest) or made
    taken = arrivals.take_in(unit, made, told, papers)
    party = names.party(unit.outside.public_url, directory.known_by(supplier))
    for action in ("ADD", "OBSERVE"):
        _tell(unit, made, party, number, action, [each for each in taken if each.action == action])
    for each in taken:
        unit.record("lot.received", "lot", each.lot.id, code=each.lot.code, supplier=supplier.id, papers=each.papers, delivery=made.id)
    unit.record("goods.received", "goods_delivery", made.id, reference=made.reference, lines=len(taken))
    unit.session.flush()
    return made


def rehearse(unit: Unit, *, supplier_id: str, reference: str | None, place: str, lines: Sequence[Line]) -> None:
    """Do all that ``receive`` does, and undo it: it raises what that would raise, and nothing is written."""
    attempt = unit.session.begin_nested()
    try:
        receive(unit, supplier_id=supplier_id, reference=reference, place=place, lines=lines)
    finally:
        attempt.rollback()


def gates(unit: Unit, *, supplier_id: str, material_ids: Iterable[str], day: date) -> dict[str, gate.Decision]:
    """What the gate says of each of these materials on a day, apart from what each lot must bring along. Raises Missing."""
    return {each: gate.may(unit, supplier_id=supplier_id, material_id=each, day=day) for each in sorted(set(material_ids))}


def bring(unit: Unit, *, supplier_id: str, lines: Sequence[Line], day: date) -> list[gate.Decision]:
    """What the gate says of each of these lines on a day: of the supplier, of the lot as the supplier calls it, and of the papers laid
    beside it, which must all be this supplier's and stand. Raises Missing."""
    goods = [gate.Goods(each.material_id, each.supplier_lot, frozenset(each.certificate_ids)) for each in lines]
    return gate.may_bring_all(unit, supplier_id=supplier_id, goods=goods, day=day)


def get(unit: Unit, delivery_id: str) -> GoodsDelivery:
    """Raises Missing."""
    found = unit.session.get(GoodsDelivery, delivery_id)
    if found is None:
        raise Missing("no such delivery")
    return found


def every(unit: Unit, *, supplier_id: str | None = None, limit: int | None = None, before: str | None = None) -> list[GoodsDelivery]:
    """Deliveries, newest first: all of them, or the first ``limit``, older than the one with the id ``before``; of one supplier only."""
    query = select(GoodsDelivery).order_by(GoodsDelivery.received_at.desc(), GoodsDelivery.id.desc()).limit(limit)
    if supplier_id is not None:
        query = query.where(GoodsDelivery.supplier_id == supplier_id)
    if before is not None:
        last = get(unit, before)
        query = query.where(tuple_(GoodsDelivery.received_at, GoodsDelivery.id) < (last.received_at, last.id))
    return list(unit.session.scalars(query))


def lines(unit: Unit, deliveries: Collection[GoodsDelivery]) -> dict[str, list[Received]]:
    """Delivery id → what came with it, as far as its events were not declared in error, by lot code."""
    found: dict[str, list[Received]] = {each.id: [] for each in deliveries}
    ours = {_document(unit, each.id): each.id for each in deliveries}
    for event, lot, quantity, uom in arrivals.told(unit, {each.received_at for each in deliveries}):
        for document in event.why.get("bizTransactionList", ()):
            delivery = ours.get(document["bizTransaction"])
            if delivery is not None:
                found[delivery].append(Received(lot, quantity, uom, event.id))
    return {key: sorted(rows, key=lambda row: row.lot.code) for key, rows in found.items()}


def of_lot(unit: Unit, lot: Lot) -> list[tuple[GoodsDelivery, Received]]:
    """Every delivery that brought something of a lot, as its events tell it now, in order of arrival."""
    named = select(EventThing.event_id).where(EventThing.thing == lot.thing, EventThing.role == "object")
    times = set(unit.session.scalars(select(EpcisEvent.event_time).where(EpcisEvent.id.in_(named), EpcisEvent.biz_step == "receiving")))
    query = select(GoodsDelivery).where(GoodsDelivery.received_at.in_(times)).order_by(GoodsDelivery.received_at, GoodsDelivery.id)
    there = list(unit.session.scalars(query))
    rows = lines(unit, there)
    return [(each, row) for each in there for row in rows[each.id] if row.lot.id == lot.id]


def _digest(place: str, received_at: datetime | None, told: Sequence[Line]) -> str:
    words = [place, received_at.isoformat() if received_at else None, [each.words() for each in told]]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def _earlier(unit: Unit, supplier_id: str, reference: str | None, digest: str) -> GoodsDelivery | None:
    if reference is None:
        return None
    same = select(GoodsDelivery).where(GoodsDelivery.supplier_id == supplier_id, GoodsDelivery.reference == reference)
    found = unit.session.scalar(same.execution_options(populate_existing=True))
    if found is not None and found.digest != digest:
        raise DeliveryReferenceUsed("this delivery note was used for another delivery", reference=reference)
    return found


def _through_the_gate(unit: Unit, supplier_id: str, told: Sequence[Line], day: date) -> list[set[str]]:
    """The papers that each line leans on. Raises GateClosed, naming every line that may not come in, or Missing."""
    decisions = bring(unit, supplier_id=supplier_id, lines=told, day=day)
    closed: list[dict[str, Any]] = [
        {"line": number, "material_id": each.material_id, "lot": each.supplier_lot, "because": list(decision.because)}
        for number, (each, decision) in enumerate(zip(told, decisions, strict=True), 1)
        if not decision.open
    ]
    if closed:
        because = list(dict.fromkeys(word for each in closed for word in each["because"]))
        raise gate.GateClosed("the gate is closed for this supplier and material", because=because, lines=closed)
    return [{*decision.certificate_ids, *each.certificate_ids} for each, decision in zip(told, decisions, strict=True)]


def _first(unit: Unit, made: GoodsDelivery) -> bool:
    """Write a delivery; False when somebody wrote one under the same note at this moment."""
    made.id, made.by = unit.new_id(), unit.actor.id
    made.reference = made.reference or made.id
    try:
        with unit.session.begin_nested():
            unit.session.add(made)
    except IntegrityError:
        return False
    return True


def _tell(
    unit: Unit, made: GoodsDelivery, party: str, number: str | None, action: str, taken: Sequence[arrivals.Taken]
) -> EpcisEvent | None:
    if not taken:
        return None
    documents = [{"type": "recadv", "bizTransaction": _document(unit, made.id)}]
    if number is not None:
        documents.insert(0, {"type": "desadv", "bizTransaction": names.transaction(party, "desadv", number)})
    why: dict[str, Any] = {"bizTransactionList": documents, "sourceList": [{"type": "owning_party", "source": party}]}
    theirs = [{"epcClass": each.lot.uri, "lotNumber": each.lot.supplier_lot} for each in taken if each.lot.supplier_lot]
    if theirs:
        why["supplierLots"] = theirs
    return capture.record(
        unit,
        type="ObjectEvent",
        action=action,
        biz_step="receiving",
        disposition="in_progress",
        event_time=made.received_at,
        what={"quantityList": [{"epcClass": each.lot.uri, "quantity": f"{each.quantity:f}", "uom": each.lot.uom} for each in taken]},
        why=why,
        read_point=made.place,
        biz_location=made.place,
        lots={each.lot.id: "object" for each in taken},
    )


def _document(unit: Unit, delivery_id: str) -> str:
    return f"{unit.outside.public_url}/delivery/{delivery_id}"
