"""So much of a lot leaves without codes and without a customer who is supplied: thrown away, taken as a sample, sold loose.

A part of a lot that is gone says nothing of the rest, so the event names a disposition only when nothing is left: else the
whole lot would seem to be destroyed. Source: CBV 2.0 §7.1 (destroying, sampling, retail_selling), §7.2.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, NamedTuple

from kernel.errors import Missing
from kernel.unit import Unit
from traceability import stock
from traceability.events import capture, names
from traceability.given import Given
from traceability.lots.finding import locked
from traceability.lots.keeping import must_be_clear, portion, touch
from traceability.lots.troubles import LotNotReady, NotEnoughLeft
from traceability.models import Lot


class _Told(NamedTuple):
    action: str
    biz_step: str
    disposition: str


_DESTROYED: Final = _Told("DELETE", "destroying", "destroyed")
_SAMPLED: Final = _Told("OBSERVE", "sampling", "non_sellable_other")
_SOLD: Final = _Told("OBSERVE", "retail_selling", "retail_sold")
REASONS: Final = {
    "waste": _DESTROYED,
    "damaged": _DESTROYED,
    "expired": _DESTROYED,
    "recalled": _DESTROYED,
    "laboratory": _SAMPLED,
    "retained": _SAMPLED,
    "authority": _SAMPLED,
}
"""Why something of a lot goes, and what events say of it."""


def discard(unit: Unit, *, lot_id: str, quantity: Decimal, reason: str, note: str | None = None) -> Lot:
    """So much of a lot, in its unit, is thrown away or taken as a sample. A lot that is held or recalled may go this way.

    ``reason``: one of REASONS. Writes one ObjectEvent. Raises Invalid, Missing, LotNotReady or NotEnoughLeft.
    """
    given = Given()
    amount = given.amount("/quantity", quantity)
    reason = given.choice("/reason", reason, tuple(REASONS))
    why = {"reason": f"discard.{reason}", "note": given.optional("/note", note, 300)}
    given.done()
    return _leave(unit, _there(unit, lot_id), amount, REASONS[reason], {key: text for key, text in why.items() if text})


def sell(unit: Unit, *, lot_id: str, quantity: Decimal, customer: str | None = None) -> Lot:
    """So much of a released lot, in its unit, is sold loose: by weight, from the tap. ``customer``: a firm, never a person.

    Writes one ObjectEvent. Raises Invalid, Missing, LotNotReady, LotOnHold, LotRecalled or NotEnoughLeft.
    """
    given = Given()
    amount = given.amount("/quantity", quantity)
    buyer = given.optional("/customer", customer, 120)
    given.done()
    lot = _there(unit, lot_id)
    must_be_clear(lot)
    if lot.state != "released":
        raise LotNotReady(f"lot {lot.code} is {lot.state}", lot=lot.code)
    party = names.place(unit.outside.public_url, buyer) if buyer else None
    why = {"destinationList": [{"type": "owning_party", "destination": party}]} if party else {}
    return _leave(unit, lot, amount, _SOLD, why)


def must_hold(unit: Unit, lot: Lot, amount: Decimal, *, besides: Decimal = Decimal(0)) -> Decimal:
    """What will be left of a lot after ``amount`` more; NotEnoughLeft when there is not so much.

    ``besides``: what is counted as gone and will not be any more.
    """
    left = stock.of(unit, [lot])[lot.id].left + besides
    if amount > left:
        said = f"{left.normalize() + 0:f}"
        raise NotEnoughLeft(f"{said} {lot.uom} are left of lot {lot.code}", lot=lot.code, left=said, uom=lot.uom)
    return left - amount


def _there(unit: Unit, lot_id: str) -> Lot:
    lot = locked(unit, {lot_id}).get(lot_id)
    if lot is None:
        raise Missing("no such lot")
    if lot.state == "open":
        raise LotNotReady(f"lot {lot.code} is not finished", lot=lot.code)
    return lot


def _leave(unit: Unit, lot: Lot, amount: Decimal, told: _Told, why: dict[str, Any]) -> Lot:
    rest = must_hold(unit, lot, amount)
    touch(unit, lot)
    event = capture.record(
        unit,
        type="ObjectEvent",
        action=told.action,
        biz_step=told.biz_step,
        disposition=None if rest else told.disposition,
        event_time=unit.now,
        what={"quantityList": [portion(lot, amount)]},
        why=why,
        read_point=lot.place,
        lots={lot.id: "object"},
    )
    unit.record(f"lot.{told.biz_step}", "lot", lot.id, quantity=f"{amount:f}", event=event.id)
    unit.session.flush()
    return lot
