"""Do the confirmed words say what stands on the paper? Pure.

Otherwise a genuine, signed certificate could be handed in with a later end, another kind or one more product typed
beside it. So kind, number, holder and end have to have been read by the machine as well, and be the same; a fresh
look-up in the register, or a person, answers for what could not be read. Of all other words those that were read
must not be exceeded; what was not read of them is the question of the check that relies on it. Nothing is
corrected silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

from suppliers.checks.base import Finding, Paper
from suppliers.checks.identifier import must_hold
from suppliers.checks.lots import per_lot
from suppliers.checks.names import exact_number, nearness, plain_number, steps_between
from suppliers.checks.printed import LIMITING, names_itself, stands, texts
from suppliers.checks.register import vouched
from suppliers.checks.scope import scope_stands
from suppliers.checks.signature import signed_by_issuer
from suppliers.identifiers import RULES
from suppliers.requirements import KINDS

DATES: Final = ("valid_from", "valid_until", "issued_on")
SORTS: Final = ("jy", "sc", "uscc")
"""Numbers that can be told from any other by their shape and check characters."""
MISREAD: Final = 3
"""As many characters apart, two numbers of one length may be the same one."""


class Agreement:
    def ask(self, paper: Paper, day: date) -> Finding:
        differing = list(_differing(paper))
        if differing:
            exact = [name for name in differing if _said_by_document(paper, name)]
            if exact:
                return Finding("failed", "check.agreement.document", _evidence(paper, exact))
            return Finding("inconclusive", "check.agreement.differs", _evidence(paper, differing))
        other = _other_in_symbols(paper)
        if other is not None:
            return Finding("inconclusive", "check.agreement.symbol", {"number": paper.number, "symbol": other})
        unread = list(_unread(paper))
        if not unread:
            return Finding("passed", "check.agreement.agrees")
        if vouched(paper, day):
            return Finding("passed", "check.agreement.register", {"fields": unread})
        return Finding("inconclusive", "check.agreement.unread", {"fields": unread})


def _differing(paper: Paper) -> Iterator[str]:
    """The words that were read, and read otherwise than confirmed."""
    for name in ("number", "holder_name", "holder_uscc", *DATES, "lots"):
        read = paper.words_read(name)
        if read is not None and not _same(paper, name, read):
            yield name
    for name in LIMITING:
        if _stands(paper, name) is False and not (name == "issuer_name" and signed_by_issuer(paper)):
            yield name


def _stands(paper: Paper, name: str) -> bool | None:
    return scope_stands(paper) if name == "scope" else stands(paper, name)


def _said_by_document(paper: Paper, name: str) -> bool:
    """Data, and no reading of a page: then another word is another word. Kinds are our names and not the document's, and
    of a page (also of OFD, whose text is exact) which address is meant is only guessed."""
    said = isinstance(paper.read.get(name), Mapping) and paper.read[name].get("from") == "document"
    return said and name != "kind" and (name not in LIMITING or paper.reading.get("credential") is not None)


def _same(paper: Paper, name: str, read: str) -> bool:
    typed = getattr(paper, name)
    if name in DATES:
        if name == "issued_on" and typed is None:
            return True
        return (typed.isoformat() if typed else "") == read
    if name == "lots":
        return not read or {exact_number(lot) for lot in typed} <= {exact_number(lot) for lot in read.split(";")} - {""}
    if not read or not typed:
        return True
    if name == "holder_name":
        return nearness(typed, read) == 1.0
    form = plain_number if name == "holder_uscc" or must_hold(paper.kind) else exact_number
    return form(typed) == form(read) != ""


def _unread(paper: Paper) -> Iterator[str]:
    """What must have been read, and was not."""
    if not names_itself(paper) and stands(paper, "kind") is None:
        yield "kind"
    if not paper.words_read("number"):
        yield "number"
    if not (paper.words_read("holder_name") or paper.words_read("holder_uscc")):
        yield "holder_name"
    if paper.words_read("valid_until") is None and not (paper.valid_until is None and per_lot(paper.kind)):
        yield "valid_until"
    if per_lot(paper.kind) and not paper.words_read("lots"):
        yield "lots"


def _other_in_symbols(paper: Paper) -> str | None:
    """A number in a symbol that is plainly meant to be this paper's, and is another: of the same sort by its
    check characters, or a few characters apart. None when a symbol holds the very number."""
    mine = plain_number(paper.number)
    found = list(dict.fromkeys(_numbers(paper.seen("symbols"))))
    if any(mine in text or (text in mine and len(text) >= 8) for text in found):
        return None
    kind = KINDS.get(paper.kind)
    rule = RULES.get(kind.number) if kind is not None and kind.number in SORTS else None
    codes = {plain_number(code) for code in (paper.holder_uscc, paper.supplier_uscc) if code}
    for text in found:
        same_sort = rule is not None and (text[:2].isalpha() or len(text) == 18) and rule(text) is None
        if text not in codes and (same_sort or (len(mine) >= 8 and steps_between(text, mine, MISREAD) <= MISREAD)):
            return text
    return None


def _numbers(symbols: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Runs of letters and digits in symbols that may be numbers, without the rest of a link."""
    for symbol in symbols:
        for part in re.split(r"[/?&=#;,:|\s.]+", unquote(str(symbol.get("text") or "")[:4000])):
            number = plain_number(part)
            if 8 <= len(number) <= 40 and any(c.isdigit() for c in number):
                yield number


def _evidence(paper: Paper, names: list[str]) -> dict[str, Any]:
    """The words that differ, and in the same order what was typed and what was read."""
    return {
        "fields": names,
        "typed": [_text(getattr(paper, name)) for name in names],
        "read": ["; ".join(texts(paper, name))[:300] if name in LIMITING else paper.words_read(name) or "" for name in names],
    }


def _text(value: Any) -> str:
    return ";".join(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else str(value or "")
