"""Runs of codes that share a fate, split and joined. Pure.

Knows first, last, state and lot; it must not know orders, keys or rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Run:
    """Counters ``first`` … ``last``, both in."""

    first: int
    last: int
    state: str
    lot_id: str | None = None

    def within(self, first: int, last: int) -> Run | None:
        """The part of it that lies in ``first`` … ``last``, if any."""
        low, high = max(self.first, first), min(self.last, last)
        return replace(self, first=low, last=high) if low <= high else None


def repaint(runs: Iterable[Run], first: int, last: int, change: Callable[[Run], Run]) -> list[Run]:
    """The same counters in order, with ``change`` done to those in ``first`` … ``last``.

    Runs are cut at both ends where needed; neighbours that end up alike become one.
    """
    pieces: list[Run] = []
    for run in sorted(runs, key=lambda run: run.first):
        before, inside, after = run.within(run.first, first - 1), run.within(first, last), run.within(last + 1, run.last)
        changed = change(inside) if inside else None
        pieces += [piece for piece in (before, changed, after) if piece]
    return _joined(pieces)


def _joined(pieces: Iterable[Run]) -> list[Run]:
    runs: list[Run] = []
    for piece in pieces:
        if runs and runs[-1].last + 1 == piece.first and (runs[-1].state, runs[-1].lot_id) == (piece.state, piece.lot_id):
            runs[-1] = replace(runs[-1], last=piece.last)
        else:
            runs.append(piece)
    return runs
