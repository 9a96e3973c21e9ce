"""Names of hosts in links of strangers: what the host really is, and which one it pretends to be. Pure.

Reads a link as browsers do (WHATWG URL), because that is where a person's telephone would take them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import unquote, urlsplit

from suppliers.checks.names import steps_between

GOVERNMENT: Final = (".gov.cn", ".gov", ".europa.eu")
"""Endings that nobody can register for the asking: a host beneath one is nobody's imitation."""
_SECOND: Final = frozenset({"ac", "co", "com", "edu", "gov", "net", "org", "or", "ne"})
_LETTERS: Final = str.maketrans(
    {"а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ѕ": "s", "ԁ": "d", "ɡ": "g", "ո": "n", "ı": "i"}
    | {"α": "a", "ο": "o", "ν": "v", "ρ": "p", "ɑ": "a", "к": "k", "т": "t", "м": "m", "н": "h", "в": "b", "ԛ": "q", "ѡ": "w", "ӏ": "l"}
)
"""Letters of other scripts that look like Latin ones (the common part of Unicode's confusables)."""


def host_of(link: str) -> str | None:
    """The host as Unicode text in lower case, or an address in figures as it stands; None when the link hides
    it behind a name before an ``@``, or has none."""
    text = re.sub(r"[\x00-\x20\x7f]", "", link).replace("\\", "/")
    text = re.sub(r"^(https?):/*", r"\1://", text, flags=re.IGNORECASE)
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if not host or "@" in parts.netloc:
        return None
    host = unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").rstrip(".").lower()
    host = ".".join(_decoded(label) for label in host.split("."))
    return host if 0 < len(host) <= 253 and not re.search(r"[\s/@?#%]", host) else None


def shown(host: str) -> str:
    """As a person must see it: with the punycode beside what it would look like."""
    return host if host.isascii() else f"{host} ({'.'.join(_encoded(label) for label in host.split('.'))})"


def is_under(host: str, known: str) -> bool:
    return host == known or host.endswith("." + known)


def resembles(host: str, known: str) -> bool:
    """Is ``host``, which is not ``known``, made to be taken for it?

    The known name within another one's (``gsxt.gov.cn.example.com``), letters of another script, one or two letters
    off, or an authority's name under an ending that anybody can buy. A firm's name under another country's
    ending is often the firm itself, and a number is no imitation: both stay unknown.
    """
    if re.fullmatch(r"0x[0-9a-f]*|\d+", host.rsplit(".", 1)[-1]) or ":" in host or (host.isascii() and host.endswith(GOVERNMENT)):
        return False
    plain = skeleton(host)
    if not host.isascii() and is_under(plain, known):
        return True
    own, theirs = _registered(plain), _registered(known)
    if own == theirs:
        return not host.isascii()
    label, wanted = own.split(".")[0], theirs.split(".")[0]
    if label == wanted:
        return known.endswith(GOVERNMENT) or not host.isascii()
    if known in plain or known.replace(".", "-") in plain:
        return True
    return any(_near(a, b) for a, b in ((own, theirs), (plain, known), (label, wanted)))


def skeleton(host: str) -> str:
    """The Latin letters that a reader sees: accents dropped, look-alikes of other scripts replaced."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", host.translate(_LETTERS)) if not unicodedata.combining(c))
    return plain.translate(_LETTERS)


def _near(one: str, other: str) -> bool:
    """One step apart for names of five letters and more, two from ten on; or the same to a quick eye."""
    if min(len(one), len(other)) < 5:
        return False
    if _folded(one) == _folded(other):
        return True
    most = 2 if min(len(one), len(other)) >= 10 else 1
    return steps_between(one, other, most) <= most


def _folded(text: str) -> str:
    """Digits that stand for letters, and pairs that look like one."""
    return text.translate(str.maketrans("01358", "oiesb")).replace("rn", "m").replace("vv", "w").replace("l", "i")


def _registered(host: str) -> str:
    """The part that somebody registered: the last two labels, three beneath ``com.cn`` and its like."""
    labels = host.split(".")
    depth = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND else 2
    return ".".join(labels[-depth:])


def _decoded(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode").lower() if label.startswith("xn--") else label
    except (UnicodeError, ValueError):
        return label


def _encoded(label: str) -> str:
    try:
        return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
    except (UnicodeError, ValueError):
        return "xn--?"
