"""The parts of which the value of an application identifier is made, and whether a value fits them. Pure.

Source: GS1 General Specifications, 3.2 (formats) and 7.11 (character sets 82, 39 and 64).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kernel.errors import flaw
from traceability.gs1.checks import CHECKS
from traceability.gs1.keys import CSET82

SETS: Final = {
    "digits": re.compile(r"[0-9]*"),
    "set 82": re.compile(f"[{CSET82}]*"),
    "set 39": re.compile(r"[#\-/0-9A-Z]*"),
    "set 64": re.compile(r"[\-0-9A-Z_a-z]*={0,2}"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """``least`` to ``most`` characters of one set. Only the last part may vary; an optional one may be absent."""

    letters: str
    least: int
    most: int
    checks: tuple[str, ...]
    optional: bool = False


def n(length: int, *checks: str) -> Part:
    """That many digits."""
    return Part("digits", length, length, checks)


def n_to(most: int, *checks: str) -> Part:
    """1 to ``most`` digits."""
    return Part("digits", 1, most, checks)


def x(length: int, *checks: str) -> Part:
    """That many characters of set 82."""
    return Part("set 82", length, length, checks)


def x_to(most: int, *checks: str) -> Part:
    """1 to ``most`` characters of set 82."""
    return Part("set 82", 1, most, checks)


def maybe(part: Part) -> Part:
    """The same part, which may be absent."""
    return Part(part.letters, part.least, part.most, part.checks, optional=True)


def flaws_of(pointer: str, parts: tuple[Part, ...], value: str) -> Iterator[dict[str, Any]]:
    """Everything that is wrong with ``value``, as flaws at ``pointer``; nothing when it fits."""
    rest = value
    for part in parts:
        if part.optional and not rest:
            return
        text, rest = rest[: part.most], rest[part.most :]
        if len(text) < part.least:
            yield flaw(pointer, "gs1-short", "the value is too short")
            return
        if not SETS[part.letters].fullmatch(text):
            yield flaw(pointer, "gs1-characters", f"only {part.letters} may stand here")
            return
        broken = (CHECKS[name] for name in part.checks if not CHECKS[name].holds(text))
        yield from (flaw(pointer, check.rule, check.detail) for check in broken)
    if rest:
        yield flaw(pointer, "length", "the value is too long")
