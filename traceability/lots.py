"""Batches: opened on a line, made of other batches, released to the market.

A lot knows what went into it and how it stands; it knows no sensor, no paper and no person.
How it came to be held or recalled is the business of ``holds`` and ``recalls``, which are
built on this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing
from kernel.given import day_of
from kernel.unit import Unit
from suppliers import directory
from traceability.events import capture, names
from traceability.given import Given
from traceability.models import Lot, LotInput, Product

PRODUCT_LOT_CODE: Final = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}""")
"""Application Identifier 10 (GS1 General Specifications §3.4.1): CSET 82, up to 20 characters."""


class LotCodeTaken(Conflict):
    """A lot of this code is known already. Each lot of a brand has a code of its own; receive or open
    this one under another code, or go on with the one that is there."""

    code = "lot-code-taken"
    title = "This lot code is in use"


class LotNotOpen(Conflict):
    """The lot was finished before. What went into it is history and is not written twice."""

    code = "lot-not-open"
    title = "This lot is finished already"


class LotNotFinished(Conflict):
    """Only a lot that was finished, and not yet released, can be released."""

    code = "lot-not-finished"
    title = "This lot cannot be released in its state"


class LotOnHold(Conflict):
    """The lot is on hold: it can be neither released nor used until quality staff release the hold."""

    code = "lot-on-hold"
    title = "This lot is on hold"


class LotRecalled(Conflict):
    """The lot is recalled, and a recall is never undone: it can be neither released nor used."""

    code = "lot-recalled"
    title = "This lot is recalled"


class LotNotReady(Conflict):
    """An input is still being made. It can be used once it is finished."""

    code = "lot-not-ready"
    title = "An input is not finished yet"


class NotEnoughLeft(Conflict):
    """More would be used of a lot than ever came in. Mass balance: look for a wrong quantity or a wrong lot."""

    code = "not-enough-left"
    title = "There is not so much left of this lot"


def open(
    unit: Unit,
    *,
    code: str,
    product_id: str,
    line_code: str,
    place: str,
    quantity: Decimal,
    uom: str = "H87",
    started_at: datetime | None = None,
) -> Lot:
    """Begin a lot of product on a line. Nothing was made yet, so no event is written.

    ``quantity`` is what is planned. Best before is the day of the start in China plus the product's shelf life.
    Raises Invalid, Missing (product) or LotCodeTaken.
    """
    given = Given()
    values: dict[str, Any] = {
        "code": given.text("/code", code, 20),
        "line_code": given.text("/line_code", line_code, 40),
        "place": given.text("/place", place, 120),
        "quantity": given.amount("/quantity", quantity),
        "uom": given.uom("/uom", uom),
        "started_at": given.moment("/started_at", started_at, unit.now),
    }
    if not given.flaws and not PRODUCT_LOT_CODE.fullmatch(values["code"]):
        given.wrong("/code", "gs1-ai-10", "may hold only characters of GS1's set 82")
    given.done()
    product = unit.session.get(Product, product_id)
    if product is None:
        raise Missing("no such product")
    best_before = day_of(values["started_at"]) + timedelta(days=product.shelf_life_days)
    lot = keep(unit, Lot(id=unit.new_id(), kind="product", product_id=product.id, state="open", best_before=best_before, **values))
    unit.record("lot.opened", "lot", lot.id, code=lot.code, product=product.id)
    return lot


def finish(
    unit: Unit,
    *,
    lot_id: str,
    inputs: list[tuple[str, Decimal]],
    quantity: Decimal | None = None,
    finished_at: datetime | None = None,
) -> Lot:
    """Close a lot: so much of each input lot, in that lot's own unit, became ``quantity`` of this one.

    Writes one TransformationEvent and one LotInput per input. Raises Invalid, Missing, LotNotOpen,
    LotOnHold or LotRecalled (of an input), LotNotReady, NotEnoughLeft.
    """
    given = Given()
    at = given.moment("/finished_at", finished_at, unit.now)
    made = given.amount("/quantity", quantity) if quantity is not None else None
    used = _used(given, lot_id, inputs)
    given.done()
    there = locked(unit, {lot_id, *used})
    lot = _product_lot(there.get(lot_id))
    if lot.state != "open":
        raise LotNotOpen(f"lot {lot.code} is {lot.state}", lot=lot.code)
    if at < lot.started_at:
        given.wrong("/finished_at", "order", "lies before the start of the lot")
        given.done()
    for input_id, amount in used.items():
        _may_use(unit, there.get(input_id), amount)
    lot.quantity = made or lot.quantity
    lot.finished_at, lot.state = at, "finished"
    touch(unit, lot)
    _transform(unit, lot, {there[input_id]: amount for input_id, amount in used.items()}, at)
    unit.record("lot.finished", "lot", lot.id, inputs=len(used))
    return lot


def release(unit: Unit, *, lot_id: str) -> Lot:
    """Let a finished lot go to market. Raises Missing, LotOnHold, LotRecalled or LotNotFinished."""
    lot = _product_lot(locked(unit, {lot_id}).get(lot_id))
    must_be_clear(lot)
    if lot.state != "finished":
        raise LotNotFinished(f"lot {lot.code} is {lot.state}", lot=lot.code, state=lot.state)
    lot.state = "released"
    touch(unit, lot)
    capture.record(
        unit,
        type="ObjectEvent",
        action="OBSERVE",
        biz_step="inspecting",
        disposition="conformant",
        event_time=unit.now,
        what={"quantityList": [portion(unit, lot)]},
        read_point=lot.place,
        lots={lot.id: "object"},
    )
    unit.record("lot.released", "lot", lot.id)
    return lot


def get(unit: Unit, lot_id: str) -> Lot:
    lot = unit.session.get(Lot, lot_id)
    if lot is None:
        raise Missing("no such lot")
    return lot


def by_code(unit: Unit, code: str) -> Lot:
    lot = unit.session.scalar(select(Lot).where(Lot.code == code))
    if lot is None:
        raise Missing("no such lot")
    return lot


def every(unit: Unit, *, kind: str | None = None) -> list[Lot]:
    """All lots, newest first; only those of ``kind`` (material or product) when given."""
    query = select(Lot).order_by(Lot.started_at.desc(), Lot.id.desc())
    return list(unit.session.scalars(query if kind is None else query.where(Lot.kind == kind)))


def several(unit: Unit, ids: Iterable[str]) -> dict[str, Lot]:
    """Those of the lots that there are, by id."""
    return {lot.id: lot for lot in unit.session.scalars(select(Lot).where(Lot.id.in_(set(ids))))}


def made_on(unit: Unit, *, line_code: str, since: datetime, until: datetime) -> list[Lot]:
    """The lots that were being made on that line at any moment of ``since`` … ``until``, oldest first."""
    query = (
        select(Lot)
        .where(Lot.line_code == line_code, Lot.started_at <= until, or_(Lot.finished_at.is_(None), Lot.finished_at >= since))
        .order_by(Lot.started_at, Lot.id)
    )
    return list(unit.session.scalars(query))


def touch(unit: Unit, lot: Lot) -> None:
    """Something changed that a scan page says of this lot."""
    lot.revision += 1


def locked(unit: Unit, ids: Iterable[str]) -> dict[str, Lot]:
    """Those of the lots that there are, by id, locked in one order until the end of the unit and read afresh."""
    query = select(Lot).where(Lot.id.in_(set(ids))).order_by(Lot.id).with_for_update().execution_options(populate_existing=True)
    return {lot.id: lot for lot in unit.session.scalars(query)}


def keep(unit: Unit, lot: Lot) -> Lot:
    """Write a new lot, or raise LotCodeTaken, also when another transaction was first."""
    lot.standing, lot.revision = "clear", 0
    try:
        with unit.session.begin_nested():
            unit.session.add(lot)
    except IntegrityError as error:
        if unit.session.scalar(select(Lot.id).where(Lot.code == lot.code)) is None:
            raise
        raise LotCodeTaken(f"lot code {lot.code} is in use", lot=lot.code) from error
    return lot


def portion(unit: Unit, lot: Lot, quantity: Decimal | None = None) -> dict[str, Any]:
    """A quantityElement (EPCIS 2.0 §7.3.3.3) of this lot, or of so much of it; the quantity as a decimal string."""
    if lot.product_id is not None:
        uri = names.product_lot(unit.session.get_one(Product, lot.product_id).gtin, lot.code)
    else:
        material = directory.material(unit, str(lot.material_id))
        uri = names.material_lot(unit.outside.public_url, material.code, lot.code)
    return {"epcClass": uri, "quantity": f"{lot.quantity if quantity is None else quantity:f}", "uom": lot.uom}


def born_with(lot: Lot) -> dict[str, str]:
    """Master data of a lot for the event in which it, or an item of it, comes to be (CBV 2.0 §9.3)."""
    dated = {"cbvmda:bestBeforeDate": lot.best_before.isoformat()} if lot.best_before else {}
    return {"cbvmda:lotNumber": lot.code, **dated}


def _used(given: Given, lot_id: str, inputs: list[tuple[str, Decimal]]) -> dict[str, Decimal]:
    used: dict[str, Decimal] = {}
    if not inputs:
        given.wrong("/inputs", "empty", "something must have gone into the lot")
    for place, (input_id, amount) in enumerate(inputs):
        if input_id == lot_id:
            given.wrong(f"/inputs/{place}/lot_id", "itself", "a lot cannot go into itself")
        if input_id in used:
            given.wrong(f"/inputs/{place}/lot_id", "twice", "is given twice")
        used[input_id] = given.amount(f"/inputs/{place}/quantity", amount)
    return used


def _product_lot(lot: Lot | None) -> Lot:
    if lot is None or lot.kind != "product":
        raise Missing("no such lot of product")
    return lot


def must_be_clear(lot: Lot) -> None:
    """Raise LotRecalled or LotOnHold unless the lot may move."""
    if lot.standing == "recalled":
        raise LotRecalled(f"lot {lot.code} is recalled", lot=lot.code)
    if lot.standing == "held":
        raise LotOnHold(f"lot {lot.code} is on hold", lot=lot.code)


def _may_use(unit: Unit, lot: Lot | None, amount: Decimal) -> None:
    if lot is None:
        raise Missing("no such input lot")
    must_be_clear(lot)
    if lot.state == "open":
        raise LotNotReady(f"lot {lot.code} is not finished", lot=lot.code)
    gone = unit.session.scalar(select(func.sum(LotInput.quantity)).where(LotInput.input_lot_id == lot.id)) or Decimal(0)
    if gone + amount > lot.quantity:
        left = lot.quantity - gone
        raise NotEnoughLeft(f"{left:f} {lot.uom} are left of lot {lot.code}", lot=lot.code, left=f"{left:f}", uom=lot.uom)


def _transform(unit: Unit, lot: Lot, used: dict[Lot, Decimal], at: datetime) -> None:
    event = capture.record(
        unit,
        type="TransformationEvent",
        biz_step="commissioning",
        disposition="in_progress",
        event_time=at,
        what={
            "inputQuantityList": [portion(unit, source, amount) for source, amount in used.items()],
            "outputQuantityList": [portion(unit, lot)],
        },
        ilmd=born_with(lot),
        read_point=lot.place,
        biz_location=lot.place,
        lots={lot.id: "output", **{source.id: "input" for source in used}},
    )
    unit.session.flush()
    unit.session.add_all(
        LotInput(id=unit.new_id(), output_lot_id=lot.id, input_lot_id=source.id, quantity=amount, uom=source.uom, event_id=event.id)
        for source, amount in used.items()
    )
    unit.session.flush()
