"""One written form of a number, before any rule looks at it. Pure."""

from __future__ import annotations

import re
import unicodedata


def tidy(text: str) -> str:
    """Full width to half width, upper case, without spaces, dashes and what cannot be seen."""
    plain = re.sub(r"[\s\-‐‑‒–—―−]", "", unicodedata.normalize("NFKC", text)).upper()
    return "".join(each for each in plain if unicodedata.category(each) not in ("Cf", "Cc"))
