"""Which mask: the penalty of thousands of symbols under all eight, in machine words.

The penalty (ISO/IEC 18004:2015, 7.8.3.1, Table 11) counts, over rows and columns, runs of five and
more (N1), over the symbol 2 x 2 blocks (N2), over rows and columns finder-like patterns beside
four light modules (N3), and how far the share of dark modules is from a half (N4).

Each row and each column is a lane of a 64-bit word; up to version 3 a word holds two, with at
least six light modules between them. Which neighbours are alike (``alike``) is affine over GF(2),
so under a mask it is the unmasked one XOR a constant, and the rest is shifts, ANDs and bit counts
on planes: word k of every symbol, side by side. Column 0 is the most significant bit, so a shift
to the left asks the next column, and what lies outside is light, as the rules have it.

Two sets of rules. ``iso`` scores the complete symbol, takes a pattern at every scale, wants it bounded
by light on both sides, and counts it for each side that has its light area. ``segno`` repeats
segno 1.6.6: format information and dark module still light, one scale, a pattern counts once, and one
that overlaps a counted one not at all. Ties go to the lowest mask.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from traceability.symbols import matrix, standard
from traceability.symbols.standard import Level, Padding

Planes = NDArray[np.uint64]
AT_ONCE: Final = 512
"""Symbols a turn: so few that all planes in use stay in a core's second-level cache."""
N1, N2, N3, N4 = 3, 3, 40, 10
_ONE, _TWO, _THREE, _FOUR, _SIX, _SEVEN, _EIGHT, _TEN = (np.uint64(n) for n in (1, 2, 3, 4, 6, 7, 8, 10))


class Lanes:
    """How the columns and rows of a size lie in words: ``half`` words of columns, then as many of rows."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.double = 2 * size + 6 <= 64
        self.half = (size + 1) // 2 if self.double else size
        self.between = np.uint64(63 - size)
        """Bits from a lane to the one beside it; one spare bit stays below, for what a shift brings past the edge."""

    def pack(self, modules: NDArray[np.uint8]) -> Planes:
        """(size, size) modules to (2 · half,) words."""
        return np.concatenate([self._lines(modules.T), self._lines(modules)])

    def columns(self, first: int, last: int) -> Planes:
        """Columns ``first`` … ``last`` of every lane: (2 · half, 1) words."""
        modules = np.zeros((self.size, self.size), dtype=np.uint8)
        modules[:, first : last + 1] = 1
        return np.tile(self._lines(modules), 2)[:, None]

    def sums(self, line: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A number for each row, and the same for each column, added up by word: (2 · half, 1)."""
        words = line[: self.half].copy()
        words[: self.size - self.half] += line[self.half :]
        return np.tile(words, 2)[:, None]

    def _lines(self, modules: NDArray[np.uint8]) -> Planes:
        bits = _ONE << np.arange(63, 63 - self.size, -1, dtype=np.uint64)
        lines: Planes = modules.astype(np.uint64) @ bits
        if self.double:
            words = lines[: self.half].copy()
            words[: self.size - self.half] |= lines[self.half :] >> self.between
            return words
        return lines


class Scorer:
    """Finds the best mask of symbols of one version and level."""

    def __init__(self, version: int, level: Level, *, rules: Padding) -> None:
        size = standard.size(version)
        self.rules = rules
        self.lanes = lanes = Lanes(size)
        self._pairs = lanes.columns(0, size - 2)
        self._starts = lanes.columns(0, size - 7)
        self._seam = lanes.between
        self._blocks = self._of_rows(lanes.pack(np.ones((size, size), dtype=np.uint8))[:, None] & self._pairs, np.bitwise_and)
        shades = [matrix.mask(version, mask) for mask in range(matrix.MASKS)]
        if rules == "iso":
            shades = [shade ^ matrix.information(version, level, mask) for mask, shade in enumerate(shades)]
        self._shades = [lanes.pack(shade)[:, None] for shade in shades]
        self._unlike = [self._with_seam((shade ^ shade << _ONE) & self._pairs) for shade in self._shades]
        self._ends = [shade << _SIX & self._starts for shade in self._shades]
        self._above = [self._of_rows(shade, np.bitwise_xor) & self._blocks for shade in self._shades]
        self._balance = _balance(size, rules)
        finders = np.zeros(size, dtype=np.uint8)
        finders[2:5], finders[size - 5 : size - 2] = 2, 1
        self._always = np.maximum(lanes.sums(finders), 1)
        """Patterns that the finders themselves put into each word, and one more that overlaps nothing."""

    def best(self, words: Planes) -> NDArray[np.uint8]:
        """(n, 2 · half) words of unmasked symbols to n masks."""
        best = np.empty(len(words), dtype=np.uint8)
        for start, scores in self._turns(words):
            part = words[start : start + AT_ONCE]
            chosen = scores.argmin(axis=0)
            if self.rules == "iso":  # larger patterns are rare and only add: they matter where the best symbol has one
                doubtful = np.flatnonzero(self._larger(part, chosen))
                if len(doubtful):
                    scores = scores[:, doubtful] + self._all_larger(part[doubtful])
                    chosen[doubtful] = scores.argmin(axis=0)
            best[start : start + AT_ONCE] = chosen
        return best

    def scores(self, words: Planes) -> NDArray[np.uint16]:
        """(n, 2 · half) words of unmasked symbols to (8, n) penalties."""
        scores = np.concatenate([scores for _, scores in self._turns(words)], axis=1)
        return scores + self._all_larger(words) if self.rules == "iso" else scores

    def _all_larger(self, words: Planes) -> NDArray[np.uint16]:
        return np.stack([self._larger(words, np.full(len(words), mask)) for mask in range(matrix.MASKS)])

    def _larger(self, words: Planes, masks: NDArray[np.intp]) -> NDArray[np.uint16]:
        """What finder-like patterns of scale two and more add under these masks."""
        dark = words ^ np.stack(self._shades)[:, :, 0][masks]
        return N3 * _scaled(dark, self.lanes)

    def _turns(self, words: Planes) -> Iterator[tuple[int, NDArray[np.uint16]]]:
        """AT_ONCE symbols after the other: where they begin, and their penalties without those of larger patterns."""
        room = None
        for start in range(0, len(words), AT_ONCE):
            part = words[start : start + AT_ONCE]
            if room is None or room.many != len(part):
                room = _Planes(self.lanes.half, len(part))
            yield start, self._scores(part, room)

    def _scores(self, words: Planes, at: _Planes) -> NDArray[np.uint16]:
        at.plain[:] = words.T
        np.left_shift(at.plain, _ONE, out=at.one)
        np.bitwise_xor(at.plain, at.one, out=at.one)
        np.invert(at.one, out=at.one)
        np.bitwise_and(at.one, self._pairs, out=at.alike0[:-1])
        np.left_shift(at.alike0[self.lanes.half], self._seam if self.lanes.double else _ONE, out=at.alike0[-1])
        np.left_shift(at.plain, _SIX, out=at.ends0)
        np.bitwise_and(at.ends0, self._starts, out=at.ends0)
        np.bitwise_and(~self._of_rows(at.plain, np.bitwise_xor), self._blocks, out=at.above0)
        return np.stack([self._score(at, mask) for mask in range(matrix.MASKS)])

    def _score(self, at: _Planes, mask: int) -> NDArray[np.uint16]:
        half = self.lanes.half
        one, two, light = at.one, at.two, at.light
        np.bitwise_xor(at.alike0, self._unlike[mask], out=at.alike)
        alike = at.alike[:-1]
        # N2 first, while ``alike`` still has its seam.
        np.bitwise_and(at.alike[half:-1], at.alike[half + 1 :], out=one[:half])
        np.bitwise_xor(at.above0, self._above[mask], out=two[:half])
        np.bitwise_and(one[:half], two[:half], out=one[:half])
        score = N2 * at.count(one[:half])
        np.left_shift(alike, _ONE, out=one)
        np.bitwise_and(alike, one, out=two)  # three alike begin here
        np.bitwise_or(alike, one, out=at.alike[:-1])  # not twice unlike
        np.left_shift(two, _TWO, out=one)
        np.bitwise_and(two, one, out=two)  # five alike begin here
        score += N1 * at.count(two)
        np.bitwise_xor(at.ends0, self._ends[mask], out=at.found)
        np.bitwise_and(at.found, one, out=at.found)  # three alike two on, dark six on
        np.left_shift(two, _ONE, out=one)
        np.bitwise_and(two, one, out=two)
        score -= 2 * at.count(two)
        np.left_shift(alike, _FOUR, out=one)
        np.bitwise_or(alike, one, out=one)
        np.bitwise_and(at.found, one, out=one)
        np.bitwise_xor(at.found, one, out=at.found)  # dark, light, three dark, light, dark begins here
        np.bitwise_xor(at.plain, self._shades[mask], out=alike)
        score += self._balance[at.count(alike[half:])]
        np.right_shift(alike, _ONE, out=one)
        np.bitwise_or(alike, one, out=two)
        np.right_shift(two, _ONE, out=light)
        np.right_shift(two, _THREE, out=one)
        np.bitwise_or(light, one, out=light)  # some of the four before are dark
        np.left_shift(two, _EIGHT, out=one)
        np.left_shift(two, _TEN, out=two)
        np.bitwise_or(one, two, out=one)  # some of the four after are dark
        if self.rules == "segno":
            score += N3 * self._once(at, one, light)
        else:
            score += N3 * self._each_side(at, alike, one, light)
        return score

    def _once(self, at: _Planes, after: Planes, before: Planes) -> NDArray[np.uint16]:
        np.bitwise_and(after, before, out=after)
        np.bitwise_and(at.found, after, out=after)
        np.bitwise_xor(at.found, after, out=at.found)
        counts = np.bitwise_count(at.found, out=at.counts)
        total: NDArray[np.uint16] = counts.sum(axis=0, dtype=np.uint16)
        several = np.flatnonzero(counts > self._always)
        if len(several):
            found = at.found.reshape(-1)[several]
            over = np.bitwise_count(found & (found >> _FOUR | found >> _SIX))
            for place in np.flatnonzero(over):
                total[several[place] % at.many] -= over[place]
        return total

    def _each_side(self, at: _Planes, dark: Planes, after: Planes, before: Planes) -> NDArray[np.uint16]:
        found, free = at.found, at.two
        np.right_shift(dark, _ONE, out=free)
        np.bitwise_or(after, free, out=after)
        np.left_shift(dark, _SEVEN, out=free)
        np.bitwise_or(before, free, out=before)
        total: NDArray[np.uint16] = at.count(found & ~after) + at.count(found & ~before)
        return total

    def _with_seam(self, planes: Planes) -> Planes:
        """One plane more: the first row of the second half beside the last of the first, for blocks across."""
        seam = planes[self.lanes.half] << (self._seam if self.lanes.double else _ONE)
        return np.concatenate([planes, seam[None]])

    def _of_rows(self, planes: Planes, join: np.ufunc) -> Planes:
        """Each row joined with the one below it; the words of rows only."""
        rows = planes[self.lanes.half :]
        seam = rows[:1] << self._seam if self.lanes.double else np.zeros_like(rows[:1])
        joined: Planes = join(rows, np.concatenate([rows[1:], seam]))
        return joined


class _Planes:
    """Room for one turn, taken once."""

    def __init__(self, half: int, many: int) -> None:
        self.many = many
        self.plain, self.one, self.two, self.light, self.found, self.ends0 = np.empty((6, 2 * half, many), dtype=np.uint64)
        self.alike0, self.alike = np.empty((2, 2 * half + 1, many), dtype=np.uint64)
        self.above0 = np.empty((half, many), dtype=np.uint64)
        self.counts = np.empty((2 * half, many), dtype=np.uint8)

    def count(self, planes: Planes) -> NDArray[np.uint16]:
        """Set bits of each symbol."""
        counts = np.bitwise_count(planes, out=self.counts[: len(planes)])
        total: NDArray[np.uint16] = counts.sum(axis=0, dtype=np.uint16)
        return total


def _scaled(words: Planes, lanes: Lanes) -> NDArray[np.uint16]:
    """(n, k) words to the number of finder-like patterns of scale two and more in each of n symbols,
    one for each side that has its light area."""
    two = words & words << _ONE
    six = two & two << _TWO & two << _FOUR
    symbols, places = np.nonzero(six & ~(words >> _ONE | words >> _TWO))
    total = np.zeros(len(words), dtype=np.uint16)
    found = words[symbols, places]
    if lanes.double:
        upper = ~np.uint64((1 << (64 - lanes.size)) - 1)
        found, symbols = np.concatenate([found & upper, found << lanes.between]), np.tile(symbols, 2)
    for scale in range(2, lanes.size // 7 + 1):
        places, counts = _patterns(found, scale)
        np.add.at(total, symbols[places], counts.astype(np.uint16))
    return total


def _patterns(dark: Planes, scale: int) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Which lone lanes hold patterns of one scale, and how many of their sides count."""

    def some(many: int, *, of: Planes) -> Planes:
        """Where one of so many columns from here on is set; the shifts are in all less than a word."""
        here = of
        reach = 1
        while reach < many:
            step = min(reach, many - reach)
            here = here | here << np.uint64(step)
            reach += step
        return here

    def ahead(planes: Planes, runs: int) -> Planes:
        return planes << np.uint64(runs * scale)

    six = some(3 * scale, of=~dark)
    found = ~(six << np.uint64(2 * scale) | dark << np.uint64(scale) | dark >> _ONE)
    places = np.flatnonzero(found)
    dark = dark[places]
    edge, heart, light = ~some(scale, of=~dark), ~some(3 * scale, of=~dark), some(scale, of=dark)
    pattern = edge & ~ahead(light, 1) & ahead(heart, 2) & ~ahead(light, 5) & ahead(edge, 6)
    near = far = dark >> _ONE
    for step in range(2, 4 * scale + 1):
        far = far | dark >> np.uint64(step)
        if step == scale:
            near = far
    after, far_after = ahead(light, 7), ahead(some(4 * scale, of=dark), 7)
    return places, np.bitwise_count(pattern & ~after & ~far) + np.bitwise_count(pattern & ~near & ~far_after)


def _balance(size: int, rules: Padding) -> NDArray[np.uint16]:
    """N4 by the number of dark modules."""
    total = size * size
    if rules == "segno":  # its own floating point expression, so that a share on a border falls on the same side
        return np.array([N4 * int(abs(float(dark) / total * 100 - 50) / 5) for dark in range(total + 1)], dtype=np.uint16)
    return np.array([N4 * max(-(-abs(dark * 20 - total * 10) // total) - 1, 0) for dark in range(total + 1)], dtype=np.uint16)
