"""Kinds of papers, categories of material, registers and renewal ladders, as their tables say.

Pure: what is read here never changes while the process lives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, cast

from suppliers.requirements import tables
from suppliers.requirements.shapes import MARKETS, SHOWABLE, Category, Holder, Malformed, PaperKind, Register, Rung, Scope, Unit, Words

UNITS: Final = ("working_days", "days", "months")


def _registers() -> Iterator[Register]:
    for code, values in tables.content("registers.toml").items():
        row = tables.Row(f"registers.toml: {code}", values)
        yield Register(code, Words(row.text("zh"), row.text("en")), row.text("url"), row.texts("hosts"))
        row.done()


def _ladder(code: str, values: object) -> Iterator[Rung]:
    row = tables.Row(f"ladders.toml: {code}", {"rungs": values})
    for each in row.rows("rungs"):
        name, before = each.text("name"), each.number_or_none("before")
        if before is None:
            raise Malformed(f"{each.where}: before: a whole number is wanted")
        own = each.text_or_none("zh"), each.text_or_none("en")
        unit = cast(Unit, each.one_of("unit", UNITS))
        yield Rung(name, before, unit, each.flag("statutory"), f"rung.{code}.{name}" if own[0] else f"rung.{name}")
        each.done()


def _kind(where: str, code: str, values: object) -> PaperKind:
    row = tables.Row(f"{where}: {code}", values)
    name = row.text_or_none("ladder")
    for wanted, known, what in ((row.texts("registers"), REGISTERS, "register"), ((name,) if name else (), LADDERS, "ladder")):
        for each in wanted:
            if each not in known:
                raise Malformed(f"{row.where}: no such {what}: {each}")
    registers = tuple(REGISTERS[each] for each in row.texts("registers"))
    kind = PaperKind(
        code=code,
        name=Words(row.text("zh"), row.text("en")),
        market=row.one_of("market", (*MARKETS, "ANY")),
        scope=cast(Scope, row.one_of("scope", ("supplier", "lot"))),
        number=row.text_or_none("number"),
        usual_months=row.number_or_none("usual_months"),
        longest_months=row.number_or_none("longest_months"),
        validity=row.words_or_none("validity"),
        open_end=row.flag("open_end"),
        holder=cast(Holder, row.one_of("holder", ("supplier", "maker", "either"), "supplier")),
        ladder=LADDERS[name] if name else (),
        fresh_days=row.number_or_none("fresh_days"),
        registers=registers,
        qr_hosts=tuple(dict.fromkeys((*row.texts("qr_hosts"), *(host for each in registers for host in each.hosts)))),
        sealed=row.flag("sealed"),
        electronic=row.flag("electronic"),
        shown=row.texts("shown"),
    )
    if unknown := sorted(set(kind.shown) - set(SHOWABLE)):
        raise Malformed(f"{row.where}: shown: not for the public: {', '.join(unknown)}")
    row.done()
    return kind


def _kinds() -> Iterator[PaperKind]:
    for where, content in tables.all_in("kinds"):
        for code, values in content.items():
            yield _kind(where, code, values)


def _categories() -> Iterator[Category]:
    for code, values in tables.content("categories.toml").items():
        row = tables.Row(f"categories.toml: {code}", values)
        yield Category(code, Words(row.text("zh"), row.text("en")), row.texts("sc"), row.texts("sorts"))
        row.done()


REGISTERS: Final[Mapping[str, Register]] = MappingProxyType({each.code: each for each in _registers()})
LADDERS: Final[Mapping[str, tuple[Rung, ...]]] = MappingProxyType(
    {code: tuple(_ladder(code, values)) for code, values in tables.content("ladders.toml")["ladders"].items()}
)
KINDS: Final[Mapping[str, PaperKind]] = MappingProxyType({each.code: each for each in _kinds()})
CATEGORIES: Final[Mapping[str, Category]] = MappingProxyType({each.code: each for each in _categories()})


def market_of(kind: str) -> str:
    """Whose working days count for a renewal of this kind: those of the market whose paper it is, China's where it is nobody's own.
    Raises KeyError for a kind that is not known."""
    market = KINDS[kind].market
    return market if market in MARKETS else "CN"
