"""The matrix for machines: what is asked of whom and why, before anything is uploaded. Pure.

Plain JSON values; the version is a hash of all that can change an answer, so a decision can name
the rules that it was made by.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, Final

from suppliers.requirements import tables
from suppliers.requirements.kinds import CATEGORIES, KINDS
from suppliers.requirements.matrix import LINES, Extra, Line, line_of
from suppliers.requirements.shapes import PaperKind, Register, Requirement, Rung, Words

FILES: Final = ("categories.toml", "registers.toml", "ladders.toml", "calendar.toml")


def rules_version(extra: Iterable[Extra] = ()) -> str:
    """16 hexadecimal digits of SHA-256 over all tables of this room and the brand's rows, in their
    order: the same rules give the same version on every machine."""
    own = [dict(row) for row in extra]
    return (_digest(_house_version() + _canonical(own)) if own else _house_version())[:16]


def as_json(
    *,
    day: date,
    market: str | None = None,
    supplier_kind: str | None = None,
    category: str | None = None,
    extra: Iterable[Extra] = (),
) -> dict[str, Any]:
    """The rows in force on ``day`` or later, narrowed if wished, with the kinds, registers and
    categories they speak of. A row that another one drops stays, and says by which row and when."""
    own = list(extra)
    lines = [each for each in (*LINES, *map(line_of, own)) if _wanted(each, day, market, supplier_kind, category)]
    drops = [each for each in lines if each.drops]
    rows = [_row(each, each.requirement, drops) for each in lines if each.requirement is not None]
    kinds = sorted({kind for row in rows for kind in row["kinds"]})
    registers = {each.code: each for kind in kinds for each in KINDS[kind].registers}
    categories = sorted({each for row in rows for each in row["categories"]})
    return {
        "version": rules_version(own),
        "day": day.isoformat(),
        "rows": rows,
        "kinds": {kind: _kind(KINDS[kind]) for kind in kinds},
        "registers": {code: _register(registers[code]) for code in sorted(registers)},
        "categories": {
            each: {"name": _words(CATEGORIES[each].name), "sc_categories": list(CATEGORIES[each].sc_categories)} for each in categories
        },
    }


def _wanted(line: Line, day: date, market: str | None, supplier_kind: str | None, category: str | None) -> bool:
    return (
        market in (None, line.market)
        and (supplier_kind is None or supplier_kind in line.supplier_kinds)
        and (category is None or category in line.categories)
        and (line.until is None or day <= line.until)
    )


def _row(line: Line, asked: Requirement, drops: list[Line]) -> dict[str, Any]:
    return {
        "id": asked.id,
        "market": asked.market,
        "supplier_kinds": sorted(line.supplier_kinds),
        "categories": sorted(line.categories),
        "claims": sorted(line.claims),
        "kinds": list(asked.kinds),
        "per": asked.per,
        "level": "recommended" if asked.optional else "required",
        "basis": asked.basis,
        "citation": _words(asked.cited),
        "why": _words(asked.why),
        "caution": _words(asked.caution),
        "effective_from": asked.effective_from.isoformat(),
        "effective_until": asked.effective_until.isoformat() if asked.effective_until else None,
        "dropped": [
            {
                "supplier_kinds": sorted(each.supplier_kinds & line.supplier_kinds),
                "categories": sorted(each.categories & line.categories),
                "claims": sorted(each.claims),
                "effective_from": each.since.isoformat(),
                "effective_until": each.until.isoformat() if each.until else None,
            }
            for each in drops
            if each.drops == asked.id and each.market == line.market
        ],
    }


def _kind(kind: PaperKind) -> dict[str, Any]:
    return {
        "name": _words(kind.name),
        "scope": kind.scope,
        "number": kind.number,
        "usual_months": kind.usual_months,
        "longest_months": kind.longest_months,
        "validity": _words(kind.validity),
        "open_end": kind.open_end,
        "holder": kind.holder,
        "ladder": [_rung(each) for each in kind.ladder],
        "fresh_days": kind.fresh_days,
        "registers": [each.code for each in kind.registers],
        "sealed": kind.sealed,
        "electronic": kind.electronic,
        "shown": list(kind.shown),
    }


def _rung(rung: Rung) -> dict[str, Any]:
    return {"name": rung.name, "before": rung.before, "unit": rung.unit, "statutory": rung.statutory}


def _register(register: Register) -> dict[str, Any]:
    return {"name": _words(register.name), "url": register.url, "hosts": list(register.hosts)}


def _words(words: Words | None) -> dict[str, str] | None:
    return None if words is None else {"zh": words.zh, "en": words.en}


@cache
def _house_version() -> str:
    contents = {name: tables.content(name) for name in FILES}
    contents |= dict((*tables.all_in("kinds"), *tables.all_in("matrix")))
    return _digest(_canonical(contents))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
