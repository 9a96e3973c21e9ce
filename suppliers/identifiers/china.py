"""Numbers of Chinese firms and licences that carry check characters. Pure.

A number that holds was not mistyped; it says nothing about whom it belongs to. Region digits are
never judged: published, genuine numbers carry codes of development zones that GB/T 2260 does not
list (suppliers.identifiers.regions only flags them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from suppliers.identifiers.checksums import USCC_ALPHABET, mod_11_10, organisation_check_character, uscc_check_character
from suppliers.identifiers.tidying import tidy

SC_FOOD: Final = tuple(str(category) for category in range(101, 132))
SC_ADDITIVE: Final = ("201", "202", "203")
JY_BUSINESS: Final = {"1": "sale", "2": "catering", "3": "canteen"}

_USCC_SORTS: Final = {
    "11": "state_organ",
    "12": "public_institution",
    "13": "people_body",
    "51": "association",
    "52": "private_institution",
    "53": "foundation",
    "91": "enterprise",
    "92": "sole_trader",
    "93": "cooperative",
    "N1": "village_group",
    "N2": "village",
    "N3": "township",
}
_AUTHORITIES: Final = "123456789ANY"


@dataclass(frozen=True)
class UsccParts:
    """The parts of a unified code (GB 32100-2015, 5.1). ``sort``: what it is, such as ``enterprise``,
    ``cooperative``, ``public_institution`` or ``sole_trader`` (a person: its name and address are
    not for the public); None when the two first characters are not known."""

    authority: str
    sort: str | None
    region: str
    organisation: str


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


def uscc_parts(text: str) -> UsccParts | None:
    """The parts of a code of the right shape, whether its checks hold or not; otherwise None."""
    code = tidy(text)
    if uscc_flaw(code) == "shape":
        return None
    return UsccParts(code[0], _USCC_SORTS.get(code[:2]), code[2:8], code[8:17])


def authority_is_known(text: str) -> bool:
    return tidy(text)[:1] in _AUTHORITIES


def sc_flaw(text: str) -> str | None:
    """What is wrong with a food production licence number, or None when it holds.

    SC, one digit for food (1) or additive (2), two for the category, six for the place, four
    serial, one check digit (食品生产许可管理办法 art. 29). ``old``: a QS number, void since
    October 2018; ``shape``; ``category``: no such category; ``check``.
    """
    code = tidy(text)
    if re.fullmatch(r"(QS)?[0-9]{12}", code):
        return "old"
    match = re.fullmatch(r"(?:SC)?(([0-9]{3})[0-9]{10})([0-9])", code)
    if match is None or match[2][0] not in "12":
        return "shape"
    if match[2] not in (*SC_FOOD, *SC_ADDITIVE):
        return "category"
    return None if mod_11_10(match[1]) == int(match[3]) else "check"


def sc_category(text: str) -> str | None:
    """The main category that a production licence number names, such as ``105`` for dairy; None when the
    number does not hold. Further categories stand only on the licence's list of varieties."""
    return None if sc_flaw(text) else tidy(text).removeprefix("SC")[:3]


def jy_flaw(text: str) -> str | None:
    """What is wrong with a food trade licence number, or None when it holds.

    JY, one digit for the business (1 sale, 2 catering, 3 canteen), six for the place, six
    serial, one check digit (食品经营许可和备案管理办法). ``shape`` or ``check``.
    """
    match = re.fullmatch(r"(?:JY)?([123][0-9]{12})([0-9])", tidy(text))
    if match is None:
        return "shape"
    return None if mod_11_10(match[1]) == int(match[2]) else "check"


def jy_business(text: str) -> str | None:
    """``sale``, ``catering`` or ``canteen``; None when the number does not hold."""
    return None if jy_flaw(text) else JY_BUSINESS[tidy(text).removeprefix("JY")[0]]
