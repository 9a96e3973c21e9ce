"""The matrix: market × supplier kind × category of material (× what is claimed of it) -> papers. Pure.

What the table does not know is not allowed: ``required`` answers nothing, and the gate stays
closed on nothing. A brand's own rows have the same shape and may switch rows of the house off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from suppliers.requirements import tables
from suppliers.requirements.kinds import CATEGORIES, KINDS
from suppliers.requirements.shapes import MARKETS, SUPPLIER_KINDS, Malformed, Requirement, Scope, Words

Extra = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A requirement and whom it is asked of: any of ``supplier_kinds``, for any of ``categories``, and
    only when all of ``claims`` are made of the material. ``drops``: the row that it switches off."""

    requirement: Requirement | None
    market: str
    supplier_kinds: frozenset[str]
    categories: frozenset[str]
    claims: frozenset[str]
    drops: str | None
    since: date
    until: date | None

    def asks(self, supplier_kind: str, market: str, category: str, day: date, claims: frozenset[str]) -> bool:
        return (
            self.market == market
            and supplier_kind in self.supplier_kinds
            and category in self.categories
            and self.claims <= claims
            and self.since <= day
            and (self.until is None or day <= self.until)
        )


def required(
    supplier_kind: str,
    market: str,
    category: str,
    *,
    day: date,
    claims: Iterable[str] = frozenset(),
    extra: Iterable[Extra] = (),
) -> tuple[Requirement, ...]:
    """The papers asked on ``day`` (a date in the market) of such a supplier for such a material, in the
    order of the tables; empty when no rule is known. ``claims``: what is said of the material (CLAIMS).
    They add to what is asked; where nothing is asked of the supplier without them, no rule is known, so
    that an organic certificate alone opens nothing. ``extra``: a brand's rows, as ``line_of`` reads
    them. Raises Malformed for one that cannot be read."""
    said = frozenset(claims)
    asked = [each for each in (*LINES, *(line_of(row) for row in extra)) if each.asks(supplier_kind, market, category, day, said)]
    dropped = {each.drops for each in asked if each.drops}
    kept = [(each.requirement, each.claims) for each in asked if each.requirement is not None and each.requirement.id not in dropped]
    if not any(line.per == "supplier" and not line.optional and not on for line, on in kept):
        return ()
    lines = [line for line, _ in kept]
    certain = [set(each.kinds) for each in lines if not each.optional]
    return tuple(each for each in lines if not each.optional or not any(kinds <= set(each.kinds) for kinds in certain))


def line_of(values: Extra, *, where: str | None = None) -> Line:
    """A brand's own row, read as the house's are: ``id, market, supplier_kinds, categories, kinds, per,
    optional, citation, why, effective_from``, and if wanted ``claims, effective_until, drops``. An empty
    list of supplier kinds or categories means all. With ``drops`` and no ``kinds`` it only switches
    that row off. ``citation`` and ``why`` are texts, or a pair ``…_zh`` and ``…_en``."""
    row = tables.Row(where or f"row {values.get('id', '?') if isinstance(values, Mapping) else '?'}", values)
    return _line(row, basis="brand")


def flaw_of(values: Extra) -> str | None:
    """What is wrong with a brand's row, or None: to be asked before it is kept."""
    try:
        line = line_of(values)
    except Malformed as error:
        return str(error)
    if line.drops is not None and line.drops not in {each.requirement.id for each in LINES if each.requirement}:
        return f"drops: no such row: {line.drops}"
    return None


def _line(row: tables.Row, *, basis: str) -> Line:
    name, market, drops = row.text("id"), row.one_of("market", MARKETS), row.text_or_none("drops")
    since, until = row.day_or_none("effective_from"), row.day_or_none("effective_until")
    if since is None:
        raise Malformed(f"{row.where}: effective_from: a date is wanted")
    if until is not None and until < since:
        raise Malformed(f"{row.where}: effective_until: before effective_from")
    who = _known(row, "supplier_kinds", SUPPLIER_KINDS) or frozenset(SUPPLIER_KINDS)
    what = _chosen(row) or frozenset(CATEGORIES)
    claims = _known(row, "claims", CLAIMS)
    kinds = row.texts("kinds")
    requirement = None
    if kinds or drops is None:
        requirement = _requirement(row, name, market, kinds, basis, since, until)
    else:
        row.pass_over("per", "optional", "basis", *SAID)
    row.done()
    return Line(requirement, market, who, what, claims, drops, since, until)


def _requirement(
    row: tables.Row, name: str, market: str, kinds: tuple[str, ...], basis: str, since: date, until: date | None
) -> Requirement:
    per = row.one_of("per", ("supplier", "lot"))
    if not kinds:
        raise Malformed(f"{row.where}: kinds: at least one kind of paper is wanted")
    for kind in kinds:
        if kind not in KINDS:
            raise Malformed(f"{row.where}: kinds: no such kind: {kind}")
        if KINDS[kind].scope != per:
            raise Malformed(f"{row.where}: kinds: {kind} is for a {KINDS[kind].scope}, not per {per}")
    return Requirement(
        id=name,
        market=market,
        kinds=kinds,
        per=cast(Scope, per),
        optional=row.flag("optional"),
        cited=_said(row, "citation"),
        why=_said(row, "why"),
        basis=row.one_of("basis", ("law", "practice", "brand"), basis),
        caution=row.words_or_none("caution"),
        effective_from=since,
        effective_until=until,
    )


def _said(row: tables.Row, name: str) -> Words:
    """A brand writes one language; then both show it."""
    both, one = row.words_or_none(name), row.text_or_none(name)
    if both is not None:
        return both
    if one is None:
        raise Malformed(f"{row.where}: {name}: a text is wanted")
    return Words(one, one)


def _known(row: tables.Row, name: str, known: Iterable[str]) -> frozenset[str]:
    values, choices = row.texts(name), tuple(known)
    for each in values:
        if each not in choices:
            raise Malformed(f"{row.where}: {name}: {each!r} is none of {', '.join(choices)}")
    return frozenset(values)


def _chosen(row: tables.Row) -> frozenset[str]:
    """Categories by name, or all of a sort (``sorts``), less ``but``."""
    sorts, but = row.texts("sorts"), _known(row, "but", CATEGORIES)
    named = _known(row, "categories", CATEGORIES)
    for sort in sorts:
        if not any(sort in each.sorts for each in CATEGORIES.values()):
            raise Malformed(f"{row.where}: sorts: no category is {sort!r}")
    of_sort = {each.code for each in CATEGORIES.values() if any(sort in each.sorts for sort in sorts)}
    chosen = named | of_sort or (frozenset(CATEGORIES) if but else frozenset())
    return frozenset(chosen) - but


def _lines() -> Iterator[Line]:
    seen: set[str] = set()
    for where, content in tables.all_in("matrix"):
        for place, values in enumerate(content.get("rows", ())):
            row = tables.Row(f"{where}: row {place + 1} ({values.get('id', '?')})", {"market": content.get("market"), **values})
            line = _line(row, basis="law")
            name = row.text("id")
            if name in seen:
                raise Malformed(f"{row.where}: {name}: the id is taken")
            seen.add(name)
            yield line


SAID: Final = ("citation", "citation_zh", "citation_en", "why", "why_zh", "why_en", "caution_zh", "caution_en")
CLAIMS: Final = ("organic", "pork")
"""What may be claimed of, or be known about, a material and changes what is asked."""
LINES: Final[tuple[Line, ...]] = tuple(_lines())
ROWS: Final[tuple[Requirement, ...]] = tuple(each.requirement for each in LINES if each.requirement is not None)
