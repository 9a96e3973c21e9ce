"""The member's own page: my items, my notices, what you know of me, and the way out (PIPL 44–47).

Shows how an item stands now, not how it stood when it was scanned. Never unlocks a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select

from kernel.errors import Missing
from kernel.unit import Unit
from members import consent, identity
from members.models import Notice, Visit
from traceability import codes, lots, products

MOST_ITEMS: Final = 100


@dataclass(frozen=True)
class Item:
    """One item that the member looked at. ``lot`` is None when the code is bound to no lot (yet);
    ``standing`` is the lot's (clear, held, recalled), else the code's state (encoded, void)."""

    product: Any
    lot: Any | None
    standing: str
    first_at: datetime
    last_at: datetime
    times: int
    link: str


@dataclass(frozen=True)
class KnownThing:
    """One thing we know of a member. ``what`` is phone (then ``value`` is its hint), language,
    consent.<purpose>, visits or notices (then ``value`` counts); ``since`` is when it began or was said."""

    what: str
    value: str | int | bool
    since: datetime


def items(unit: Unit, member_id: str) -> list[Item]:
    """The member's distinct items, the one seen last first, at most MOST_ITEMS."""
    identity.member(unit, member_id)
    item = (Visit.gtin, Visit.key_version, Visit.counter)
    last = func.max(Visit.at)
    seen = select(*item, func.min(Visit.at), last, func.count()).where(Visit.member_id == member_id)
    rows = unit.session.execute(seen.group_by(*item).order_by(last.desc(), Visit.counter).limit(MOST_ITEMS)).tuples()
    by_gtin: dict[str, Any] = {}
    return [_item(unit, by_gtin, *row) for row in rows]


def notices(unit: Unit, member_id: str) -> list[Notice]:
    """All recall notices of the member, newest first."""
    identity.member(unit, member_id)
    query = select(Notice).where(Notice.member_id == member_id).order_by(Notice.written_at.desc(), Notice.id.desc())
    return list(unit.session.scalars(query))


def read(unit: Unit, *, member_id: str, notice_id: str) -> Notice:
    """The member has read a notice; the first time counts. Raises Missing for anybody else's."""
    identity.member(unit, member_id)
    notice = unit.session.scalar(select(Notice).where(Notice.id == notice_id, Notice.member_id == member_id))
    if notice is None:
        raise Missing("no such notice")
    if notice.read_at is None:
        notice.read_at = unit.now
        unit.record("notice.read", "notice", notice.id)
    return notice


def known(unit: Unit, member_id: str) -> list[KnownThing]:
    """Everything we know of the member, in plain words: of the number only its hint."""
    member = identity.member(unit, member_id)
    phone = identity.of_member(unit, member_id)
    things = [KnownThing("phone", phone.hint, phone.proven_at)] if phone else []
    things.append(KnownThing("language", member.language, member.joined_at))
    newest = {row.purpose: row for row in consent.history(unit, member_id)}
    things += [KnownThing(f"consent.{purpose}", row.given, row.at) for purpose, row in newest.items()]
    for what, at in (("visits", Visit.at), ("notices", Notice.written_at)):
        mine = at.class_.member_id == member_id
        count, since = unit.session.execute(select(func.count(), func.min(at)).where(mine)).one()
        if count:
            things.append(KnownThing(what, count, since))
    return things


def leave(unit: Unit, *, member_id: str) -> None:
    """Withdraw everything and be forgotten: the number and the visits are deleted, the consents
    and recall notices stay as proof, with nobody's number behind them. Raises Missing the second time."""
    member = identity.member(unit, member_id)
    wanted = consent.current(unit, member_id)
    for purpose in (purpose for purpose, given in wanted.items() if given):
        consent.give(unit, member_id=member_id, purpose=purpose, given=False, language=member.language, surface="leave")
    unit.session.execute(delete(Visit).where(Visit.member_id == member_id))
    identity.forget(unit, member_id=member_id)
    unit.record("member.left", "member", member_id)


def _item(
    unit: Unit, by_gtin: dict[str, Any], gtin: str, key_version: int, counter: int, first_at: datetime, last_at: datetime, times: int
) -> Item:
    product = by_gtin.get(gtin) or by_gtin.setdefault(gtin, products.by_gtin(unit, gtin))
    link = codes.link_of(unit, gtin=gtin, key_version=key_version, counter=counter)
    ref = codes.at(unit, gtin=gtin, key_version=key_version, counter=counter)
    lot = lots.get(unit, ref.lot_id) if ref and ref.lot_id else None
    standing = lot.standing if lot else ref.state if ref else "void"
    return Item(product, lot, standing, first_at, last_at, times, link)
