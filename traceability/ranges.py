"""Runs of codes that share a fate, split and joined. Pure.

Knows first, last, state, its reason and lot; it must not know orders, keys or rows, nor what a state means.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

Pair = tuple[int, int]
"""Counters from the first to the second, both in."""


@dataclass(frozen=True)
class Run:
    """Counters ``first`` … ``last``, both in."""

    first: int
    last: int
    state: str
    reason: str | None = None
    lot_id: str | None = None

    def within(self, first: int, last: int) -> Run | None:
        """The part of it that lies in ``first`` … ``last``, if any."""
        low, high = max(self.first, first), min(self.last, last)
        return replace(self, first=low, last=high) if low <= high else None


def repaint(runs: Iterable[Run], spans: Sequence[Pair], change: Callable[[Run], Run]) -> list[Run]:
    """The same counters in order, with ``change`` done to those inside the spans (sorted, none overlapping).

    Runs are cut where a span begins or ends; neighbours that end up alike become one.
    """
    return joined(change(piece) if inside else piece for piece, inside in _cut(runs, spans))


def inside(runs: Iterable[Run], spans: Sequence[Pair]) -> list[Run]:
    """The parts of the runs that lie in the spans (sorted, none overlapping)."""
    return [piece for piece, within in _cut(runs, spans) if within]


def joined(pieces: Iterable[Run]) -> list[Run]:
    """The pieces, in order, with neighbours that are alike made one."""
    runs: list[Run] = []
    for piece in pieces:
        if runs and replace(piece, first=runs[-1].first) == replace(runs[-1], last=piece.last) and runs[-1].last + 1 == piece.first:
            runs[-1] = replace(runs[-1], last=piece.last)
        else:
            runs.append(piece)
    return runs


def together(counters: Iterable[int]) -> list[Pair]:
    """Distinct counters as spans: each as long as the next counter is one more."""
    spans: list[Pair] = []
    for counter in sorted(counters):
        if spans and counter == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], counter)
        else:
            spans.append((counter, counter))
    return spans


def minus(spans: Sequence[Pair], holes: Sequence[Pair]) -> list[Pair]:
    """What is left of the spans without the holes (both sorted, none overlapping among themselves)."""
    runs = (Run(first, last, "") for first, last in spans)
    return [(piece.first, piece.last) for piece, inside in _cut(runs, holes) if not inside]


def meet(spans: Sequence[Pair], first: int, last: int) -> bool:
    """Whether any of ``first`` … ``last`` lies in one of the spans (sorted, none overlapping)."""
    at = bisect_left(spans, first, key=lambda span: span[1])
    return at < len(spans) and spans[at][0] <= last


def _cut(runs: Iterable[Run], spans: Sequence[Pair]) -> Iterator[tuple[Run, bool]]:
    """The runs in order, cut where a span begins or ends, and whether each piece lies in one: one walk along both."""
    at = 0
    for run in sorted(runs, key=lambda run: run.first):
        here = run.first
        while here <= run.last:
            while at < len(spans) and spans[at][1] < here:
                at += 1
            first, last = spans[at] if at < len(spans) else (run.last + 1, run.last + 1)
            within = first <= here
            end = min(run.last, last if within else first - 1)
            yield replace(run, first=here, last=end), within
            here = end + 1
