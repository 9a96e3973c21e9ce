"""Stretches of an order of which too many items were seen in many places: copiers copy few codes, from few rolls.

A single copied label may stay below its threshold; ten of them next to each other do not look like
chance. Each stretch of STRETCH neighbouring counters is held against its siblings, the other stretches of the product:
how many of its items went to MANY places or more, of those that were looked at? Siblings differ among themselves too (one
went to a tourist town), so the number is beta-binomial, with the share and its spread taken from the siblings by moments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import exp, lgamma
from typing import Any

from sqlalchemy import func, select

from kernel.unit import Unit
from traceability.cases import Finding
from traceability.models import CodeOrder, ItemScans, Suspicion
from traceability.suspicion import places

STRETCH = 1_000
MANY = 3
LEAST_LOOKED_AT = 30
LEAST_SIBLINGS = 20
LEAST_ITEMS = 3
"""Fewer items in many places are no case, however unlikely."""
DISCOVERIES = 0.01
"""Of the stretches that are told, so large a share may be wrong (Benjamini and Hochberg, 1995)."""
ROUNDS = 3
"""What stands out is taken from the siblings, and the rest looked at again."""
MOST_KNOWN = 1_000.0
"""A share among siblings is never believed to be known better than from so many items."""
DAYS = 180
AT_ONCE = 5_000

Stretch = tuple[str, int]
"""An order and the number of the stretch within it."""


@dataclass(frozen=True)
class Count:
    """Of one stretch: items ``looked_at``, and those of them that were seen in ``many`` places."""

    looked_at: int
    many: int


def watch(unit: Unit) -> list[Finding]:
    """Every stretch that stands out. Reads only."""
    since = unit.now - timedelta(days=DAYS)
    gtins = unit.session.scalars(
        select(ItemScans.gtin).where(ItemScans.brand_id == unit.brand_id, ItemScans.last_at >= since).distinct().order_by(ItemScans.gtin)
    )
    return [finding for gtin in list(gtins) for finding in _watch(unit, gtin)]


def _watch(unit: Unit, gtin: str) -> list[Finding]:
    orders = list(unit.session.scalars(select(CodeOrder).where(CodeOrder.gtin == gtin).order_by(CodeOrder.key_version, CodeOrder.first)))
    counts: dict[Stretch, Count] = {}
    for order in orders:
        counts |= {(order.id, number): count for number, count in _counts(unit, order).items()}
    told = outstanding(counts)
    by_id = {order.id: order for order in orders}
    return [_finding(by_id[order_id], number, counts[order_id, number], q, counts.values()) for (order_id, number), q in told.items()]


def _counts(unit: Unit, order: CodeOrder) -> dict[int, Count]:
    """By number of the stretch. Only trails of items with many looks are read."""
    mine = [
        ItemScans.brand_id == unit.brand_id,
        ItemScans.gtin == order.gtin,
        ItemScans.key_version == order.key_version,
        ItemScans.counter.between(order.first, order.first + order.count - 1),
        ItemScans.last_at >= unit.now - timedelta(days=DAYS),
    ]
    numbers = select(((ItemScans.counter - order.first) // STRETCH).label("nr")).where(*mine).subquery()
    looked_at = {int(nr): int(items) for nr, items in unit.session.execute(select(numbers.c.nr, func.count()).group_by(numbers.c.nr))}
    honest = _honest(unit, order)
    many: dict[int, int] = defaultdict(int)
    trails = select(ItemScans.counter, ItemScans.trail).where(*mine, ItemScans.times >= MANY)
    for counter, trail in unit.session.execute(trails.execution_options(yield_per=AT_ONCE)):
        if counter not in honest and places(trail) >= MANY:
            many[(counter - order.first) // STRETCH] += 1
    return {nr: Count(items, many[nr]) for nr, items in looked_at.items()}


def _honest(unit: Unit, order: CodeOrder) -> set[int | None]:
    """Items that a person found honest after all, though they were seen in many places."""
    query = select(Suspicion.first).where(
        *(Suspicion.kind == "copied", Suspicion.state == "dismissed", Suspicion.gtin == order.gtin),
        *(Suspicion.key_version == order.key_version, Suspicion.first.between(order.first, order.first + order.count - 1)),
    )
    return set(unit.session.scalars(query))


def _finding(order: CodeOrder, number: int, count: Count, q: float, all_counts: Iterable[Count]) -> Finding:
    first = order.first + number * STRETCH
    everything = list(all_counts)
    usual = sum(each.many for each in everything) / sum(each.looked_at for each in everything)
    evidence: dict[str, Any] = {
        "order_id": order.id,
        "items": count.looked_at,
        "spread": count.many,
        "expected": round(usual * count.looked_at, 2),
        "siblings": len(everything) - 1,
    }
    return {
        "kind": "roll",
        "subject": f"{order.gtin}.{order.key_version}.{first}-{first + STRETCH - 1}",
        "gtin": order.gtin,
        "key_version": order.key_version,
        "first": first,
        "last": min(first + STRETCH, order.first + order.count) - 1,
        "probability": round(1 - q, 6),
        "evidence": evidence,
    }


def outstanding(counts: Mapping[Stretch, Count]) -> dict[Stretch, float]:
    """The stretches that stand out among their siblings, each with its q: the expected share of wrong ones among those
    that stand out as much. None where there are too few siblings to say."""
    judged = {stretch: count for stretch, count in counts.items() if count.looked_at >= LEAST_LOOKED_AT}
    told: dict[Stretch, float] = {}
    for _ in range(ROUNDS):
        ordinary = Siblings([count for stretch, count in judged.items() if stretch not in told])
        if ordinary.number <= LEAST_SIBLINGS:
            break
        chances = {}
        for stretch, count in judged.items():
            alpha, beta = ordinary.spread(None if stretch in told else count)
            chances[stretch] = at_least(count.many, count.looked_at, alpha, beta)
        found = {stretch: q for stretch, q in discoveries(chances).items() if q <= DISCOVERIES and judged[stretch].many >= LEAST_ITEMS}
        if found.keys() <= told.keys():
            break
        told = found
    return told


class Siblings:
    """Stretches with nothing to remark, as sums, so that each can be held against all the others."""

    def __init__(self, counts: Sequence[Count]) -> None:
        shares = [count.many / count.looked_at for count in counts]
        self.number = len(counts)
        self.looked_at = sum(count.looked_at for count in counts)
        self.many = sum(count.many for count in counts)
        self.shares = sum(shares)
        self.squares = sum(share * share for share in shares)

    def spread(self, without: Count | None) -> tuple[float, float]:
        """α and β of the share among all but one, by moments; as if each share was known from MOST_KNOWN items at best."""
        one = 0 if without is None else 1
        number, looked_at, many = self.number - one, self.looked_at, self.many
        shares, squares = self.shares, self.squares
        if without is not None:
            looked_at, many = looked_at - without.looked_at, many - without.many
            mine = without.many / without.looked_at
            shares, squares = shares - mine, squares - mine * mine
        share = (many + 1) / (looked_at + 2)
        within = share * (1 - share)
        extra = (squares - 2 * share * shares) / number + share * share - within * number / looked_at
        total = min(max(within / extra - 1, 2.0), MOST_KNOWN) if extra > 0 else MOST_KNOWN
        return share * total, (1 - share) * total


def at_least(many: int, looked_at: int, alpha: float, beta: float) -> float:
    """P(X ≥ many), X beta-binomial."""
    if not 0 < many <= looked_at:
        return float(many <= 0)
    below = sum(exp(_log_chance(x, looked_at, alpha, beta)) for x in range(many))
    if below < 0.999:
        return 1 - below
    total = 0.0
    for x in range(many, looked_at + 1):
        more = exp(_log_chance(x, looked_at, alpha, beta))
        total += more
        if more < total * 1e-12:
            break
    return min(total, 1.0)


def _log_chance(x: int, n: int, alpha: float, beta: float) -> float:
    choose = lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1)
    return choose + _log_beta(x + alpha, n - x + beta) - _log_beta(alpha, beta)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def discoveries(chances: Mapping[Stretch, float]) -> dict[Stretch, float]:
    """q of each: the smallest rate of false discoveries at which it would be told (Benjamini and Hochberg, step up)."""
    ordered = sorted(chances.items(), key=lambda each: each[1])
    found: dict[Stretch, float] = {}
    lowest = 1.0
    for rank in range(len(ordered), 0, -1):
        stretch, chance = ordered[rank - 1]
        lowest = min(lowest, chance * len(ordered) / rank)
        found[stretch] = lowest
    return found
