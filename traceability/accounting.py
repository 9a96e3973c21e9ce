"""The mass balance of a time: each site, each lot that moved there, each step, and what explains an excess.

What a lot or a site took in and gave out is read by ``ledger`` and reckoned by ``mass_balance``; here the books of a
period are put together for people. A step is judged where all that went in can be said in the unit of what came out: kilograms
of milk and pieces of bottles are no contradiction, only two languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from traceability import ledger
from traceability.batches import batched
from traceability.events import things
from traceability.ledger import Told
from traceability.mass_balance import Account, Explanation, Movement, Step, explain, of_lot, of_site, of_step
from traceability.models import Lot, Product

TOLERANCE: Final = Decimal("0.02")
"""A share of what came in: scales, drips and rounding."""
FINEST: Final = Decimal("0.000001")
_CONTENT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(kg|g|l|ml|cl|dl)\s*", re.IGNORECASE)
_UOMS: Final = {"kg": "KGM", "g": "GRM", "l": "LTR", "ml": "MLT", "cl": "CLT", "dl": "DLT"}


@dataclass(frozen=True)
class LotBooks:
    """One lot at one site, with all that was moved before the end of the time. ``lot``: None where it is no lot of this house."""

    site: str
    uri: str
    lot: Lot | None
    account: Account
    explanation: Explanation | None


@dataclass(frozen=True)
class SiteBooks:
    """One site in one dimension, in the time alone; what was there before is brought forward."""

    site: str
    account: Account
    explanation: Explanation | None


@dataclass(frozen=True)
class StepBooks:
    """A step in which more came out than went in."""

    step: Step
    outputs: list[Lot]
    account: Account


@dataclass(frozen=True)
class Books:
    """``lots``: the greatest excess first, as a share of what came in. ``sites``: every site that there is, for a filter."""

    since: datetime
    until: datetime
    tolerance: Decimal
    places: list[str]
    sites: list[SiteBooks]
    lots: list[LotBooks]
    steps: list[StepBooks]

    @property
    def excesses(self) -> int:
        """How many lots and steps give out more than they took in."""
        return sum(1 for each in self.lots if each.account.excess) + len(self.steps)


def of_time(
    unit: Unit, *, since: datetime, until: datetime, site: str | None = None, tolerance: Decimal = TOLERANCE, everywhere: bool = False
) -> Books:
    """The books from ``since`` (inclusive) to ``until`` (exclusive), of one site or of all. ``tolerance``: a share, 0.02 for 2 %.

    ``everywhere``: also at places of others, as far as events were captured. Raises Invalid.
    """
    _fit(since, until, tolerance)
    told = ledger.movements(unit, until=until, everywhere=everywhere)
    places = sorted({each.movement.site for each in told})
    mine = [each for each in told if site in (None, each.movement.site)]
    moved = [each.movement for each in mine]
    known = _lots(unit, {each.lot for each in moved})
    recent = [each for each in moved if each.at >= since]
    rows = [_row(moved_there, uri, where, known, tolerance) for (where, uri), moved_there in _grouped(moved, recent)]
    rows.sort(key=lambda row: (-_share(row.account), row.lot.code if row.lot else row.uri, row.site))
    sites = [
        SiteBooks(where, account, _explained(account))
        for where in sorted({each.site for each in recent})
        for account in of_site(moved, since, until, site=where, tolerance=tolerance)
    ]
    return Books(since, until, tolerance, places, sites, rows, _steps(unit, mine, since, known, tolerance))


def of_one(unit: Unit, lot: Lot, *, until: datetime, tolerance: Decimal = Decimal(0)) -> tuple[Account, Explanation | None] | None:
    """The books of one lot where it is at home; None when it never moved."""
    told = ledger.movements(unit, until=until, lot_uri=lot.uri)
    if not told:
        return None
    account = of_lot([each.movement for each in told], lot.uri, uom=lot.uom, tolerance=tolerance)
    return account, _explained(account)


def _fit(since: datetime, until: datetime, tolerance: Decimal) -> None:
    flaws = []
    if since >= until:
        flaws.append(flaw("/since", "before-after", "must lie before the end"))
    if not tolerance.is_finite() or not 0 <= tolerance <= 1:
        flaws.append(flaw("/tolerance", "share", "must lie between 0 and 1"))
    if flaws:
        raise Invalid(errors=flaws)


def _grouped(moved: Iterable[Movement], recent: Iterable[Movement]) -> list[tuple[tuple[str, str], list[Movement]]]:
    """The movements of each lot at each site where it moved in the time."""
    found: dict[tuple[str, str], list[Movement]] = {(each.site, each.lot): [] for each in recent}
    for each in moved:
        if (each.site, each.lot) in found:
            found[(each.site, each.lot)].append(each)
    return sorted(found.items())


def _row(moved: list[Movement], uri: str, site: str, known: dict[str, Lot], tolerance: Decimal) -> LotBooks:
    lot = known.get(uri)
    account = of_lot(moved, uri, uom=lot.uom if lot else None, tolerance=tolerance)
    return LotBooks(site, uri, lot, account, _explained(account))


def _explained(account: Account) -> Explanation | None:
    return explain(account) if account.excess else None


def _share(account: Account) -> Decimal:
    return account.excess / account.inflow if account.inflow else account.excess


def _steps(unit: Unit, told: list[Told], since: datetime, known: dict[str, Lot], tolerance: Decimal) -> list[StepBooks]:
    held = _contents(unit, known)
    found = []
    for step in ledger.steps(told):
        if step.at < since or not step.outputs or not step.inputs:
            continue
        account = of_step(step, tolerance=tolerance, contents=held)
        if account.excess and not account.unknown:
            outputs = [known[uri] for uri, _, _ in step.outputs if uri in known]
            found.append(StepBooks(step, outputs, account))
    return found


def _contents(unit: Unit, known: dict[str, Lot]) -> dict[str, tuple[Decimal, str]]:
    """What one piece of each lot holds, as far as its product's net content says so in one number."""
    products = {each.id: each.net_content for each in unit.session.scalars(select(Product))}
    found = {}
    for uri, lot in known.items():
        told = _CONTENT.fullmatch(products.get(lot.product_id or "", ""))
        if told:
            found[uri] = (Decimal(told[1]), _UOMS[told[2].lower()])
    return found


def _lots(unit: Unit, uris: Iterable[str]) -> dict[str, Lot]:
    found: dict[str, Lot] = {}
    for some in batched(things.key(unit.brand_id, uri) for uri in uris):
        rows = unit.session.scalars(select(Lot).where(Lot.thing.in_(some)))
        found |= {lot.uri: lot for lot in rows}
    return found
