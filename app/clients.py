"""Who asks, as far as that may be known: one device told from another, and no more.

Of the network, the browser and its languages only a keyed hash leaves this file, and what is kept of
it is another number for each item (``scans``): nobody can be followed from one item to the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from app.limits import network

ROBOTS: Final = (
    "facebookexternalhit",
    "Twitterbot",
    "Slackbot",
    "TelegramBot",
    "WhatsApp/",
    "LinkedInBot",
    "Discordbot",
    "bingbot",
    "Googlebot",
    "Baiduspider",
    "YisouSpider",
    "bot/",
)
"""What robots that make previews of links, or read the web, call themselves. Those that say nothing remain."""
_ROBOT: Final = re.compile("|".join(map(re.escape, ROBOTS)))
_AHEAD: Final = ("prefetch", "prerender")


def client_of(environ: Mapping[str, Any], secret: bytes) -> bytes:
    """32 bytes for the device behind a request: the same for the same network (24 bits of IPv4, 48 of IPv6),
    browser and languages."""
    said = (network(environ.get("REMOTE_ADDR", "")), environ.get("HTTP_USER_AGENT", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    return blake2b("\n".join(said).encode("utf-8", "replace"), key=secret, digest_size=32).digest()


def is_glance(environ: Mapping[str, Any]) -> bool:
    """Whether nobody is going to read the answer as a page: it is fetched ahead (``Sec-Purpose``), put into another
    page (``Sec-Fetch-Mode``, W3C Fetch Metadata), or read by a robot that says so."""
    purpose = (environ.get("HTTP_SEC_PURPOSE") or environ.get("HTTP_PURPOSE") or "").lower()
    if purpose and any(each in purpose for each in _AHEAD):
        return True
    return environ.get("HTTP_SEC_FETCH_MODE", "navigate") != "navigate" or _is_robot(environ.get("HTTP_USER_AGENT", ""))


@lru_cache(maxsize=4096)
def _is_robot(user_agent: str) -> bool:
    return _ROBOT.search(user_agent) is not None
