"""Digital Product Passports of lots and items: the facts gathered for ``untp``, which writes them.

A passport of an item tells what its lot's does and its own serial, which whoever asks has brought along: nothing here
lists serials. What a stranger's scan would not be told of, a label that never was on an item, has no passport either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import select

from kernel.errors import Missing
from kernel.given import day_of
from kernel.orm import Brand
from kernel.unit import Unit
from suppliers import directory
from traceability import carriers, disclosure, genealogy, life, lots, passport, sites, stock, untp
from traceability.batches import batched
from traceability.events import names
from traceability.intake import STANDS
from traceability.models import EpcisEvent, EventThing, Lot, Product
from traceability.passport import Paper, Passport
from traceability.untp import Evidence, Facility, Facts, Flow, Happened, Party, Share

GTIN: Final = ("Global Trade Item Number (GTIN)", f"{names.CANONICAL}/01/")
PACKAGING: Final = "packaging"
"""Materials of this category hold the product; they are no part of its mass."""
MOST_EVENTS: Final = 1_000


def of_lot(unit: Unit, lot_id: str) -> dict[str, Any]:
    """The passport of a lot of product or material, ready for JSON. Raises Missing."""
    return untp.credential(_facts(unit, lot_id))


def of_item(unit: Unit, text: str) -> dict[str, Any]:
    """The passport of the one item whose code this is, in any form (``carriers``). Raises Missing, gs1.NotALink or gs1.NotGS1."""
    meant = carriers.read(unit, text)
    if meant.ref.lot_id is None or meant.ref.state not in life.ITEMS:
        raise Missing("no item of ours bears this code")
    facts = _facts(unit, meant.ref.lot_id)
    told = replace(
        facts,
        id=names.item(meant.ref.gtin, meant.serial),
        registered=f"{meant.ref.gtin}.21.{meant.serial}",
        serial=meant.serial,
        url=_here(unit, names.item(meant.ref.gtin, meant.serial)),
    )
    return untp.credential(told)


def _facts(unit: Unit, lot_id: str) -> Facts:
    story = passport.of(unit, lot_id)
    lot, base = story.lot, unit.outside.public_url
    brand = unit.session.get_one(Brand, unit.brand_id)
    issuer = Party(f"{base}/brand/{quote(brand.slug, safe='')}", brand.name)
    known = _of_product(unit, lot, story.product, issuer) if story.product else _of_material(unit, lot)
    return Facts(
        issuer=issuer,
        id=lot.uri,
        standing=lot.standing,
        told_at=unit.now,
        url=known.pop("url", None) or lot.uri,
        papers=tuple(_evidence(unit, story)),
        events=tuple(_events(unit, lot)),
        **known,
    )


def _of_product(unit: Unit, lot: Lot, product: Product, maker: Party) -> dict[str, Any]:
    base = unit.outside.public_url
    region = sites.region_of(unit, {lot.place}).get(lot.place)
    return {
        "name": product.name_en,
        "description": f"{product.name_en} ({product.name_zh}), {product.net_content}",
        "batch": lot.code,
        "registered": f"{product.gtin}.10.{lot.code}",
        "scheme": GTIN,
        "url": _here(unit, lot.uri),
        "producer": maker,
        "facility": Facility(names.place(base, lot.place), lot.place),
        "produced_on": day_of(lot.finished_at) if lot.finished_at else None,
        "country": region[:2] if region else None,
        "materials": tuple(_materials(unit, lot)),
    }


def _here(unit: Unit, link: str) -> str:
    """A Digital Link at this house's own resolver."""
    return unit.outside.public_url + link.removeprefix(names.CANONICAL)


def _of_material(unit: Unit, lot: Lot) -> dict[str, Any]:
    """Of what came in: where and when it was made is for its maker to say."""
    material = directory.material(unit, str(lot.material_id))
    supplier = directory.supplier(unit, str(lot.supplier_id))
    gtin = lot.uri.removeprefix(GTIN[1]).partition("/")[0] if lot.uri.startswith(GTIN[1]) else None
    batch = lot.supplier_lot or lot.code
    return {
        "name": material.name_en,
        "description": f"{material.name_en} ({material.name_zh})",
        "batch": batch,
        "registered": f"{gtin}.10.{batch}" if gtin else None,
        "scheme": GTIN if gtin else None,
        "producer": Party(names.party(unit.outside.public_url, directory.known_by(supplier)), supplier.name, supplier.uscc),
    }


def _materials(unit: Unit, lot: Lot) -> Iterable[Share]:
    graph = genealogy.graph(unit, lot.id)
    before = genealogy.back(unit, [lot.id])
    raw = {each.id: each for each in graph.lots if each.id in before and each.kind == "material"}
    known = {each.id: each for each in directory.materials(unit)}
    materials = {lot_id: known[str(each.material_id)] for lot_id, each in raw.items()}
    apart = {lot_id for lot_id, material in materials.items() if material.category == PACKAGING}
    edges = [*(edge for edge in graph.edges if edge.input in before), *graph.beyond]  # what nobody knows here leaves shares unknown
    flows = [Flow(edge.input, edge.output, edge.quantity, edge.uom) for edge in edges]
    part_of = {lot_id: material.name_en for lot_id, material in materials.items() if lot_id not in apart}
    shares: dict[str, Decimal] = untp.shares(lot.id, flows, part_of, apart=apart)
    return [Share(name, shares.get(name)) for name in sorted(set(part_of.values()))]


def _evidence(unit: Unit, story: Passport) -> Iterable[Evidence]:
    """What vouches for the lot, and what did when it was made and has fallen since; nothing that never stood."""
    for paper in story.papers:
        passed = tuple(check.name for check in paper.checked if check.result == "passed")
        fell = paper.as_of.fell_at if paper.as_of else None
        if (paper.standing in STANDS or fell) and (passed or paper.accepted_at):
            yield _verified(unit, paper, passed, fell)


def _verified(unit: Unit, paper: Paper, passed: tuple[str, ...], fell: datetime | None) -> Evidence:
    at = paper.accepted_at or max(check.at for check in paper.checked if check.result == "passed")
    public = disclosure.of(paper)
    return Evidence(
        id=names.event(paper.id),
        kind=paper.kind,
        number=public.get("number_tail", ""),
        holder=paper.supplier_name,
        holder_kind=directory.supplier(unit, paper.supplier_id).kind,
        sha256=paper.sha256,
        assessed_on=day_of(at),
        passed=passed if "checks" in disclosure.shown(paper.kind) else (),
        by_person=paper.accepted_at is not None,
        by_two=tuple(name for name, _at in paper.overridden),
        stood=paper.as_of is not None and paper.as_of.good_then,
        standing=paper.standing,
        since=day_of(paper.as_of.since) if paper.as_of and paper.as_of.since else None,
    )


def _events(unit: Unit, lot: Lot) -> Iterable[Happened]:
    """What happened to the lot and to what went into it, as far as it counts, oldest first."""
    things = [each.thing for each in lots.several(unit, {lot.id} | genealogy.back(unit, [lot.id])).values()]
    found: dict[str, EpcisEvent] = {}
    for some in batched(things):
        about = select(EventThing.event_id).where(EventThing.thing.in_(some))
        query = select(EpcisEvent).where(EpcisEvent.id.in_(about), *stock.counting())
        found |= {event.id: event for event in unit.session.scalars(query)}
    ordered = sorted(found.values(), key=lambda event: (event.event_time, event.id))
    for event in ordered[:MOST_EVENTS]:
        uri = event.uri or names.event(event.id)
        step = (event.biz_step or event.type).rpartition("/")[2].replace("_", " ").capitalize()
        title = f"{event.type}, {day_of(event.event_time).isoformat()}"
        yield Happened(step, title, f"{unit.outside.public_url}/epcis/events/{quote(uri, safe='')}")
