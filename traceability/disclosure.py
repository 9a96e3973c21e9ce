"""What a public page may tell of a paper: the profile of its kind, and nothing else. Pure.

A paper holds names of persons, addresses that are homes, numbers that open doors. Each kind of paper says which of its words are for
everybody (``suppliers.requirements``: ``shown``); of a number only its end, so that whoever holds the paper can compare.
The picture, the holder's own number and what a check compared are for nobody outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from suppliers.requirements import KINDS

TAIL: Final = 4
"""So many characters of a number are shown, and never more than half of it."""
UNKNOWN: Final = ("kind", "checks")
"""Of a kind that no table knows any more."""


class Words(Protocol):
    """The words on a paper, as a person confirmed them."""

    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> str: ...


def shown(kind: str) -> tuple[str, ...]:
    """The names of what may be told of this kind of paper."""
    return KINDS[kind].shown if kind in KINDS else UNKNOWN


def tail(number: str) -> str:
    """The end of a number: ``…0017``; nothing of one that is too short to hide anything."""
    few = min(TAIL, len(number) // 2)
    return f"…{number[-few:]}" if few else ""


def of(paper: Words) -> Mapping[str, Any]:
    """What may be told of this paper, by name, in the order of its kind's profile; what is not known is left out."""
    names = {"kind": "kind", "issuer": "issuer_name"}
    told: dict[str, Any] = {}
    for name in shown(paper.kind):
        value = tail(paper.number) if name == "number_tail" else getattr(paper, names.get(name, name), None)
        if name == "valid_until" and "valid_from" in told:
            told[name] = value  # None: it has no end
        elif name != "checks" and value not in (None, "", (), []):
            told[name] = value
    return told
