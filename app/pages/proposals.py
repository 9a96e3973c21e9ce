"""What stands in the fields of a paper's form, where on the page that was read, and how sure the machine is. Pure.

The machine proposes and a person confirms: what it is unsure of says so, and what it would mend it only offers. It must not know
where readings come from, nor what becomes of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from suppliers.requirements import KINDS

NAMES: Final = (
    *("kind", "number", "holder_name", "holder_uscc", "issuer_name", "issued_on", "valid_from", "valid_until"),
    *("lots", "products", "site", "scope", "accreditation"),
)
"""In the order in which a form asks for them."""
UNSURE: Final = 0.9
"""Below this confidence of the machine a person is asked to look twice."""
EVERY: Final = ("number", "holder_name", "holder_uscc", "issuer_name")
OF_LOTS: Final = ("issued_on", "lots", "products")
OF_SUPPLIERS: Final = ("valid_from", "valid_until")
ALSO: Final = ("products", "scope", "accreditation", "issued_on", "valid_until")
"""Fields that a kind asks for when its own table names them."""
SITED: Final = ("food_production", "additive_production", "food_trade", "feed_production", "food_contact_production", "eu_approval")
"""Kinds that hold for one address."""

OF_CHECKS: Final[Mapping[str, tuple[str, ...]]] = {
    "identifier": ("number",),
    "dates": ("valid_from", "valid_until"),
    "holder": ("holder_name", "holder_uscc"),
    "issuer": ("issuer_name",),
    "accreditation": ("accreditation",),
    "lots": ("lots",),
    "site": ("site",),
    "scope": ("scope", "products"),
}
"""Which words a check is about: those a supplier may mend without another document."""


@dataclass(frozen=True)
class Proposed:
    """One field of the form. ``source``: layer, ocr, symbol or document, None where nothing was read; ``page`` counts from 1 and
    ``box`` is (left, top, right, bottom) as shares of the page; ``repair``: what the machine would rather have read."""

    name: str
    value: str = ""
    source: str | None = None
    unsure: bool = False
    repair: str | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None

    @property
    def at(self) -> str:
        """The box as text for a script: ``0.1,0.2,0.5,0.25``."""
        return ",".join(f"{edge:.4f}" for edge in self.box) if self.box else ""


def proposed(fields: Mapping[str, Any] | None, typed: Mapping[str, str]) -> dict[str, Proposed]:
    """Every field by its name: ``typed`` goes before what was read, whose place it keeps."""
    return {name: _one(name, (fields or {}).get(name), typed.get(name)) for name in NAMES}


def asked_of(kind: str) -> tuple[str, ...]:
    """The fields that a paper of this kind usually fills, in order."""
    known = KINDS.get(kind)
    if known is None:
        return tuple(name for name in NAMES if name != "kind")
    wanted = {*EVERY, *(OF_LOTS if known.scope == "lot" else OF_SUPPLIERS)}
    wanted |= {name for name in ALSO if name in known.shown}
    if kind in SITED:
        wanted.add("site")
    return tuple(name for name in NAMES if name in wanted)


def to_mend(outcomes: Iterable[Any]) -> list[str]:
    """The fields that the failed checks are about, in the order of the form."""
    wrong: set[str] = set()
    for each in outcomes:
        if each.result != "passed":
            told = each.evidence.get("fields") if each.name == "agreement" else None
            wrong |= {str(name) for name in told} if isinstance(told, list) else set(OF_CHECKS.get(each.name, ()))
    return [name for name in NAMES if name in wrong]


def _one(name: str, read: Any, typed: str | None) -> Proposed:
    if not isinstance(read, Mapping):
        return Proposed(name, typed or "")
    value = str(read.get("value") or "")
    repair = read.get("repair")
    changed = typed is not None and typed != value
    return Proposed(
        name,
        value if typed is None else typed,
        None if changed else str(read.get("from") or "layer"),
        not changed and float(read.get("confidence") or 0) < UNSURE,
        str(repair) if repair and repair != typed else None,
        *_place(read),
    )


def _place(read: Mapping[str, Any]) -> tuple[int | None, tuple[float, float, float, float] | None]:
    page, box = read.get("page"), read.get("box")
    if not isinstance(page, int) or not isinstance(box, list | tuple) or len(box) != 4:
        return None, None
    left, top, right, bottom = (min(1.0, max(0.0, float(edge))) for edge in box)
    return page, (left, top, right, bottom)
