"""Look at a stranger's bytes without letting them near: a child process with hard limits reads them.

No parser of documents is safe in our own process: two kilobytes of PDF can ask for two
gigabytes of memory. The child gets the bytes on its standard input, has little memory, little
time, an empty environment, may write no file and fetches nothing; whatever happens to it is
an answer. Knows no table and no judgement: it says what is there.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from suppliers.reading import child
from suppliers.reading.kinds import media_type_of

__all__ = ["Seen", "look", "media_type_of", "troubled"]

_NOTHING: Final[dict[str, Any]] = {
    "kind": "unknown",
    "trouble": None,
    "pages": None,
    "revisions": 1,
    "active": [],
    "signatures": [],
    "changed": None,
    "meta": {"producer": None, "creator": None, "created": None, "modified": None},
    "lines": [],
    "lines_from": None,
    "symbols": [],
    "signals": [],
    "credential": None,
    "scan": {"state": "not_scanned", "name": None},
    "previews": 0,
}


@dataclass(frozen=True)
class Seen:
    """What the child saw: ``reading`` of plain JSON values, ``pictures`` of its first pages (PNG or JPEG, made anew
    from pixels, at most 10 of at most 1800 px). ``peak_mb`` and ``seconds`` are what it took."""

    reading: dict[str, Any]
    pictures: list[bytes] = field(default_factory=list)
    peak_mb: int = 0
    seconds: float = 0.0


def troubled(code: str | None, kind: str = "unknown") -> dict[str, Any]:
    """The reading of bytes that could not be read, because of ``code``; with None, a reading to be filled."""
    return {key: value.copy() if hasattr(value, "copy") else value for key, value in _NOTHING.items()} | {"kind": kind, "trouble": code}


def look(
    content: bytes,
    *,
    anchors: Sequence[tuple[str, bytes | None]],
    at: datetime,
    documents: Mapping[str, Any] | None = None,
    lists: Mapping[str, bytes] | None = None,
) -> Seen:
    """What a child process sees in ``content``. Never raises for what is in it, never hangs.

    ``anchors``: roots that are believed, (PEM, revocation list in DER or None); ``at``: the moment for
    which signatures are validated; ``documents``: DID to DID document, and ``lists``: address to the bytes of a
    status list, both for credentials: the child fetches nothing.

    The reading has ``kind`` (pdf, image, ofd, credential, jsonld, unknown); ``trouble`` a code or None;
    ``pages``; ``revisions`` (more than 1: saved again after it was made); ``active`` names what could run or
    hides in the file; ``signatures`` (suppliers.reading.signatures says their keys); ``changed`` places
    {page, share, box} that look different from what was signed, or from the first revision of an unsigned
    file, [] when all was compared and None when not; ``meta``; ``lines`` {page, text, box}; ``symbols``
    {page, format, text, box}; ``signals`` {name, page, box, strength}; ``credential``; ``scan``
    {state, name}: always not_scanned here; ``previews``. Pages count from 1; a box is [left, top, right,
    bottom] in fractions of the page as it is shown. No string holds U+0000 or half of a pair: U+FFFD stands there.
    """
    begun = time.monotonic()
    header = {
        "kind": media_type_of(content),
        "at": at.isoformat(),
        "anchors": [{"pem": pem, "crl": base64.b64encode(crl).decode() if crl else None} for pem, crl in anchors],
        "documents": dict(documents or {}),
        "lists": {url: base64.b64encode(body).decode() for url, body in (lists or {}).items()},
    }
    try:
        said, peak = child.run(header, content)
        reading, pictures = child.taken_apart(said)
        peak = int(reading.pop("peak_mb", None) or peak)
    except child.Failed as failed:
        reading, pictures, peak = troubled(failed.args[0]), [], failed.args[1]
    except (ValueError, RecursionError):
        reading, pictures = {}, []
    if not _NOTHING.keys() <= reading.keys() or reading["previews"] != len(pictures):
        reading, pictures = troubled("child.crashed"), []
    return Seen(reading, pictures, peak, round(time.monotonic() - begun, 3))
