"""A lot of product: opened on a line, finished out of other lots, released to the market."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from kernel.errors import Missing
from kernel.given import day_of
from kernel.unit import Unit
from traceability.events import capture
from traceability.given import Given
from traceability.lots.finding import locked
from traceability.lots.keeping import born_with, keep, must_be_clear, portion, touch
from traceability.lots.leaving import must_hold
from traceability.lots.troubles import LotNotFinished, LotNotOpen, LotNotReady
from traceability.models import Lot, Product

PRODUCT_LOT_CODE: Final = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}""")
"""Application Identifier 10 (GS1 General Specifications §3.4.1): CSET 82, up to 20 characters."""


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

    Writes one TransformationEvent. Raises Invalid, Missing, LotNotOpen,
    LotOnHold or LotRecalled (of an input), LotNotReady, NotEnoughLeft.
    """
    given = Given()
    at = given.moment("/finished_at", finished_at, unit.now)
    made = given.amount("/quantity", quantity) if quantity is not None else None
    used = inputs_of(given, lot_id, inputs)
    given.done()
    there = locked(unit, {lot_id, *used})
    lot = _product_lot(there.get(lot_id))
    if lot.state != "open":
        raise LotNotOpen(f"lot {lot.code} is {lot.state}", lot=lot.code)
    if at < lot.started_at:
        given.wrong("/finished_at", "order", "lies before the start of the lot")
        given.done()
    for place, (input_id, amount) in enumerate(used.items()):
        _may_use(unit, there.get(input_id), amount)
        _must_be_there(given, place, there[input_id], at)
    given.done()
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
        what={"quantityList": [portion(lot)]},
        read_point=lot.place,
        lots={lot.id: "object"},
    )
    unit.record("lot.released", "lot", lot.id)
    return lot


def inputs_of(given: Given, lot_id: str, inputs: list[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Lot id → how much of it was used, as it was given; every flaw is noted in ``given``."""
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


def _must_be_there(given: Given, place: int, source: Lot, at: datetime) -> None:
    """Note a flaw in ``given`` when this input only came to be after what is made of it was finished."""
    if source.started_at > at:
        given.wrong(f"/inputs/{place}/lot_id", "newer", "did not exist yet", lot=source.code)


def _product_lot(lot: Lot | None) -> Lot:
    if lot is None or lot.kind != "product":
        raise Missing("no such lot of product")
    return lot


def _may_use(unit: Unit, lot: Lot | None, amount: Decimal) -> None:
    if lot is None:
        raise Missing("no such input lot")
    must_be_clear(lot)
    if lot.state == "open":
        raise LotNotReady(f"lot {lot.code} is not finished", lot=lot.code)
    must_hold(unit, lot, amount)


def _transform(unit: Unit, lot: Lot, used: dict[Lot, Decimal], at: datetime) -> None:
    capture.record(
        unit,
        type="TransformationEvent",
        biz_step="commissioning",
        disposition="in_progress",
        event_time=at,
        what={
            "inputQuantityList": [portion(source, amount) for source, amount in used.items()],
            "outputQuantityList": [portion(lot)],
        },
        ilmd=born_with(lot),
        read_point=lot.place,
        biz_location=lot.place,
        lots={lot.id: "output", **{source.id: "input" for source in used}},
    )
