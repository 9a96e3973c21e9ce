"""Items into cases, cases onto pallets, and out again.

Items are packed by the span, so that a case off a roll is one row. An item leaves its pack only here: one
that is to be sold, sampled or destroyed is taken out first, because what a pack holds is what
somebody who opened it says. Each step is an AggregationEvent (EPCIS 2.0, 7.4.3) under the pack's SSCC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Invalid, Missing, flaw
from kernel.orm import Brand
from kernel.unit import Unit
from traceability import carriers, gs1, packs, ranges, spans
from traceability.events import capture, names
from traceability.given import Given
from traceability.models import CodeRange, Pack, PackedRange, SsccPrefix
from traceability.ranges import Run
from traceability.spans import Span

KINDS: Final = ("case", "pallet")
PACKABLE: Final = ("commissioned", "released")
MOST: Final = 10_000
"""Things packed in one step."""
_NAMED: Final = 10
_SHORTEST: Final = 7
_pack, _owned = (cast(Table, each.__table__) for each in (Pack, SsccPrefix))
"""Numbers are one company's in the whole world, so these two are also asked past the wall."""

Thing = Span | str
"""Items: a span of codes, or what the code on one says (``carriers``)."""


class NotPackable(Conflict):
    """Only items that are on a lot, and not yet sold, sampled or gone, can be packed."""

    code = "not-packable"
    title = "Some of these items cannot be packed"


class SsccTaken(Conflict):
    """An SSCC names one pack for good, also after it was unpacked. (GS1 General Specifications 2.2.1 would give
    a number again after a year; this house remembers longer.)"""

    code = "sscc-taken"
    title = "This number is in use"


class PrefixTaken(Conflict):
    """A GS1 company prefix belongs to one company, with all numbers that begin with it. This one, or the one in
    this SSCC, is another brand's: look for a slip of the pen."""

    code = "prefix-taken"
    title = "This company prefix belongs to somebody else"


class NoSsccPrefix(Conflict):
    """The brand has not said under which GS1 company prefix it numbers its packs, or the numbers of that are used
    up. Set a prefix, or give the SSCC that is on the pack."""

    code = "no-sscc-prefix"
    title = "No company prefix to number packs with"


def set_prefix(unit: Unit, *, prefix: str) -> SsccPrefix:
    """Number packs under this GS1 company prefix (7 to 12 digits) from now on, also again. Raises Invalid, PrefixTaken."""
    gs1.sscc(0, prefix, 0)
    # One row that everybody finds: while a prefix is chosen, in whichever brand, no other one is.
    unit.session.execute(select(Brand.id).order_by(Brand.id).limit(1).with_for_update(key_share=True))
    _must_be_ours(unit, prefix, or_(_owned.c.prefix.in_(_beginnings(prefix)), _owned.c.prefix.startswith(prefix)))
    row = _prefix(unit)
    if row is None:
        row = SsccPrefix(id=unit.new_id(), prefix=prefix, next_reference=0)
        unit.session.add(row)
    elif row.prefix != prefix:
        row.prefix, row.next_reference = prefix, _first_free(unit, prefix)
    unit.session.flush()
    unit.record("packs.prefix", "brand", unit.brand_id, prefix=prefix)
    return row


def company_prefix(unit: Unit) -> str | None:
    """The GS1 company prefix under which packs are numbered now, if any."""
    return unit.session.scalar(select(SsccPrefix.prefix))


def pack(unit: Unit, *, kind: str, items: Sequence[Thing] = (), children: Sequence[str] = (), sscc: str | None = None) -> Pack:
    """Put items into a new case, or cases (by SSCC) onto a new pallet.

    Without ``sscc`` the next number of the brand's prefix is taken. Raises Invalid, Missing, NotPackable,
    packs.StillPacked, SsccTaken, PrefixTaken, NoSsccPrefix; then nothing is done.
    """
    given = Given()
    given.choice("/kind", kind, KINDS)
    for name, needed, things in (("items", kind == "case", items), ("children", kind == "pallet", children)):
        if bool(things) != needed:
            given.wrong(f"/{name}", "pack-holds", "a case holds items, a pallet holds cases")
        elif len(things) > MOST:
            given.wrong(f"/{name}", "most", f"at most {MOST} at once", most=MOST)
    if sscc is not None and not gs1.is_sscc(sscc):
        given.wrong("/sscc", "sscc", "an SSCC has 18 digits, the last of which checks the others")
    given.done()
    goods = _goods(unit, items)
    lots = _fit(unit, goods) if goods else set()
    cases = _cases(unit, children)
    new = _new(unit, kind, sscc)
    for case in cases:
        case.parent_id = new.id
    lots |= _lots(unit, _in(unit, cases))
    _put(unit, new, goods)
    _tell(unit, "ADD", new, goods, cases, lots)
    unit.record("packs.packed", "pack", new.id, sscc=new.sscc, items=_count(goods), cases=len(cases))
    return new


def unpack(unit: Unit, *, sscc: str, items: Sequence[Thing] = (), children: Sequence[str] = ()) -> Pack:
    """Take these items or cases out of a pack, or all that is in it; an empty pack is no more.

    Raises Invalid, Missing, packs.StillPacked (the case stands on a pallet: take it off first).
    """
    old = _locked(unit, [sscc])[0]
    if old.unpacked_at is not None:
        raise Missing("this pack was unpacked before")
    if old.parent_id is not None:
        raise packs.StillPacked("this case stands on a pallet", packs=[unit.session.get_one(Pack, old.parent_id).sscc])
    inside = packs.contents(unit, sscc)
    out, cases = list(inside.items), [each.pack for each in inside.packs]
    if items or children:
        out, cases = _goods(unit, items), [case for case in cases if case.sscc in set(children)]
        if packs.minus(out, inside.items) or len(cases) < len(set(children)):
            raise Invalid(errors=[flaw("/items" if items else "/children", "not-inside", "some of these are not in this pack")])
    left = packs.minus(inside.items, out)
    for case in cases:
        case.parent_id = None
    _put(unit, old, left)
    if not left and len(cases) == len(inside.packs):
        old.unpacked_at = unit.now
    _tell(unit, "DELETE", old, out, cases, _lots(unit, [*out, *_in(unit, cases)]))
    unit.record("packs.unpacked", "pack", old.id, sscc=old.sscc, items=_count(out), cases=len(cases))
    return old


def _goods(unit: Unit, things: Iterable[Thing]) -> list[Span]:
    """The things as spans, sorted and joined where they meet. Raises Invalid when one is given twice or is no code of ours."""
    found = [thing if isinstance(thing, Span) else _item(unit, place, thing) for place, thing in enumerate(things)]
    goods = []
    for gtin, version, pairs in packs.by_key(found):
        if any(one[1] >= other[0] for one, other in pairwise(pairs)):
            raise Invalid(errors=[flaw("/items", "twice", "an item is given twice")])
        runs = ranges.joined(Run(first, last, "") for first, last in pairs)
        goods += [Span(gtin, version, run.first, run.last) for run in runs]
    return goods


def _item(unit: Unit, place: int, text: str) -> Span:
    try:
        ref = carriers.find(unit, text)
    except (Missing, Invalid) as error:
        raise Invalid(errors=[flaw(f"/items/{place}", "unknown-serial", "no code of ours")]) from error
    return Span(ref.gtin, ref.key_version, ref.counter, ref.counter)


def _fit(unit: Unit, goods: list[Span]) -> set[str]:
    """The lots of items that may be packed, their orders locked. Raises NotPackable, packs.StillPacked."""
    for order_id in sorted({row.order_id for row in _rows(unit, goods)}):
        spans.locked(unit, order_id)
    rows = _rows(unit, goods)
    good = [Span(row.gtin, row.key_version, row.first, row.last) for row in rows if row.state in PACKABLE]
    strays = packs.minus(goods, good)
    if strays:
        raise NotPackable(f"{_count(strays)} of these items are not on a lot or no longer there", items=_count(strays))
    packs.must_be_loose(unit, goods)
    return {row.lot_id for row in rows if row.lot_id is not None}


def _rows(unit: Unit, goods: Iterable[Span]) -> list[CodeRange]:
    """The ranges that meet these items, read afresh."""
    found: list[CodeRange] = []
    for gtin, version, pairs in packs.by_key(goods):
        query = (
            select(CodeRange)
            .where(CodeRange.gtin == gtin, CodeRange.key_version == version)
            .where(CodeRange.first <= pairs[-1][1], CodeRange.last >= pairs[0][0])
            .order_by(CodeRange.first)
            .execution_options(populate_existing=True)
        )
        rows = unit.session.scalars(query)
        found += [row for row in rows if ranges.meet(pairs, row.first, row.last)]
    return found


def _lots(unit: Unit, goods: Iterable[Span]) -> set[str]:
    return {row.lot_id for row in _rows(unit, goods) if row.lot_id is not None}


def _in(unit: Unit, cases: Iterable[Pack]) -> list[Span]:
    """The items in these cases."""
    return [span for goods in packs.items_of(unit, [case.id for case in cases]).values() for span in goods]


def _cases(unit: Unit, children: Sequence[str]) -> list[Pack]:
    """Cases that stand nowhere yet, locked."""
    if len(set(children)) < len(children):
        raise Invalid(errors=[flaw("/children", "twice", "a case is given twice")])
    cases = _locked(unit, children)
    if any(case.kind != "case" or case.unpacked_at for case in cases):
        raise Invalid(errors=[flaw("/children", "pack-holds", "a pallet holds cases that are packed")])
    standing = [case.sscc for case in cases if case.parent_id is not None]
    if standing:
        raise packs.StillPacked("some of these cases stand on a pallet", packs=standing[:_NAMED])
    return cases


def _locked(unit: Unit, numbers: Sequence[str]) -> list[Pack]:
    query = select(Pack).where(Pack.sscc.in_(numbers)).order_by(Pack.id).with_for_update().execution_options(populate_existing=True)
    found = list(unit.session.scalars(query)) if numbers else []
    if len(found) < len(set(numbers)):
        raise Missing("no such pack")
    return sorted(found, key=lambda each: each.sscc)


def _new(unit: Unit, kind: str, sscc: str | None) -> Pack:
    if sscc is not None:
        _must_be_ours(unit, sscc, _owned.c.prefix.in_(_beginnings(sscc[1:])))
    for number in _free(unit) if sscc is None else [sscc]:
        new = Pack(id=unit.new_id(), sscc=number, kind=kind, packed_at=unit.now, packed_by=unit.actor.id)
        try:
            with unit.session.begin_nested():
                unit.session.add(new)
        except IntegrityError as error:
            if sscc is not None:
                raise SsccTaken("this SSCC names another pack", sscc=sscc) from error
            continue  # somebody gave it by hand just now
        return new
    raise NoSsccPrefix("no company prefix to number packs with, or no number left")


def _free(unit: Unit) -> Iterator[str]:
    """The next numbers of the brand's prefix; those that were given by hand, whoever did it, are passed over."""
    row = _prefix(unit)
    while row is not None and row.next_reference < 10 ** (16 - len(row.prefix)):
        number = gs1.sscc(0, row.prefix, row.next_reference)
        row.next_reference += 1
        if unit.session.scalar(select(_pack.c.id).where(_pack.c.sscc == number)) is None:
            yield number


def _first_free(unit: Unit, prefix: str) -> int:
    """Where the numbers of a prefix go on that was used before: numbers are drawn without a gap."""
    lowest, highest = gs1.sscc(0, prefix, 0), gs1.sscc(0, prefix, 10 ** (16 - len(prefix)) - 1)
    used = select(_pack.c.sscc).where(_pack.c.sscc.between(lowest, highest)).order_by(_pack.c.sscc)
    free = 0
    with unit.session.execute(used.execution_options(yield_per=1000)) as rows:
        for number in rows.scalars():
            if int(number[1 + len(prefix) : 17]) > free:
                break
            free += 1
    return free


def _beginnings(digits: str) -> list[str]:
    """The company prefixes with which these digits may begin."""
    return [digits[:length] for length in range(_SHORTEST, len(digits) + 1)]


def _must_be_ours(unit: Unit, number: str, where: ColumnElement[bool]) -> None:
    """Raise PrefixTaken when there is such a prefix, of another brand."""
    theirs = select(_owned.c.id).where(and_(where, _owned.c.brand_id != unit.brand_id)).limit(1)
    if unit.session.scalar(theirs) is not None:
        raise PrefixTaken("this company prefix belongs to another brand", number=number)


def _prefix(unit: Unit) -> SsccPrefix | None:
    return unit.session.scalar(select(SsccPrefix).with_for_update().execution_options(populate_existing=True))


def _put(unit: Unit, into: Pack, goods: Iterable[Span]) -> None:
    """These items, and no others, are in this pack."""
    gone = delete(PackedRange).where(PackedRange.pack_id == into.id)
    unit.session.execute(gone.execution_options(synchronize_session=False))
    unit.session.add_all(
        PackedRange(id=unit.new_id(), pack_id=into.id, gtin=span.gtin, key_version=span.key_version, first=span.first, last=span.last)
        for span in goods
    )
    unit.session.flush()


def _tell(unit: Unit, action: str, about: Pack, goods: Sequence[Span], cases: Sequence[Pack], lots: Iterable[str]) -> None:
    what: dict[str, Any] = {"parentID": names.logistic_unit(about.sscc)}
    if goods:
        what |= spans.what(goods)
    if cases:
        what["childEPCs"] = [names.logistic_unit(case.sscc) for case in cases]
    capture.record(
        unit,
        type="AggregationEvent",
        action=action,
        biz_step="packing" if action == "ADD" else "unpacking",
        disposition="in_progress",
        event_time=unit.now,
        what=what,
        lots=dict.fromkeys(lots, "object"),
    )


def _count(goods: Iterable[Span]) -> int:
    return sum(span.last - span.first + 1 for span in goods)
