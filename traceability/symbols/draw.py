"""A picture of one symbol: SVG, PNG, EPS, or a terminal's characters.

The writers are segno's, which only need a matrix. The one room that knows this library.
"""

from __future__ import annotations

import io
from typing import Any, Final

from segno import writers

from traceability.symbols.single import Symbol
from traceability.symbols.standard import QUIET

_WRITERS: Final[Any] = writers  # its stubs leave out what we call
KINDS: Final = ("svg", "png", "eps")


def picture(symbol: Symbol, kind: str, *, scale: float = 1, quiet: int = QUIET) -> bytes:
    """A file of ``kind``: ``scale`` pixels (PNG) or points (SVG, EPS) a module, ``quiet`` light modules around."""
    if kind not in KINDS:
        raise ValueError(f"{', '.join(KINDS)} are drawn, not {kind}")
    return _written(symbol, kind, scale=scale, border=quiet)


def svg(symbol: Symbol, *, quiet: int = QUIET) -> str:
    """For a page, inline: colours and size are the page's, by CSS."""
    return _written(symbol, "svg", border=quiet, xmldecl=False, svgns=True, omitsize=True, nl=False).decode()


def terminal(symbol: Symbol) -> str:
    """Two rows of modules a line. The light ones are painted, as a terminal's ground is dark."""
    out = io.StringIO()
    _WRITERS.write_terminal_compact(symbol.matrix, _size(symbol), out, border=QUIET)
    return out.getvalue()


def _written(symbol: Symbol, kind: str, **options: Any) -> bytes:
    if kind == "eps":  # the one writer that wants text
        lines = io.StringIO()
        _WRITERS.save(symbol.matrix, _size(symbol), lines, kind=kind, **options)
        return lines.getvalue().encode()
    out = io.BytesIO()
    _WRITERS.save(symbol.matrix, _size(symbol), out, kind=kind, **options)
    return out.getvalue()


def _size(symbol: Symbol) -> tuple[int, int]:
    return len(symbol.matrix), len(symbol.matrix)
