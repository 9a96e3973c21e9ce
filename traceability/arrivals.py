"""The lines of a delivery: what was told of each, which lot it becomes, and how events told of it since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from kernel.errors import Conflict, Invalid
from kernel.unit import Unit
from suppliers import directory
from traceability import gs1, lots, stock
from traceability.events import names, things
from traceability.given import Given
from traceability.models import EpcisEvent, EventThing, GoodsDelivery, Lot, LotPaper


class SupplierLotKnown(Conflict):
    """A lot under this GTIN and lot number is known already, as another material, of another supplier, in another unit or under another
    lot code than was told now. What bears the same GS1 key is one lot: receive it under the code that ``lot`` names, or
    without the GTIN if the goods are not marked with it."""

    code = "supplier-lot-known"
    title = "These goods are known as another lot"


@dataclass(frozen=True)
class Line:
    """One line of a delivery: ``quantity`` in ``uom`` of a material, under our ``lot_code`` (made from the supplier's when None),
    called ``supplier_lot`` by the supplier and, where they mark it with GS1 keys, of their ``supplier_gtin``.
    ``certificate_ids``: papers of the supplier for this very lot."""

    material_id: str
    quantity: Decimal
    uom: str
    lot_code: str | None = None
    supplier_lot: str | None = None
    supplier_gtin: str | None = None
    certificate_ids: tuple[str, ...] = ()

    @property
    def uri(self) -> str | None:
        """The supplier's own class, when it has one."""
        return names.product_lot(self.supplier_gtin, self.supplier_lot) if self.supplier_gtin and self.supplier_lot else None

    def words(self) -> dict[str, Any]:
        """What was told, in a form whose text is always the same."""
        return {**asdict(self), "quantity": f"{self.quantity.normalize():f}", "certificate_ids": sorted(self.certificate_ids)}


@dataclass(frozen=True)
class Taken:
    """So much came into a lot. ``action``: ADD where the lot came to be by it, OBSERVE where its maker had commissioned its class."""

    lot: Lot
    quantity: Decimal
    action: str
    papers: int


def read(given: Given, lines: Sequence[Line]) -> list[Line]:
    """The lines, fit to keep; every flaw of them is noted in ``given``."""
    told = [_line(given, f"/lines/{place}", each) for place, each in enumerate(lines)]
    for name in ("lot_code", "uri"):
        seen: set[str] = set()
        for place, each in enumerate(told):
            value = getattr(each, name)
            if value in seen:
                given.wrong(f"/lines/{place}/{'supplier_lot' if name == 'uri' else name}", "twice", "is given twice")
            elif value:
                seen.add(value)
    return told


def take_in(unit: Unit, delivery: GoodsDelivery, told: Sequence[Line], papers: Sequence[set[str]]) -> list[Taken]:
    """The lots of a delivery, each leaning on its papers. Raises lots.LotCodeTaken, SupplierLotKnown."""
    taken = []
    named = {each.lot_code for each in told if each.lot_code}
    for line, leans_on in zip(told, papers, strict=True):
        known = _known(unit, line.uri)
        if known is not None:
            lot = _more(known, delivery, line)
            lots.touch(unit, lot)
        else:
            code = line.lot_code or _code(unit, line, named)
            named.add(code)
            lot = lots.keep(unit, _lot(unit, delivery, replace(line, lot_code=code)))
        _lean(unit, lot, leans_on)
        taken.append(Taken(lot, line.quantity, "OBSERVE" if line.uri else "ADD", len(leans_on)))
    return taken


def told(unit: Unit, moments: Collection[datetime]) -> Iterator[tuple[EpcisEvent, Lot, Decimal, str]]:
    """What was received at these moments, of which lot and how much, as far as it counts."""
    query = (
        select(EpcisEvent, Lot, EventThing.quantity, EventThing.uom)
        .join(EventThing, EventThing.event_id == EpcisEvent.id)
        .join(Lot, Lot.thing == EventThing.thing)
        .where(EpcisEvent.event_time.in_(moments), EpcisEvent.biz_step == "receiving", EpcisEvent.told.is_(None))
        .where(EventThing.role == "object", EventThing.quantity.is_not(None), *stock.counting())
    )
    for event, lot, quantity, uom in unit.session.execute(query).tuples():
        yield event, lot, quantity or Decimal(0), uom or lot.uom


def _line(given: Given, pointer: str, line: Line) -> Line:
    code = given.optional(f"{pointer}/lot_code", line.lot_code, 40)
    theirs = given.optional(f"{pointer}/supplier_lot", line.supplier_lot, 40)
    gtin = given.optional(f"{pointer}/supplier_gtin", line.supplier_gtin, 14)
    if code is None and theirs is None:
        given.wrong(f"{pointer}/lot_code", "which-lot", "name our lot code or the supplier's")
    if gtin is not None:
        gtin = _gtin(given, f"{pointer}/supplier_gtin", gtin)
        if theirs is None or not lots.PRODUCT_LOT_CODE.fullmatch(theirs):
            given.wrong(f"{pointer}/supplier_lot", "gs1-ai-10", "may hold only characters of GS1's set 82")
    return Line(
        material_id=given.text(f"{pointer}/material_id", line.material_id, 40),
        quantity=given.amount(f"{pointer}/quantity", line.quantity),
        uom=given.uom(f"{pointer}/uom", line.uom),
        lot_code=code,
        supplier_lot=theirs,
        supplier_gtin=gtin,
        certificate_ids=tuple(line.certificate_ids),
    )


def _gtin(given: Given, pointer: str, text: str) -> str | None:
    try:
        return gs1.gtin14(text)
    except Invalid as wrong:
        for each in wrong.errors:
            given.wrong(pointer, each["rule"], each["detail"])
    return None


def _known(unit: Unit, uri: str | None) -> Lot | None:
    """The lot that bears this class already, locked."""
    if uri is None:
        return None
    lot_id = unit.session.scalar(select(Lot.id).where(Lot.thing == things.key(unit.brand_id, uri)))
    return lots.locked(unit, {lot_id})[lot_id] if lot_id else None


def _more(lot: Lot, delivery: GoodsDelivery, line: Line) -> Lot:
    same = (lot.material_id, lot.supplier_id, lot.uom) == (line.material_id, delivery.supplier_id, line.uom)
    if not same or line.lot_code not in (None, lot.code):
        raise SupplierLotKnown(f"these goods are known as lot {lot.code}", lot=lot.code)
    lot.quantity += line.quantity
    return lot


def _lot(unit: Unit, delivery: GoodsDelivery, line: Line) -> Lot:
    made = Lot(
        id=unit.new_id(),
        code=line.lot_code,
        kind="material",
        material_id=line.material_id,
        supplier_id=delivery.supplier_id,
        supplier_lot=line.supplier_lot,
        delivery_id=delivery.id,
        quantity=line.quantity,
        uom=line.uom,
        place=delivery.place,
        started_at=delivery.received_at,
        finished_at=delivery.received_at,
        state="released",
    )
    if line.uri:
        made.uri = line.uri
    return made


def _code(unit: Unit, line: Line, named: set[str]) -> str:
    """A code of ours made from the supplier's: the material's before it, and a number behind where that is taken."""
    material = directory.material(unit, line.material_id)
    start = f"{material.code[:15]}-{line.supplier_lot}"
    for number in range(1, 1000):
        end = f"-{number}" if number > 1 else ""
        code = start[: 40 - len(end)] + end
        if code not in named and unit.session.scalar(select(Lot.id).where(Lot.code == code)) is None:
            return code
    raise lots.LotCodeTaken(f"lot codes that begin with {start} are in use", lot=start)


def _lean(unit: Unit, lot: Lot, papers: set[str]) -> None:
    before = set(unit.session.scalars(select(LotPaper.certificate_id).where(LotPaper.lot_id == lot.id)))
    unit.session.add_all(LotPaper(id=unit.new_id(), lot_id=lot.id, certificate_id=paper) for paper in sorted(papers - before))
