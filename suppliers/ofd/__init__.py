"""OFD, the Chinese standard for fixed pages (GB/T 33190-2016), with its electronic seals (GB/T 38540-2020, GM/T 0031-2014).

Bytes in, plain values out; made for the limited child process. Knows no table, no clock and no
network: anchors and the moment are given. What it says of a seal is what the bytes prove, and never
that the paper is true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from suppliers.ofd import pictures
from suppliers.ofd.certificates import Anchor, trust
from suppliers.ofd.documents import Document, Files, annotated, documents
from suppliers.ofd.errors import OfdTrouble
from suppliers.ofd.package import Package
from suppliers.ofd.particulars import attachments, meta, particulars
from suppliers.ofd.seals import Judged, judge, told, uncovered
from suppliers.ofd.sheet import Imprint
from suppliers.ofd.signatures import listed
from suppliers.ofd.text import read
from suppliers.ofd.traces import signals

MOST_NAMES: Final = 50


def look(content: bytes, anchors: Sequence[Anchor], at: datetime) -> dict[str, Any]:
    """What an OFD file shows and who sealed it. Never raises for what a stranger wrote, but MemoryError.

    ``anchors``: PEMs that are believed, each alone or with a revocation list in DER; ``at``: the moment
    for which certificates are validated.

    ``trouble`` a code or None; ``pages``; ``signatures`` (as :func:`suppliers.ofd.seals.told`; a signature without a
    certificate is none); ``uncovered`` the first files that no seal which holds answers for; ``signals``;
    ``lines``; ``meta``; ``particulars`` (fields from tags, custom data, attached XML); ``images`` with their bytes;
    ``pictures`` previews as PNG; ``revisions``; ``active`` names of what could run.
    """
    seen = _nothing()
    try:
        _look(content, anchors, at, seen)
    except OfdTrouble as odd:
        seen["trouble"] = odd.code
    except MemoryError:
        raise
    except Exception:  # strangers' files break parsers in ways that nobody lists; that they do is the finding
        seen["trouble"] = "ofd.broken"
    return seen


def _nothing() -> dict[str, Any]:
    empty: dict[str, Any] = {
        name: [] for name in ("signatures", "uncovered", "signals", "lines", "particulars", "images", "pictures", "active")
    }
    return empty | {"kind": "ofd", "pages": None, "revisions": 1, "meta": None, "trouble": None}


def _look(content: bytes, anchors: Sequence[Anchor], at: datetime, seen: dict[str, Any]) -> None:
    files = Files(Package(content))
    found_documents = documents(files)
    pages = [page for document in found_documents for page in document.pages]
    seen |= {"pages": len(pages), "meta": meta(found_documents[0]), "revisions": max(1, *(each.versions for each in found_documents))}
    notes = {page.number: found for document in found_documents for page, found in annotated(files, document)}
    words = read(pages, notes)
    seen["lines"] = words.lines
    seen["particulars"] = particulars(files, found_documents, words)
    found = listed(files, found_documents)  # all that is shown is known by now
    judged = judge(files, found, trust(anchors), at)
    seen["signatures"] = [told(each) for each in judged if not each.bare]
    seen["uncovered"] = uncovered(files, found, judged)[:MOST_NAMES]
    seen["signals"] = signals(files, found_documents, found, judged, notes, words.hidden)
    seen["active"] = _active(files, found_documents)
    seen["images"] = _soft(lambda: pictures.images(files, pages, notes))
    seen["pictures"] = _soft(lambda: pictures.previews(files, pages, notes, _imprints(found_documents, judged)))


def _soft(draw: Callable[[], list[Any]]) -> list[Any]:
    """Pictures are an extra: what cannot be drawn takes nothing away from what is known of the seals."""
    try:
        return draw()
    except (MemoryError, OfdTrouble):
        raise
    except Exception:  # drawing libraries among strangers
        return []


def _imprints(found: list[Document], judged: list[Judged]) -> dict[int, list[Imprint]]:
    """The seals' pictures where their stamps lie; only of seals that hold."""
    numbers = {(document.signatures, page.id): page.number for document in found for page in document.pages}
    stamped: dict[int, list[Imprint]] = {}
    for each in judged:
        picture = each.seal.picture if each.seal and each.holds else None
        for page_id, where in each.listed.stamps if picture else ():
            number = numbers.get((each.listed.list_name, page_id))
            if number and picture:
                stamped.setdefault(number, []).append(Imprint(picture.content, where))
    return stamped


def _active(files: Files, found: list[Document]) -> list[str]:
    """Actions that open or play something (14.2); attachments by the kind of their names."""
    roots = [document.root for document in found] + [page.content for document in found for page in document.pages]
    names = {str(element.tag).rpartition("}")[2] for root in roots for element in root.iter()} & {"GotoA", "Sound", "Movie"}
    opens = (".exe", ".js", ".bat", ".cmd", ".vbs", ".ps1", ".html", ".htm", ".svg", ".lnk", ".jar", ".msi", ".scr", ".hta")
    attached = [name for document in found for _, name in attachments(files, document) if name.lower().endswith(opens)]
    return sorted(names | ({"EmbeddedFile"} if attached else set()))
