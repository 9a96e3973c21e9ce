"""When two names, addresses or numbers are the same, and how near they are. Pure; holds no judgement of a paper."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Final

NEAR: Final = 0.7
_LEGAL_FORMS: Final = re.compile(r"(股份有限公司|有限责任公司|有限公司|companylimited|coltd|limited|ltd|gmbh|inc|llc|sas|srl|bv|ag|sa)$")


def plain_name(name: str) -> str:
    """A firm's name without width, case, spaces, brackets and dots; 有限责任公司 is 有限公司."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w]|_", "", folded).replace("有限责任公司", "有限公司")


def nearness(one: str, other: str) -> float:
    """1.0 for the same name, less than 1.0 for any other; the legal form, which all share, counts nothing."""
    a, b = plain_name(one), plain_name(other)
    if a == b:
        return 1.0 if a else 0.0
    a, b = _LEGAL_FORMS.sub("", a), _LEGAL_FORMS.sub("", b)
    return min(0.99, SequenceMatcher(None, a[:300], b[:300], autojunk=False).ratio())


def fits(pattern: str, name: str) -> bool:
    """Is this the same name? A leading ``*`` in the pattern stands for anything, but not for nothing."""
    if pattern.startswith("*"):
        ending, whole = plain_name(pattern), plain_name(name)
        return len(ending) >= 4 and whole.endswith(ending) and len(whole) > len(ending)
    return nearness(pattern, name) == 1.0


def holds(one: str, other: str) -> bool:
    """Does either of two texts stand within the other, or are they nearly the same? For products and addresses."""
    a, b = plain_name(one), plain_name(other)
    if min(len(a), len(b)) >= 2 and (a in b or b in a):
        return True
    return bool(a and b) and SequenceMatcher(None, a[:300], b[:300], autojunk=False).ratio() >= NEAR


def plain_number(text: str) -> str:
    """A number with check characters as compared: half width, upper case, letters and digits alone. Empty for a
    number that has none of either; an empty one is the same as no other."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())


def exact_number(text: str) -> str:
    """A lot, or a number that nothing in it confirms, as compared: half width, without case and spaces, dashes of one
    length. 甲20260301 is not 乙20260301, and 1-23 is not 12-3."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"\s", "", folded))


def steps_between(one: str, other: str, most: int) -> int:
    """How many characters must be inserted, dropped, changed or swapped with their neighbour (optimal string
    alignment); ``most`` + 1 when more than ``most`` are."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        ahead = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, ahead[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            ahead.append(cost)
        before, row = row, ahead
    return min(row[-1], most + 1)
