"""How each product's items are looked at when nothing is wrong: fitted every night from the brand's own scans.

A product with too little history keeps what it has, at first ``Model.DEFAULT``. The fitting is in
``clone_fitting`` and happens outside any transaction; a request only ever reads a finished model.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, func, select

from kernel.unit import Unit
from traceability.facts import ScanModelDue
from traceability.models import ItemScans, Scan, ScanModel, Suspicion
from traceability.suspicion import Model, Seen

if TYPE_CHECKING:
    from traceability.clone_fitting import History

DAYS = 180
"""So much history counts."""
LEAST_SCANS = 500
LEAST_AGAIN = 100
"""Items that were looked at more than once: fewer say nothing yet of owners and their families."""
MOST_ITEMS = 200_000
"""Of more items every second, third, … is taken."""
AT_ONCE = 5_000
KEPT = timedelta(days=30)
"""Older models are forgotten, but for the newest."""


def of(unit: Unit, gtin: str) -> Model:
    """The newest model of a product, or the default."""
    newest = select(ScanModel.params).where(ScanModel.gtin == gtin).order_by(ScanModel.fitted_at.desc(), ScanModel.id.desc()).limit(1)
    params = unit.session.scalar(newest)
    return Model.of(params) if params else Model.DEFAULT


def ripe(unit: Unit) -> list[str]:
    """The GTINs of products with enough looks for a model of their own. Reads only."""
    looks = func.count()
    query = select(Scan.gtin).where(Scan.brand_id == unit.brand_id, Scan.at >= unit.now - timedelta(days=DAYS), Scan.counter.is_not(None))
    return list(unit.session.scalars(query.group_by(Scan.gtin).having(looks >= LEAST_SCANS).order_by(Scan.gtin)))


def refit(unit: Unit, gtins: list[str]) -> int:
    """Tell ScanModelDue of each; how many there are."""
    for gtin in gtins:
        unit.tell(ScanModelDue(gtin))
    return len(gtins)


def fitted(unit: Unit, fact: ScanModelDue) -> Model | None:
    """A model of the last DAYS; None where they say too little. Reads only."""
    from traceability.clone_fitting import fit

    history = _history(unit, fact.gtin)
    return fit(history) if len(history.again) >= LEAST_AGAIN else None


def on_scan_model_due(unit: Unit, fact: ScanModelDue, model: Model | None) -> None:
    """Keep a new model; none leaves what there is."""
    if model is None:
        return
    row = ScanModel(id=unit.new_id(), gtin=fact.gtin, fitted_at=unit.now, items=model.items, scans=model.scans, params=model.params())
    unit.session.add(row)
    for old in unit.session.scalars(select(ScanModel).where(ScanModel.gtin == fact.gtin, ScanModel.fitted_at < unit.now - KEPT)):
        unit.session.delete(old)
    unit.record("clone_models.refitted", "product", fact.gtin, items=model.items, scans=model.scans, threshold=round(model.threshold, 2))


def _history(unit: Unit, gtin: str) -> History:
    """Looks at a product's items, in chunks and by columns; items that a person found to be copied are left out."""
    import numpy as np

    from traceability.clone_fitting import History

    again: list[list[Seen]] = []
    ages: tuple[list[float], list[float]] = ([], [])
    places: dict[str, int] = {}
    copied = _confirmed(unit, gtin)
    for item, rows in groupby(_rows(unit, gtin), key=itemgetter(0, 1)):
        looks = [Seen(row.at, row.device, row.region, row.verdict == "not_released") for row in rows]
        if item in copied:
            continue
        for seen in looks:
            if seen.region:
                places[seen.region] = places.get(seen.region, 0) + 1
        once = len(looks) == 1
        ages[once].append((unit.now - looks[0].at).total_seconds() / 86400)
        if not once:
            again.append(looks)
    return History(again, np.array([*ages[False], *ages[True]]), places)


def _rows(unit: Unit, gtin: str) -> Iterator[Row[Any]]:
    """Of many items only every so many, chosen by their counters."""
    since = unit.now - timedelta(days=DAYS)
    query: Select[*tuple[Any, ...]] = select(Scan.key_version, Scan.counter, Scan.at, Scan.device, Scan.region, Scan.verdict)
    query = query.where(Scan.brand_id == unit.brand_id, Scan.gtin == gtin, Scan.counter.is_not(None), Scan.at >= since)
    every = -(-_seen_items(unit, gtin, since) // MOST_ITEMS)
    if every > 1:
        query = query.where(Scan.counter % every == 0)
    in_order = query.order_by(Scan.key_version, Scan.counter, Scan.at, Scan.id)
    yield from unit.session.execute(in_order.execution_options(yield_per=AT_ONCE))


def _seen_items(unit: Unit, gtin: str, since: datetime) -> int:
    mine = (ItemScans.brand_id == unit.brand_id, ItemScans.gtin == gtin, ItemScans.last_at >= since)
    return unit.session.scalar(select(func.count()).select_from(ItemScans).where(*mine)) or 0


def _confirmed(unit: Unit, gtin: str) -> set[tuple[int | None, int | None]]:
    query = select(Suspicion.key_version, Suspicion.first).where(
        Suspicion.kind == "copied", Suspicion.state == "confirmed", Suspicion.gtin == gtin
    )
    return {(version, counter) for version, counter in unit.session.execute(query)}
