"""What a PDF holds: pages, revisions, signatures, and anything that could run or hide in it.

Runs in the limited child. Nothing is rendered and no script is followed; every object is only
read, and every stream unpacked within the decoder's limits.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader

from suppliers.reading import troubled
from suppliers.reading.signatures import look_at_signatures

MOST_PAGES: Final = 2000
MOST_POINTS: Final = 14_400
"""The largest side of a page: 200 inches (ISO 32000-1, annex C)."""
_DEEPEST: Final = 60
_ACTIONS: Final = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie"})
_HOLDERS: Final = frozenset({"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/3D"})
_TELLING: Final = (("/S", _ACTIONS), ("/Type", _HOLDERS), ("/Subtype", _HOLDERS))
_KEYS: Final = {"/JS": "JavaScript", "/XFA": "XFA", "/EF": "EmbeddedFile"}


class Odd(Exception):
    """A document that no honest issuer writes; ``args[0]`` is the code of the trouble."""


def look(content: bytes, anchors: Sequence[tuple[str, bytes | None]], at: datetime) -> dict[str, Any]:
    try:
        return _look(content, anchors, at)
    except Odd as odd:
        return troubled(odd.args[0]) | {"kind": "pdf"}
    except PdfDecodeLimitError:
        return troubled("pdf.bomb") | {"kind": "pdf"}
    except MemoryError:
        raise
    except Exception:  # a parser among strangers may raise anything; that it did is the finding
        return troubled("pdf.broken") | {"kind": "pdf"}


def _look(content: bytes, anchors: Sequence[tuple[str, bytes | None]], at: datetime) -> dict[str, Any]:
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if reader.encrypted:
        raise Odd("pdf.encrypted")
    pages = _pages(reader)
    active = sorted(set(_active(reader)))
    tail = content[content.rfind(b"%%EOF") + 5 :].strip()
    return {
        "kind": "pdf",
        "pages": pages,
        "signatures": look_at_signatures(reader, anchors, at, clean_end=not tail),
        "revisions": reader.xrefs.total_revisions - _is_linearised(content),
        "active": active,
        "trouble": None,
    }


def _pages(reader: PdfFileReader) -> int:
    """The leaves of the page tree, counted rather than believed; each must have a size that can be drawn."""
    seen: set[tuple[int, int]] = set()
    count = 0
    todo: list[tuple[Any, Any]] = [(reader.root.raw_get("/Pages"), None)]
    while todo:
        node, box = todo.pop()
        if isinstance(node, generic.IndirectObject):
            if (node.idnum, node.generation) in seen:
                raise Odd("pdf.broken")
            seen.add((node.idnum, node.generation))
            node = node.get_object()  # type: ignore[no-untyped-call]
        if not isinstance(node, generic.DictionaryObject):
            raise Odd("pdf.broken")
        box = node.get("/MediaBox", box)
        kids = node.get("/Kids")
        if kids is None:
            count += 1
            _fits(box)
        else:
            todo.extend((kids.raw_get(index), box) for index in range(len(kids)))
        if count + len(todo) > MOST_PAGES:
            raise Odd("pdf.too_many_pages")
    return count


def _fits(box: Any) -> None:
    if box is None:
        return
    left, bottom, right, top = (float(edge) for edge in box)
    if not (abs(right - left) <= MOST_POINTS and abs(top - bottom) <= MOST_POINTS):
        raise Odd("pdf.page_size")


def _active(reader: PdfFileReader) -> Iterator[str]:
    """The names of actions, scripts, forms and attachments in any object of the document."""
    xrefs = reader.xrefs
    refs = {(ref.idnum, ref.generation) for revision in range(xrefs.total_revisions) for ref in xrefs.explicit_refs_in_revision(revision)}
    for idnum, generation in sorted(refs):
        thing = reader.get_object(generic.Reference(idnum, generation, pdf=reader))  # type: ignore[no-untyped-call]
        if isinstance(thing, generic.StreamObject):
            _unpack(thing)
            reader.resolved_objects.pop((generation, idnum), None)  # the unpacked bytes would pile up
        yield from _named(thing, 0)


def _unpack(stream: generic.StreamObject) -> None:
    """Unpack within the limits, for their sake alone; pictures have packings that are not looked into."""
    try:
        _ = stream.data
    except (PdfDecodeLimitError, MemoryError):
        raise
    except Exception:  # noqa: S110  a stream of an unknown or broken packing holds nothing that runs
        pass


def _named(thing: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise Odd("pdf.broken")
    if isinstance(thing, generic.DictionaryObject):
        yield from (str(thing[key])[1:] for key, names in _TELLING if key in thing and str(thing[key]) in names)
        for key in thing:
            if key in _KEYS:
                yield _KEYS[key]
            yield from _named(thing.raw_get(key), depth + 1)
    elif isinstance(thing, generic.ArrayObject):
        for index in range(len(thing)):
            yield from _named(thing.raw_get(index), depth + 1)


def _is_linearised(content: bytes) -> bool:
    """True when the file is as its linearising writer left it (ISO 32000-1, annex F): such a file has
    two tables of one revision, and its /L is its length."""
    match = re.search(rb"/Linearized.{0,200}?/L\s+(\d+)", content[:1024], re.DOTALL)
    return match is not None and int(match[1]) == len(content)
