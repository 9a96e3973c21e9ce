"""What counts as a URL in a credential: absolute, one scheme, no space and no sign that URLs may not hold. Pure."""

from __future__ import annotations

import re
from typing import Any, Final

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20\x7f<>\"{}|\\^`]+")
_WEB: Final = re.compile(
    r"https?://(?:[^/?#@]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#@\[\]:]+)(?::[0-9]{0,5})?(?:[/?#].*)?", re.IGNORECASE | re.DOTALL
)
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def is_url(text: Any) -> bool:
    """An absolute URL (VCDM 2.0, section 4.4): ``https:`` with a host, ``did:``, ``urn:``, ``data:`` and their like."""
    if not isinstance(text, str) or len(text) > 4_000_000 or not _URL.fullmatch(text):
        return False
    if text[:4].lower() == "http":
        scheme = text.split(":", 1)[0].lower()
        if scheme in ("http", "https") and not _WEB.fullmatch(text):
            return False
    return text.startswith("data:") or not _BROKEN_ESCAPE.search(text)
