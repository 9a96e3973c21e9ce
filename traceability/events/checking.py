"""What an event says, held against what the house knows: is it new, may it take something back, can it be true.

Each flaw points into the document that brought the event. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import flaw
from kernel.unit import Unit
from traceability.batches import batched
from traceability.events import circles, names
from traceability.events.coming import Fresh
from traceability.events.epcs import canonical
from traceability.events.own import lots_of_items
from traceability.events.projecting import QUANTITIES, millionths
from traceability.models import EpcisEvent, EventError, Hold, Lot, Recall, RecallLot

FUTURE: Final = timedelta(days=1)
"""How far ahead of our clock another clock may run."""
LONGEST: Final = 400
"""Characters of a URI."""
LONGEST_WORD: Final = 255
MOST: Final = 10**16
"""Millionths of a unit: so much that nine hundred of them can still be added up."""


def check(unit: Unit, fresh: Sequence[Fresh]) -> None:
    """Add to each event what is wrong with it, or mark it as one that is known already."""
    _sizes(unit, fresh)
    _identities(unit, fresh)
    going = [one for one in fresh if not one.flaws and not one.repeated]
    _standing(unit, [one for one in going if one.told["type"] == "TransformationEvent" and one.counts and one.declared is None])
    _circles(unit, [one for one in going if one.told["type"] == "AggregationEvent"])


def _sizes(unit: Unit, fresh: Sequence[Fresh]) -> None:
    latest = unit.now + FUTURE
    for one in fresh:
        if datetime.fromisoformat(one.told["eventTime"]) > latest:
            one.flaws.append(flaw(f"{one.place}/eventTime", "future", "lies more than a day ahead"))
        if max(map(len, (one.uri, *(each.uri for each in one.named)))) > LONGEST:
            one.flaws.append(flaw(one.place, "uri-length", f"an identifier has at most {LONGEST} characters", most=LONGEST))
        one.flaws += [
            flaw(f"{one.place}/{name}", "length", f"at most {LONGEST_WORD} characters", most=LONGEST_WORD)
            for name, word in _words(one.told)
            if len(word) > LONGEST_WORD
        ]
        if any(each.quantity is not None and each.quantity > MOST for each in one.named):
            one.flaws.append(flaw(one.place, "quantity-most", "a quantity is too large to be kept exactly"))
        one.flaws += [
            flaw(f"{one.place}/{name}/{place}/quantity", "quantity-least", "less than half a millionth is nothing")
            for name, _ in QUANTITIES
            for place, element in enumerate(one.told.get(name, ()))
            if element.get("quantity") and not millionths(element["quantity"])
        ]


def _words(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is kept of an event as words, and where it stands."""
    for name in ("type", "bizStep", "disposition", "transformationID"):
        yield name, told.get(name, "")
    for name in ("readPoint", "bizLocation"):
        yield f"{name}/id", canonical(told[name]["id"]).uri if name in told else ""
    yield "errorDeclaration/reason", told.get("errorDeclaration", {}).get("reason", "")


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
            _take_back(one, *known[one.uri], taken_back)
        elif one.declared is not None and one.uri in met and met[one.uri].declared is None:
            one.after = met[one.uri]
            one.repeated = one.uri in taken_back
            taken_back.add(one.uri)
        elif one.uri in met or one.uri in known:
            _told_before(one, met[one.uri].hash if one.uri in met else known[one.uri][1])
        if not one.flaws:
            met.setdefault(one.uri, one)


def _take_back(one: Fresh, event_id: str, digest: str, taken_back: set[str]) -> None:
    """The first declaration counts, also of two in one document; it says again what it takes back (EPCIS 2.0 §7.4.1.4)."""
    if one.hash != digest:
        one.flaws.append(
            flaw(f"{one.place}/errorDeclaration", "declared-otherwise", "the event that was told under this eventID says otherwise")
        )
    elif event_id in taken_back:
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
    for some in batched(uris):
        query = select(EpcisEvent.uri, EpcisEvent.id, EpcisEvent.hash).where(EpcisEvent.uri.in_(some), EpcisEvent.declares.is_(None))
        found |= {str(uri): (event_id, str(digest)) for uri, event_id, digest in unit.session.execute(query)}
    return found


def _native(unit: Unit, uris: Iterable[str]) -> set[str]:
    """Those that are events of this house."""
    ours = {local: uri for uri in uris if (local := names.local_id(uri)) is not None}
    found: set[str] = set()
    for some in batched(ours):
        ids = unit.session.scalars(select(EpcisEvent.id).where(EpcisEvent.id.in_(some), EpcisEvent.told.is_(None)))
        found |= {ours[event_id] for event_id in ids}
    return found


def _taken_back(unit: Unit, ids: Sequence[str]) -> set[str]:
    return {
        each for some in batched(ids) for each in unit.session.scalars(select(EventError.event_id).where(EventError.event_id.in_(some)))
    }


def _standing(unit: Unit, made: Sequence[Fresh]) -> None:
    """Nothing is made of a lot after it was held or recalled. What was made before, and is told late, is taken in."""
    inputs = {each.uri for one in made for each in one.named if each.role == "input"}
    by_uri = {lot.uri: lot for some in batched(inputs) for lot in unit.session.scalars(select(Lot).where(Lot.uri.in_(some)))}
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
    for one in circles.standing_in_themselves(unit, packed) if packed else ():
        one.flaws.append(flaw(f"{one.place}/childEPCs", "cyclic-packing", "something would stand in itself"))
