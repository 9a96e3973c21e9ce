"""A PDF, read twice: by pyHanko what it is built of and who signed it, by pdfium what a person would see.

Runs in the limited child. The pixels come only when the structure holds no surprise: what would
be too large is refused before it is drawn.
"""

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader

from suppliers.reading import documents, layers, previews, revisions, stripped, symbols, troubled
from suppliers.reading.kinds import tail_of
from suppliers.reading.pages import Book
from suppliers.reading.signatures import Believed, look_at_signatures

_MB = 1 << 20
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=48 * _MB),
    document_budget=DocumentDecodeBudget(base_allowance=160 * _MB, max_ratio=40),
)


def look(content: bytes, known: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """The reading and the previews; of the header, ``at`` and ``anchors`` are needed."""
    try:
        return _look(content, Believed(known["anchors"], known["at"]))
    except documents.Odd as odd:
        return troubled(odd.args[0], "pdf"), []
    except PdfDecodeLimitError:
        return troubled("pdf.bomb", "pdf"), []
    except MemoryError:
        raise
    except Exception:  # a parser among strangers may raise anything; that it did is the finding
        return troubled("pdf.broken", "pdf"), []


def _look(content: bytes, believed: Believed) -> tuple[dict[str, Any], list[bytes]]:
    reader = PdfFileReader(io.BytesIO(content), strict=False, decode_limits=_LIMITS)
    documents.refuse_locked(reader)
    pages = documents.pages(reader)
    active = sorted(set(documents.active(reader)))
    tail = tail_of(content, "application/pdf")
    signatures = look_at_signatures(reader, believed, clean_end=not tail)
    signed_until = [each.pop("until") for each in signatures]
    signals = stripped.signals(reader, content, signatures) + layers.signals(reader)
    if tail:
        signals.append({"name": "trailing_bytes", "page": None, "box": None, "strength": len(tail)})
    count = documents.revisions(reader, content)
    del reader  # its cache of objects makes room for pixels
    reading = troubled(None, "pdf") | {"pages": pages, "revisions": count, "active": active, "signatures": signatures, "signals": signals}
    with Book(content) as book:
        lines = book.lines()
        reading |= {"meta": book.meta(), "lines": lines, "lines_from": "layer" if lines else None}
        alike: dict[int, bool] = {}
        reading["changed"] = revisions.changed(content, book, signed_until, count, alike=alike)
        for each, end in zip(signatures, signed_until, strict=True):
            each["alike"] = None if end is None else alike.get(end)
        pictures, found = [], []
        for number, picture in book.shown():
            pictures.append(previews.packed(picture))
            signals += book.hidden(number, picture)
            found += symbols.found(picture, page=number, larger=lambda number=number: book.grey(number, symbols.LARGE))  # type: ignore[misc]
    return reading | {"symbols": found, "previews": len(pictures)}, pictures
