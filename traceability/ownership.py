"""The code under the cap or scratch layer: typed by whoever opened the item, and not to be guessed.

A right one is then looked at like any code (``scans``), and the first look at it makes an owner.
It must not know who that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from kernel.errors import Invalid, Missing
from kernel.unit import Unit
from traceability import carriers, codes
from traceability.models import ItemScans

MOST_WRONG: Final = 5
"""So often the code of one item may be typed wrongly; with 32¹² codes nobody comes near one by trying."""
FORGOTTEN_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Tried:
    """``serial``: the inner code, when it was this item's. Else ``left`` tries remain, or ``wait`` seconds until the next."""

    serial: str | None
    left: int = 0
    wait: int = 0


def try_inner(unit: Unit, *, gtin: str, serial: str, code: str) -> Tried:
    """Whether ``code`` (as typed: in any case, with blanks, or as its whole link) lies under this item's outer code.

    Wrong ones are counted; after five within a day not even the right one is taken until a day has gone.
    Raises Missing when the outer code is none, or was never looked at.
    """
    item = codes.find(unit, gtin=gtin, serial=serial)
    looks = None
    if item is not None:
        found = select(ItemScans).where(
            ItemScans.gtin == item.gtin, ItemScans.key_version == item.key_version, ItemScans.counter == item.counter
        )
        looks = unit.session.scalar(found.with_for_update())
    if item is None or looks is None:
        raise Missing("no such item")
    if looks.wrong_since is None or unit.now - looks.wrong_since >= FORGOTTEN_AFTER:
        looks.wrong, looks.wrong_since = 0, None
    if looks.wrong >= MOST_WRONG and looks.wrong_since is not None:
        return Tried(None, wait=int((looks.wrong_since + FORGOTTEN_AFTER - unit.now).total_seconds()) + 1)
    typed = _typed(unit, code)
    if typed is not None and typed.ref.inner and _same(typed.ref, item):
        return Tried(typed.serial)
    looks.wrong += 1
    looks.wrong_since = looks.wrong_since or unit.now
    left = MOST_WRONG - looks.wrong
    return Tried(None, left=left, wait=0 if left else int(FORGOTTEN_AFTER.total_seconds()))


def _typed(unit: Unit, code: str) -> carriers.Meant | None:
    """What was typed, if it is any code of the brand's."""
    try:
        return carriers.read(unit, "".join(code.split()))
    except (Missing, Invalid):
        return None


def _same(one: codes.CodeRef, other: codes.CodeRef) -> bool:
    return (one.gtin, one.key_version, one.counter) == (other.gtin, other.key_version, other.counter)
