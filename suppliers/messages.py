"""Lines between a supplier's people and the brand's, about one paper or about anything.

One thread for each supplier. A supplier's people see their own and nothing of another; a foreign thread is not there. What was
said stays. A line is unread until somebody of the other side had the thread before their eyes. The letter to a supplier says
that there is something to read, never what, and once until it is read. The brand's desk gets no letter, neither for a line
nor for a paper that waits: its pages show how many there are (``unread``, ``certificates.listing.counts``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select, update

from kernel.errors import Missing, Refused
from kernel.given import Given
from kernel.orm import Brand
from kernel.unit import Unit
from suppliers import directory
from suppliers.facts import MessageSaid
from suppliers.models import Certificate, Supplier, SupplierMessage
from suppliers.reminders import letters

LONGEST: Final = 2000
SPEAKERS: Final = ("supplier", "quality", "brand_admin", "machine", "system")
QUIET: Final = timedelta(hours=1)
"""So long after they wrote themselves a supplier's people are taken to be there, and get no letter."""


def say(unit: Unit, supplier_id: str, text: str, certificate_id: str | None = None, by_name: str = "") -> SupplierMessage:
    """Write to the other side: a supplier's people to the brand, the brand's to the supplier. ``by_name``: as whoever writes is to be
    shown; this room knows no accounts. Raises Invalid, Missing (also for another supplier's paper), Refused."""
    who = _speaking(unit, supplier_id)
    given = Given()
    text = given.text("/text", text, LONGEST, lines=True)
    name = given.optional("/by_name", by_name, 80) or ""
    given.done()
    if certificate_id is not None:
        paper = unit.session.get(Certificate, certificate_id)
        if paper is None or paper.supplier_id != who.id:
            raise Missing("no such paper of this supplier")
    row = SupplierMessage(
        id=unit.new_id(),
        supplier_id=who.id,
        certificate_id=certificate_id,
        from_supplier=_is_supplier(unit),
        text=text,
        at=unit.now,
        by=unit.actor.id,
        by_name=name,
    )
    unit.session.add(row)
    unit.session.flush()
    unit.record("message.said", "supplier_message", row.id, supplier=who.id, certificate=certificate_id)
    unit.tell(MessageSaid(row.id))
    return row


def thread(
    unit: Unit, supplier_id: str, *, certificate_id: str | None = None, limit: int = 200, before: str | None = None
) -> list[SupplierMessage]:
    """What was said, newest first, ``limit`` at a time; about one paper only when it is named. Raises Missing."""
    who = _speaking(unit, supplier_id)
    query = select(SupplierMessage).where(SupplierMessage.supplier_id == who.id).order_by(SupplierMessage.id.desc()).limit(limit)
    if certificate_id is not None:
        query = query.where(SupplierMessage.certificate_id == certificate_id)
    return list(unit.session.scalars(query if before is None else query.where(SupplierMessage.id < before)))


def unread(unit: Unit, supplier_id: str | None = None) -> int:
    """How many lines of the other side nobody of one's own has read: of one thread, or of all that one may see."""
    if supplier_id is not None:
        return unread_by_supplier(unit).get(_speaking(unit, supplier_id).id, 0)
    return sum(unread_by_supplier(unit).values())


def unread_by_supplier(unit: Unit) -> dict[str, int]:
    """The same for each thread that has any."""
    _may_speak(unit)
    count = select(SupplierMessage.supplier_id, func.count()).where(*_from_the_others(unit)).group_by(SupplierMessage.supplier_id)
    if _is_supplier(unit):
        count = count.where(SupplierMessage.supplier_id == unit.actor.supplier_id)
    return dict(unit.session.execute(count).tuples().all())


def mark_read(unit: Unit, supplier_id: str, until: str | None = None) -> int:
    """Somebody of one's own has the thread before their eyes, as far as the message ``until``; how many lines became read."""
    who = _speaking(unit, supplier_id)
    mine = update(SupplierMessage).where(SupplierMessage.supplier_id == who.id, *_from_the_others(unit))
    if until is not None:
        mine = mine.where(SupplierMessage.id <= until)
    changed = unit.session.execute(mine.values(read_at=unit.now).returning(SupplierMessage.id)).all()
    return len(changed)


def post_letter(unit: Unit, fact: MessageSaid) -> bool:
    """Tell the supplier by the post that there is something to read; False when there is no address, an earlier letter says
    so already and was not followed yet, or they are there and writing. The message's id is the letter's key, so that posting
    again is one letter."""
    row = unit.session.get_one(SupplierMessage, fact.message_id)
    who = unit.session.get_one(Supplier, row.supplier_id)
    if row.from_supplier or row.read_at is not None or not who.email or _told_lately(unit, row):
        return False
    brand = unit.session.get_one(Brand, row.brand_id).name
    letter = letters.message(brand=brand, supplier=who.name, portal=f"{unit.outside.public_url}/portal/messages")
    to, key = who.email, row.id
    unit.rest()
    unit.outside.post.send(to=to, subject=letter.subject, text=letter.text, key=key)
    return True


def on_message_said(unit: Unit, fact: MessageSaid, posted: bool) -> None:
    """Note that a letter went out: it speaks for later lines too, until it has been followed."""
    if posted:
        unit.session.get_one(SupplierMessage, fact.message_id).posted_at = unit.now
        unit.record("message.posted", "supplier_message", fact.message_id)


def _told_lately(unit: Unit, row: SupplierMessage) -> bool:
    """Whether an earlier line, about which a letter went out, still waits to be read, or they are there themselves. A line that made
    no letter, because they were there or had no address yet, silences none."""
    earlier = select(SupplierMessage.id).where(
        SupplierMessage.supplier_id == row.supplier_id,
        SupplierMessage.id < row.id,
        or_(
            SupplierMessage.from_supplier.is_(False) & SupplierMessage.read_at.is_(None) & SupplierMessage.posted_at.is_not(None),
            SupplierMessage.from_supplier.is_(True) & (SupplierMessage.at > row.at - QUIET),
        ),
    )
    return unit.session.scalar(earlier.limit(1)) is not None


def _from_the_others(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    return (SupplierMessage.from_supplier.is_(not _is_supplier(unit)), SupplierMessage.read_at.is_(None))


def _speaking(unit: Unit, supplier_id: str) -> Supplier:
    _may_speak(unit)
    return directory.supplier(unit, supplier_id)


def _may_speak(unit: Unit) -> None:
    if unit.actor.kind not in SPEAKERS:
        raise Refused("messages are between a supplier and the brand's desk")


def _is_supplier(unit: Unit) -> bool:
    return unit.actor.kind == "supplier"
