"""Numbers printed on papers, and whether their check characters hold. Pure.

A number that holds was not mistyped; it says nothing about whom it belongs to. ``RULES`` has a rule
for each kind of identifier; a rule called with a text answers what is wrong with it, or None.
This room knows no paper and no supplier.
"""

from __future__ import annotations

from suppliers.identifiers.checksums import (
    USCC_ALPHABET,
    gs1_check_digit,
    mod_11_10,
    mod_97_10,
    organisation_check_character,
    uscc_check_character,
)
from suppliers.identifiers.china import JY_BUSINESS, UsccParts, jy_business, jy_flaw, sc_category, sc_flaw, uscc_flaw, uscc_parts
from suppliers.identifiers.regions import FLAGS, PROVINCES, flags, province, region
from suppliers.identifiers.repair import repairs
from suppliers.identifiers.shapes import cma_issuer
from suppliers.identifiers.table import RULES, Rule
from suppliers.identifiers.tidying import tidy
from suppliers.identifiers.world import ein_flaw, ggn_flaw, gln_flaw, lei_flaw, vat_flaw

__all__ = [
    "FLAGS",
    "JY_BUSINESS",
    "PROVINCES",
    "RULES",
    "USCC_ALPHABET",
    "Rule",
    "UsccParts",
    "cma_issuer",
    "ein_flaw",
    "flags",
    "ggn_flaw",
    "gln_flaw",
    "gs1_check_digit",
    "jy_business",
    "jy_flaw",
    "lei_flaw",
    "mod_11_10",
    "mod_97_10",
    "organisation_check_character",
    "province",
    "region",
    "repairs",
    "sc_category",
    "sc_flaw",
    "tidy",
    "uscc_check_character",
    "uscc_flaw",
    "uscc_parts",
    "vat_flaw",
]
