"""Numbers known by their shape wherever they stand, and the one character by which a number was misread. Pure.

A number whose check fails is told as it was read; the repair stands beside it as a proposal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import product
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from suppliers.identifiers import USCC_ALPHABET, jy_flaw, sc_flaw, tidy, uscc_flaw
from suppliers.identifiers.repair import LOOK_ALIKE

_SHAPES: Final = (
    # SC and JY first: their digits might also be taken for the tail of something else
    ("sc", re.compile(r"(?<![A-Z0-9])[S5][C(G][12IL][0-9OQDILZSGBT]{13}(?![A-Z0-9])")),
    ("jy", re.compile(r"(?<![A-Z0-9])J[YV][123IL][0-9OQDILZSGBT]{13}(?![A-Z0-9])")),
    ("uscc", re.compile(r"(?<![A-Z0-9])[1-9ANYILSBG][0-9A-Z](?=[0-9A-Z]*\d{4})[0-9OQDILZSGB]{6}[0-9A-Z]{10}(?![A-Z0-9])")),
    ("cma", re.compile(r"(?<=CMA)[:#NO.\s]{0,5}(\d{12})(?!\d)|(?<![A-Z0-9])(\d{12})(?=CMA)")),
    ("cnas", re.compile(r"CNAS\s*(L\d{3,5})")),
    ("coi", re.compile(r"(?<![A-Z0-9])(COI\.[A-Z]{2}\.\d{4}\.\d{4,9})")),
)
FLAWS: Final[dict[str, Callable[[str], str | None]]] = {"uscc": uscc_flaw, "sc": sc_flaw, "jy": jy_flaw}


class Number(NamedTuple):
    """``value`` as it stands there, tidied; ``flaw`` of ``suppliers.identifiers``, None where nothing can be checked."""

    kind: str
    value: str
    flaw: str | None


def numbers(text: str) -> list[Number]:
    """The numbers in a line of text or in what a symbol says: uscc, sc, jy, cma, cnas, coi."""
    plain = unicodedata.normalize("NFKC", text).upper()
    closed = re.sub(r"(?<=[0-9A-Z])\s+(?=[0-9A-Z])", "", plain)  # 9135 0100 M000 …
    found: list[Number] = []
    for kind, shape in _SHAPES:
        for match in (*shape.finditer(plain), *shape.finditer(closed)):
            value = tidy(next((group for group in match.groups() if group), match[0]))
            if not any(value in other.value for other in found):
                found.append(Number(kind, value, flaw(kind, value)))
    return found


def kind_of_number(text: str) -> str | None:
    """uscc, sc or jy, when the whole of ``text`` has that shape."""
    plain = tidy(text)
    return next((kind for kind, shape in _SHAPES[:3] if shape.fullmatch(plain)), None)


def flaw(kind: str, value: str) -> str | None:
    check = FLAWS.get(kind)
    return check(value) if check else None


def repair(kind: str, value: str, also: Iterable[str] = ()) -> str | None:
    """The one number that ``value`` was misread from, or None when it holds, or when none or several would do.

    Characters that such a number cannot have (O for 0 in an SC number, I in a USCC) are read as what
    they look like; if there are none, exactly one character may be another that looks like it. All
    checks must hold then. ``also``: what symbols on the same paper say; if one of them holds and has
    this kind, the repair must be it.
    """
    value = tidy(value)
    if kind not in FLAWS or FLAWS[kind](value) is None:
        return None
    holding = {number.value for text in also for number in numbers(text) if number.kind == kind and number.flaw is None}
    fits = {candidate for candidate in _candidates(kind, value) if FLAWS[kind](candidate) is None}
    if holding:
        fits &= holding
    return fits.pop() if len(fits) == 1 else None


def _candidates(kind: str, value: str) -> Iterable[str]:
    head, body = ("", value) if kind == "uscc" else (kind.upper(), value[2:])
    alphabet = USCC_ALPHABET if kind == "uscc" else "0123456789"
    wrong = [at for at, c in enumerate(body) if c not in alphabet]
    if len(wrong) > 3:
        return []
    if wrong or value[: len(head)] != head:
        choices = [[o for o in LOOK_ALIKE.get(c, "") if o in alphabet] if at in wrong else [c] for at, c in enumerate(body)]
        return [head + "".join(letters) for letters in product(*choices)]
    return [head + body[:at] + other + body[at + 1 :] for at, c in enumerate(body) for other in LOOK_ALIKE.get(c, "") if other in alphabet]


def named_in_link(text: str) -> str | None:
    """The number in a link that no shape knows: ``?no=…``, or the last piece of the path that has digits."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    asked = [value for name, value in parse_qsl(parts.query) if re.search(r"no|num|code|id|cert|report|bh", name, re.IGNORECASE)]
    pieces = [*asked, *reversed([unquote(piece) for piece in parts.path.split("/")])]
    return next((piece for piece in pieces if 5 <= len(piece) <= 40 and sum(c.isdigit() for c in piece) >= 4), None)
