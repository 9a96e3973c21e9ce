"""From pairs, seals and symbols to the fields of a paper: what each says, where it stands, how sure that is. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from suppliers.extraction import dates, issuers, numbers
from suppliers.extraction.labels import bare
from suppliers.extraction.layout import Line
from suppliers.extraction.pairing import Page, Pair
from suppliers.extraction.vocabulary import LABELS

Field = dict[str, Any]
_NUMBER_OF: Final = {"business_licence": "uscc", "food_production": "sc", "additive_production": "sc", "food_trade": "jy"}
_DOUBTFUL: Final = 0.97
_TIMES: Final = ("valid_from", "valid_until", "issued_on", "period")
_ALSO_EXTRA: Final = frozenset({"site", "scope"})
"""Fields in our words whose printed label says more, so both come out."""
_LISTS: Final = frozenset({"lots", "products"})
_EMPTY: Final = frozenset({"", "/", "-", "--", "—", "——", "***", "n/a"})


class Proposal:
    """Collects fields; the first that says something for a name stays."""

    def __init__(self, source: str) -> None:
        self.fields: dict[str, Field] = {}
        self._source = source

    def put(self, name: str, value: str, *, raw: str, page: int | None, box: Any, sure: float, source: str | None = None) -> None:
        if name in self.fields:
            return
        self.fields[name] = {
            "value": value,
            "raw": raw,
            "page": page,
            "box": [round(edge, 4) for edge in box] if box else None,
            "from": source or self._source,
            "confidence": round(sure, 3),
            "repair": None,
        }

    def put_pair(self, name: str, one: Pair, value: str | None = None) -> None:
        self.put(name, one.text if value is None else value, raw=one.text, page=one.value[0].page, box=one.box, sure=one.confidence)

    def put_line(self, name: str, line: Line, value: str, sure: float = 1.0) -> None:
        self.put(name, value, raw=line.text, page=line.page, box=line.box, sure=line.confidence * sure)


def from_pairs(proposal: Proposal, page: Page, kind: str) -> None:
    """Every field that a label names. Which of several labels counts is the order of the vocabulary."""
    pairs = [one for one in page.pairs if one.text.strip().lower() not in _EMPTY]
    for name in LABELS:
        for one in _in_order(name, pairs):
            _put_named(proposal, name, one, kind)
    for one in pairs:
        if one.label.field is None or one.label.field in _ALSO_EXTRA or _left_over(proposal, one):
            proposal.put_pair(f"extra.{one.label.word}", one)


def _in_order(name: str, pairs: Sequence[Pair]) -> list[Pair]:
    order = LABELS[name]
    own = [one for one in pairs if one.label.field == name]
    return sorted(own, key=lambda one: (order.index(one.label.word), one.value[0].page))


def _put_named(proposal: Proposal, name: str, one: Pair, kind: str) -> None:
    if name in _TIMES:
        _put_time(proposal, name, one)
    elif name == "holder_uscc":
        found = [number.value for number in numbers.numbers(one.text) if number.kind == "uscc"]
        proposal.put_pair(name, one, found[0] if found else unicodedata.normalize("NFKC", one.text).replace(" ", ""))
    elif name == "number":
        _put_number(proposal, one, kind)
    elif name in _LISTS:
        proposal.put_pair(name, one, ";".join(listed(one.text)) if name == "lots" or kind in ("organic",) else one.text)
    elif name in ("holder_name", "issuer_name"):
        if dates.first(one.text) is None and not re.fullmatch(r"[\W\d]*", one.text):
            proposal.put_pair(name, one, _name(_first_of_address(one)))
    else:
        proposal.put_pair(name, one)


def _first_of_address(one: Pair) -> str:
    """An English name is followed by its address, each on a line of its own; a Chinese name that is long goes on."""
    return one.text if re.search(r"[\u4e00-\u9fff]", one.text) else one.value[0].text


def _name(text: str) -> str:
    """A name without what labs and offices print behind it: (盖章), (签章)."""
    return re.sub(r"\s*[(（\[](公?盖?章|签章|盖公章|seal|stamp)[)）\]]\s*$", "", text, flags=re.IGNORECASE).strip()


def _put_number(proposal: Proposal, one: Pair, kind: str) -> None:
    wanted = _NUMBER_OF.get(kind)
    found = [number.value for number in numbers.numbers(one.text) if number.kind == wanted]
    if wanted and not found and numbers.kind_of_number(one.text) != wanted:
        return  # 编号 of a business licence is the number of the sheet, not of the firm
    value = found[0] if found else unicodedata.normalize("NFKC", one.text).strip()
    if any(character.isdigit() for character in value):
        proposal.put_pair("number", one, value)


def _put_time(proposal: Proposal, name: str, one: Pair) -> None:
    text = one.text
    since, until = dates.span(text)
    if name in ("valid_from", "issued_on"):
        day = dates.first(text)
        if day is not None:
            proposal.put_pair(name, one, day.isoformat())
        if name == "valid_from" and since is not None and until is not None:
            proposal.put_pair("valid_until", one, until)
        return
    if since is not None:
        proposal.put_pair("valid_from", one, since)
    if until is not None:
        proposal.put_pair("valid_until", one, until)


def _left_over(proposal: Proposal, one: Pair) -> bool:
    """Whether a labelled value filled no field, since another label came first or it did not fit."""
    used = {(kept["raw"], tuple(kept["box"] or ())) for kept in proposal.fields.values()}
    return (one.text, tuple(round(edge, 4) for edge in one.box or ())) not in used


def from_page(proposal: Proposal, page: Page, kind: str, lines: Sequence[Mapping[str, Any]]) -> None:
    """What no label says: the date and the office at the foot, the name round the seal, numbers by their shape."""
    signed = issuers.last_date(page.loose)
    if signed is not None:
        day = dates.first(signed.text)
        if day is not None:
            proposal.put_line("issued_on", signed, day.isoformat(), 0.9)
    _issuer(proposal, page, lines, signed)
    _phrases(proposal, page)
    _shapes(proposal, page, kind)


def _issuer(proposal: Proposal, page: Page, lines: Sequence[Mapping[str, Any]], signed: Line | None) -> None:
    beside = issuers.beside_date(page.loose, signed)
    if beside is not None:
        proposal.put_line("issuer_name", beside, _name(beside.text), 0.9)
    for seal in issuers.on_seals(lines)[:1]:
        name, sure = issuers.name_on(seal), float(seal.get("confidence") or 0) * 0.9
        printed = proposal.fields.get("issuer_name")
        if printed and printed["confidence"] < _DOUBTFUL and _alike(printed["value"], name) and sure > printed["confidence"] - 0.1:
            del proposal.fields["issuer_name"]  # the seal stands on its own name in print, and is the clearer of the two
        proposal.put("issuer_name", name, raw=str(seal["text"]), page=int(seal.get("page") or 1), box=seal.get("box"), sure=sure)
    head = issuers.in_head(page.loose)
    if head is not None:
        proposal.put_line("issuer_name", head, _name(head.text), 0.6)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() > 0.8


_UNTIL: Final = re.compile(
    r"valid (?:un)?till?\b|valid to\b|valid through|expir(?:y|es|ation)|有效期(?:限)?(?:至|到|截止)|有效至", re.IGNORECASE
)
_SINCE: Final = re.compile(r"valid from|effective (?:from|date|as of)|with effect from", re.IGNORECASE)
_ISSUED: Final = re.compile(r"issued on|date of issue|issue date|dated", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?:^|[\s(（第])(?:No|N°|Nr|编号|№|字号|字第?)\s*[.:：]?\s*([A-Z0-9][A-Z0-9\-/.]{4,34})", re.IGNORECASE)


def _phrases(proposal: Proposal, page: Page) -> None:
    """Dates and numbers inside sentences: "… is valid until 12 March 2027", "No. 2025-0012" under a title."""
    for line in [*page.loose, *(value for one in page.pairs if one.label.field is None for value in one.value)]:
        since = _SINCE.search(line.text)
        if since and len(both := dates.found(line.text[since.end() :])) == 2:
            proposal.put_line("valid_from", line, both[0].day.isoformat(), 0.8)
            proposal.put_line("valid_until", line, both[1].day.isoformat(), 0.8)
        for name, words in (("valid_until", _UNTIL), ("valid_from", _SINCE), ("issued_on", _ISSUED)):
            match = words.search(line.text)
            day = dates.first(line.text[match.end() : match.end() + 40]) if match else None
            if day is not None:
                proposal.put_line(name, line, day.isoformat(), 0.8)
    for line in page.loose:
        match = _NUMBERED.search(unicodedata.normalize("NFKC", line.text))
        if match and sum(character.isdigit() for character in match[1]) >= 4:
            proposal.put_line("number", line, match[1], 0.85)


def _shapes(proposal: Proposal, page: Page, kind: str) -> None:
    wanted = _NUMBER_OF.get(kind)
    names = {"uscc": "holder_uscc", "cma": "accreditation", "cnas": "accreditation", "coi": "number"}
    if wanted:
        names[wanted] = "number"
    for line in [*page.loose, *(value for one in page.pairs for value in one.value), *(one.at for one in page.pairs)]:
        for number in numbers.numbers(line.text):
            name = names.get(number.kind)
            if name:
                proposal.put_line(name, line, number.value, 0.8)
            if number.kind == "uscc" and kind == "business_licence":
                proposal.put_line("holder_uscc", line, number.value, 0.8)


def from_symbols(proposal: Proposal, symbols: Sequence[Mapping[str, Any]], kind: str) -> None:
    """Numbers that a QR code or DataMatrix says and the page does not."""
    for symbol in symbols:
        text = str(symbol.get("text") or "")
        wanted = _NUMBER_OF.get(kind)
        for number in numbers.numbers(text):
            if number.kind == wanted or (number.kind in ("sc", "jy") and wanted is None):
                _put_symbol(proposal, "number", number.value, symbol)
            if number.kind == "uscc":
                _put_symbol(proposal, "holder_uscc", number.value, symbol)
        named = numbers.named_in_link(text)
        if named and wanted is None:
            _put_symbol(proposal, "number", named, symbol)


def _put_symbol(proposal: Proposal, name: str, value: str, symbol: Mapping[str, Any]) -> None:
    proposal.put(name, value, raw=str(symbol["text"]), page=symbol.get("page"), box=symbol.get("box"), sure=0.9, source="symbol")


def listed(text: str) -> list[str]:
    """The items of a printed list: 绿茶、红茶; A, B."""
    parts = re.split(r"[;；、,，\n]+|\s/\s", text)
    return [part.strip() for part in parts if part.strip() and bare(part)]
