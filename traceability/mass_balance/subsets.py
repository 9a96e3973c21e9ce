"""The smallest set of numbers that is enough, and among the smallest the one that comes closest: exact, and bounded in work."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True)
class Chosen:
    """``places`` in the given sequence, rising. ``proven`` is False when the work ran out before every closer set could be ruled out."""

    places: tuple[int, ...]
    proven: bool


def smallest(values: Sequence[int], least: int, target: int, *, most: int, work: int) -> Chosen | None:
    """The fewest of ``values`` whose sum is ``least`` or more, closest to ``target`` among the sets of that size.

    ``values`` fall and are above zero; ``least`` is not above ``target``. None when the ``most`` largest are not enough. A draw
    goes to the set found first from the largest down. ``work`` bounds the numbers looked at; the size is right in any case.
    """
    if least <= 0:
        return Chosen((), True)
    sums = [0, *accumulate(values)]
    size = bisect_left(sums, least)
    if size > min(most, len(values)):
        return None
    search = _Search(values, sums, least, target, work)
    search.keep(sums[size], tuple(range(size)))
    search.walk(0, size, 0, ())
    return Chosen(search.best, search.off == 0 or search.work >= 0)


class _Search:
    """Branch and bound over the places from left to right; the largest left and the smallest right bound every sum."""

    def __init__(self, values: Sequence[int], sums: list[int], least: int, target: int, work: int) -> None:
        self.values, self.sums, self.least, self.target, self.work = values, sums, least, target, work
        self.falling = [-value for value in values]
        self.best: tuple[int, ...] = ()
        self.off: int | None = None

    def walk(self, start: int, size: int, total: int, taken: tuple[int, ...]) -> None:
        """Take ``size`` more from ``start`` on."""
        if size == 1:
            self._last(start, total, taken)
            return
        end = len(self.values)
        for place in range(start, end - size + 1):
            if self.off == 0 or self.work < 0:
                return
            highest = total + self.sums[place + size] - self.sums[place]
            if highest < self.least or (highest <= self.target and not self._closer(highest)):
                return  # every later set is smaller still
            if highest <= self.target:
                self.keep(highest, (*taken, *range(place, place + size)))
                return
            if place > start and self.values[place] == self.values[place - 1]:
                continue
            self.work -= 1
            lowest = total + self.values[place] + self.sums[end] - self.sums[end - size + 1]
            if lowest < self.target or self._closer(lowest):
                self.walk(place + 1, size - 1, total + self.values[place], (*taken, place))

    def _last(self, start: int, total: int, taken: tuple[int, ...]) -> None:
        """The one that comes closest is beside the place where the missing number would stand."""
        self.work -= 1
        missing = self.target - total
        after = bisect_left(self.falling, -missing, lo=start)
        for place in (after - 1, after):
            if start <= place < len(self.values) and total + self.values[place] >= self.least:
                first = bisect_left(self.falling, self.falling[place], lo=start)
                self.keep(total + self.values[first], (*taken, first))

    def keep(self, total: int, places: tuple[int, ...]) -> None:
        if self._closer(total):
            self.off, self.best = abs(total - self.target), places

    def _closer(self, total: int) -> bool:
        return self.off is None or abs(total - self.target) < self.off
