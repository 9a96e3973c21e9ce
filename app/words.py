"""Words of the domain for people, in Chinese and English side by side.

The domain speaks in codes ("check.dates.lapsed") and values; this table turns them into
sentences. Text that belongs to a page stands in its template and is translated by gettext.
tests/house/test_words.py holds the table complete.
"""

from __future__ import annotations

from typing import Any

from flask import has_request_context
from flask_babel import get_locale

WORDS: dict[str, tuple[str, str]] = {}


def say(code: str, **values: Any) -> str:
    """The sentence of a code in the reader's language; an unknown code is shown as it is."""
    pair = WORDS.get(code)
    if pair is None:
        return code
    text = pair[1] if _english() else pair[0]
    try:
        return text.format(**values)
    except (KeyError, ValueError, IndexError):
        return text


def known(code: str) -> bool:
    return code in WORDS


def _english() -> bool:
    return has_request_context() and str(get_locale()).startswith("en")
