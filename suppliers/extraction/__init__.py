"""Read a paper: from lines of text and symbols to proposed fields, each with the place where it stands. Pure.

Proposals for a person to confirm, never facts: what a check may rely on is decided elsewhere. The
same code reads text layers and recognised pixels. Knows no database, no clock, no picture and no supplier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from suppliers.extraction import numbers
from suppliers.extraction.kinds import kind_of
from suppliers.extraction.pairing import pair
from suppliers.extraction.proposing import Proposal, from_page, from_pairs, from_symbols

__all__ = ["capped", "label_values", "propose"]
MOST_LINES: Final = 4000
MOST_LETTERS: Final = 60_000
MOST_TEXT: Final = 500
"""Letters of all lines and of one; reading stops there as well."""


def propose(
    lines: Sequence[Mapping[str, Any]], symbols: Sequence[Mapping[str, Any]] = (), *, source: str = "ocr", kind: str | None = None
) -> dict[str, dict[str, Any]]:
    """The fields of the paper on which ``lines`` stand.

    ``lines``: ``{page, text, box}`` as ``reading.look`` and ``recognising.recognise`` tell them (the
    latter with confidence, turn, tilt, channel); ``symbols``: ``{page, format, text, box}``;
    ``source`` layer, ocr or document; ``kind`` when somebody has said what paper it is.

    Answers ``{name: {value, raw, page, box, from, confidence, repair}}``. Names: kind number
    holder_name holder_uscc issuer_name valid_from valid_until issued_on lots products site scope
    accreditation quantity, and ``extra.<printed label>``. Dates are ISO; ``valid_until`` "" says that
    there is no end. ``repair``: the one number that a misread one must be, to be shown, never applied.
    """
    lines = capped(lines)
    proposal = Proposal(source)
    guessed = (kind, 1.0) if kind else kind_of(lines)
    if guessed:
        proposal.put("kind", guessed[0], raw="", page=None, box=None, sure=guessed[1])
    sort = guessed[0] if guessed else "other"
    page = pair(lines)
    from_pairs(proposal, page, sort)
    from_page(proposal, page, sort, lines)
    from_symbols(proposal, symbols, sort)
    if sort == "business_licence" and "holder_uscc" in proposal.fields:
        proposal.fields.setdefault("number", dict(proposal.fields["holder_uscc"]))
    _repair(proposal.fields, [str(symbol.get("text") or "") for symbol in symbols])
    return proposal.fields


def capped(lines: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As much of ``lines`` as is looked at: whoever writes more wants us busy."""
    kept: list[Mapping[str, Any]] = []
    left = MOST_LETTERS
    for line in islice(lines, MOST_LINES):
        text = str(line.get("text") or "")[:MOST_TEXT]
        left -= len(text)
        if left < 0:
            break
        kept.append(line if line.get("text") == text else {**line, "text": text})
    return kept


def label_values(lines: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What is printed beside each label, by the label as it is printed; the first of equal labels counts."""
    values: dict[str, str] = {}
    for one in pair(capped(lines)).pairs:
        values.setdefault(one.label.word, one.text)
        values.setdefault(one.at.text.strip(" :："), one.text)
    return values


def _repair(fields: dict[str, dict[str, Any]], said: list[str]) -> None:
    for name in ("number", "holder_uscc"):
        if name in fields:
            value = str(fields[name]["value"])
            sort = numbers.kind_of_number(value) if name == "number" else "uscc"
            fields[name]["repair"] = numbers.repair(sort, value, said) if sort else None
