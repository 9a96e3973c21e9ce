"""What is known of an application identifier. Pure.

Sources: GS1 General Specifications 3.2 (formats), 4.13 (associations), 7.8.5 (lengths known
beforehand); GS1 Digital Link URI Syntax 1.4, 4.3 and 4.8 (keys, qualifiers, attributes).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from traceability.gs1.parts import Part

_MEASURED: Final = "00 01 02 03 04 11 12 13 14 15 16 17 18 19 20 31 32 33 34 35 36 41"
MEASURED: Final = frozenset(_MEASURED.split())


@dataclass(frozen=True, slots=True)
class Identifier:
    """One application identifier.

    ``needs``: choices, one of which must be there in full. ``apart``: what must not be there. In
    both, ``n`` at the end stands for any digit. ``path``: None for what is no key of a Digital
    Link, else the orders in which its qualifiers may follow it. ``query``: may stand behind the
    question mark.
    """

    ai: str
    title: str
    parts: tuple[Part, ...]
    needs: tuple[tuple[str, ...], ...]
    apart: tuple[str, ...]
    path: tuple[tuple[str, ...], ...] | None
    query: bool

    @property
    def measured(self) -> bool:
        """Its length is known by its first two digits, so that no FNC1 need follow (General Specifications 7.8.5)."""
        return self.ai[:2] in MEASURED


def ai(
    number: str,
    title: str,
    *parts: Part,
    needs: str = "",
    apart: str = "",
    path: tuple[tuple[str, ...], ...] | None = None,
    query: bool = True,
) -> Identifier:
    """One row of the table: ``needs`` and ``apart`` parted by blanks, what is needed together joined by ``+``."""
    choices = tuple(tuple(choice.split("+")) for choice in needs.split())
    return Identifier(number, title, parts, choices, tuple(apart.split()), path, query)


def each(stem: str, count: int, title: str, *parts: Part, needs: str, apart: str) -> Iterator[Identifier]:
    """``stem`` with a last digit, which tells the decimals: the same but for that."""
    for decimals in range(count):
        yield ai(f"{stem}{decimals}", title, *parts, needs=needs, apart=apart)
