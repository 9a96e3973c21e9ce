"""Which papers a supplier must show, when they end, and where a person can look them up. Pure.

Everything is data beside the code: kinds of papers (kinds/*.toml), the matrix with a citation in
every row (matrix/*.toml), registers, renewal ladders and public holidays. This room knows no
supplier, no paper that was handed in and no clock: days come in as values.
"""

from __future__ import annotations

from suppliers.requirements.calendar import is_provisional, is_working_day, working_days_before, working_days_between
from suppliers.requirements.kinds import CATEGORIES, KINDS, LADDERS, REGISTERS, market_of
from suppliers.requirements.matrix import CLAIMS, ROWS, flaw_of, line_of, required
from suppliers.requirements.publication import as_json, rules_version
from suppliers.requirements.renewal import Step, ladder, soon
from suppliers.requirements.shapes import (
    MARKETS,
    SHOWABLE,
    SUPPLIER_KINDS,
    Category,
    Malformed,
    PaperKind,
    Register,
    Requirement,
    Rung,
    Words,
)
from suppliers.requirements.wording import words

__all__ = [
    "CATEGORIES",
    "CLAIMS",
    "KINDS",
    "LADDERS",
    "MARKETS",
    "REGISTERS",
    "ROWS",
    "SHOWABLE",
    "SUPPLIER_KINDS",
    "Category",
    "Malformed",
    "PaperKind",
    "Register",
    "Requirement",
    "Rung",
    "Step",
    "Words",
    "as_json",
    "flaw_of",
    "is_provisional",
    "is_working_day",
    "ladder",
    "line_of",
    "market_of",
    "required",
    "rules_version",
    "soon",
    "words",
    "working_days_before",
    "working_days_between",
]
