"""Identifiers printed on papers: published ones are accepted, each wrong digit is caught; python-stdnum asked the same."""

from __future__ import annotations

import csv
import string
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from stdnum import ean, lei
from stdnum.cn import uscc

from suppliers.identifiers import RULES, USCC_ALPHABET

PEERS: dict[str, Callable[[str], bool]] = {"uscc": uscc.is_valid, "lei": lei.is_valid, "gln": ean.is_valid, "ggn": ean.is_valid}
"""Of the others (SC, JY) python-stdnum knows nothing."""
LETTERS = {"uscc": (USCC_ALPHABET,), "lei": (string.digits, string.ascii_uppercase)}
"""Signs that take each other's place. A digit for a letter makes the number longer that MOD 97-10 is taken of
(ISO/IEC 7064, 7.2): that it promises nothing about, and such a mistake is none of a single digit."""


def rows(path: Path) -> list[dict[str, str]]:
    """kind, value, expected; [] when this is no table of identifiers."""
    with path.open(newline="", encoding="utf-8") as lines:
        table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return list(table) if {"kind", "value", "expected"} <= set(table.fieldnames or ()) else []


def wrong(given: list[dict[str, str]]) -> Iterator[tuple[dict[str, str], str]]:
    """The rows that are judged otherwise than they say, and what is said of them."""
    for row in given:
        rule = RULES.get(row["kind"])
        flaw = rule(row["value"]) if rule else "no rule"
        right = {
            "valid": flaw is None,
            "invalid": flaw is not None,
            "invalid_but_issued": rule is not None and flaw in rule.for_a_person,
        }
        if not right.get(row["expected"], False):
            yield row, flaw or "accepted"


def neighbours(kind: str, value: str) -> Iterator[str]:
    """Every number that differs in one sign from a number that holds; the letters before SC and JY numbers are no signs of it."""
    alphabets = LETTERS.get(kind, (string.digits,))
    begin = len(value) - 14 if kind in ("sc", "jy") else 0
    for place in range(begin, len(value)):
        for letter in next((each for each in alphabets if value[place].upper() in each), ""):
            if letter != value[place].upper():
                yield value[:place] + letter + value[place + 1 :]


def figures(given: list[dict[str, str]]) -> dict[str, Any]:
    """By kind: published and accepted, single errors and caught, the same of the peer (None where it has no rule)."""
    found: dict[str, Any] = {}
    for kind in sorted({row["kind"] for row in given}):
        values = [row["value"] for row in given if row["kind"] == kind and row["expected"] == "valid"]
        peer, counted = PEERS.get(kind), Counter[str]()
        for value in values:
            counted["accepted"] += RULES[kind](value) is None
            counted["peer_accepted"] += bool(peer and peer(value))
            for near in neighbours(kind, value):
                counted["errors"] += 1
                counted["caught"] += RULES[kind](near) is not None
                counted["peer_caught"] += bool(peer and not peer(near))
        found[kind] = {"published": len(values), **{name: counted[name] for name in ("accepted", "errors", "caught")}}
        found[kind] |= {name: counted[name] if peer else None for name in ("peer_accepted", "peer_caught")}
    return found
