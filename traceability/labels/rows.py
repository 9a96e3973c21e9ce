"""The codes as CSV (RFC 4180), for printers that make symbols themselves.

A row differs from the next in a few letters, so rows are made by the column: a template of bytes into
which position and serials are written, a hundred thousand rows at a time. Only serials that were made
elsewhere, of any length and with any sign, go through the csv library row by row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from traceability.labels.base import Labels, Made, Note, Roll

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CODES_A_PART = 100_000


class Rows:
    """Columns position (in the order, from 1), link, gtin, serial, and inner: the link under the cap, where there is one.

    It is what a printer prints, so every cell is the code itself, also one that begins like a formula. GTIN and serial
    are text: a spreadsheet must import the columns as such, or it drops leading zeros and reckons with ``=1+1``.
    """

    media_type = "text/csv; charset=utf-8"
    suffix = "csv"
    draws = False

    def part_size(self, roll: Roll) -> int:
        return CODES_A_PART

    def part(self, roll: Roll, number: int, labels: Labels) -> tuple[bytes, Note]:
        head = b"" if number else _line("position", "link", "gtin", "serial", *(("inner",) if roll.inner_prefix else ()))
        body = b"".join(_by_column(roll, labels)) if _is_even(roll, labels) else _row_by_row(roll, labels)
        return head + body, {}

    def tail(self, roll: Roll, made: Sequence[Made]) -> bytes:
        return b""


def _is_even(roll: Roll, labels: Labels) -> bool:
    """Whether all serials have the same length and hold nothing but letters and digits, and links nothing to quote."""
    from traceability.labels import raster

    columns = [labels.serials] + ([labels.inner] if labels.inner is not None else [])
    quoted = set(roll.prefix + (roll.inner_prefix or "")) & set('",\r\n')
    return not quoted and all(raster.letters_only(column) for column in columns)


def _by_column(roll: Roll, labels: Labels) -> Iterator[bytes]:
    """Runs of rows whose positions have the same number of digits."""
    import numpy as np

    from traceability.labels import raster

    head = roll.start + labels.position
    start, end = head, head + len(labels)
    while start < end:
        digits = len(str(start))
        stop = min(end, 10**digits)
        chosen = slice(start - head, stop - head)
        numbers = np.arange(start, stop, dtype=np.int64)
        position = np.stack([numbers // 10**place % 10 + ord("0") for place in reversed(range(digits))], axis=1).astype(np.uint8)
        serials = _letters(labels.serials[chosen])
        cells = [position, _fixed(f",{roll.prefix}"), serials, _fixed(f",{roll.gtin},"), serials]
        if labels.inner is not None:
            cells += [_fixed(f",{roll.inner_prefix}"), _letters(labels.inner[chosen])]
        yield raster.joined([*cells, _fixed("\r\n")], stop - start).tobytes()
        start = stop


def _fixed(text: str) -> NDArray[np.uint8]:
    import numpy as np

    return np.frombuffer(text.encode(), dtype=np.uint8)


def _letters(serials: NDArray[np.bytes_]) -> NDArray[np.uint8]:
    import numpy as np

    return np.ascontiguousarray(serials).view(np.uint8).reshape(len(serials), -1)


def _row_by_row(roll: Roll, labels: Labels) -> bytes:
    from traceability.labels import raster

    out = io.StringIO()
    writer = csv.writer(out)
    links = raster.escaped(labels.serials).tolist()
    inner = labels.inner.tolist() if labels.inner is not None else None
    for place, (link, serial) in enumerate(zip(links, labels.serials.tolist(), strict=True)):
        more = [] if inner is None else [f"{roll.inner_prefix}{inner[place].decode()}"]
        writer.writerow((roll.start + labels.position + place, roll.prefix + link.decode(), roll.gtin, serial.decode(), *more))
    return out.getvalue().encode()


def _line(*cells: str) -> bytes:
    return ",".join(cells).encode() + b"\r\n"
