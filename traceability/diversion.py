"""Goods that turn up where their customer was not to sell them.

An item counts where it was first looked at, if that was after it was shipped: whoever buys it checks it near the shop, and later looks
may be a journey's. Some items are carried away, and some phones seem to be where their network is, so a shipment is suspected by its
share: of n items seen, x outside, is P(X ≥ x) small when X is beta-binomial? Its share is the brand's usual one, counted from its
last shipments and begun from TRAVELLERS before there are any, and believed to be known no better than from MOST_KNOWN items, because
shipments differ among themselves (a tourist town, a border). The shipments weighed in one
run share LEVEL among them (Bonferroni); it holds for one weighing, and a shipment is weighed again as often as its items are looked at,
so that over its life it is suspected wrongly somewhat more often. The chance is what accident would do, and no probability of diversion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select

from kernel.unit import Unit
from traceability import cases, regions, shipments
from traceability.cases import Finding
from traceability.models import ItemScans, Scan, Shipment, ShippedRange, Suspicion
from traceability.rolls import at_least

WINDOW: Final = timedelta(minutes=30)
"""Shipments of which anything was looked at so lately are weighed: much longer than from run to run, so that a late one misses nothing."""
AT_ONCE: Final = 50_000
"""Looks of the window that are followed to their shipments, the newest."""
LEAST_ITEMS: Final = 3
"""Fewer items outside are no case, however unlikely."""
TRAVELLERS: Final = 0.05
TRAVELLERS_KNOWN: Final = 40.0
"""Before a brand has a history: its share of items outside, and from how many items it would be known so well."""
MOST_KNOWN: Final = 100.0
SIBLINGS: Final = 50
LEVEL: Final = 0.0001
"""Chance of a wrong suspicion in one run: a tenth of what is to be borne, because there are many runs."""


@dataclass(frozen=True)
class Seen:
    """Where items of a shipment were first looked at: region → items. ``allowed`` are the shipment's regions."""

    where: Mapping[str, int]
    allowed: tuple[str, ...]

    @property
    def outside(self) -> dict[str, int]:
        """Only where they surely should not be: in what is not apart from the regions nobody knows on which side they were."""
        return {code: count for code, count in self.where.items() if regions.apart(code, self.allowed)}

    @property
    def inside(self) -> dict[str, int]:
        return {code: count for code, count in self.where.items() if regions.within(code, self.allowed)}

    @property
    def judged(self) -> int:
        """Items of which it is known on which side they were."""
        return sum(self.inside.values()) + sum(self.outside.values())

    @property
    def strays(self) -> int:
        return sum(self.outside.values())


def watch(unit: Unit) -> list[Finding]:
    """Every shipment of which too many items turned up outside, but for those whose case says just that already. Reads only."""
    found = {shipment.id: (shipment, seen(unit, shipment)) for shipment in _recent(unit)}
    weighed = {key: each for key, (_, each) in found.items() if each.strays >= LEAST_ITEMS}
    if not weighed:
        return []
    usual = {shipment.id: each for shipment, each in _siblings(unit, found)}
    known, told = cases_of(unit, weighed), []
    for key, each in weighed.items():
        alpha, beta = spread(other for other_key, other in usual.items() if other_key != key)
        chance = at_least(each.strays, each.judged, alpha, beta) * len(found)
        if chance <= LEVEL and not _is_told(known.get(key), each):
            told.append(_finding(unit, found[key][0], each, chance, alpha / (alpha + beta)))
    return told


def seen(unit: Unit, shipment: Shipment) -> Seen:
    """Where the items of a shipment were first looked at since it left. Left out are those that had been looked at before."""
    first = (
        select(ItemScans.first_region, func.count())
        .join(
            ShippedRange,
            (ShippedRange.gtin == ItemScans.gtin)
            & (ShippedRange.key_version == ItemScans.key_version)
            & ItemScans.counter.between(ShippedRange.first, ShippedRange.last),
        )
        .where(ShippedRange.shipment_id == shipment.id, ItemScans.first_at >= shipment.at, ItemScans.first_region.is_not(None))
        .group_by(ItemScans.first_region)
    )
    counted = {str(code): int(count) for code, count in unit.session.execute(first) if regions.known(str(code))}
    return Seen(counted, tuple(shipment.regions))


def spread(usual: Iterable[Seen]) -> tuple[float, float]:
    """α and β of the share of items outside, from what was seen of other shipments."""
    alpha, beta = TRAVELLERS * TRAVELLERS_KNOWN, (1 - TRAVELLERS) * TRAVELLERS_KNOWN
    for each in usual:
        alpha, beta = alpha + each.strays, beta + each.judged - each.strays
    scale = min(1.0, MOST_KNOWN / (alpha + beta))
    return alpha * scale, beta * scale


def cases_of(unit: Unit, ids: Iterable[str]) -> dict[str, Suspicion]:
    """The cases of these shipments, by shipment; of those that have one."""
    return cases.of_subjects(unit, "diverted", ids)


def case_of(unit: Unit, shipment_id: str) -> Suspicion | None:
    """The case of a shipment, if there is one."""
    return cases_of(unit, [shipment_id]).get(shipment_id)


def _recent(unit: Unit) -> list[Shipment]:
    """The shipments near whose items something was lately looked at, with those of their neighbours in counting at worst."""
    looks = (
        select(Scan.gtin, Scan.key_version, Scan.counter)
        .where(Scan.brand_id == unit.brand_id, Scan.at >= unit.now - WINDOW, Scan.counter.is_not(None), Scan.region.is_not(None))
        .order_by(Scan.at.desc())
        .limit(AT_ONCE)
        .subquery()
    )
    nearest = (
        select(ShippedRange.shipment_id)
        .where(
            *(ShippedRange.brand_id == unit.brand_id, ShippedRange.gtin == looks.c.gtin),
            *(ShippedRange.key_version == looks.c.key_version, ShippedRange.first <= looks.c.counter),
        )
        .order_by(ShippedRange.first.desc())
        .limit(1)
        .correlate(looks)
        .scalar_subquery()
    )
    ids = [shipment_id for shipment_id in unit.session.scalars(select(nearest).select_from(looks).distinct()) if shipment_id]
    return list(unit.session.scalars(select(Shipment).where(Shipment.id.in_(ids)).order_by(Shipment.id)))


def _siblings(unit: Unit, known: Mapping[str, tuple[Shipment, Seen]]) -> list[tuple[Shipment, Seen]]:
    """The brand's last shipments, but for those that are suspected or were confirmed: they must not make themselves usual."""
    bad = set(unit.session.scalars(select(Suspicion.subject).where(Suspicion.kind == "diverted", Suspicion.state != "dismissed")))
    last = [shipment for shipment in shipments.every(unit, limit=SIBLINGS) if shipment.id not in bad]
    return [known.get(shipment.id) or (shipment, seen(unit, shipment)) for shipment in last]


def _is_told(case: Suspicion | None, each: Seen) -> bool:
    """Nothing new of this shipment, though the others may have moved its odds a little."""
    return case is not None and (case.evidence.get("outside"), case.evidence.get("looked_at")) == (each.outside, each.judged)


def _finding(unit: Unit, shipment: Shipment, each: Seen, chance: float, usual: float) -> Finding:
    runs = shipments.items(unit, shipment.id)
    place: dict[str, Any] = {"gtin": runs[0].gtin} if len({run.gtin for run in runs}) == 1 else {}
    if len(runs) == 1:
        place |= {"key_version": runs[0].key_version, "first": runs[0].first, "last": runs[0].last}
    evidence: dict[str, Any] = {
        "reference": shipment.reference,
        "customer": shipment.customer,
        "allowed": list(shipment.regions),
        "outside": dict(sorted(each.outside.items(), key=lambda item: (-item[1], item[0]))),
        "items": each.strays,
        "looked_at": each.judged,
        "usual": round(usual, 4),
        "chance": float(f"{chance:.2g}"),
    }
    return {"kind": "diverted", "subject": shipment.id, "evidence": evidence, **place}
