"""Links and levels for tests, and GS1's schemas."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.conftest import shared_data
from traceability.resolver import Level, Target
from traceability.resolver.linktypes import LINK_TYPES, UNREGISTRABLE

ITEM, LOT, GTIN = (
    "https://id.example/01/09506000134352/21/X1",
    "https://id.example/01/09506000134352/10/L",
    "https://id.example/01/09506000134352",
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def to(name: str, link_type: str = "pip", **more: Any) -> Target:
    """A target whose address ends with ``name``."""
    return Target(link_type, f"https://brand.example/{name}", name, **more)


def level(*targets: Target, anchor: str = GTIN) -> Level:
    return Level(anchor, "Risotto rice 411 g", targets)


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared_data("digital-link") / name).read_text("utf-8"))
    return found


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
hosts = st.sampled_from(["a.example", "localhost:8443", "xn--fiq228c.cn", "中国.cn", "127.0.0.1:5000", "[::1]:443", "a..b"])
addresses = st.builds("{}://{}/{}".format, st.sampled_from(["https", "http", "HTTPS"]), hosts, words)
tags = st.sampled_from([None, "zh", "zh-CN", "zh-Hans", "zh-Hant-HK", "en", "en-GB", "es-419", "yue", "sr-Latn-RS", "de-1996"])
targets = st.builds(
    Target,
    st.sampled_from(sorted(set(LINK_TYPES) - UNREGISTRABLE)),
    addresses,
    words,
    tags,
    st.sampled_from([None, "text/html", "application/pdf", "application/ld+json", "text/html; charset=utf-8", "nonsense"]),
    st.sampled_from([None, "CN", "DE", "dscsaSaleableReturn"]),
    st.booleans(),
    st.booleans(),
)
levels = st.lists(st.builds(Level, addresses, words, st.lists(targets, max_size=6).map(tuple)), max_size=4)
