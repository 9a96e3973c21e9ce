"""Goods come in: the gate is asked, the lot is written, and it leans on papers from then on.

When one of those papers falls, so does everything made of the lot. What a paper is worth is
decided by suppliers alone; this room asks and reacts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from kernel.errors import Invalid
from kernel.unit import Unit
from suppliers import certificates, directory
from suppliers.facts import StandingChanged
from suppliers.requirements import KINDS
from suppliers.standing import FALLEN
from traceability import deliveries, genealogy, holds, lots
from traceability.arrivals import Line
from traceability.models import Lot, LotPaper

STANDS = frozenset({"verified", "expiring", "superseded"})
"""A paper whose place a newer one took stops nothing: it stood when the goods came."""
OF_ITS_DAY = frozenset({"lapsed"})
"""What stops goods that lean on a supplier's licence, and not those that a report speaks of: what was measured on a lot does not
end with the report, which is only too old for lots to come."""


def receive(
    unit: Unit,
    *,
    supplier_id: str,
    material_id: str,
    lot_code: str | None,
    quantity: Decimal,
    uom: str,
    place: str,
    received_at: datetime | None = None,
    certificate_ids: Iterable[str] = (),
    supplier_lot: str | None = None,
    supplier_gtin: str | None = None,
) -> Lot:
    """Take in one lot of material, if the gate is open on the day it came: a delivery of one line (``deliveries.receive``).

    The lot leans on the papers which opened the gate, those that name ``supplier_lot`` among them, and on ``certificate_ids``,
    papers of the same supplier laid beside this very lot. Raises Invalid, Missing, gate.GateClosed or lots.LotCodeTaken.
    """
    line = Line(
        material_id=material_id,
        quantity=quantity,
        uom=uom,
        lot_code=lot_code,
        supplier_lot=supplier_lot,
        supplier_gtin=supplier_gtin,
        certificate_ids=tuple(certificate_ids),
    )
    try:
        made = deliveries.receive(unit, supplier_id=supplier_id, reference=None, place=place, lines=[line], received_at=received_at)
    except Invalid as wrong:
        raise Invalid(errors=[each | {"pointer": each["pointer"].removeprefix("/lines/0")} for each in wrong.errors]) from None
    (received,) = deliveries.lines(unit, [made])[made.id]
    return received.lot


def papers_of(unit: Unit, lot_ids: Iterable[str]) -> dict[str, list[str]]:
    """The ids of the papers that each of these lots leans on."""
    papers: dict[str, list[str]] = {}
    for row in unit.session.scalars(select(LotPaper).where(LotPaper.lot_id.in_(set(lot_ids))).order_by(LotPaper.id)):
        papers.setdefault(row.lot_id, []).append(row.certificate_id)
    return papers


def leaning_on(unit: Unit, certificate_id: str) -> list[str]:
    """The ids of the lots that were received because this paper stood."""
    return list(unit.session.scalars(select(LotPaper.lot_id).where(LotPaper.certificate_id == certificate_id)))


def on_standing_changed(unit: Unit, fact: StandingChanged) -> None:
    """Hold every lot that leans on a fallen paper with all that was made of it, or let those lots go; what their pages
    say of the paper has changed either way.

    Facts may be heard late or out of order, so what counts is how the paper stands now. It cannot be judged anew until this is
    done: two reactions that overtake each other would else leave a lot free whose paper was revoked meanwhile.
    """
    paper = certificates.get(unit, fact.certificate_id)
    directory.lock(unit, paper.supplier_id, share=True)
    unit.session.refresh(paper)
    family = genealogy.affected(unit, leaning_on(unit, paper.id))
    for lot in family:
        lots.touch(unit, lot)
    if stops(paper.kind, paper.standing):
        for lot in family:
            holds.place(unit, lot_id=lot.id, cause="certificate", cause_id=paper.id, reason=f"hold.certificate.{paper.standing}")
    elif paper.standing in STANDS | OF_ITS_DAY:
        holds.release_all(unit, cause="certificate", cause_id=paper.id, why="hold.certificate.restored")


def stops(kind: str, standing: str) -> bool:
    """Are lots held that lean on a paper of this kind, standing so?"""
    of_lots = kind in KINDS and KINDS[kind].scope == "lot"
    return standing in FALLEN and not (of_lots and standing in OF_ITS_DAY)
