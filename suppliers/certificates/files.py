"""What every file of a stranger is held to before it is kept: size, kind, and a name to show that is never a path."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from kernel.errors import flaw
from kernel.given import UNSEEN
from suppliers.reading import media_type_of

MOST_BYTES: Final = 20 * 1024 * 1024


def flaws(content: object) -> list[dict[str, Any]]:
    """What is wrong with the bytes as a whole; what is in them only the limited child may say."""
    if not isinstance(content, bytes) or not content:
        return [flaw("/file", "blank", "must not be empty")]
    if len(content) > MOST_BYTES:
        return [flaw("/file", "size", "must have at most 20 MiB", most=MOST_BYTES)]
    if not media_type_of(content):
        return [flaw("/file", "media_type", "must be a PDF, an OFD, a JPEG, a PNG or a credential (JSON, JWT)")]
    return []


def shown_name(value: object) -> str:
    """A name to show, never a path: the last part, without control characters, at most 200 long.

    A bad name is no reason to turn a paper away, so it is mended rather than refused.
    """
    text = str(value or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c) not in (*UNSEEN, "Zl", "Zp")).strip()
    if len(text) > 200:
        stem, dot, ending = text.rpartition(".")
        text = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else text[:200]
    return text or "paper"
