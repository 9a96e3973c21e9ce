"""Links as a table: many brought in at once, all or nothing, and written out again.

A file says how things are to be: a row is added, changes the link that it means, or finds it so already. It means the
link of the same thing, sort, language, media type and context that leads to the same address; where there is none, the only
one that the file does not mention otherwise. So the same file twice changes nothing, and what was written out can be
brought in. What a file leaves out stays. It must not know one rule of links that ``link_rules`` and ``links`` do not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from traceability import addresses, link_anchors, link_cells, links
from traceability.given import Given
from traceability.link_anchors import Anchor
from traceability.link_cells import Row
from traceability.link_rules import Rules, Said, Wanted
from traceability.models import Link

OUTCOMES: Final = ("added", "changed", "same", "ended", "wrong")
_YES: Final = ("1", "yes", "true", "y", "是")
_NO: Final = ("0", "no", "false", "n", "否")
_NAMED: Final = 200
"""Flaws told at most."""
_AT_ONCE: Final = 500


@dataclass
class Entry:
    """A link as it is to be: ``link`` is None for a new one."""

    anchor: Anchor
    wanted: Wanted
    link: Link | None = None
    ends: bool = False
    by: Row | None = None
    """The row that means it."""


@dataclass(frozen=True)
class Plan:
    """What a file would do, row by row."""

    rows: list[Row]
    entries: list[Entry]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each of ``OUTCOMES``."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def displaced(self) -> int:
        """Links that no row means, and that stop being defaults."""
        return sum(entry.by is None and _differs(entry) for entry in self.entries)

    @property
    def flaws(self) -> list[dict[str, Any]]:
        """All that is wrong, the first two hundred."""
        return [each for row in self.rows for each in row.flaws][:_NAMED]


def dry_run(unit: Unit, content: bytes) -> Plan:
    """What would happen; nothing does. Raises Invalid when it is no table of links at all."""
    return _planned(unit, content)


def bring_in(unit: Unit, *, content: bytes) -> Plan:
    """Let it happen, all or nothing. Raises Invalid, which names the wrong rows as ``/rows/<place>/<column>``, or AnchorTaken."""
    plan = _planned(unit, content)
    if plan.flaws:
        raise Invalid(errors=plan.flaws)
    touched = [entry for entry in plan.entries if _differs(entry)]
    link_anchors.claim(unit, {entry.anchor.key for entry in touched})
    links.put_in(unit, ((entry.anchor, entry.wanted) for entry in touched if entry.link is None))
    for entry in touched:
        if entry.link is not None and entry.ends:
            links.finish(unit, entry.link)
        elif entry.link is not None:
            links.put(unit, entry.link, entry.wanted)
    if touched:
        unit.record("links.imported", "brand", unit.brand_id, **plan.counts)
    return plan


def written(unit: Unit) -> bytes:
    """All living links as CSV in UTF-8 with a mark that spreadsheets know it by, by thing, its default first."""
    root = addresses.for_links(unit)
    query = select(Link).where(Link.ended_at.is_(None)).order_by(Link.anchor, Link.is_default.desc(), Link.id)
    return link_cells.written(_cells(link, root) for link in unit.session.scalars(query))


def _cells(link: Link, root: str) -> list[str]:
    said = (f"{root}/{link.anchor}", f"gs1:{link.link_type}", link.href, link.title, link.language, link.media_type, link.context)
    return [each or "" for each in (*said, "yes" if link.is_default else "", "yes" if link.passes_query else "no", "")]


def _planned(unit: Unit, content: bytes) -> Plan:
    rules = Rules(unit)
    rows = [_read(rules, row) for row in link_cells.read(content)]
    taken = rules.taken(row.anchor for row in rows if row.anchor)
    mine: dict[str, list[Row]] = {}
    for row in rows:
        if row.anchor and row.anchor.key in taken:
            row.flaws.append(_flaw(row, "key", "anchor-taken", "another brand has links for this key"))
        if row.anchor and not row.flaws:
            mine.setdefault(row.anchor.path, []).append(row)
    entries = _entries(unit, list(mine))
    for path, some in mine.items():
        _settle(some, entries[path])
    for row in rows:
        row.outcome = "wrong" if row.flaws else row.outcome
    return Plan(rows, [entry for there in entries.values() for entry in there])


def _read(rules: Rules, row: Row) -> Row:
    """With its thing and what it says of the link, or with its flaws."""
    given, said = Given(), row.said
    row.anchor = rules.anchor(given, said.get("key", ""))
    ends = given.choice("/action", said.get("action", "").lower() or "add", ("add", "end")) == "end"
    link: Said = {"link_type": said.get("link_type", ""), "href": said.get("href", ""), "title": said.get("title", "")}
    link |= {"language": said.get("language"), "media_type": said.get("media_type"), "context": said.get("context")}
    link |= {"is_default": _flag(given, said, "default", unsaid=False), "passes_query": _flag(given, said, "passes_query", unsaid=True)}
    row.wanted = rules.wanted(given, link)
    if ends:  # it must be possible to end what could not be added any more
        given.flaws = [each for each in given.flaws if each["pointer"] not in ("/href", "/title")]
        row.wanted = replace(row.wanted, href=row.wanted.href or said.get("href", ""))
    column = {"/thing": "key", "/is_default": "default"}
    for each in given.flaws:
        row.flaws.append(each | {"pointer": f"/rows/{row.place}/{column.get(each['pointer'], each['pointer'][1:])}", "line": row.line})
    return row


def _flag(given: Given, said: dict[str, str], name: str, *, unsaid: bool) -> bool:
    text = said.get(name, "").lower()
    if text and text not in _YES + _NO:
        given.wrong(f"/{name}", "flag", "must be yes or no")
    return text in _YES if text else unsaid


def _entries(unit: Unit, paths: list[str]) -> dict[str, list[Entry]]:
    """The living links of these things, as they are."""
    found: dict[str, list[Entry]] = {path: [] for path in paths}
    for at in range(0, len(paths), _AT_ONCE):
        some = select(Link).where(Link.anchor.in_(paths[at : at + _AT_ONCE]), Link.ended_at.is_(None)).order_by(Link.id)
        for link in unit.session.scalars(some):
            found[link.anchor].append(Entry(link_anchors.of_path(link.anchor), Wanted.of(link), link))
    return found


def _settle(rows: list[Row], there: list[Entry]) -> None:
    """What the rows of one thing make of its links, in ``there``; each row hears its outcome or its flaw."""
    meant = _meant(rows, there)
    # First what makes room, then the default, then its variants: what they may be hangs on it.
    for row in sorted(rows, key=_turn):
        if not row.flaws:
            _put(row, meant.get(row.place), there)
    for entry in there:
        if entry.by is not None and not entry.by.flaws:
            before = Wanted.of(entry.link) if entry.link else None
            entry.by.before = before
            entry.by.outcome = "ended" if entry.ends else "added" if before is None else "same" if before == entry.wanted else "changed"


def _meant(rows: list[Row], there: list[Entry]) -> dict[int, Entry]:
    """Place of a row → the link that it means. A row that repeats another is flawed."""
    meant: dict[int, Entry] = {}
    seen: dict[tuple[Any, str], Row] = {}
    for row in rows:
        name = _name(row)
        earlier = seen.setdefault(name, row)
        if earlier is not row:
            row.flaws.append(_flaw(row, "key", "row-twice", f"repeats line {earlier.line}", earlier=earlier.line))
            continue
        same = next((entry for entry in there if (_sort(entry.wanted), entry.wanted.href) == name), None)
        if same is not None:
            meant[row.place] = same
    new = Counter(name[0] for name, row in seen.items() if row.place not in meant)
    free: dict[Any, list[Entry]] = {}
    named = {id(entry) for entry in meant.values()}
    for entry in there:
        if id(entry) not in named:
            free.setdefault(_sort(entry.wanted), []).append(entry)
    for (sort, href), row in seen.items():
        if row.place in meant or (_ends(row) and href):
            continue
        candidates = free.get(sort, [])
        if len(candidates) == 1 and new[sort] == 1:
            meant[row.place] = candidates[0]
        elif _ends(row) and len(candidates) > 1:
            row.flaws.append(_flaw(row, "href", "link-which", "several links are like this: say which by its address"))
    return meant


def _put(row: Row, entry: Entry | None, there: list[Entry]) -> None:
    assert row.wanted is not None
    assert row.anchor is not None
    if _ends(row):
        row.outcome = "same"  # ended before
        if entry is not None:
            entry.ends, entry.by = True, row
        return
    wanted = row.wanted
    if entry is not None:  # what the file has no column for stays
        kept = {"default": "is_default", "passes_query": "passes_query"}
        wanted = replace(wanted, **{name: getattr(entry.wanted, name) for column, name in kept.items() if column not in row.said})
        if not row.said.get("passes_query"):
            wanted = replace(wanted, passes_query=entry.wanted.passes_query)
    others = [other for other in there if other is not entry and not other.ends]
    try:
        displaced = links.displaced_by(wanted, others)
    except Invalid as trouble:
        row.flaws += [each | {"pointer": f"/rows/{row.place}/default", "line": row.line} for each in trouble.errors]
        return
    rival = next((other.by for other in displaced if other.by is not None), None)
    if rival is not None:
        row.flaws.append(_flaw(row, "default", "default-twice", f"line {rival.line} says another default", earlier=rival.line))
        return
    for other in displaced:
        other.wanted = replace(other.wanted, is_default=False)
    if entry is None:
        entry = Entry(row.anchor, wanted)
        there.append(entry)
    entry.wanted, entry.by = wanted, row


def _turn(row: Row) -> int:
    wanted = row.wanted
    if _ends(row) or wanted is None:
        return 0
    return 1 if not wanted.is_default else 2 if wanted.is_plain else 3


def _ends(row: Row) -> bool:
    return row.said.get("action", "").lower() == "end"


def _sort(wanted: Wanted) -> tuple[str | None, ...]:
    return wanted.link_type, wanted.language, wanted.media_type, wanted.context


def _name(row: Row) -> tuple[Any, str]:
    assert row.wanted is not None
    return _sort(row.wanted), row.wanted.href


def _flaw(row: Row, column: str, rule: str, detail: str, **more: Any) -> dict[str, Any]:
    return flaw(f"/rows/{row.place}/{column}", rule, detail, line=row.line, **more)


def _differs(entry: Entry) -> bool:
    return entry.link is None or entry.ends or Wanted.of(entry.link) != entry.wanted
