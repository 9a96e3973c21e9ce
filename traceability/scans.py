"""One look at one code: what is known, what that means, and a line that it happened.

The busiest room of the house: a few statements, all by key, for however many looks come at the
same moment (``looks``). A visitor comes without a brand and steps inside the walls of the one whose
GTIN it is. Who looked is not known here: a device is only told apart from the others that looked at
the same item.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final, NamedTuple, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Table, bindparam, select, union_all
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict
from kernel.given import day_of
from kernel.unit import Unit
from traceability import carriers, clone_models, codes, keys, looks, products, seal, suspicion, verdict
from traceability.facts import CopySuspected
from traceability.models import GtinOwner, Product, SerialKey

_owner, _product, _key = (cast(Table, each.__table__) for each in (GtinOwner, Product, SerialKey))

FRESH: Final = timedelta(seconds=1)
MOST_OWNERS: Final = 10_000


class ViewTold(Conflict):
    """Another process counted this very view at this moment, and nothing was kept here. Asked again, it is told."""

    code = "view-told"
    title = "This page was counted a moment ago"


@dataclass(frozen=True)
class ProductSeen:
    id: str
    gtin: str
    name_zh: str
    name_en: str
    net_content: str


@dataclass(frozen=True)
class LotSeen:
    id: str
    code: str
    revision: int
    state: str
    standing: str
    best_before: date | None


@dataclass(frozen=True)
class Look:
    """A serial as it was read from a code.

    ``view``: the id of the page view, so that the same view asked for twice is one look; None for a look of
    its own. ``region``: coarsely where, a code of ``regions``. ``client``: what tells one device from another,
    secret and never kept as it is.
    """

    serial: str
    view: str | None = None
    region: str | None = None
    client: bytes | None = None


@dataclass(frozen=True)
class Reading:
    """What a scan page needs. ``times`` counts looks at this item, this one included; 0 when the code
    is not one of ours. ``scan_id`` is None when nothing was written, because the GTIN is nobody's here.
    ``serial`` as it was asked
    for. ``told``: this very view was told before, and nothing was counted. ``opened_at``: when the code under
    the cap was first read."""

    verdict: verdict.Verdict
    serial: str = ""
    scan_id: str | None = None
    product: ProductSeen | None = None
    lot: LotSeen | None = None
    times: int = 0
    first_at: datetime | None = None
    first_region: str | None = None
    ref: codes.CodeRef | None = None
    told: bool = False
    has_inner: bool = False
    opened_at: datetime | None = None
    suspected: suspicion.Followed | None = None

    @property
    def inner(self) -> bool:
        """Whether the code under the cap or scratch layer was read: its item is counted all the same."""
        return self.ref is not None and self.ref.inner

    @property
    def tells_nothing(self) -> bool:
        """Whether a stranger is answered as for a code that is not ours."""
        return self.ref is None or verdict.tells_nothing(self.verdict, self.ref.state)


def read(unit: Unit, *, gtin: str, serial: str, view: str | None = None, region: str | None = None, client: bytes | None = None) -> Reading:
    """Say what this code is worth and keep that it was looked at; see ``Look``.

    A GTIN of nobody here is unknown and leaves no trace. A serial that was never issued of a GTIN
    that is somebody's is unknown too, and is counted as a scan without an item.
    """
    (reading,) = read_all(unit, gtin=gtin, looks=[Look(serial, view, region, client)])
    return reading


def read_text(unit: Unit, *, text: str, view: str | None = None, region: str | None = None, client: bytes | None = None) -> Reading:
    """The same for whatever stands on a label, asked by somebody of a brand: a link, an element string, a serial alone.

    A code of another brand is unknown to him and leaves no trace. Raises gs1.NotALink or gs1.NotGS1.
    """
    gtin, serial = carriers.said(text)
    if gtin is None:
        found = codes.resolve(unit, serial=serial)
        gtin = found.gtin if found else None
    owner = products.owner(unit, gtin) if gtin else None
    if gtin is None or owner is None or owner.brand_id != unit.brand_id:
        return Reading(verdict.decide(verdict.Known(today=day_of(unit.now))), serial)
    return read(unit, gtin=gtin, serial=serial, view=view, region=region, client=client)


def read_all(unit: Unit, *, gtin: str, looks: Sequence[Look]) -> list[Reading]:
    """Looks at items of one GTIN that came at the same moment, each as if it had come alone, in order."""
    found = _owner_of(unit, gtin)
    if found is None:
        return [Reading(verdict.decide(verdict.Known(today=day_of(unit.now))))] * len(looks)
    connection = unit.session.connection()  # below the session, whose bookkeeping would cost more than the statements
    return _Batch(unit, connection, found, looks).read()


class _Owned(NamedTuple):
    """Whose a GTIN is, what of, under which keys its serials may lie, and how its items are looked at."""

    at: datetime
    brand_id: str
    product: ProductSeen
    keys: Sequence[Any]
    model: suspicion.Model


class _Batch:
    """Looks at items of one GTIN, from what was read to what is kept."""

    def __init__(self, unit: Unit, connection: Connection, owned: _Owned, asked: Sequence[Look]) -> None:
        self.unit, self.connection, self.owned = unit, connection, owned
        self.gtin, self.today = owned.product.gtin, day_of(unit.now)
        self.asked = asked
        self.views = [look.view or unit.new_id() for look in asked]
        self.kept: list[looks.Kept] = []
        self.remembered: dict[tuple[int, int], looks.Remembered] = {}
        self.states: dict[tuple[int, int], _Remembers] = {}

    def read(self) -> list[Reading]:
        once = {view: place for place, view in reversed(list(enumerate(self.views)))}  # one view asked for twice is one look
        items = self._items([place for place, view in enumerate(self.views) if once[view] == place])
        answers = {place: self._reading(place, *items.get(place, (None, False))) for place in sorted(once.values())}
        try:
            looks.keep(self.connection, self.unit, self.gtin, self.kept, list(self.remembered.values()))
        except IntegrityError as error:
            raise ViewTold("this view was counted a moment ago") from error
        return [answers[once[view]] for view in self.views]

    def _items(self, places: Sequence[int]) -> dict[int, tuple[looks.Found | None, bool]]:
        """The item that each look means, and whether by its inner code. Every key is tried, newest first: a
        serial is a possible counter under each of them, and only one of these was ever ordered. Only what is
        no outer code costs more statements, and only where there are inner codes or imported serials."""
        outer = [key for key in self.owned.keys if key.locked is not None and key.kind != keys.INNER]
        items: dict[int, tuple[looks.Found | None, bool]] = {}
        for found in self._find(self._meant(places, outer)):
            items[found.place] = (found, found.told_inner)
        missed = [place for place in places if place not in items]
        if missed:
            meanings = self._elsewhere(missed)
            inner = {meant[:3] for meant, is_inner in meanings if is_inner}
            for found in self._find([meant for meant, _ in meanings]):
                items[found.place] = (found, found.told_inner or found[:3] in inner)
        return items

    def _find(self, meanings: Sequence[tuple[int, int, int]]) -> list[looks.Found]:
        asked = []
        for place, version, counter in meanings:
            look = self.asked[place]
            trail = suspicion.follow(self.owned.model, None, self._seen(look, version, counter)).trail
            asked.append(looks.Asked(place, version, counter, self.views[place], look.region, trail))
        items = looks.find(self.connection, self.unit, self.gtin, asked)
        for item in items:  # before a second find counts more of them
            self.states.setdefault((item.version, item.counter), _Remembers.before(item))
        return items

    def _meant(self, places: Iterable[int], among: Iterable[Any]) -> list[tuple[int, int, int]]:
        """(place, key version, counter) under each of the keys."""
        places = list(places)
        serials = [self.asked[place].serial for place in places]
        return [
            (place, key.version, counter)
            for key in among
            for place, counter in zip(places, seal.unseal_each(keys.unlocked(self.unit, key.locked), serials), strict=True)
            if counter is not None
        ]

    def _elsewhere(self, missed: Sequence[int]) -> list[tuple[tuple[int, int, int], bool]]:
        """What serials mean that are no outer code: the items above inner ones, then those with serials made elsewhere."""
        meanings = []
        for place, version, counter in self._meant(missed, [key for key in self.owned.keys if key.kind == keys.INNER]):
            above = codes.partner(self.unit, key_version=version, counter=counter)
            if above is not None and above[0] == self.gtin:
                meanings.append(((place, above[1], above[2]), True))
        if any(key.kind == keys.IMPORTED for key in self.owned.keys):
            made = keys.imported(self.unit, gtin=self.gtin, serials=[self.asked[place].serial for place in missed])
            for place in missed:
                if serial := made.get(self.asked[place].serial):
                    meanings.append(((place, serial.version, serial.counter), False))
        return meanings

    def _reading(self, place: int, item: looks.Found | None, inner: bool) -> Reading:
        look, scan_id = self.asked[place], self.views[place]
        if item is None:
            said = verdict.decide(verdict.Known(today=self.today))
            self.kept.append(looks.Kept(scan_id, None, None, False, None, said.kind, look.region, None))
            return Reading(said, look.serial, scan_id, self.owned.product)
        seen = self._seen(look, item.version, item.counter, unused=item.state in verdict.UNUSED)
        state = self.states[item.version, item.counter]
        if item.told_at is not None:
            followed = suspicion.recall(self.owned.model, state.trail)
        else:
            followed = suspicion.follow(self.owned.model, state.trail, seen)
            state.trail, state.times = followed.trail, state.times + 1
        said = verdict.decide(_known(self.today, item, inner, state, followed, seen.device))
        reading = Reading(
            verdict=said,
            serial=look.serial,
            scan_id=scan_id,
            product=self.owned.product,
            lot=_lot(item),
            times=state.times,
            first_at=item.first_at,
            first_region=item.first_region,
            ref=codes.CodeRef(self.gtin, item.version, item.counter, item.state, item.lot_id, item.order_id, inner, item.reason),
            told=item.told_at is not None,
            has_inner=item.has_inner,
            opened_at=state.owned_at,
            suspected=followed,
        )
        if item.told_at is None:
            self._note(reading, item, seen, state)
        return reading

    def _note(self, reading: Reading, item: looks.Found, seen: suspicion.Seen, state: _Remembers) -> None:
        """What is to be written of a look; the first look at an inner code makes its device the item's owner."""
        if reading.inner and state.owned_at is None and reading.verdict.opens:
            state.owned_at, state.owned_device = self.unit.now, seen.device
        kind, scan_id = reading.verdict.kind, str(reading.scan_id)
        self.kept.append(looks.Kept(scan_id, item.version, item.counter, reading.inner, item.lot_id, kind, seen.region, seen.device))
        if reading.suspected is not None and reading.suspected.is_news:
            self.unit.tell(CopySuspected(gtin=self.gtin, key_version=item.version, counter=item.counter))
        if (state.trail, state.owned_at) != (item.trail, item.owned_at):
            self.remembered[item.version, item.counter] = looks.Remembered(
                item.version, item.counter, state.trail, looks.as_text(self.connection, state.owned_at), state.owned_device
            )

    def _seen(self, look: Look, version: int, counter: int, *, unused: bool = False) -> suspicion.Seen:
        """The look as ``suspicion`` sees it. The device's number is of this item alone: at any other item it is another."""
        device = None
        if look.client is not None:
            item = b"%s.%d.%d" % (self.gtin.encode(), version, counter)
            device = int.from_bytes(blake2b(item, key=look.client, digest_size=5).digest(), "big")
        return suspicion.Seen(self.unit.now, device, look.region, unused)


@dataclass(slots=True)
class _Remembers:
    """What an item remembered before a look, and then after it: of several looks of one moment each goes on
    from the one before it."""

    trail: str | None
    times: int
    owned_at: datetime | None
    owned_device: int | None

    @classmethod
    def before(cls, item: looks.Found) -> _Remembers:
        times = item.times - item.since
        return cls(item.trail if times else None, times, item.owned_at, item.owned_device)


def _lot(item: looks.Found) -> LotSeen | None:
    if item.lot_id is None:
        return None
    return LotSeen(item.lot_id, str(item.lot_code), item.lot_revision, item.lot_state, item.standing, item.best_before)


def _known(
    today: date, item: looks.Found, inner: bool, state: _Remembers, followed: suspicion.Followed, device: int | None
) -> verdict.Known:
    in_lot = item.lot_id is not None
    opened_at, device = state.owned_at, device if item.told_at is None else item.told_device
    if inner and item.told_at is not None and item.told_at == opened_at:
        opened_at = None  # this very look opened it, and is told once more
    return verdict.Known(
        today=today,
        state=item.state,
        state_reason=item.reason,
        lot_state=item.lot_state if in_lot else None,
        standing=item.standing if in_lot else None,
        best_before=item.best_before if in_lot else None,
        times_before=state.times - 1,
        first_at=item.first_at,
        first_region=item.first_region,
        has_inner=item.has_inner,
        inner=inner,
        opened_at=opened_at,
        opened_here=device is not None and device == state.owned_device,
        suspicions=tuple(verdict.Reason(f"suspect.{kind}", values) for kind, values in followed.reasons) if followed.suspected else (),
    )


_owners: WeakKeyDictionary[Any, dict[str, _Owned]] = WeakKeyDictionary()
_any_key = _key.alias("any_key")
_its_key = select(_any_key.c.id).where(_any_key.c.gtin == _owner.c.gtin).correlate(_owner)
_brands_key = select(_any_key.c.id).where(_any_key.c.brand_id == _owner.c.brand_id).correlate(_owner)
_OWNED: Final = (
    select(
        *(_owner.c.brand_id, _product.c.id, _product.c.name_zh, _product.c.name_en, _product.c.net_content),
        *(_key.c.kind, _key.c.version, _key.c.locked),
    )
    .join(_product, _product.c.id == _owner.c.product_id)
    .outerjoin(_key, _key.c.id.in_(union_all(_its_key, _brands_key.where(_any_key.c.kind.in_((keys.COMPACT, keys.INNER))))))
    .where(_owner.c.gtin == bindparam("gtin"))
    .order_by(_key.c.version.desc())
)
"""Whose GTIN it is, of what, and the keys that a serial of it may lie under, the brand's too: one row a key, newest first."""


def _owner_of(unit: Unit, gtin: str) -> _Owned | None:
    """Whose GTIN it is, and the unit inside that brand's walls. At most a second old: GTINs do not move and
    keys are seldom new, but a page must not say for longer than that what is no longer so."""
    kept = _owners.setdefault(unit.session.get_bind(), {})
    owned = kept.get(gtin)
    if owned is None or abs(unit.now - owned.at) > FRESH:
        rows = unit.session.execute(_OWNED, {"gtin": gtin}).all()
        if not rows:
            return None
        first = rows[0]
        unit.enter(first.brand_id)
        product = ProductSeen(first.id, gtin, first.name_zh, first.name_en, first.net_content)
        model = clone_models.of(unit, gtin)
        owned = _Owned(unit.now, first.brand_id, product, rows, model)
        if len(kept) >= MOST_OWNERS:
            kept.clear()
        kept[gtin] = owned
    unit.enter(owned.brand_id)
    return owned
