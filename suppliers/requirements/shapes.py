"""What the tables of requirements hold once they are read: plain, frozen values.

Knows no file, no clock and no rule; only how things are called.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Scope = Literal["supplier", "lot"]
Holder = Literal["supplier", "maker", "either"]
Unit = Literal["working_days", "days", "months"]
MARKETS: Final = ("CN", "EU", "US")
SUPPLIER_KINDS: Final = ("farm", "manufacturer", "trader", "importer", "lab", "packaging", "logistics")

SHOWABLE: Final = (
    "kind",
    "issuer",
    "number_tail",
    "valid_from",
    "valid_until",
    "issued_on",
    "scope",
    "products",
    "lots",
    "accreditation",
    "checks",
)
"""All that a public page may ever show of a paper: no names of persons, no numbers of persons, no
addresses (a sole trader's is a home), never the picture."""


class Malformed(ValueError):
    """A row or a table that cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Words:
    """The same in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Register:
    """Where a person looks a paper up by hand. ``hosts``: it answers under these or below them."""

    code: str
    name: Words
    url: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class Rung:
    """One step of a renewal ladder: ``before`` the end, in ``unit``. ``statutory``: the law or the
    scheme itself sets it; all others are our reminders. ``code`` is the word that tells what to do."""

    name: str
    before: int
    unit: Unit
    statutory: bool
    code: str


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper.

    ``number``: the kind of identifier its number is (suppliers.identifiers.RULES), or None.
    ``usual_months``: as long as such papers usually run, at the upper end; ``longest_months``: as long as
    the law allows, and None where no law limits it or its text was not read.
    ``open_end``: may it have no last day (长期, or a report that proves lots and never lapses).
    ``holder``: whose name it bears: the ``supplier``'s, the ``maker``'s, or ``either``.
    ``fresh_days``: how long a look-up in a register stays fresh. ``qr_hosts``: hosts that its symbol
    may lead to, each with all below it; empty means we do not know any, so nothing can be judged.
    ``sealed``: a stamp or signature is expected; ``electronic``: electronic originals exist.
    """

    code: str
    name: Words
    market: str
    scope: Scope
    number: str | None
    usual_months: int | None
    longest_months: int | None
    validity: Words | None
    open_end: bool
    holder: Holder
    ladder: tuple[Rung, ...]
    fresh_days: int | None
    registers: tuple[Register, ...]
    qr_hosts: tuple[str, ...]
    sealed: bool
    electronic: bool
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    """A category of material. ``sc_categories``: main categories of a food production licence that a
    maker of it may hold (GB: 101–131, 201–203); empty when no such licence is asked. ``sorts`` are
    words by which rows choose: ``food``, ``animal`` (of animal origin), ``primary`` (sold unprocessed)."""

    code: str
    name: Words
    sc_categories: tuple[str, ...]
    sorts: tuple[str, ...]


@dataclass(frozen=True)
class Requirement:
    """One line of the matrix: one paper of any of ``kinds``, for each supplier or for each lot.

    ``optional``: welcome, its absence closes nothing. ``basis``: ``law``, ``practice`` (of the trade,
    no law asks it) or ``brand``. ``caution``: said from memory or second-hand, not yet read in the
    text itself. ``effective_until`` is the last day.
    """

    id: str
    market: str
    kinds: tuple[str, ...]
    per: Scope
    optional: bool
    cited: Words
    why: Words
    basis: str
    caution: Words | None
    effective_from: date
    effective_until: date | None

    @property
    def kind(self) -> str:
        """The kind to name first where only one can be named."""
        return self.kinds[0]

    @property
    def citation(self) -> str:
        return self.cited.zh

    @property
    def why_code(self) -> str:
        return f"require.{self.id}"

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)
