"""Numbers of firms and places that are used across borders. Pure.

VAT and tax numbers are python-stdnum's work (one rule a country); it is imported when first asked.
"""

from __future__ import annotations

import re

from suppliers.identifiers.checksums import gs1_check_digit, mod_97_10
from suppliers.identifiers.tidying import tidy


def lei_flaw(text: str) -> str | None:
    """What is wrong with a legal entity identifier (ISO 17442-1): ``shape`` or ``check``; None when it
    holds. Check digits run from 02 to 98; 00, 01 and 99 would satisfy the sum but are never issued."""
    code = tidy(text)
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", code):
        return "shape"
    return None if mod_97_10(code[:18]) == code[18:] else "check"


def gln_flaw(text: str) -> str | None:
    """What is wrong with a global location number (GS1): ``shape`` or ``check``; None when it holds."""
    code = tidy(text)
    if not re.fullmatch(r"[0-9]{13}", code):
        return "shape"
    return None if gs1_check_digit(code[:12]) == int(code[12]) else "check"


def ggn_flaw(text: str) -> str | None:
    """A GLOBALG.A.P. number has the form of a GLN; ``GGN`` may stand before it."""
    return gln_flaw(tidy(text).removeprefix("GGN"))


def vat_flaw(text: str) -> str | None:
    """What is wrong with a VAT number that begins with its country (ISO 3166, Greece as EL): ``shape``,
    ``country``: no rule for that country is known, or ``check``; None when it holds."""
    code = re.sub(r"[./,:]", "", tidy(text))
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z+*]{2,16}", code):
        return "shape"
    from stdnum.util import get_cc_module

    country = {"el": "gr", "xi": "gb"}.get(code[:2].lower(), code[:2].lower())
    try:
        rule = get_cc_module(country, "vat")
        if rule is None:
            return "country"
        return None if rule.is_valid(code) or rule.is_valid(code[2:]) else "check"
    except (ValueError, LookupError, ArithmeticError, TypeError):
        return "check"


def ein_flaw(text: str) -> str | None:
    """What is wrong with an employer identification number of the United States: ``shape``, or ``check`` for
    a prefix that no campus gives out; it has no check digit."""
    code = tidy(text)
    if not re.fullmatch(r"[0-9]{9}", code):
        return "shape"
    from stdnum.us import ein

    return None if ein.is_valid(code) else "check"
