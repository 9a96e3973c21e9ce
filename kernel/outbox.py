"""Facts told, and each reaction to them done once.

Why it exists: a broker cannot be part of a database transaction. A task sent before the
commit may run on data that never came to be; one sent after it is lost when the process
dies between the two. So a fact and one delivery per reaction are written in the caller's
own transaction, and a relay carries deliveries to the workers. The broker is a courier:
it may lose a message (the lease runs out and the relay sends it again) or bring it twice
(the worker finds the delivery settled and does nothing).

When not to use it: for work whose loss is harmless, and for answers that the caller waits
for.

States of a delivery: ``new`` (due at ``due_at``), ``sent`` (leased until ``due_at``; after
that it is due again), ``dead`` (tried in vain or refused for good; a person decides). A
settled delivery is deleted in the same transaction as the effect of its reaction, which is
what makes the effect happen exactly once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, delete, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.facts import Fact
from kernel.ids import first_id, new_id
from kernel.orm import Base, Document, Id, Moment

LEASE = timedelta(seconds=60)
MOST_TRIES = 8
KEPT = timedelta(days=30)
"""So long a fact stays after everybody heard it."""


class ToldFact(Base):
    __tablename__ = "fact"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str | None] = mapped_column(Id, ForeignKey("brand.id"))
    name: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, Any]] = mapped_column(Document)
    told_at: Mapped[datetime] = mapped_column(Moment)


class Delivery(Base):
    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_due", "due_at", sqlite_where=text("state <> 'dead'"), postgresql_where=text("state <> 'dead'")),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    fact_id: Mapped[str] = mapped_column(Id, ForeignKey("fact.id"), index=True)
    reaction: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(8), default="new")
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None] = mapped_column(String(500))


def put(
    session: Session, fact: Fact, *, reactions: Iterable[str], brand_id: str | None, now: datetime, due: datetime | None = None
) -> None:
    """Write the fact and one delivery for each reaction, ``due`` at once or later; no commit."""
    told = {"id": new_id(now), "brand_id": brand_id, "name": fact.name(), "body": fact.to_json(), "told_at": now}
    session.execute(insert(ToldFact), told)
    session.execute(
        insert(Delivery),
        [
            {"id": new_id(now), "fact_id": told["id"], "reaction": name, "due_at": due or now, "state": "new", "tries": 0}
            for name in reactions
        ],
    )


def claim(session: Session, *, now: datetime, most: int = 64) -> list[str]:
    """Lease up to ``most`` due deliveries, oldest first, and answer their ids."""
    due = (
        select(Delivery.id)
        .where(Delivery.state != "dead", Delivery.due_at <= now)
        .order_by(Delivery.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    if ids:
        session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(state="sent", due_at=now + LEASE))
    return ids


def reclaim(session: Session, *, now: datetime) -> None:
    """Every lease is void: for the start of the only worker, whose predecessor took them to its grave."""
    session.execute(update(Delivery).where(Delivery.state == "sent").values(state="new", due_at=now))


def anything_due(session: Session, *, now: datetime) -> bool:
    return session.scalar(select(Delivery.id).where(Delivery.state != "dead", Delivery.due_at <= now).limit(1)) is not None


def take(session: Session, delivery_id: str) -> tuple[Delivery, ToldFact] | None:
    """The delivery, locked for this transaction, and its fact; None when it is settled or dead."""
    delivery = session.scalar(select(Delivery).where(Delivery.id == delivery_id).with_for_update())
    if delivery is None or delivery.state == "dead":
        return None
    return delivery, session.get_one(ToldFact, delivery.fact_id)


def settle(session: Session, delivery: Delivery) -> None:
    session.delete(delivery)


def put_off(session: Session, delivery_id: str, *, now: datetime, why: str, final: bool) -> None:
    """Keep a failed delivery: due again after 2, 4, 8 … seconds, or dead when ``final`` or worn out."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        return
    delivery.tries += 1
    delivery.error = why[:500]
    dead = final or delivery.tries >= MOST_TRIES
    delivery.state = "dead" if dead else "new"
    delivery.due_at = now if dead else now + timedelta(seconds=2**delivery.tries)


def revive(session: Session, delivery_id: str, *, now: datetime) -> bool:
    """Try a dead delivery again from the start."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None or delivery.state != "dead":
        return False
    delivery.state, delivery.tries, delivery.due_at = "new", 0, now
    return True


def backlog(session: Session, *, now: datetime) -> dict[str, Any]:
    """For the readiness page: how many wait, how many are dead, how old the oldest due one is."""
    counts = dict(session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).tuples().all())
    oldest = session.scalar(select(func.min(Delivery.due_at)).where(Delivery.state == "new"))
    return {
        "waiting": counts.get("new", 0) + counts.get("sent", 0),
        "dead": counts.get("dead", 0),
        "oldest_seconds": max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
    }


def forget(session: Session, *, before: datetime) -> int:
    """Drop facts told before a moment that nobody has still to hear. How many went."""
    open_facts = select(Delivery.fact_id)
    old = (ToldFact.id < first_id(before), ToldFact.id.not_in(open_facts))  # by the key: the moment has no index
    return session.execute(delete(ToldFact).where(*old)).rowcount  # type: ignore[attr-defined,no-any-return]
