"""Goods come in: the gate is asked, the lot is written, and it leans on papers from then on.

When one of those papers falls, so does everything made of the lot. What a paper is worth is
decided by suppliers alone; this room asks and reacts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from kernel.errors import Missing
from kernel.given import day_of
from kernel.unit import Unit
from suppliers import certificates, gate
from suppliers.facts import StandingChanged
from traceability import genealogy, holds, lots
from traceability.events import capture
from traceability.given import Given
from traceability.models import Lot, LotPaper

FALLEN = frozenset({"lapsed", "rejected", "revoked"})
STANDS = frozenset({"accepted", "lapsing"})


def receive(
    unit: Unit,
    *,
    supplier_id: str,
    material_id: str,
    lot_code: str,
    quantity: Decimal,
    uom: str,
    place: str,
    received_at: datetime | None = None,
    certificate_ids: Iterable[str] = (),
) -> Lot:
    """Take in a lot of material, if the gate is open on the day it came.

    The lot leans on the papers which opened the gate and on ``certificate_ids``, papers of the
    same supplier for this very lot. Raises Invalid, Missing, gate.GateClosed or lots.LotCodeTaken.
    """
    given = Given()
    code, place = given.text("/lot_code", lot_code, 40), given.text("/place", place, 120)
    quantity, uom = given.amount("/quantity", quantity), given.uom("/uom", uom)
    at = given.moment("/received_at", received_at, unit.now)
    given.done()
    decision = gate.may(unit, supplier_id=supplier_id, material_id=material_id, day=day_of(at))
    if not decision.open:
        raise gate.GateClosed("the gate is closed for this supplier and material", because=list(decision.because))
    papers = {*decision.certificate_ids, *_own_papers(unit, supplier_id, certificate_ids)}
    lot = lots.keep(
        unit,
        Lot(
            id=unit.new_id(),
            code=code,
            kind="material",
            material_id=material_id,
            supplier_id=supplier_id,
            quantity=quantity,
            uom=uom,
            place=place,
            started_at=at,
            finished_at=at,
            state="released",
        ),
    )
    unit.session.add_all(LotPaper(id=unit.new_id(), lot_id=lot.id, certificate_id=paper) for paper in sorted(papers))
    capture.record(
        unit,
        type="ObjectEvent",
        action="ADD",
        biz_step="receiving",
        disposition="in_progress",
        event_time=at,
        what={"quantityList": [lots.portion(unit, lot)]},
        read_point=place,
        biz_location=place,
        lots={lot.id: "object"},
    )
    unit.record("lot.received", "lot", lot.id, code=code, supplier=supplier_id, papers=len(papers))
    unit.session.flush()
    return lot


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
    """Hold every lot that leans on a fallen paper with all that was made of it, or let those lots go.

    Facts may be heard late or out of order, so what counts is how the paper stands now.
    """
    standing = certificates.get(unit, fact.certificate_id).standing
    if standing in FALLEN:
        for lot in genealogy.affected(unit, leaning_on(unit, fact.certificate_id)):
            holds.place(unit, lot_id=lot.id, cause="certificate", cause_id=fact.certificate_id, reason=f"hold.certificate.{standing}")
    elif standing in STANDS:
        for hold in holds.of_cause(unit, cause="certificate", cause_id=fact.certificate_id):
            holds.release(unit, hold_id=hold.id, why="hold.certificate.restored")


def _own_papers(unit: Unit, supplier_id: str, certificate_ids: Iterable[str]) -> set[str]:
    ids = set(certificate_ids)
    for paper in ids:
        if certificates.get(unit, paper).supplier_id != supplier_id:
            raise Missing("no such certificate of this supplier")
    return ids
