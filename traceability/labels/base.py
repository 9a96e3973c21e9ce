"""What every kind of label file takes and gives.

A file is its parts, one after the other. A format makes any part from the roll, the part's
number and its codes alone, and the tail from what it noted of the parts; so a file of
millions takes the memory of one part, and a worker that dies begins again at the part it was at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from traceability.labels.planner import Plan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Note = dict[str, Any]
"""Plain JSON."""


@dataclass(frozen=True)
class Roll:
    """What all labels of a file share.

    ``prefix`` + serial is the link. ``human`` are the lines beside the symbol (GS1 General Specifications,
    4.14); the serial follows the last. ``inner_prefix`` is set when each label has a partner under the
    cap. ``start`` is how many codes of the order come before the file's.
    ``plan`` is None for a format that draws nothing.
    """

    count: int
    gtin: str
    prefix: str
    human: tuple[str, ...]
    start: int = 0
    inner_prefix: str | None = None
    plan: Plan | None = None

    @property
    def drawn(self) -> Plan:
        """The plan, for those formats that cannot do without."""
        if self.plan is None:
            raise ValueError("this format draws symbols and needs a plan")
        return self.plan

    @property
    def longest(self) -> int:
        """Characters of the longest serial as it stands in a link; no serial is longer."""
        return self.drawn.text_length - len(self.prefix)

    def lines(self, serial: str) -> list[str]:
        """What people read beside one symbol."""
        return [*self.human[:-1], self.human[-1] + serial]


@dataclass(frozen=True)
class Labels:
    """The codes of one part: ``serials`` (n,) of ASCII bytes, zero padded; ``position`` of the first, from 1."""

    position: int
    serials: NDArray[np.bytes_]
    inner: NDArray[np.bytes_] | None = None

    def __len__(self) -> int:
        return len(self.serials)

    def page(self, start: int, most: int) -> Labels:
        """From place ``start`` of the part on, ``most`` codes at most."""
        end = start + most
        return Labels(self.position + start, self.serials[start:end], None if self.inner is None else self.inner[start:end])


@dataclass(frozen=True)
class Made:
    """A part that was made: its size in bytes, and what the tail has to know of it."""

    size: int
    note: Note


class Format(Protocol):
    """One kind of file. The same roll and codes always give the same bytes."""

    @property
    def media_type(self) -> str: ...

    @property
    def suffix(self) -> str:
        """Of the file's name, without a dot."""
        ...

    @property
    def draws(self) -> bool:
        """Whether it draws symbols and so needs a plan."""
        ...

    def part_size(self, roll: Roll) -> int:
        """How many codes each part holds; the last may hold fewer. Raises Invalid when the plan cannot be kept."""
        ...

    def part(self, roll: Roll, number: int, labels: Labels) -> tuple[bytes, Note]:
        """Part ``number`` (from 0) and what ``tail`` must know of it."""
        ...

    def tail(self, roll: Roll, made: Sequence[Made]) -> bytes:
        """What follows the last part; ``made`` are all parts in order, at least one."""
        ...
