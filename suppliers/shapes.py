"""The shape of what people type: one line of text, cut to nothing, refused when it does not fit.

Knows no table and no kind of paper. Markup is left alone: it is text, and pages escape it.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from kernel.errors import flaw

Flaws = list[dict[str, Any]]


def line(flaws: Flaws, pointer: str, value: object, most: int) -> str:
    """``value`` stripped; adds a flaw when it is no text, blank, longer than ``most``, or holds
    control, format or surrogate characters (Unicode Cc, Cf, Cs), which would let it look like something else."""
    if not isinstance(value, str):
        flaws.append(flaw(pointer, "type", "must be text"))
        return ""
    text = value.strip()
    if not text:
        flaws.append(flaw(pointer, "blank", "must not be blank"))
    elif len(text) > most:
        flaws.append(flaw(pointer, "length", f"must have at most {most} characters", most=most))
    elif any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text):
        flaws.append(flaw(pointer, "characters", "must not hold control characters"))
    return text


def optional_line(flaws: Flaws, pointer: str, value: object, most: int) -> str | None:
    """As ``line``; nothing and blank are None."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return line(flaws, pointer, value, most)


def choice(flaws: Flaws, pointer: str, value: object, among: tuple[str, ...]) -> str:
    """``value`` when it is one of ``among``."""
    if not isinstance(value, str) or value not in among:
        flaws.append(flaw(pointer, "choice", f"must be one of {', '.join(among)}", among=list(among)))
        return ""
    return value


def filename(value: object) -> str:
    """A name to show, never a path: the last part, without control characters, at most 200 long.

    A bad name is no reason to turn a paper away, so it is mended rather than refused.
    """
    text = str(value or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")).strip()
    if len(text) > 200:
        stem, dot, ending = text.rpartition(".")
        text = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else text[:200]
    return text or "paper"
