"""Where a trace begins: from whatever somebody holds in their hands to the lots that it is about.

A lot's own code, the supplier's number on a delivery, a paper, a line and a stretch of time, an item, a case, a
delivery note. What is found are lots of this house; what became of them is asked of ``reach``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select

from kernel.errors import Invalid, Missing
from kernel.unit import Unit
from suppliers import certificates
from traceability import carriers, codes, deliveries, genealogy, gs1, intake, lots, packs
from traceability.batches import batched
from traceability.events import flows, names, states, things
from traceability.events.epcs import canonical
from traceability.events.own import lots_of_items
from traceability.given import Given
from traceability.models import EventRange, EventThing, GoodsDelivery, Lot, Pack, SerialKey, Shipment, ShippedLot, ShippedRange, Thing
from traceability.reach.around import packed_here, whole
from traceability.reach.goods import lots_at
from traceability.spans import Span

LONGEST: Final = 400
LONGEST_SERIAL: Final = 20
DEEPEST: Final = 32
"""Steps back from something that others made, before nobody looks for a lot of ours any more."""


@dataclass(frozen=True)
class Scope:
    """The lots from which a trace goes on, in the order of their ids, and how they were found: the kind and what was named."""

    kind: str
    said: dict[str, Any]
    lot_ids: tuple[str, ...]

    @property
    def record(self) -> dict[str, Any]:
        """As it is kept with a recall or a drill."""
        return {"kind": self.kind, "said": self.said, "lot_ids": list(self.lot_ids)}


def find(
    unit: Unit,
    kind: str,
    value: str = "",
    *,
    supplier_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Scope:
    """The lots that are meant. ``kind`` is one of KINDS, ``value`` what was typed, scanned or chosen.

    ``supplier_id`` narrows supplier_lot and delivery; ``since`` and ``until`` (both in, with offset) belong to line.
    Raises Invalid, or Missing when there is no such thing or no lot of ours has to do with it.
    """
    given = Given()
    kind = given.choice("/kind", kind, tuple(KINDS))
    value = given.text("/value", value, LONGEST)
    if kind == "line":
        _must_be_span(given, since, until)
    given.done()
    said: dict[str, Any] = {"value": value}
    if kind == "line":
        said |= {"since": _iso(since), "until": _iso(until)}
    if supplier_id and kind in ("supplier_lot", "delivery"):
        said["supplier_id"] = supplier_id
    asked = _Asked(value, supplier_id, since, until)
    found = sorted(set(KINDS[kind](unit, asked)))
    if not found:
        raise Missing("no lot of ours has to do with this")
    return Scope(kind, said, tuple(found))


@dataclass(frozen=True)
class _Asked:
    value: str
    supplier_id: str | None
    since: datetime | None
    until: datetime | None


def _lot(unit: Unit, asked: _Asked) -> Iterable[str]:
    """By our code, by the id, by the URI by which events call it, or by GTIN and lot as an element string says them."""
    uri = canonical(asked.value).uri if "://" in asked.value or asked.value.startswith("urn:") else _class_of(asked.value)
    query = select(Lot.id).where(or_(Lot.code == asked.value, Lot.id == asked.value, Lot.uri == uri))
    found = list(unit.session.scalars(query))
    return found or _foreign(unit, uri)


def _foreign(unit: Unit, uri: str | None) -> Iterable[str]:
    """The lots that came of a thing which only others' events name."""
    if uri is None:
        return ()
    key = things.key(unit.brand_id, uri)
    if unit.session.get(Thing, key) is None:
        return ()
    return genealogy.lots_of(unit, {key} | flows.reached(unit, [key], "forward")).values()


def _supplier_lot(unit: Unit, asked: _Asked) -> Iterable[str]:
    """What the supplier calls it; where nobody wrote that down, our own code of the delivery is the supplier's."""
    query = select(Lot.id).where(Lot.supplier_id.is_not(None))
    query = query.where(or_(Lot.supplier_lot == asked.value, (Lot.supplier_lot.is_(None)) & (Lot.code == asked.value)))
    return unit.session.scalars(query if asked.supplier_id is None else query.where(Lot.supplier_id == asked.supplier_id))


def _certificate(unit: Unit, asked: _Asked) -> Iterable[str]:
    """By the paper's id, or by the number that stands on it."""
    ids = certificates.numbered(unit, asked.value)
    if not ids:
        raise Missing("no such certificate")
    return (lot_id for paper in ids for lot_id in intake.leaning_on(unit, paper))


def _line(unit: Unit, asked: _Asked) -> Iterable[str]:
    assert asked.since is not None
    assert asked.until is not None
    return (lot.id for lot in lots.made_on(unit, line_code=asked.value, since=asked.since, until=asked.until))


def _item(unit: Unit, asked: _Asked) -> Iterable[str]:
    """A link, an element string or a serial, as it was scanned or typed; or the URI of an item that others made of ours."""
    try:
        found = [carriers.find(unit, asked.value)]
    except (Missing, gs1.NotALink):
        found = _by_serial(unit, asked.value)
        if not found:
            return _of_things(unit, {things.key(unit.brand_id, canonical(asked.value).uri)})
    except gs1.NotGS1 as error:
        raise _at_value(error) from None
    return [each.lot_id for each in found if each.lot_id]


def _by_serial(unit: Unit, text: str) -> list[codes.CodeRef]:
    """The items that bear this serial alone, of whatever product."""
    if len(text) > LONGEST_SERIAL:
        return []
    gtins = unit.session.scalars(select(SerialKey.gtin).where(SerialKey.gtin.is_not(None)).distinct()).all()
    refs = (codes.find(unit, gtin=str(gtin), serial=serial) for gtin in sorted(map(str, gtins)) for serial in {text, text.upper()})
    return [each for each in refs if each is not None]


def _pack(unit: Unit, asked: _Asked) -> Iterable[str]:
    """The lots of all that is in a case or on a pallet, as this house packed it or as others tell of it, and of what left under
    its number; when it was emptied, of all that ever was in it."""
    sscc = _sscc(asked.value)
    here = things.key(unit.brand_id, names.logistic_unit(sscc))
    spans = select(ShippedRange.gtin, ShippedRange.key_version, ShippedRange.first, ShippedRange.last).where(ShippedRange.sscc == sscc)
    inside = _spans(unit, spans)
    if unit.session.scalar(select(Pack.id).where(Pack.sscc == sscc)) is not None:
        inside += packs.contents(unit, sscc).spans()
    return lots_at(unit, inside) | _of_things(unit, _inside(unit, {here})) or _once_in(unit, here)


def _once_in(unit: Unit, pack: bytes) -> set[str]:
    """The lots of all that ever was in a pack, however deep."""
    inner = whole(unit, {pack}, "parent", "child")
    told = select(EventRange.gtin, EventRange.key_version, EventRange.first, EventRange.last).join(
        EventThing, EventThing.event_id == EventRange.event_id
    )
    spans = [span for some in batched({pack, *inner}) for span in _spans(unit, told.where(*packed_here(some)))]
    return lots_at(unit, spans) | _of_things(unit, inner)


def _spans(unit: Unit, query: Any) -> list[Span]:
    return [Span(*row) for row in unit.session.execute(query).tuples()]


def _delivery(unit: Unit, asked: _Asked) -> Iterable[str]:
    """A delivery note of a supplier, or one of ours to a customer."""
    notes = select(GoodsDelivery).where(GoodsDelivery.reference == asked.value)
    if asked.supplier_id is not None:
        return _came_with(unit, unit.session.scalars(notes.where(GoodsDelivery.supplier_id == asked.supplier_id)).all())
    shipment = unit.session.scalar(select(Shipment.id).where(Shipment.reference == asked.value))
    found = _came_with(unit, unit.session.scalars(notes).all())
    found |= set(unit.session.scalars(select(ShippedLot.lot_id).where(ShippedLot.shipment_id == shipment)))
    rows = select(ShippedRange.gtin, ShippedRange.key_version, ShippedRange.first, ShippedRange.last)
    return found | lots_at(unit, _spans(unit, rows.where(ShippedRange.shipment_id == shipment)))


def _came_with(unit: Unit, notes: Sequence[GoodsDelivery]) -> set[str]:
    """The lots that began with these deliveries, and those of which more came with them."""
    began = set(unit.session.scalars(select(Lot.id).where(Lot.delivery_id.in_([each.id for each in notes]))))
    return began | {each.lot.id for came in deliveries.lines(unit, notes).values() for each in came}


KINDS: Final[dict[str, Callable[[Unit, _Asked], Iterable[str]]]] = {
    "lot": _lot,
    "supplier_lot": _supplier_lot,
    "delivery": _delivery,
    "certificate": _certificate,
    "line": _line,
    "item": _item,
    "pack": _pack,
}


def _of_things(unit: Unit, keys: set[bytes]) -> set[str]:
    """The lots that these things are or are of: their own, or else the nearest that they were made of."""
    rows = [each for some in batched(keys) for each in unit.session.scalars(select(Thing).where(Thing.key.in_(some)))]
    own = lots_of_items(unit, [canonical(each.uri) for each in rows if each.kind == "item"])
    found = {each.lot_id for each in rows if each.lot_id} | {lot.id for lot in own.values()}
    for each in rows:
        if each.lot_id is None and each.uri not in own:
            found |= _nearest(unit, each.key)
    return found


def _nearest(unit: Unit, key: bytes) -> set[str]:
    met: set[bytes] = set()
    for depth in range(1, DEEPEST):
        reached = flows.reached(unit, [key], "back", depth=depth)
        if found := set(genealogy.lots_of(unit, reached).values()):
            return found
        if reached == met:
            break
        met = reached
    return set()


def _inside(unit: Unit, keys: set[bytes]) -> set[bytes]:
    """What stands in these packs now, however deep, by what events tell."""
    found: set[bytes] = set()
    ring = keys
    while ring:
        inner: set[bytes] = set()
        for some in batched(ring):
            inner |= set(unit.session.scalars(select(Thing.key).where(Thing.parent.in_(some))))
            inner |= {child for child, _ in states.amounts_in(unit, parents=some)}
        ring = inner - found
        found |= inner
    return found


def _sscc(text: str) -> str:
    """The number that was typed, or that stands in a link or a bracketed element string. Raises Invalid."""
    digits = "".join(each for each in text.rpartition("/00/")[2].removeprefix("(00)") if each.isdigit())
    if not gs1.is_sscc(digits):
        given = Given()
        given.wrong("/value", "sscc", "an SSCC has 18 digits, the last of which checks the others")
        given.done()
    return digits


def _class_of(text: str) -> str | None:
    """The class of one lot that an element string names, in brackets or as a hand scanner reports it. Raises Invalid."""
    if text[:1] not in ("(", "]", "^", "\x1d"):
        return None
    from traceability.gs1 import strings  # the table of application identifiers is needed by few

    try:
        elements = strings.read_bracketed(text) if text.startswith("(") else strings.read_message(text)
    except gs1.NotGS1 as error:
        raise _at_value(error) from None
    gtin, lot = elements.get(gs1.GTIN), elements.get(gs1.LOT)
    return names.product_lot(gtin, lot) if gtin and lot else None


def _at_value(error: gs1.NotGS1) -> Invalid:
    return Invalid(errors=[each | {"pointer": "/value"} for each in error.errors])


def _must_be_span(given: Given, since: datetime | None, until: datetime | None) -> None:
    for name, moment in (("since", since), ("until", until)):
        if moment is None:
            given.wrong(f"/{name}", "blank", "must not be blank")
        elif moment.utcoffset() is None:
            given.wrong(f"/{name}", "offset", "must say its offset from UTC")
    if not given.flaws and since is not None and until is not None and until < since:
        given.wrong("/until", "order", "lies before the beginning")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
