"""The story of one lot, as a consumer may read it: what it came from, who vouches, what happened.

Everything is looked up afresh from events and papers; nothing is told that is not written
there. It gives kinds, codes and plain values: the sentences are the page's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from kernel.unit import Unit
from suppliers import certificates, directory
from traceability import genealogy, intake, lots, products
from traceability.events import query
from traceability.models import EpcisEvent, Lot, Product

DECIDING: Final = ("accept", "reject", "revoke", "reset")
"""Decisions on the paper as a whole; a suspension only interrupts."""


@dataclass(frozen=True)
class MaterialSeen:
    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Origin:
    """A material that went into the lot, from whom, when and where it came in. ``used``: how much of it, in
    ``uom``; ``by_way_of``: the codes of the lots between, for what did not go in directly. ``standing`` is its own."""

    material: MaterialSeen
    supplier_name: str
    lot_code: str
    received_at: datetime
    place: str
    standing: str
    used: Decimal
    uom: str
    by_way_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckSeen:
    """What one check found: ``result`` passed, failed or inconclusive, ``because`` a code with its ``evidence``."""

    name: str
    result: str
    because: str
    evidence: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class Paper:
    """A paper that the lot or one of its inputs leans on, what was checked of it, and by whom.

    ``accepted_at``: when a person answered for it, None when nobody had to; ``overridden``: the checks that two persons let
    pass, with the day; ``asked_on``: when a person last found it valid in a public register. ``lot_codes``: the lots
    that came in because of it. ``sha256``: hex, of the file as it was handed in.
    ``as_of``: how it stood when the lot was made or came in, and what has become of it. What of all this a stranger may
    read, ``disclosure`` says.
    """

    kind: str
    number: str
    supplier_name: str
    issuer_name: str | None
    standing: str
    valid_from: date
    valid_until: date | None
    checked_at: datetime | None
    accepted_at: datetime | None
    checked: tuple[CheckSeen, ...]
    lot_codes: tuple[str, ...]
    id: str = ""
    supplier_id: str = ""
    sha256: str = ""
    as_of: certificates.Stood | None = None
    overridden: tuple[tuple[str, datetime], ...] = ()
    asked_on: date | None = None
    issued_on: date | None = None
    lots: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    scope: str | None = None
    accreditation: str | None = None

    @property
    def checks(self) -> dict[str, str]:
        """name → passed, failed or inconclusive."""
        return {check.name: check.result for check in self.checked}


@dataclass(frozen=True)
class Step:
    """``kind``: received, made, commissioned, released, held, hold_released or recalled. ``event_id`` is that of
    the event which says so, ``recorded_at`` when it was written down."""

    kind: str
    at: datetime
    place: str | None
    event_id: str
    recorded_at: datetime
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """This lot, or one of product that went into it: when it was on which line. ``until`` is None while it is open."""

    lot_id: str
    lot_code: str
    line_code: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Passport:
    product: Product | None
    lot: Lot
    origin: list[Origin]
    papers: list[Paper]
    journey: list[Step]
    made: list[Made]


def of(unit: Unit, lot_id: str) -> Passport:
    """The passport of a lot of product or material. Raises Missing."""
    lot = lots.get(unit, lot_id)
    graph = genealogy.graph(unit, lot.id)
    into = _into(graph.edges, lot.id)
    family = {each.id: each for each in graph.lots if each.id == lot.id or each.id in into}
    return Passport(
        product=products.get(unit, lot.product_id) if lot.product_id else None,
        lot=lot,
        origin=[_origin(unit, each, into.get(each.id, []), lot, family) for each in family.values() if each.kind == "material"],
        papers=_papers(unit, lot, family),
        journey=_journey(unit, lot, family),
        made=[
            Made(each.id, each.code, each.line_code, each.started_at, each.finished_at)
            for each in family.values()
            if each.kind == "product" and each.line_code
        ],
    )


def newest(unit: Unit, product_id: str) -> str | None:
    """The id of the product's last lot that was let go to market and of which nothing bad is known."""
    good = (Lot.product_id == product_id, Lot.state == "released", Lot.standing == "clear")
    return unit.session.scalar(select(Lot.id).where(*good).order_by(Lot.started_at.desc(), Lot.id.desc()).limit(1))


def _into(edges: Iterable[genealogy.Edge], lot_id: str) -> dict[str, list[genealogy.Edge]]:
    """For every lot that went into this one, directly or not, the edges by which it did."""
    known = list(edges)
    found: dict[str, list[genealogy.Edge]] = {}
    edge_of_walk = {lot_id}
    while edge_of_walk:
        fresh = {edge.input for edge in known if edge.output in edge_of_walk} - found.keys() - {lot_id}
        found.update({each: [] for each in fresh})
        edge_of_walk = fresh
    for edge in known:
        if edge.input in found and (edge.output == lot_id or edge.output in found):
            found[edge.input].append(edge)
    return found


def _origin(unit: Unit, lot: Lot, edges: list[genealogy.Edge], start: Lot, family: Mapping[str, Lot]) -> Origin:
    material = directory.material(unit, str(lot.material_id))
    supplier = directory.supplier(unit, str(lot.supplier_id))
    return Origin(
        material=MaterialSeen(material.code, material.name_zh, material.name_en),
        supplier_name=supplier.name,
        lot_code=lot.code,
        received_at=lot.started_at,
        place=lot.place,
        standing=lot.standing,
        used=sum((edge.quantity for edge in edges), Decimal(0)),
        uom=lot.uom,
        by_way_of=tuple(family[edge.output].code for edge in edges if edge.output != start.id),
    )


def _papers(unit: Unit, lot: Lot, family: Mapping[str, Lot]) -> list[Paper]:
    leaning: dict[str, list[str]] = {}
    for lot_id, papers in intake.papers_of(unit, family).items():
        for paper in papers:
            leaning.setdefault(paper, []).append(family[lot_id].code)
    stood = certificates.stood(unit, dict.fromkeys(leaning, lot.started_at))
    found = [certificates.get(unit, paper) for paper in sorted(leaning)]
    return [
        Paper(
            kind=paper.kind,
            number=paper.number,
            supplier_name=directory.supplier(unit, paper.supplier_id).name,
            issuer_name=paper.issuer_name,
            standing=paper.standing,
            valid_from=paper.valid_from,
            valid_until=paper.valid_until,
            checked_at=paper.judged_at,
            checked=tuple(
                CheckSeen(outcome.name, outcome.result, outcome.because, dict(outcome.evidence), outcome.at)
                for outcome in certificates.outcomes(unit, paper.id)
            ),
            lot_codes=tuple(sorted(leaning[paper.id])),
            id=paper.id,
            supplier_id=paper.supplier_id,
            sha256=paper.sha256,
            as_of=stood[paper.id],
            issued_on=paper.issued_on,
            lots=tuple(paper.lots or ()),
            products=tuple(paper.products or ()),
            scope=paper.scope,
            accreditation=paper.accreditation,
            **_by_people(unit, paper.id, paper.found or {}),
        )
        for paper in sorted(found, key=lambda paper: (paper.supplier_id, paper.kind, paper.id))
    ]


def _by_people(unit: Unit, certificate_id: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """What people answered for on the paper as it is now: one accepted it, two let a check pass, one looked it up."""
    decided = [change for change in certificates.history(unit, certificate_id) if change.decision in DECIDING]
    said = {name: because for name, (_result, because, *_) in found.items()}
    lookups = [each.asked_on for each in certificates.lookups(unit, certificate_id) if each.result == "valid"]
    return {
        "accepted_at": decided[-1].at if decided and decided[-1].decision == "accept" else None,
        "overridden": tuple(
            (each.name, each.decided_at)
            for each in certificates.overrides(unit, certificate_id)
            if each.state == "approved" and said.get(each.name) == each.because
        ),
        "asked_on": max(lookups, default=None),
    }


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
    return Step(kind, event.event_time, event.read_point, event.id, event.record_time, params)
