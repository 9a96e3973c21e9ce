"""The keys of the permutations: from counters to serials, and from a serial back to its counters.

Four kinds. ``gs1`` belongs to one GTIN; ``compact`` and ``inner`` to the whole brand, because such a
code does not say its product; ``imported`` has no key at all and only numbers serials that were
made elsewhere. Versions are numbered through within a brand, so that (GTIN, version, counter)
names one item, whatever the kind.

Knows keys and arithmetic. It must not know which counters were ordered or what became of them;
that is the business of ``codes``, which is built on this room.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, or_, select

from kernel.errors import Conflict, Missing
from kernel.orm import Brand
from kernel.unit import Unit
from traceability import seal
from traceability.given import Given
from traceability.gs1.keys import CSET82
from traceability.models import ImportedSerial, SerialKey
from traceability.prepared import Prepared

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GS1, COMPACT, INNER, IMPORTED = "gs1", "compact", "inner", "imported"
PURPOSE: Final = "serial-key"
_SERIAL: Final = re.compile(f"[{CSET82}]{{1,20}}")
_MOST_KEPT: Final = 10_000
_kept: dict[bytes, bytes] = {}


_IMPORTED = Prepared(
    {
        "sqlite": """SELECT found.serial, found.key_version, found.counter FROM json_each(:asked) AS asked
            CROSS JOIN imported_serial AS found ON found.gtin = :gtin AND found.serial = asked.value AND +found.brand_id = :brand_id""",
        "postgresql": """SELECT found.serial, found.key_version, found.counter
            FROM json_array_elements_text(CAST(:asked AS json)) AS asked(value)
            JOIN imported_serial AS found ON found.gtin = :gtin AND found.serial = asked.value AND found.brand_id = :brand_id""",
    }
)
"""SQLite is told where to begin (CROSS) and which index helps nothing (+)."""


class SerialsUsedUp(Conflict):
    """A key holds 2⁶⁰ serials, and fewer are left of this one than were ordered. Give it a new version
    (rotate it); what was issued under the old one stays valid."""

    code = "serials-used-up"
    title = "Too few serials are left under this key"


class Meant(NamedTuple):
    """What a serial would be under one key."""

    kind: str
    version: int
    counter: int


def take(unit: Unit, *, kind: str, gtin: str | None = None, count: int) -> tuple[int, int]:
    """Reserve ``count`` counters under the newest key of a kind: (key version, first counter).

    ``gtin`` for gs1 and imported, none for compact and inner. The first call makes the key. Raises SerialsUsedUp.
    """
    key = _newest(unit, kind, gtin) or _first(unit, kind, gtin)
    if count > seal.SPACE - key.next_counter:
        raise SerialsUsedUp(f"{seal.SPACE - key.next_counter} serials are left under key {key.version}", kind=kind, version=key.version)
    first = key.next_counter
    key.next_counter = first + count
    return key.version, first


def alone(unit: Unit) -> None:
    """Until the unit ends, nobody else numbers a key of this brand. Whoever takes from two keys asks for this first: the
    brand is locked before its keys, everywhere."""
    unit.session.execute(select(Brand.id).where(Brand.id == unit.brand_id).with_for_update(key_share=True))


def rotate(unit: Unit, *, kind: str, gtin: str | None = None, reason: str) -> SerialKey:
    """A new version for new orders; the old one is retired, and what it issued stays valid.

    Raises Invalid, or Missing when there is no such key yet.
    """
    given = Given()
    given.choice("/kind", kind, (GS1, COMPACT, INNER))
    reason = given.text("/reason", reason, 300)
    given.done()
    alone(unit)
    old = _newest(unit, kind, gtin)
    if old is None:
        raise Missing("no such key")
    old.retired_at = unit.now
    new = _make(unit, kind, gtin)
    unit.record("key.rotated", "serial_key", new.id, kind=kind, gtin=gtin, version=new.version, retired=old.version, reason=reason)
    return new


def rewrap(unit: Unit) -> int:
    """Lock every key of the brand under the present root key; how many lay under another one. Again, it does nothing.

    The keys themselves stay the same, and with them every serial.
    """
    moved = 0
    for key in unit.session.scalars(select(SerialKey).where(SerialKey.locked.is_not(None)).order_by(SerialKey.id).with_for_update()):
        locked = key.locked or b""
        fresh = unit.outside.keys.relock(PURPOSE, locked)
        if fresh != locked:
            key.locked, moved = fresh, moved + 1
    if moved:
        unit.record("keys.rewrapped", "brand", unit.brand_id, count=moved)
    return moved


def every(unit: Unit) -> list[SerialKey]:
    """All keys of the brand, newest first."""
    return list(unit.session.scalars(select(SerialKey).order_by(SerialKey.version.desc(), SerialKey.gtin)))


def key(unit: Unit, gtin: str, version: int) -> bytes:
    """One key in the clear: of the GTIN, or of the whole brand. Raises Missing when there is none of this version."""
    locked = _row(unit, gtin, version).locked
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


def serials(unit: Unit, *, gtin: str, key_version: int, first: int, count: int) -> NDArray[np.bytes_]:
    """The serials of consecutive counters: (count,) of S12, or S20 padded with zeros where they were made elsewhere.

    Raises Missing for a key or an imported serial that is not there.
    """
    import numpy as np

    locked = _row(unit, gtin, key_version).locked
    if locked is not None:
        return seal.letters(unlocked(unit, locked), first, count).view(f"S{seal.LETTERS}").reshape(-1)
    query = (
        select(ImportedSerial.serial)
        .where(ImportedSerial.gtin == gtin, ImportedSerial.key_version == key_version)
        .where(ImportedSerial.counter.between(first, first + count - 1))
        .order_by(ImportedSerial.counter)
    )
    found = np.fromiter((serial.encode() for serial in unit.session.scalars(query.execution_options(yield_per=10_000))), dtype="S20")
    if len(found) != count:
        raise Missing("no such imported serials")
    return found


def meanings(unit: Unit, *, gtin: str | None, serial: str) -> list[Meant]:
    """What the serial would mean under each key of the GTIN and of the brand, newest first; under the brand's alone when ``gtin`` is None.

    Every serial of twelve letters means some counter; only whether it was ordered tells ours from a guess.
    """
    query = select(SerialKey.kind, SerialKey.version, SerialKey.locked).where(SerialKey.locked.is_not(None))
    query = query.where(or_(SerialKey.gtin == gtin, SerialKey.gtin.is_(None))).order_by(SerialKey.version.desc())
    meant = ((kind, version, seal.unseal(unlocked(unit, locked or b""), serial)) for kind, version, locked in unit.session.execute(query))
    return [Meant(kind, version, counter) for kind, version, counter in meant if counter is not None]


def counters(unit: Unit, *, gtin: str, serials: Sequence[str], versions: Collection[int]) -> Iterator[tuple[str, int, int]]:
    """(serial, version, counter) for whatever these serials mean under the keys of these versions, whether or not it was ordered."""
    import numpy as np

    letters = [each for each in serials if len(each) == seal.LETTERS and each.isascii()]
    fields = np.array([each.encode() for each in letters], dtype=f"S{seal.LETTERS}").view(np.uint8).reshape(-1, seal.LETTERS)
    query = select(SerialKey.version, SerialKey.locked).where(SerialKey.version.in_(versions), SerialKey.locked.is_not(None))
    for version, locked in unit.session.execute(query) if letters else ():
        meant = seal.unseal_many(unlocked(unit, locked or b""), fields)
        yield from ((serial, version, int(counter)) for serial, counter in zip(letters, meant, strict=True) if counter >= 0)
    for serial, each in imported(unit, gtin=gtin, serials=serials).items():
        if each.version in versions:
            yield serial, each.version, each.counter


def imported(unit: Unit, *, gtin: str, serials: Collection[str]) -> dict[str, Meant]:
    """Those of the serials that were made elsewhere for this GTIN, exactly as they were written.

    A text that cannot be a serial is none: no database is asked about U+0000 or half a surrogate pair.
    """
    asked = sorted({serial for serial in serials if _SERIAL.fullmatch(serial)})
    given = {"gtin": gtin, "brand_id": unit.brand_id, "asked": json.dumps(asked)}
    rows = _IMPORTED.run(unit.session.connection(), given)
    return {serial: Meant(IMPORTED, version, counter) for serial, version, counter in rows}


def issued(unit: Unit, *, gtin: str, fields: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which of these serials, ASCII (n, 12), were issued under a key of the GTIN or of the whole brand: (n,)."""
    import numpy as np

    ours = np.zeros(len(fields), dtype=np.bool_)
    query = select(SerialKey.locked, SerialKey.next_counter).where(SerialKey.locked.is_not(None))
    for locked, end in unit.session.execute(query.where(or_(SerialKey.gtin == gtin, SerialKey.gtin.is_(None)))):
        counters = seal.unseal_many(unlocked(unit, locked or b""), fields)
        ours |= (counters >= 0) & (counters < end)
    return ours


def _newest(unit: Unit, kind: str, gtin: str | None) -> SerialKey | None:
    query = select(SerialKey).where(SerialKey.kind == kind, SerialKey.gtin == gtin, SerialKey.retired_at.is_(None))
    query = query.order_by(SerialKey.version.desc()).limit(1).with_for_update()
    return unit.session.scalar(query.execution_options(populate_existing=True))


def _first(unit: Unit, kind: str, gtin: str | None) -> SerialKey:
    """The key that nobody had made yet when asked without the lock."""
    alone(unit)
    return _newest(unit, kind, gtin) or _make(unit, kind, gtin)


def _make(unit: Unit, kind: str, gtin: str | None) -> SerialKey:
    newest: Any = unit.session.scalar(select(func.max(SerialKey.version)))
    locked = None if kind == IMPORTED else unit.outside.keys.lock(PURPOSE, seal.new_key())
    key = SerialKey(id=unit.new_id(), kind=kind, gtin=gtin, version=(newest or 0) + 1, locked=locked, next_counter=0, created_at=unit.now)
    unit.session.add(key)
    unit.session.flush()
    return key


def _row(unit: Unit, gtin: str, version: int) -> SerialKey:
    query = select(SerialKey).where(SerialKey.version == version, or_(SerialKey.gtin == gtin, SerialKey.gtin.is_(None)))
    found = unit.session.scalar(query)
    if found is None:
        raise Missing("no such key")
    return found
