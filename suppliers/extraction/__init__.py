"""Read a paper: from lines of text and symbols to proposed fields, each with the place where it stands. Pure.

Proposals for a person to confirm, never facts: what a check may rely on is decided elsewhere. The
same code reads text layers and recognised pixels. Knows no database, no clock, no picture and no supplier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suppliers.extraction import numbers
from suppliers.extraction.kinds import kind_of
from suppliers.extraction.pairing import pair
from suppliers.extraction.proposing import Proposal, from_page, from_pairs, from_symbols

__all__ = ["label_values", "propose"]
_MOST_LINES = 4000


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
    lines = list(lines)[:_MOST_LINES]
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


def label_values(lines: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What is printed beside each label, by the label as it is printed; the first of equal labels counts."""
    values: dict[str, str] = {}
    for one in pair(list(lines)[:_MOST_LINES]).pairs:
        values.setdefault(one.label.word, one.text)
        values.setdefault(one.at.text.strip(" :："), one.text)
    return values


def _repair(fields: dict[str, dict[str, Any]], said: list[str]) -> None:
    for name in ("number", "holder_uscc"):
        if name in fields:
            value = str(fields[name]["value"])
            sort = numbers.kind_of_number(value) if name == "number" else "uscc"
            fields[name]["repair"] = numbers.repair(sort, value, said) if sort else None
