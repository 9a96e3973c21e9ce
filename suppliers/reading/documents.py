"""What a PDF is built of: its pages, its revisions, and anything that could run or hide in it.

Runs in the limited child. No script is followed; every object is only read, and every stream
unpacked within the decoder's limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader

from suppliers.reading.values import value

MOST_PAGES: Final = 2000
MOST_POINTS: Final = 14_400
"""The largest side of a page: 200 inches (ISO 32000-1, annex C)."""
MOST_PIXELS: Final = 50_000_000
"""Of one picture on a page; a sheet of A4 at 600 dpi has 35 million."""
MOST_OBJECTS: Final = 200_000
_DEEPEST: Final = 60
_ACTIONS: Final = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie",
                               "/Hide", "/SetOCGState", "/ResetForm", "/Sound", "/GoTo3DView"})  # fmt: skip
_HOLDERS: Final = frozenset({"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/3D"})
_TELLING: Final = (("/S", _ACTIONS), ("/Type", _HOLDERS), ("/Subtype", _HOLDERS))
_BY_ITSELF: Final = ("/OpenAction", "/AA")
"""Where actions stand that nobody clicks on (ISO 32000-1, 12.6.3)."""
_MOST_ACTIONS: Final = 100
_KEYS: Final = {"/JS": "JavaScript", "/XFA": "XFA", "/EF": "EmbeddedFile"}


class Odd(Exception):
    """A document that no honest issuer writes; ``args[0]`` is the code of the trouble."""


def refuse_locked(reader: PdfFileReader) -> None:
    """Also when the lock itself is broken: what is locked cannot be inspected."""
    try:
        locked = reader.encrypted or "/Encrypt" in reader.trailer
    except MemoryError:
        raise
    except Exception:
        locked = True
    if locked:
        raise Odd("pdf.encrypted")


def revisions(reader: PdfFileReader, content: bytes) -> int:
    return int(reader.xrefs.total_revisions) - (linearised_length(content) == len(content))


def pages(reader: PdfFileReader) -> int:
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
        box = value(node, "/MediaBox", box)
        kids = value(node, "/Kids")
        if kids is None:
            count += 1
            _fits(box)
        elif len(kids) > MOST_PAGES:
            raise Odd("pdf.too_many_pages")
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


def active(reader: PdfFileReader) -> Iterator[str]:
    """The names of actions, scripts, forms and attachments in any object of the document.

    Raises Odd for what is too large to be looked at, PdfDecodeLimitError for what unpacks to too much.
    """
    xrefs = reader.xrefs
    refs = {(ref.idnum, ref.generation) for revision in range(xrefs.total_revisions) for ref in xrefs.explicit_refs_in_revision(revision)}
    if len(refs) > MOST_OBJECTS:
        raise Odd("pdf.too_many_objects")
    for idnum, generation in sorted(refs):
        thing = reader.get_object(generic.Reference(idnum, generation, pdf=reader))  # type: ignore[no-untyped-call]
        if isinstance(thing, generic.StreamObject):
            _unpack(thing)
            reader.resolved_objects.pop((generation, idnum), None)  # the unpacked bytes would pile up
        yield from _named(thing, 0)


def _unpack(stream: generic.StreamObject) -> None:
    """Unpack within the limits, for their sake alone. A picture that is packed once is drawn row by row
    and cannot unpack to more than it says it has; how much that is, it must say."""
    if value(stream, "/Subtype") == "/Image":
        if _size(stream, "/Width") * _size(stream, "/Height") > MOST_PIXELS:
            raise Odd("pdf.image_size")
        packing = value(stream, "/Filter")
        if not isinstance(packing, generic.ArrayObject) or len(packing) < 2:
            return
    try:
        _ = stream.data
    except (PdfDecodeLimitError, MemoryError):
        raise
    except Exception:  # noqa: S110  a stream of an unknown or broken packing holds nothing that runs
        pass


def _size(stream: generic.StreamObject, key: str) -> int:
    side = value(stream, key, 0)
    return int(side) if isinstance(side, int | float) and side > 0 else 0


def _named(thing: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise Odd("pdf.broken")
    if isinstance(thing, generic.DictionaryObject):
        yield from (str(thing[key])[1:] for key, names in _TELLING if key in thing and str(thing[key]) in names)
        for key in thing:
            if key in _KEYS:
                yield _KEYS[key]
            if key in _BY_ITSELF and _opens_address(thing[key]):
                yield "URI"
            yield from _named(thing.raw_get(key), depth + 1)
    elif isinstance(thing, generic.ArrayObject):
        for index in range(len(thing)):
            yield from _named(thing.raw_get(index), depth + 1)


def _opens_address(thing: Any) -> bool:
    """Whether an address is opened by itself. A link on a page, for a reader to follow, is honest."""
    todo = [thing]
    for _ in range(_MOST_ACTIONS):
        if not todo:
            return False
        each = todo.pop()
        if isinstance(each, generic.ArrayObject):
            todo += [each[index] for index in range(min(len(each), _MOST_ACTIONS))]
        elif isinstance(each, generic.DictionaryObject):
            if value(each, "/S") == "/URI":
                return True
            todo += [each[key] for key in each if key not in ("/Parent", "/P", "/D", "/Type", "/S")]
    return False


def linearised_length(content: bytes) -> int | None:
    """The length of the file as its linearising writer left it (ISO 32000-1, annex F), or None. Such a
    file has two tables of one revision; when it is longer now, more was saved onto it."""
    match = re.search(rb"/Linearized.{0,200}?/L\s+(\d+)", content[:1024], re.DOTALL)
    return int(match[1]) if match and len(match[1]) < 12 else None
