"""The story of one lot, as a consumer may read it: what it came from, who vouches, what happened.

Everything is looked up afresh from events and papers; nothing is told that is not written
there. It gives kinds, codes and plain values: the sentences are the page's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kernel.unit import Unit
from suppliers import certificates, directory
from traceability import genealogy, intake, lots, products
from traceability.events import query
from traceability.models import EpcisEvent, Lot, Product


@dataclass(frozen=True)
class MaterialSeen:
    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Origin:
    """A material that went into the lot, from whom, when and where it came in."""

    material: MaterialSeen
    supplier_name: str
    lot_code: str
    received_at: datetime
    place: str


@dataclass(frozen=True)
class Paper:
    """A paper that the lot or one of its inputs leans on; ``checks``: name → passed, failed or inconclusive."""

    kind: str
    supplier_name: str
    standing: str
    valid_until: date | None
    checks: dict[str, str]


@dataclass(frozen=True)
class Step:
    """``kind``: received, made, commissioned, released, held, hold_released or recalled."""

    kind: str
    at: datetime
    place: str | None
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Passport:
    product: Product | None
    lot: Lot
    origin: list[Origin]
    papers: list[Paper]
    journey: list[Step]


def of(unit: Unit, lot_id: str) -> Passport:
    """The passport of a lot of product or material. Raises Missing."""
    lot = lots.get(unit, lot_id)
    family = lots.several(unit, {lot.id} | genealogy.backward(unit, [lot.id]))
    materials = sorted((each for each in family.values() if each.kind == "material"), key=lambda each: (each.started_at, each.id))
    return Passport(
        product=products.get(unit, lot.product_id) if lot.product_id else None,
        lot=lot,
        origin=[_origin(unit, each) for each in materials],
        papers=_papers(unit, family),
        journey=_journey(unit, lot, family),
    )


def _origin(unit: Unit, lot: Lot) -> Origin:
    material = directory.material(unit, str(lot.material_id))
    supplier = directory.supplier(unit, str(lot.supplier_id))
    return Origin(MaterialSeen(material.code, material.name_zh, material.name_en), supplier.name, lot.code, lot.started_at, lot.place)


def _papers(unit: Unit, family: Mapping[str, Lot]) -> list[Paper]:
    ids = sorted({paper for papers in intake.papers_of(unit, family).values() for paper in papers})
    found = [certificates.get(unit, paper) for paper in ids]
    return [
        Paper(
            kind=paper.kind,
            supplier_name=directory.supplier(unit, paper.supplier_id).name,
            standing=paper.standing,
            valid_until=paper.valid_until,
            checks={outcome.name: outcome.result for outcome in certificates.outcomes(unit, paper.id)},
        )
        for paper in sorted(found, key=lambda paper: (paper.supplier_id, paper.kind, paper.id))
    ]


def _journey(unit: Unit, lot: Lot, family: Mapping[str, Lot]) -> list[Step]:
    """Where everything came in and was made; what was decided later is told of this lot alone, since
    a hold or recall of an input reaches it anyway."""
    events = query.valid(query.of_lots(unit, family))
    subjects = query.subjects(unit, [event.id for event in events])
    steps = []
    for event in events:
        kind = _kind(event)
        about = [family[each] for each in subjects[event.id] if each in family]
        if kind in ("received", "made"):
            steps += [_step(kind, event, each) for each in about]
        elif kind is not None and lot in about:
            steps.append(_step(kind, event, lot))
    return steps


def _kind(event: EpcisEvent) -> str | None:
    if event.type == "TransformationEvent":
        return "made"
    if event.biz_step == "inspecting":
        return "hold_released" if "holdReleased" in event.why else "released"
    if event.biz_step == "holding":
        return "recalled" if event.disposition == "recalled" else "held"
    return {"receiving": "received", "commissioning": "commissioned"}.get(event.biz_step or "")


def _step(kind: str, event: EpcisEvent, lot: Lot) -> Step:
    params = {"lot": lot.code}
    if kind in ("received", "made"):
        params |= {"quantity": f"{lot.quantity:f}", "uom": lot.uom}
    if kind == "commissioned":
        params["count"] = str(sum(span["last"] - span["first"] + 1 for span in event.what.get("codeRanges", ())))
    return Step(kind, event.event_time, event.read_point, params)
