"""From modules to printer dots: symbols of a roll, enlarged, thinned against dot gain, put side by side.

Bits are packed eight to a byte, the leftmost highest, dark is 1. Pure numpy; it must not know of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from traceability.labels.base import Labels, Roll
from traceability.symbols.batch import Batch

if TYPE_CHECKING:
    from traceability.labels.layout import Sheet
    from traceability.labels.planner import Plan

Bits = NDArray[np.uint8]


def words(roll: Roll, serials: NDArray[np.bytes_]) -> NDArray[Any]:
    """The symbols of these serials: (n, modules) words, module column 0 in the highest bit.

    Serials made elsewhere may differ in length: those of one length are made together, all in the plan's version.
    """
    texts = escaped(serials)
    lengths = np.strings.str_len(texts)
    if len(texts) and (lengths == lengths[0]).all():
        return _made(roll, texts, int(lengths[0]))
    out: NDArray[Any] | None = None
    for length in sorted(set(lengths.tolist())):
        chosen = lengths == length
        rows = _made(roll, texts[chosen], length)
        out = np.empty((len(texts), rows.shape[1]), rows.dtype) if out is None else out
        out[chosen] = rows
    if out is None:
        raise ValueError("a part holds at least one code")
    return out


def escaped(serials: NDArray[np.bytes_]) -> NDArray[np.bytes_]:
    """The serials as they stand in a link: with percent signs (RFC 3986, 2.1) where one was made elsewhere and needs them."""
    flat = serials.view(np.uint8)
    if _PLAIN[flat].all():
        return serials
    return np.array([quote(serial, safe="") for serial in serials.tolist()], dtype=np.bytes_)


_PLAIN = np.zeros(256, dtype=np.bool_)
_PLAIN[np.frombuffer(b"\x00-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype=np.uint8)] = True


def _made(roll: Roll, texts: NDArray[np.bytes_], length: int) -> NDArray[Any]:
    plan = roll.drawn
    fields = np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), -1)[:, :length]
    return _batch(roll.prefix, length, plan.version, plan.level, plan.mode).rows(fields)


@lru_cache(maxsize=64)
def _batch(prefix: str, length: int, version: int, level: Any, mode: Any) -> Batch:
    return Batch(prefix, length, version=version, level=level, mode=mode)


def step(plan: Plan) -> int:
    """Pixels a module that a picture needs: one, or as many as make thinning a whole number of them."""
    return plan.dots // gcd(plan.dots, plan.thin) if plan.thin else 1


def pixels(symbols: NDArray[Any], plan: Plan, times: int) -> tuple[Bits, tuple[int, ...]]:
    """The symbols at ``times`` pixels a module: ((n, modules, kinds, bytes), repeats).

    The lines of pixels of a module come in one kind, or, where dark runs are thinned, in two, the second
    being the lower edge; ``repeats`` says how often each kind follows itself. Thinning takes from the right and the
    lower edge of a dark run: the symbol moves by half of it, a dot at most, and so is the same in every format.
    """
    modules, width = symbols.shape[1], symbols.dtype.itemsize
    thin = plan.thin * times // plan.dots
    across = _widened(symbols, times, thin, width)[:, :, : -(-modules * times // 8)]
    if not thin:
        return across[:, :, None, :], (times,)
    below = np.zeros_like(across)
    below[:, :-1] = across[:, 1:]
    return np.stack([across, across & below], axis=2), (times - thin, thin)


def _widened(symbols: NDArray[Any], times: int, thin: int, width: int) -> Bits:
    """Each module ``times`` pixels wide; the last ``thin`` pixels of a dark run are light."""
    if times == 1:
        return _bytes(symbols, width)
    if not thin:
        return _spread(_bytes(symbols, width), times, 0, times)
    inside = _bytes(symbols & (symbols << symbols.dtype.type(1)), width)
    return _spread(_bytes(symbols, width), times, 0, times - thin) | _spread(inside, times, times - thin, times)


def _bytes(symbols: NDArray[Any], width: int) -> Bits:
    return symbols.astype(symbols.dtype.newbyteorder(">")).view(np.uint8).reshape(*symbols.shape, width)


def _spread(packed: Bits, times: int, start: int, stop: int) -> Bits:
    """Every bit of the last axis as ``times`` bits, of which only ``start`` … ``stop`` - 1 may be 1."""
    return np.take(_table(times, start, stop), packed, axis=0).reshape(*packed.shape[:-1], packed.shape[-1] * times)


@lru_cache(maxsize=64)
def _table(times: int, start: int, stop: int) -> Bits:
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    wide = np.zeros((256, 8, times), dtype=np.uint8)
    wide[:, :, start:stop] = bits[:, :, None]
    return np.packbits(wide.reshape(256, 8 * times), axis=1)


def side_by_side(cells: Bits, *, pitch: int, lead: int, width: int) -> Bits:
    """(rows of cells, columns, lines, bytes) put next to each other: (rows of cells, lines, bytes) of ``width`` pixels.

    Column c begins at pixel ``lead + c * pitch``; what is between is light.
    """
    rows, columns, lines, many = cells.shape
    out = np.zeros((rows, lines, width // 8 + many + 2), dtype=np.uint8)
    for column in range(columns):
        at, shift = divmod(lead + column * pitch, 8)
        cell = cells[:, column]
        out[:, :, at : at + many] |= cell >> shift
        if shift:
            out[:, :, at + 1 : at + many + 1] |= cell << (8 - shift)
    return out[:, :, : -(-width // 8)]


def lines(symbols: NDArray[Any], plan: Plan, times: int) -> Bits:
    """The symbols at ``times`` pixels a module, every line of pixels: (n, modules * times, bytes)."""
    drawn, repeats = pixels(symbols, plan, times)
    every = np.repeat(drawn, repeats, axis=2)
    return every.reshape(len(symbols), -1, drawn.shape[-1])


def letters_only(serials: NDArray[np.bytes_]) -> bool:
    """Whether every serial fills its field with capital letters and digits."""
    return bool(_LETTERS[np.ascontiguousarray(serials).view(np.uint8)].all())


_LETTERS = np.zeros(256, dtype=np.bool_)
_LETTERS[np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)] = True


def joined(cells: Sequence[Bits], rows: int) -> Bits:
    """Fixed texts (characters,) and columns (rows, characters) side by side: (rows, characters of all)."""
    out = np.empty((rows, sum(cell.shape[-1] for cell in cells)), dtype=np.uint8)
    at = 0
    for cell in cells:
        out[:, at : at + cell.shape[-1]] = cell
        at += cell.shape[-1]
    return out


def columns(roll: Roll, part: Labels) -> Bits:
    """The serials as (n, roll.longest) letters, padded with blanks."""
    letters = np.ascontiguousarray(part.serials).view(np.uint8).reshape(len(part), -1)[:, : roll.longest]
    out = np.full((len(part), roll.longest), 32, dtype=np.uint8)
    out[:, : letters.shape[1]] = np.where(letters == 0, np.uint8(32), letters)
    return out


def hexadecimal(data: Bits) -> Bits:
    """Two upper-case digits for each byte of the last axis."""
    return np.take(_DIGITS, data, axis=0).reshape(*data.shape[:-1], 2 * data.shape[-1])


_DIGITS = np.frombuffer(bytes(range(256)).hex().upper().encode(), dtype=np.uint8).reshape(256, 2)


def page(symbols: NDArray[Any], cells: Sheet, times: int) -> Bits:
    """One page's grid of cells at ``times`` pixels a module: (rows of pixels, bytes). Cells without a symbol are light."""
    plan = cells.plan
    drawn, repeats = pixels(symbols, plan, times)
    rows, modules, kinds, many = -(-len(symbols) // cells.columns), drawn.shape[1], drawn.shape[2], drawn.shape[3]
    if len(symbols) < rows * cells.columns:
        drawn = np.concatenate([drawn, np.zeros((rows * cells.columns - len(symbols), *drawn.shape[1:]), np.uint8)])
    grid = drawn.reshape(rows, cells.columns, modules * kinds, many)
    width = cells.columns * cells.across * times
    lines = side_by_side(grid, pitch=cells.across * times, lead=plan.quiet * times, width=width)
    out = np.zeros((cells.rows, cells.down, times, lines.shape[-1]), dtype=np.uint8)
    framed = out[:rows, plan.quiet : plan.quiet + modules]
    at = 0
    for kind, repeat in enumerate(repeats):
        framed[:, :, at : at + repeat] = lines.reshape(rows, modules, kinds, -1)[:, :, kind, None]
        at += repeat
    return out.reshape(cells.rows * cells.down * times, -1)


def whole_page(symbols: NDArray[Any], cells: Sheet) -> Bits:
    """A page with margins and cut marks at one pixel a dot: (height, bytes a line)."""
    plan = cells.plan
    grid = page(symbols, cells, plan.dots)
    shift, at = cells.left % 8, cells.left // 8
    out = np.zeros((cells.height, max(-(-cells.width // 8), at + grid.shape[1] + 1)), dtype=np.uint8)
    inside = out[cells.top : cells.top + len(grid)]
    inside[:, at : at + grid.shape[1]] |= grid >> shift
    if shift:
        inside[:, at + 1 : at + 1 + grid.shape[1]] |= grid << (8 - shift)
    for x0, y0, x1, y1 in cells.marks():
        for x in range(x0 if x0 <= x1 else x1, max(x0, x1) + 1):
            out[min(y0, y1) : max(y0, y1) + 1, x // 8] |= 0x80 >> x % 8
    return out[:, : -(-cells.width // 8)]
