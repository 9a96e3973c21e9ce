"""The code under the cap or scratch layer: typed by whoever opened the item, and not to be guessed.

A right one is then looked at like any code (``scans``), and the first look at it makes an owner.
It must not know who that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kernel.errors import Invalid, Missing
from kernel.unit import Unit
from traceability import carriers, codes
from traceability.models import ItemScans, Scan

MOST_WRONG: Final = 5
"""So often within a day the code of one item is said to be wrong; then only that there were too many. The right one is
taken all the same: with 32¹² codes nobody comes near it by trying, and nobody shall lock out whoever holds the item."""
FORGOTTEN_AFTER: Final = timedelta(hours=24)
GOOD_FOR: Final = timedelta(hours=24)
"""So long after a look at the outer code its page may be used to type the inner one."""


@dataclass(frozen=True)
class Tried:
    """``serial``: the inner code, when it was this item's. Else ``left`` tries remain, or ``wait`` seconds until there are more."""

    serial: str | None
    left: int = 0
    wait: int = 0


def try_inner(unit: Unit, *, gtin: str, serial: str, scan_id: str, code: str) -> Tried:
    """Whether ``code`` (as typed: in any case, with blanks, or as its whole link) lies under this item's outer code.

    ``scan_id``: the look at that item from whose page it was typed. Raises Missing when it was none of this item, or long ago.
    """
    item = codes.find(unit, gtin=gtin, serial=serial)
    scan = unit.session.get(Scan, scan_id)
    if item is None or scan is None or unit.now - scan.at > GOOD_FOR or not _same(item, scan):
        raise Missing("no such item")
    looks = unit.session.get_one(ItemScans, (item.gtin, item.key_version, item.counter), with_for_update=True)
    typed = _typed(unit, code)
    if typed is not None and typed.ref.inner and _same(item, typed.ref):
        return Tried(typed.serial)
    if looks.wrong_since is None or unit.now - looks.wrong_since >= FORGOTTEN_AFTER:
        looks.wrong, looks.wrong_since = 0, unit.now
    looks.wrong = min(looks.wrong + 1, MOST_WRONG)
    left = MOST_WRONG - looks.wrong
    return Tried(None, left, 0 if left else int((looks.wrong_since + FORGOTTEN_AFTER - unit.now).total_seconds()) + 1)


def _typed(unit: Unit, code: str) -> carriers.Meant | None:
    """What was typed, if it is any code of the brand's."""
    try:
        return carriers.read(unit, "".join(code.split()))
    except (Missing, Invalid):
        return None


def _same(item: codes.CodeRef, other: codes.CodeRef | Scan) -> bool:
    return (item.gtin, item.key_version, item.counter) == (other.gtin, other.key_version, other.counter)
