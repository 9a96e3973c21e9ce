"""OFD and credentials: read by their own rooms, behind the same walls."""

from __future__ import annotations

from typing import Any, Final

from suppliers.reading import kinds, troubled
from suppliers.reading.lines import capped

_PAGES: Final = 10
_MOST_PICTURE: Final = 4 << 20


def look(content: bytes, known: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    if kinds.media_type_of(content) == "application/ofd":
        return _ofd(content, known)
    return _credential(content, known), []


def _ofd(content: bytes, known: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    from suppliers import ofd

    seen = dict(ofd.look(content, known["anchors"], known["at"]))
    pictures = [picture for picture in seen.pop("pictures", ())[:_PAGES] if len(picture) <= _MOST_PICTURE]
    uncovered = seen.pop("uncovered", [])
    seen["lines"] = capped(seen.get("lines") or ())
    reading = troubled(None, "ofd") | {key: value for key, value in seen.items() if value is not None}
    if uncovered:
        reading["signals"] = [*reading["signals"], {"name": "uncovered_files", "page": None, "box": None, "strength": len(uncovered)}]
    return reading | {"kind": "ofd", "uncovered": uncovered, "lines_from": "document" if reading["lines"] else None}, pictures


def _credential(content: bytes, known: dict[str, Any]) -> dict[str, Any]:
    from suppliers import credentials

    seen = dict(credentials.look(content, documents=known["documents"], lists=known["lists"], at=known["at"]))
    trouble, lines = seen.pop("trouble", None), capped(seen.pop("lines", None) or ())
    kind = "jsonld" if seen.get("form") == "jsonld" else "credential"
    return troubled(trouble, kind) | {
        "pages": 1,
        "credential": seen,
        "lines": lines,
        "lines_from": "document" if lines else None,
    }
