"""GS1 keys by themselves: check digits, GTIN and SSCC, and what a wrong one is called. Pure.

It must not know the table of application identifiers: a scan needs this room and not that one.

Sources: GS1 General Specifications 7.9 (check digit), 7.11 (character set 82), 2.2.1 (SSCC).
"""

from __future__ import annotations

from typing import Final

from kernel.errors import Invalid, flaw

GTIN, LOT, SERIAL = "01", "10", "21"
CSET82: Final = r"""!"%&'()*+,\-./0-9:;<=>?A-Z_a-z"""
"""The inside of a regular expression's character class."""
SSCC_BODY: Final = 16
"""Digits of company prefix and serial reference together."""


class NotGS1(Invalid):
    """The text or value breaks a rule of the GS1 General Specifications; each flaw points to its application identifier."""

    code = "not-gs1"
    title = "Not valid by GS1's rules"


class NotALink(NotGS1):
    """The text is not a GS1 Digital Link that can be read here."""

    code = "not-a-link"
    title = "Not a GS1 Digital Link"


def check_digit(digits: str) -> int:
    """The digit to append to ``digits``: weights 3, 1, 3 … from the right, modulo 10."""
    return -(3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))) % 10


def holds(text: str) -> bool:
    """Whether ``text`` is ASCII digits, the last of which checks the others."""
    return text.isascii() and text.isdigit() and check_digit(text[:-1]) == int(text[-1])


def gtin14(text: str) -> str:
    """A GTIN-8, -12, -13 or -14 as 14 digits. Raises Invalid."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in (8, 12, 13, 14)):
        raise Invalid(errors=[flaw("/gtin", "gtin", "a GTIN has 8, 12, 13 or 14 digits")])
    if not holds(digits):
        expected = check_digit(digits[:-1])
        raise Invalid(errors=[flaw("/gtin", "check-digit", f"the last digit of this GTIN should be {expected}", expected=expected)])
    return digits.zfill(14)


def sscc(extension: int, prefix: str, reference: int) -> str:
    """The 18 digits of a logistic unit's key: extension, company prefix, serial reference, check digit.

    ``extension`` 0 to 9; ``prefix`` of 7 to 12 digits; ``reference`` fills the 16 - len(prefix)
    places that the prefix leaves. Raises Invalid.
    """
    flaws = []
    if not 0 <= extension <= 9:
        flaws.append(flaw("/extension", "range", "the extension is one digit"))
    if not (prefix.isascii() and prefix.isdigit() and 7 <= len(prefix) <= 12):
        flaws.append(flaw("/prefix", "gs1-prefix", "a company prefix has 7 to 12 digits"))
    elif not 0 <= reference < 10 ** (SSCC_BODY - len(prefix)):
        flaws.append(flaw("/reference", "range", f"this prefix leaves {SSCC_BODY - len(prefix)} digits for the reference"))
    if flaws:
        raise Invalid(errors=flaws)
    body = f"{extension}{prefix}{reference:0{SSCC_BODY - len(prefix)}d}"
    return f"{body}{check_digit(body)}"


def is_sscc(text: str) -> bool:
    """Whether ``text`` is 18 digits with a right check digit."""
    return len(text) == SSCC_BODY + 2 and holds(text)
