"""What an event says, held against what the house knows: is it new, may it take something back, can it be true.

Each flaw points into the document that brought the event. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import flaw
from kernel.unit import Unit
from traceability.events import keeping, names, things
from traceability.events.coming import Fresh
from traceability.events.epcs import canonical
from traceability.events.own import lots_of_items
from traceability.events.projecting import Edge
from traceability.models import EpcisEvent, EventError, Hold, Lot, Recall, RecallLot, Thing

FUTURE: Final = timedelta(days=1)
"""How far ahead of our clock another clock may run."""
LONGEST: Final = 400
"""Characters of a URI."""
MOST: Final = 2**62
"""Millionths of a unit."""
_AT_ONCE: Final = 500


def check(unit: Unit, fresh: Sequence[Fresh]) -> None:
    """Add to each event what is wrong with it, or mark it as one that is known already."""
    _sizes(unit, fresh)
    _identities(unit, fresh)
    going = [one for one in fresh if not one.flaws and not one.repeated and one.counts]
    _standing(unit, [one for one in going if one.told["type"] == "TransformationEvent"])
    _circles(unit, [one for one in going if one.told["type"] == "AggregationEvent" and one.told.get("action") == "ADD"])


def commissioned_here(unit: Unit, fresh: Iterable[Fresh]) -> list[keeping.Projected]:
    """Items of this house that others transformed: what becomes of their lot becomes of them."""
    made = [one for one in fresh if one.told["type"] == "TransformationEvent" and one.counts]
    ours = _own_lots(unit, made)
    found = []
    for one in made:
        edges = []
        for each in one.named:
            lot = ours.get(each.uri)
            if lot is not None:
                here = things.commissioned(unit.brand_id, lot.uri)
                edges += [Edge(lot.thing, here, "in"), Edge(here, things.key(unit.brand_id, each.uri), "out")]
        if edges:
            at = datetime.fromisoformat(one.told["eventTime"])
            found.append(keeping.Projected(one.id, at, one.recorded_at or unit.now, None, None, (), edges, states=False))
    return found


def _sizes(unit: Unit, fresh: Sequence[Fresh]) -> None:
    latest = unit.now + FUTURE
    for one in fresh:
        if datetime.fromisoformat(one.told["eventTime"]) > latest:
            one.flaws.append(flaw(f"{one.place}/eventTime", "future", "lies more than a day ahead"))
        texts = (one.uri, one.told.get("transformationID", ""), *(each.uri for each in one.named))
        if max(map(len, texts)) > LONGEST or len(one.told.get("transformationID", "")) > 255:
            one.flaws.append(flaw(one.place, "uri-length", f"an identifier has at most {LONGEST} characters, a transformationID 255"))
        if any(each.quantity is not None and each.quantity > MOST for each in one.named):
            one.flaws.append(flaw(one.place, "quantity-most", "a quantity is too large to be kept exactly"))


def _identities(unit: Unit, fresh: Sequence[Fresh]) -> None:
    """Which of them are known, which take back what is known, and which say otherwise than before."""
    known = _known(unit, [one.uri for one in fresh])
    native = _native(unit, [one.uri for one in fresh])
    taken_back = _taken_back(unit, [event_id for event_id, _ in known.values()])
    met: dict[str, Fresh] = {}
    for one in fresh:
        if one.uri in native:
            one.flaws.append(flaw(f"{one.place}/eventID", "own-event", "this event is of this house: its own step is undone or corrected"))
        elif one.declared is not None and one.uri in known:
            _take_back(one, known[one.uri][0], taken_back)
        elif one.declared is not None and one.uri in met and met[one.uri].declared is None:
            one.after = met[one.uri]
            one.repeated = one.uri in taken_back
            taken_back.add(one.uri)
        elif one.uri in met or one.uri in known:
            _told_before(one, met[one.uri].hash if one.uri in met else f"ni:///sha-256;{known[one.uri][1]}?ver=CBV2.0")
        if not one.flaws:
            met.setdefault(one.uri, one)


def _take_back(one: Fresh, event_id: str, taken_back: set[str]) -> None:
    """The first declaration counts, also of two in one document."""
    if event_id in taken_back:
        one.repeated = True
    else:
        one.target = event_id
        taken_back.add(event_id)


def _told_before(one: Fresh, digest: str) -> None:
    if one.hash == digest:
        one.repeated = True
    else:
        one.flaws.append(flaw(f"{one.place}/eventID", "event-known", "an event of this eventID is known, and it says otherwise"))


def _known(unit: Unit, uris: Sequence[str]) -> dict[str, tuple[str, str]]:
    """eventID → our id and hash, of what was captured before."""
    found: dict[str, tuple[str, str]] = {}
    for some in _some(uris):
        query = select(EpcisEvent.uri, EpcisEvent.id, EpcisEvent.hash).where(EpcisEvent.uri.in_(some), EpcisEvent.declares.is_(None))
        found |= {str(uri): (event_id, str(digest)) for uri, event_id, digest in unit.session.execute(query)}
    return found


def _native(unit: Unit, uris: Iterable[str]) -> set[str]:
    """Those that are events of this house."""
    ours = {local: uri for uri in uris if (local := names.local_id(uri)) is not None}
    found: set[str] = set()
    for some in _some(list(ours)):
        ids = unit.session.scalars(select(EpcisEvent.id).where(EpcisEvent.id.in_(some), EpcisEvent.told.is_(None)))
        found |= {ours[event_id] for event_id in ids}
    return found


def _taken_back(unit: Unit, ids: Sequence[str]) -> set[str]:
    return {each for some in _some(ids) for each in unit.session.scalars(select(EventError.event_id).where(EventError.event_id.in_(some)))}


def _standing(unit: Unit, made: Sequence[Fresh]) -> None:
    """Nothing is made of a lot after it was held or recalled. What was made before, and is told late, is taken in."""
    inputs = {each.uri for one in made for each in one.named if each.role == "input"}
    by_uri = {lot.uri: lot for some in _some(sorted(inputs)) for lot in unit.session.scalars(select(Lot).where(Lot.uri.in_(some)))}
    by_uri |= _own_lots(unit, made)
    since = _held_since(unit, {lot.id for lot in by_uri.values() if lot.standing != "clear"})
    for one in made:
        at = datetime.fromisoformat(one.told["eventTime"])
        for place, uri in _inputs(one):
            lot = by_uri.get(uri)
            if lot is not None and lot.id in since and since[lot.id] <= at:
                rule = "lot-recalled" if lot.standing == "recalled" else "lot-on-hold"
                words = "is recalled" if lot.standing == "recalled" else "is on hold"
                one.flaws.append(flaw(place, rule, f"lot {lot.code} {words} since before this happened", lot=lot.code))


def _inputs(one: Fresh) -> Iterator[tuple[str, str]]:
    for place, text in enumerate(one.told.get("inputEPCList", ())):
        yield f"{one.place}/inputEPCList/{place}", canonical(text).uri
    for place, element in enumerate(one.told.get("inputQuantityList", ())):
        yield f"{one.place}/inputQuantityList/{place}/epcClass", canonical(element["epcClass"]).uri


def _own_lots(unit: Unit, made: Iterable[Fresh]) -> dict[str, Lot]:
    """URI → lot, of the items of this house among what went in or came out."""
    items = [canonical(each.uri) for one in made for each in one.named if each.kind == "item"]
    return lots_of_items(unit, items) if items else {}


def _held_since(unit: Unit, ids: set[str]) -> dict[str, datetime]:
    """Lot → since when it may not be used."""
    found: dict[str, datetime] = {}
    placed = select(Hold.lot_id, Hold.made_at).where(Hold.lot_id.in_(ids), Hold.state == "placed")
    recalled = select(RecallLot.lot_id, Recall.opened_at).join(Recall, Recall.id == RecallLot.recall_id).where(RecallLot.lot_id.in_(ids))
    for lot_id, at in (*unit.session.execute(placed), *unit.session.execute(recalled)):
        found[lot_id] = min(found.get(lot_id, at), at)
    return found


def _circles(unit: Unit, packed: Sequence[Fresh]) -> None:
    """Nothing stands in itself, however many packs lie between."""
    pairs: list[tuple[Fresh, bytes, list[bytes]]] = []
    for one in packed:
        inside = [things.key(unit.brand_id, each.uri) for each in one.named if each.role == "child" and each.kind != "lot"]
        over = next((things.key(unit.brand_id, each.uri) for each in one.named if each.role == "parent"), None)
        if over is not None and inside:
            pairs.append((one, over, inside))
    parents = _above(unit, {over for _, over, _ in pairs})
    for one, over, inside in pairs:
        up, line = over, {over}
        while (up := parents.get(up, b"")) and up not in line:
            line.add(up)
        if line & set(inside):
            one.flaws.append(flaw(f"{one.place}/childEPCs", "cyclic-packing", "something would stand in itself"))
        else:
            parents.update(dict.fromkeys(inside, over))


def _above(unit: Unit, keys: set[bytes]) -> dict[bytes, bytes]:
    """Thing → what it stands in, for these and all above them."""
    found: dict[bytes, bytes] = {}
    ring = keys
    while ring:
        fresh: dict[bytes, bytes] = {}
        for some in _some(sorted(ring)):
            rows = select(Thing.key, Thing.parent).where(Thing.key.in_(some), Thing.parent.is_not(None))
            fresh |= {key: parent for key, parent in unit.session.execute(rows) if parent is not None}
        found |= fresh
        ring = {parent for parent in fresh.values() if parent not in found}
    return found


def _some(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """As many at once as a statement may well name."""
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))
