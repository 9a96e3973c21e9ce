"""QR codes (ISO/IEC 18004:2015). The one room that knows the library which makes them.

On labels the mask is fixed instead of chosen for each symbol: choosing it is 80 % of the
work and decides nothing about reading (no decoder differed beyond chance). Mask 3 has the
lowest mean penalty for links of our form. Level M is fixed, and the version is the caller's, so
that all symbols of a sheet have one size.
"""

from __future__ import annotations

import io
from typing import Any

import segno
from segno import encoder

MASK = 3
LEVEL = "M"
QUIET = 4
"""Light modules around a symbol (7.3.8)."""


def _fill_codeword(bits: Any, _version: int, length: int) -> None:
    """Zero bits up to the codeword boundary (7.4.10), and none where the stream ends on one.

    There segno 1.6.6 adds a whole zero codeword (its issues 123 and 148), and some readers refuse
    the symbol. We never make Micro symbols, the only ones for which the rule differs.
    """
    bits.extend([0] * (-length % 8))


encoder.write_padding_bits = _fill_codeword


def version(text: str) -> int:
    """The smallest version (1 … 40) that holds ``text`` at level M."""
    return int(_make(text).version)


def modules(text: str, version: int) -> tuple[bytes, ...]:
    """The symbol without quiet zone: one row of bytes per row of modules, 1 is dark."""
    return tuple(bytes(row) for row in _make(text, version=version).matrix)


def svg(text: str) -> str:
    """For a page, inline: colours and size are the page's, by CSS."""
    out = io.BytesIO()
    _make(text).save(out, kind="svg", border=QUIET, xmldecl=False, svgns=True, omitsize=True, nl=False)
    return out.getvalue().decode()


def png(text: str, scale: int = 8) -> bytes:
    """``scale`` pixels a module, black on white."""
    out = io.BytesIO()
    _make(text).save(out, kind="png", border=QUIET, scale=scale)
    return out.getvalue()


def terminal(text: str) -> str:
    """Two rows of modules a line. The light ones are painted, as a terminal's ground is dark."""
    out = io.StringIO()
    _make(text).terminal(out, border=QUIET, compact=True)
    return out.getvalue()


def _make(text: str, version: int | None = None) -> Any:
    return segno.make(text, error=LEVEL, version=version, mask=MASK, boost_error=False, micro=False)
