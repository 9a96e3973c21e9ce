"""From the outbox to the reactions: carry, react, drain. Knows no broker; app/worker.py lends one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import structlog

from app.database import Database
from app.wiring import BY_NAME, FACTS
from kernel import outbox
from kernel.errors import Trouble, Unavailable
from kernel.unit import PLATFORM, Actor, system

log = structlog.get_logger(__name__)


def carry(database: Database, send: Callable[[str], None], *, most: int = 64) -> int:
    """Lease what is due and hand each delivery's id to ``send``; how many went."""
    with database.look(PLATFORM) as unit:
        if not outbox.anything_due(unit.session, now=unit.now):
            return 0
    with database.begin(PLATFORM) as unit:
        ids = outbox.claim(unit.session, now=unit.now, most=most)
    for delivery_id in ids:
        send(delivery_id)
    return len(ids)


def react(database: Database, delivery_id: str) -> bool:
    """Do one reaction; True when its effect was made now.

    A failure is kept on the delivery: Unavailable and the unforeseen are tried again with
    growing pauses, other Trouble is final. Nothing is swallowed.
    """
    try:
        return perform(database, delivery_id)
    except Unavailable as trouble:
        _keep(database, delivery_id, f"{trouble.code}: {trouble}", final=False)
    except Trouble as trouble:
        log.error("reaction refused", delivery=delivery_id, code=trouble.code)
        _keep(database, delivery_id, f"{trouble.code}: {trouble}", final=True)
    except Exception as error:
        log.exception("reaction failed", delivery=delivery_id)
        _keep(database, delivery_id, f"{type(error).__name__}", final=False)
    return False


def perform(database: Database, delivery_id: str, *, now: datetime | None = None) -> bool:
    """The same, letting every error through: for tests and for ``drain``. ``now``: the moment at which it counts as done."""
    with database.look(PLATFORM) as unit:
        found = outbox.take(unit.session, delivery_id)
    if found is None:
        return False
    delivery, told = found
    reaction = BY_NAME[delivery.reaction]
    fact = FACTS[told.name].from_json(told.body)
    actor: Actor = system(told.brand_id) if told.brand_id else PLATFORM
    prepared = []
    if reaction.before is not None:
        with database.look(actor, now=now) as unit:
            prepared.append(reaction.before(unit, fact))
    with database.begin(actor, now=now) as unit:
        taken = outbox.take(unit.session, delivery_id)
        if taken is None:
            return False
        reaction.act(unit, fact, *prepared)
        outbox.settle(unit.session, taken[0])
    return True


def drain(database: Database, *, threads: int = 1, now: datetime | None = None) -> int:
    """Run the outbox to silence here, as of ``now`` where that is another day; errors propagate. How many reactions were done."""
    done = 0
    ids: list[str] = []
    with ThreadPoolExecutor(threads) as pool:
        while carry(database, ids.append) or ids:
            done += sum(pool.map(lambda delivery_id: perform(database, delivery_id, now=now), ids))
            ids.clear()
    return done


def _keep(database: Database, delivery_id: str, why: str, *, final: bool) -> None:
    with database.begin(PLATFORM) as unit:
        outbox.put_off(unit.session, delivery_id, now=datetime.now(UTC), why=why, final=final)
