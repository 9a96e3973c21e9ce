"""Does a document show what was signed? The signed revision and the whole file, drawn and compared as pixels.

Runs in the limited child. Shadow attacks (hide, replace, hide and replace) leave every byte that was
signed as it was and change what is shown; some of them also fool the comparison of objects
(pdf-insecurity.org). Two drawings of the same content by the same hand are equal to the pixel.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pypdfium2 as pdfium

from suppliers.reading.documents import linearised_length
from suppliers.reading.pages import Book, Picture
from suppliers.reading.stopwatch import time_left

SIDE: Final = 1200
"""Pixels of the long side: a comma of 8 point still has six of them."""
TOLERANCE: Final = 12
"""Levels of grey that may differ."""
MOST_PAGES: Final = 40
MOST_SIDES: Final = 4
"""Revisions that are compared with the whole file."""
_END: Final = re.compile(rb"startxref\s+\d+\s+%%EOF[ \t]*(?:\r\n|\r|\n)?")


def changed(
    content: bytes, now: Book, signed_until: Sequence[int | None], count: int, *, alike: dict[int, bool] | None = None
) -> list[dict[str, Any]] | None:
    """{page, share, box} of each page that looks different from any signed revision (``signed_until``: the ends of
    the bytes that each signature covers), or, unsigned, from the first of ``count`` revisions.

    [] when all was compared and is equal, or nothing came after; None when it could not all be compared and
    no difference was found. ``alike`` takes in, by the end of each revision that could be compared, whether it looks the same.
    """
    ends = _ends(content, signed_until, count)
    alike = {} if alike is None else alike
    alike |= {end: True for end in signed_until if end is not None and end not in ends}
    found: dict[int, dict[str, Any]] = {}
    complete = len(ends) <= MOST_SIDES and None not in signed_until
    for end in ends[:MOST_SIDES]:
        own: dict[int, dict[str, Any]] = {}
        try:
            with Book(content[:end]) as before:
                whole = _compare(before, now, own)
        except pdfium.PdfiumError:
            whole = False
        complete &= whole
        if whole or own:
            alike[end] = not own
        found |= {page: each for page, each in own.items() if each["share"] > found.get(page, {"share": 0})["share"]}
    if found:
        return [found[page] for page in sorted(found)]
    return [] if complete else None


def _ends(content: bytes, signed_until: Sequence[int | None], count: int) -> list[int]:
    if signed_until:
        return sorted({end for end in signed_until if end is not None and content[end:].strip(b"\0\t\n\f\r ")})
    if count < 2:
        return []
    whole = linearised_length(content)
    if whole is not None and whole < len(content):
        return [whole]
    first = _END.search(content)
    return [first.end()] if first else []


def _compare(before: Book, now: Book, found: dict[int, dict[str, Any]]) -> bool:
    """True when every page of both was compared; what differs on each page goes into ``found``."""
    pages = max(len(before), len(now))
    for number in range(1, min(pages, MOST_PAGES) + 1):
        if not time_left():
            return False
        if number > min(len(before), len(now)):
            found[number] = {"page": number, "share": 1.0, "box": [0.0, 0.0, 1.0, 1.0]}
            continue
        difference = _difference(before.drawn(number, SIDE), now.drawn(number, SIDE))
        if difference:
            found[number] = {"page": number} | difference
    return pages <= MOST_PAGES


def _difference(before: Picture, now: Picture) -> dict[str, Any] | None:
    if before.shape != now.shape:
        return {"share": 1.0, "box": [0.0, 0.0, 1.0, 1.0]}
    apart = (np.maximum(before, now) - np.minimum(before, now)).max(axis=2) > TOLERANCE
    if not apart.any():
        return None
    height, width = apart.shape
    rows, columns = np.flatnonzero(apart.any(axis=1)), np.flatnonzero(apart.any(axis=0))
    box = [columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height]
    return {"share": max(round(float(apart.mean()), 6), 1e-6), "box": [round(float(edge), 4) for edge in box]}
