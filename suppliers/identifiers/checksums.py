"""Check characters, each by its standard. Pure: digits in, a character out.

All need text that already has the right shape; a character that does not belong raises ValueError.
"""

from __future__ import annotations

from typing import Final

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def uscc_check_character(first: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015): 31 minus the weighted sum modulo 31."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(first, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation_check_character(first: str) -> str:
    """The 9th character of an organisation code for its first eight (GB 11714-1997)."""
    total = sum(int(c, 36) * w for c, w in zip(first, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def mod_11_10(digits: str) -> int:
    """The check digit of ISO 7064 MOD 11,10 (GB/T 17710-2008) for ``digits``."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (11 - product) % 10


def mod_97_10(text: str) -> str:
    """The two check digits of ISO 7064 MOD 97-10 for digits and letters (A is 10, Z is 35): 02 to 98."""
    return f"{98 - int(''.join(str(int(c, 36)) for c in text) + '00') % 97:02}"


def gs1_check_digit(digits: str) -> int:
    """The check digit of the GS1 General Specifications (7.9.1): weights 3, 1 from the right."""
    return -sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))) % 10
