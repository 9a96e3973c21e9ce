"""Labels put on a lot as a line scanner saw them: one text after the other, or a CSV of them.

A text is a printed link or a bare serial. All of it is read, and every line that is wrong is named,
before anything is done. Serials are turned back by the thousand (``seal.unseal_many``) and matched with
the order by arithmetic; neighbours become ranges, so that a roll in order costs one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import or_, select

from kernel.errors import Invalid, Missing, flaw
from kernel.unit import Unit
from traceability import gs1, keys, lots, ranges, seal, spans
from traceability.models import CodeMove, CodeOrder, Product, SerialKey
from traceability.moves.step import CodesNotFree, fitting, take

MOST: Final = 200_000
"""Texts in one list."""
_NAMED: Final = 10
_HEADS: Final = ("link", "serial")

Line = tuple[int, str]
"""The number of a line, from 1, and the text on it."""


def commission_serials(unit: Unit, *, lot_id: str, serials: str | bytes | Iterable[str]) -> CodeMove:
    """These labels, as scanned, are on the items of that lot: encoded → commissioned.

    ``serials``: a CSV, as text or as UTF-8 (its column ``link`` or ``serial``, else the first) or single texts, up to MOST of them, all of
    one order. Raises Invalid (rules empty, most, twice, other-product, unknown-serial, other-order; each flaw
    points to its line, the first ten at most), CodesNotFree (then ``lines`` names lines beside ``spans``), Missing,
    LotOfAnotherProduct, lots.LotRecalled, OrderClosed; then nothing is done.
    """
    lines = list(_csv(serials) if isinstance(serials, (str, bytes)) else _texts(serials))
    if not lines or len(lines) > MOST:
        wrong = ("most", f"at most {MOST} codes at once") if lines else ("empty", "name at least one code")
        raise Invalid(errors=[flaw("/serials", *wrong, most=MOST)])
    gtin = _gtin(unit, lot_id)
    order_id, counters = _counters(unit, gtin, lines)
    order = spans.locked(unit, order_id)
    lot = fitting(unit, lot_id, order)
    try:
        return take(unit, "commission", order, ranges.together(counters), lot=lot)
    except CodesNotFree as trouble:
        named = [(order.first + each["start"], order.first + each["start"] + each["count"] - 1) for each in trouble.more["spans"]]
        stray = ((line, counter) for (line, _), counter in zip(lines, counters, strict=True))
        lines_of = [line for line, counter in stray if any(first <= counter <= last for first, last in named)]
        raise CodesNotFree(trouble.detail, **trouble.more, lines=lines_of[:_NAMED]) from None


def _texts(serials: Iterable[str]) -> Iterator[Line]:
    return ((number, text) for number, text in enumerate((str(each).strip() for each in serials), start=1) if text)


def _csv(content: str | bytes) -> Iterator[Line]:
    """The texts of a CSV (RFC 4180); a byte order mark and empty lines are passed over."""
    column = None
    if isinstance(content, bytes):
        content = content.decode("utf-8", "replace")
    reader = csv.reader(io.StringIO(content.removeprefix("\ufeff")))
    try:
        for row in reader:
            if column is None:
                heads = [cell.strip().lower() for cell in row]
                column = next((heads.index(head) for head in _HEADS if head in heads), None)
                if column is not None:
                    continue
                column = 0
            text = row[column].strip() if column < len(row) else ""
            if text:
                yield reader.line_num, text
    except csv.Error as error:
        raise Invalid(errors=[flaw("/serials", "csv", "this is no CSV", line=reader.line_num)]) from error


def _gtin(unit: Unit, lot_id: str) -> str:
    lot = lots.get(unit, lot_id)
    if lot.product_id is None:
        raise Missing("no such lot of product")
    return unit.session.get_one(Product, lot.product_id).gtin


def _counters(unit: Unit, gtin: str, lines: Sequence[Line]) -> tuple[str, list[int]]:
    """The one order that all lines are of, and the counter of each. Raises Invalid, naming lines."""
    flaws: list[dict[str, Any]] = []

    def wrong(line: int, rule: str, detail: str) -> None:
        flaws.append(flaw(f"/serials/{line}", rule, f"line {line}: {detail}", line=line))

    read = [_read(text) for _, text in lines]
    found = _find(unit, gtin, [serial for _, serial in read])
    seen: dict[int, int] = {}
    first_order, counters = "", []
    for (line, _), (other, _), place in zip(lines, read, found, strict=True):
        if other not in (None, gtin):
            wrong(line, "other-product", f"not of GTIN {gtin}")
        elif place is None:
            wrong(line, "unknown-serial", "no code of ours")
        else:
            order_id, counter = place
            first_order = first_order or order_id
            if order_id != first_order:
                wrong(line, "other-order", "of another order than the lines before")
            elif seen.setdefault(counter, line) != line:
                wrong(line, "twice", f"the same code as in line {seen[counter]}")
            counters.append(counter)
    if flaws:
        raise Invalid(errors=flaws[:_NAMED], count=len(flaws))
    return first_order, counters


def _read(text: str) -> tuple[str | None, str]:
    """The GTIN, where the text says it, and the serial."""
    if "://" not in text:
        return None, text
    try:
        link = gs1.parse(text)
    except gs1.NotALink:
        return None, text.rstrip("/").rsplit("/", 1)[-1]
    return link.gtin, link.serial or ""


def _find(unit: Unit, gtin: str, serials: Sequence[str]) -> list[tuple[str, int] | None]:
    """For each serial its order and counter: every key is tried, and only one of them was ever ordered from there."""
    import numpy as np

    places: list[tuple[str, int] | None] = [None] * len(serials)
    asked = [place for place, serial in enumerate(serials) if len(serial) == seal.LETTERS and serial.isascii()]
    letters = np.frombuffer("".join(serials[place] for place in asked).encode(), dtype=np.uint8).reshape(-1, seal.LETTERS)
    mine = or_(SerialKey.gtin == gtin, SerialKey.gtin.is_(None))
    rows = unit.session.execute(select(SerialKey.version, SerialKey.locked).where(mine, SerialKey.locked.is_not(None))).tuples()
    orders = _orders(unit, gtin)
    for version, locked in rows:
        if version not in orders:
            continue
        counters = seal.unseal_many(keys.unlocked(unit, locked or b""), letters)
        firsts = np.array([order.first for order in orders[version]])
        nearest = np.searchsorted(firsts, counters, side="right") - 1
        for index in np.flatnonzero(nearest >= 0):
            order, counter = orders[version][nearest[index]], int(counters[index])
            if counter < order.first + order.count:
                places[asked[index]] = (order.id, counter)
    missed = [place for place, found in enumerate(places) if found is None]
    elsewhere = keys.imported(unit, gtin=gtin, serials=[serials[place] for place in missed])
    for place in missed:
        meant = elsewhere.get(serials[place])
        for order in orders.get(meant.version, ()) if meant else ():
            if meant and order.first <= meant.counter < order.first + order.count:
                places[place] = (order.id, meant.counter)
    return places


def _orders(unit: Unit, gtin: str) -> dict[int, list[CodeOrder]]:
    """The orders of a GTIN by key version, in the order of their counters."""
    orders: dict[int, list[CodeOrder]] = {}
    for order in unit.session.scalars(select(CodeOrder).where(CodeOrder.gtin == gtin).order_by(CodeOrder.key_version, CodeOrder.first)):
        orders.setdefault(order.key_version, []).append(order)
    return orders
