"""Element strings written down: in brackets, as a message with FNC1, as the text under a symbol. Pure.

Sources: GS1 General Specifications 4.14 (human readable interpretation), 7.8 (FNC1,
concatenation), 5.1.3 (symbology identifiers). A bracket inside a value is written ``\\(``, as
GS1's own tools do.
"""

from __future__ import annotations

import re
from typing import Final

from kernel.errors import flaw
from traceability.gs1.elements import LONGEST, Elements
from traceability.gs1.keys import NotGS1
from traceability.gs1.table import AIS, find

FNC1: Final = "^"
"""How FNC1 is written in a message here; a scanner says GS (U+001D)."""
_HEADS: Final = ("]C1", "]e0", "]d2", "]Q3", "]J1", FNC1)
_BRACKETED: Final = re.compile(r"\(([0-9]{2,4})\)((?:\\\(|[^(])*)")


def bracketed(elements: Elements) -> str:
    """``(01)09506000134352(10)A\\(1`` for lot ``A(1``."""
    return "".join(f"({ai})" + value.replace("(", r"\(") for ai, value in elements.pairs)


def read_bracketed(text: str) -> Elements:
    """The way back. Raises NotGS1."""
    pairs, place = [], 0
    while len(text) <= LONGEST and (found := _BRACKETED.match(text, place)):
        pairs.append((found[1], found[2].replace(r"\(", "(")))
        place = found.end()
    if place < len(text):
        raise NotGS1(errors=[flaw("/elements", "gs1-brackets", f"not written as (01)…(21)… from character {place + 1} on")])
    return Elements(tuple(pairs))


def message(elements: Elements) -> str:
    """``^`` for FNC1: at the head, and behind each value whose length is not known beforehand, unless it is the last."""
    text, parted = "", True
    for ai, value in elements.pairs:
        text += f"{FNC1 if parted else ''}{ai}{value}"
        parted = not AIS[ai].measured
    return text


def read_message(text: str) -> Elements:
    """The way back; also with GS (U+001D) for FNC1, or as a scanner reports it, a symbology identifier at the head.

    FNC1 is borne where it need not be, behind a value of known length or the last one. Raises NotGS1.
    """
    rest = text.replace("\x1d", FNC1)
    head = next((head for head in _HEADS if rest.startswith(head)), None)
    if head is None or len(text) > LONGEST:
        raise NotGS1(errors=[flaw("/elements", "gs1-message", "a message begins with FNC1")])
    rest, pairs = rest.removeprefix(head), []
    while rest:
        identifier = find(rest)
        if identifier is None:
            raise NotGS1(errors=[flaw("/elements", "gs1-ai", f"no application identifier begins with {rest[:4]!r}")])
        rest = rest.removeprefix(identifier.ai)
        value = rest.partition(FNC1)[0]
        if identifier.measured:
            value = value[: sum(part.most for part in identifier.parts)]
        pairs.append((identifier.ai, value))
        rest = rest.removeprefix(value).removeprefix(FNC1)
    return Elements(tuple(pairs))


def human(elements: Elements) -> list[str]:
    """A line for each element string: ``(01) 09506000134352``."""
    return [f"({ai}) {value}" for ai, value in elements.pairs]
