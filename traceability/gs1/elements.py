"""Element strings as a value: which application identifier says what, in order, and valid together. Pure.

An ``Elements`` that exists is right: every value fits its identifier, nothing is said in two
ways, and what needs or excludes another is satisfied within it. How it is written down is the
matter of ``strings``, ``uri`` and ``urn``.

Source: GS1 General Specifications 3 (values), 4.13 (invalid and mandatory associations).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kernel.errors import flaw
from traceability.gs1.identifiers import Identifier
from traceability.gs1.keys import NotGS1
from traceability.gs1.parts import flaws_of
from traceability.gs1.table import AIS

LONGEST: Final = 8000
"""Characters of a text that is still looked at: more than any carrier of GS1 holds."""


@dataclass(frozen=True)
class Elements:
    """``pairs`` of (application identifier, value), at least one, in the order of the carrier. Raises NotGS1."""

    pairs: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        flaws = [*_values(self.pairs)] or [*_associations(self.pairs)]
        if not self.pairs:
            flaws = [flaw("/elements", "empty", "there is no element string")]
        if flaws:
            raise NotGS1(errors=flaws)

    def get(self, ai: str) -> str | None:
        """The value of ``ai``, or None."""
        return next((value for known, value in self.pairs if known == ai), None)


def _values(pairs: tuple[tuple[str, str], ...]) -> Iterator[dict[str, Any]]:
    for ai, value in pairs:
        identifier = AIS.get(ai)
        if identifier is None:
            yield flaw(f"/{ai}", "gs1-ai", f"({ai}) is no application identifier")
        else:
            yield from flaws_of(f"/{ai}", identifier.parts, value)


def _associations(pairs: tuple[tuple[str, str], ...]) -> Iterator[dict[str, Any]]:
    said: dict[str, str] = {}
    for ai, value in pairs:
        if said.setdefault(ai, value) != value:
            yield flaw(f"/{ai}", "gs1-differs", f"({ai}) is given with two values")
    for ai in said:
        yield from _company(AIS[ai], [other for other in said if other != ai])


def _company(identifier: Identifier, others: list[str]) -> Iterator[dict[str, Any]]:
    """What is wrong with ``identifier`` standing among ``others``."""
    ai = identifier.ai
    for other in (other for name in identifier.apart for other in _named(name, others)):
        yield flaw(f"/{ai}", "gs1-apart", f"({ai}) cannot stand together with ({other})", other=other)
    if identifier.needs and not any(all(_named(name, others) for name in choice) for choice in identifier.needs):
        needs = " / ".join("+".join(choice) for choice in identifier.needs)
        yield flaw(f"/{ai}", "gs1-needs", f"({ai}) also needs {needs}", needs=needs)


def _named(name: str, others: list[str]) -> list[str]:
    """Those of ``others`` that ``name`` means; ``n`` at its end is any digit."""
    if "n" not in name:
        return [name] if name in others else []
    stem = name.rstrip("n")
    return [other for other in others if len(other) == len(name) and other.startswith(stem)]
