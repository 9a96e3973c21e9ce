"""Numbers printed on Chinese papers, and whether their check characters hold. Pure.

A number that holds was not mistyped; it says nothing about whom it belongs to. Region digits
are never judged: published, genuine numbers carry codes of development zones that GB/T 2260
does not list.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def tidy(text: str) -> str:
    """Full width to half width, upper case, without spaces and dashes."""
    return re.sub(r"[\s\-‐‑–—]", "", unicodedata.normalize("NFKC", text)).upper()


def uscc_check_character(first: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015): 31 minus the weighted sum modulo 31."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(first, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation_check_character(first: str) -> str:
    """The 9th character of an organisation code for its first eight (GB 11714-1997)."""
    total = sum(int(c, 36) * w for c, w in zip(first, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def uscc_flaw(text: str) -> str | None:
    """What is wrong with a unified social credit code, or None when both its checks hold.

    ``shape``: not 18 characters of the alphabet (no I, O, S, V, Z); ``organisation``: the code
    inside (characters 9 to 17) does not hold, so it was mistyped or made up; ``outer``: only the
    last character does not hold. A few codes of the last sort are known to have been issued, so
    a person must compare them with the register.
    """
    code = tidy(text)
    if len(code) != 18 or any(c not in USCC_ALPHABET for c in code):
        return "shape"
    if organisation_check_character(code[8:16]) != code[16]:
        return "organisation"
    return None if uscc_check_character(code[:17]) == code[17] else "outer"


def mod_11_10(digits: str) -> int:
    """The check digit of ISO 7064 MOD 11,10 (GB/T 17710-2008) for ``digits``."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (11 - product) % 10


def sc_flaw(text: str) -> str | None:
    """What is wrong with a food production licence number, or None when it holds.

    SC, one digit for food (1) or additive (2), two for the category, six for the place, four
    serial, one check digit (食品生产许可管理办法 art. 29). ``old``: a QS number, void since
    October 2018; ``shape``; ``category``: no such category; ``check``.
    """
    code = tidy(text)
    if re.fullmatch(r"(QS)?\d{12}", code):
        return "old"
    match = re.fullmatch(r"(?:SC)?(([12])(\d\d)\d{10})(\d)", code)
    if match is None:
        return "shape"
    body, sort, category, check = match.groups()
    if not 1 <= int(category) <= (31 if sort == "1" else 3):
        return "category"
    return None if mod_11_10(body) == int(check) else "check"


def jy_flaw(text: str) -> str | None:
    """What is wrong with a food trade licence number, or None when it holds.

    JY, one digit for the business (1 sale, 2 catering, 3 canteen), six for the place, six
    serial, one check digit (食品经营许可和备案管理办法). ``shape`` or ``check``.
    """
    match = re.fullmatch(r"(?:JY)?([123]\d{12})(\d)", tidy(text))
    if match is None:
        return "shape"
    return None if mod_11_10(match[1]) == int(match[2]) else "check"
