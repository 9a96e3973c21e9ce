"""The keys of the permutations: from counters to links, and from a serial back to its counter.

Knows keys and arithmetic. It must not know which counters were ordered or what became of them;
that is the business of ``codes``, which is built on this room.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from kernel.errors import Missing
from kernel.unit import Unit
from traceability import gs1, seal
from traceability.models import SerialKey

PURPOSE: Final = "serial-key"
_MOST_KEPT: Final = 10_000
_kept: dict[bytes, bytes] = {}


def take(unit: Unit, *, gtin: str, count: int) -> tuple[int, int]:
    """Reserve ``count`` counters under the newest key of a GTIN: (key version, first counter).

    The first call makes the key. The caller holds a lock on the GTIN's product, so two first calls never meet.
    """
    newest = (
        select(SerialKey)
        .where(SerialKey.gtin == gtin)
        .order_by(SerialKey.version.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    key = unit.session.scalar(newest)
    if key is None:
        locked = unit.outside.keys.lock(PURPOSE, seal.new_key())
        key = SerialKey(id=unit.new_id(), gtin=gtin, version=1, locked=locked, next_counter=0, created_at=unit.now)
        unit.session.add(key)
    first = key.next_counter
    key.next_counter = first + count
    return key.version, first


def key(unit: Unit, gtin: str, version: int) -> bytes:
    """One key in the clear. Raises Missing when there is none of this version."""
    locked = unit.session.scalar(select(SerialKey.locked).where(SerialKey.gtin == gtin, SerialKey.version == version))
    if locked is None:
        raise Missing("no such key")
    return unlocked(unit, locked)


def unlocked(unit: Unit, locked: bytes) -> bytes:
    """The key in the clear, kept in this process once unlocked: a scan must not pay for AES-GCM each time.

    What is locked carries a random nonce, so it names its key and no other.
    """
    plain = _kept.get(locked)
    if plain is None:
        plain = unit.outside.keys.unlock(PURPOSE, locked)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[locked] = plain
    return plain


def links(unit: Unit, *, gtin: str, key_version: int, first: int, count: int) -> list[gs1.Link]:
    """The links of consecutive counters."""
    return [gs1.Link(gtin, serial) for serial in seal.seal_many(key(unit, gtin, key_version), first, count)]


def counters(unit: Unit, *, gtin: str, serial: str) -> list[tuple[int, int]]:
    """What the serial would mean under each key of the GTIN: (key version, counter), newest first.

    Every serial of twelve letters means some counter; only whether it was ordered tells ours from a guess.
    """
    versions = select(SerialKey.version, SerialKey.locked).where(SerialKey.gtin == gtin).order_by(SerialKey.version.desc())
    meant = [(version, seal.unseal(unlocked(unit, locked), serial)) for version, locked in unit.session.execute(versions)]
    return [(version, counter) for version, counter in meant if counter is not None]
