"""Do the words that open something stand on the paper: its kind, issuer, products, scope, site, accreditation? Pure.

A typed word is a claim of whoever hands the paper in. A check may rely on it only as far as a machine read it there
too; where nothing was read a person, or the register, answers for it. Nothing here judges a paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from suppliers.checks.base import IssuerSeen, Paper
from suppliers.checks.names import fits, nearness, plain_name, plain_number
from suppliers.extraction.vocabulary import LABELS

LIMITING: Final = ("kind", "issuer_name", "products", "scope", "site", "accreditation")
"""The words of a paper that say what it is good for."""
SURE: Final = 0.7
"""From this confidence on, a word that was read contradicts another that was typed; below it, it only confirms."""
_PARTS: Final = {"site": r"[;；\n]", "products": r"[;；、,，\n]", "scope": r"[;；、,，。\n]"}
_SELF_EVIDENT: Final = ("other", "conformity_credential")
"""Kinds that open nothing but themselves: of these nobody has to read the title."""


def texts(paper: Paper, name: str) -> list[str]:
    """What was read under this name and, where a paper may name several, beside labels that mean the same. A paper
    has one place of work: the registered seat beside it is none."""
    own = paper.words_read(name)
    if name == "site" and own:
        return [own]
    labels = LABELS.get(name, ())
    beside = [paper.words_read(key) for key in paper.read if key.startswith("extra.") and key.removeprefix("extra.") in labels]
    return [text for text in dict.fromkeys((own, *beside)) if text]


def stands(paper: Paper, name: str) -> bool | None:
    """Does the typed word stand on the paper? True as well where none was typed; None where nothing was read that could say so."""
    typed = _typed(paper, name)
    if not typed:
        return True
    if name == "kind":
        return _agreed(paper, name, typed == paper.words_read(name)) if paper.words_read(name) else None
    if name == "accreditation":
        return _accredited(paper, typed)
    read = texts(paper, name)
    if not read:
        return None
    if name == "issuer_name":
        return _agreed(paper, name, any(same_issuer(typed, each, paper.issuers) for each in read))
    return _agreed(paper, name, all(_within(part, read) for part in parts(name, typed)))


def names_itself(paper: Paper) -> bool:
    """Does the kind of this paper need no title that a machine can read?"""
    return paper.kind in _SELF_EVIDENT


def parts(name: str, text: str) -> list[str]:
    """The items of a typed list."""
    return [part.strip() for part in re.split(_PARTS.get(name, r";"), text) if plain_name(part)]


def same_issuer(one: str, other: str, listed: Iterable[IssuerSeen]) -> bool:
    """The same name, or two names of one entry of the trust list; a pattern names nobody."""
    if nearness(one, other) == 1.0:
        return True
    known = ([name for name in (each.name, *each.names) if not name.startswith("*")] for each in listed)
    return any(any(fits(name, one) for name in names) and any(fits(name, other) for name in names) for names in known)


def accreditations(text: str) -> set[str]:
    """The numbers in such a text, without the marks before them: ``CMA 250099990001``, ``CNAS L1234``."""
    found = re.findall(r"[A-Za-z]{0,4}[\s-]?\d{3,}", text)
    return {re.sub(r"^(CMA|CNAS|MA)", "", plain_number(each)) for each in found} or {plain_number(text)} - {""}


def _typed(paper: Paper, name: str) -> str:
    value = getattr(paper, name)
    return ";".join(value).strip() if isinstance(value, tuple) else (value or "").strip()


def _agreed(paper: Paper, name: str, same: bool) -> bool | None:
    """What was hardly read contradicts nothing."""
    return same or (False if _sureness(paper.read.get(name)) >= SURE else None)


def _sureness(entry: Any) -> float:
    told = entry.get("confidence", 1.0) if hasattr(entry, "get") else 1.0
    return float(told) if isinstance(told, int | float) else 1.0


def _within(part: str, read: list[str]) -> bool:
    return any(plain_name(part) in plain_name(text) for text in read)


def _accredited(paper: Paper, typed: str) -> bool | None:
    """Each number, beside its label or anywhere on the page: a lab prints several."""
    wanted = accreditations(typed)
    if not wanted:
        return None
    read = set().union(*(accreditations(text) for text in texts(paper, "accreditation")))
    missing = wanted - read
    if missing:
        page = [plain_number(str(line.get("text") or "")) for line in paper.seen("lines")]
        missing = {number for number in missing if len(number) < 4 or not any(number in line for line in page)}
    if not missing:
        return True
    return _agreed(paper, "accreditation", False) if any(any(c.isdigit() for c in number) for number in read) else None
