"""What is said of a link, and what must be true of it before it is kept: its sort, its address, its words.

It reads what the brand owns and allows, and writes nothing.

Source: GS1-Conformant Resolver 1.2.1, 2.5 (link records); RFC 5646 (languages); RFC 6838, 4.2 (media types).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Required, Self, TypedDict
from urllib.parse import urlsplit

from kernel.errors import Invalid
from kernel.unit import Unit
from traceability import link_anchors, link_hosts
from traceability.given import Given
from traceability.gs1 import binary, uri
from traceability.link_anchors import Anchor
from traceability.models import Link
from traceability.resolver import linktypes

LINK_TYPES: Final = tuple(name for name in linktypes.LINK_TYPES if name not in linktypes.UNREGISTRABLE)
_LANGUAGE: Final = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
_SCRIPTS: Final = {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}
_MEDIA: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,39}/[a-z0-9][a-z0-9!#$&^_.+-]{0,39}")
_CONTEXT: Final = re.compile(r"[A-Za-z0-9-]{1,40}")


class Said(TypedDict, total=False):
    """What is said of a link, as it comes in."""

    link_type: Required[object]
    href: Required[object]
    title: Required[object]
    language: object
    media_type: object
    context: object
    is_default: object
    passes_query: object


@dataclass(frozen=True)
class Wanted:
    """What is said of a link, made fit to keep."""

    link_type: str
    href: str
    title: str
    language: str | None = None
    media_type: str | None = None
    context: str | None = None
    is_default: bool = False
    passes_query: bool = True

    @classmethod
    def of(cls, link: Link) -> Self:
        return cls(**{name: getattr(link, name) for name in FIELDS})

    @property
    def is_plain(self) -> bool:
        """Says nothing of language, media type or context."""
        return self.language is None and self.media_type is None and self.context is None


FIELDS: Final = tuple(Wanted.__dataclass_fields__)


class Rules:
    """What a link of this brand must be. Asks the tables once, however many links are looked at."""

    def __init__(self, unit: Unit) -> None:
        self._hosts, self._ours = link_hosts.Allowed(unit), link_anchors.Ours(unit)
        self.taken = self._ours.taken

    def anchor(self, given: Given, text: object) -> Anchor | None:
        """The thing, if it is one of ours; else its flaw at ``/thing`` is given."""
        try:
            anchor = link_anchors.read(text)
        except Invalid as trouble:
            given.flaws += trouble.errors
            return None
        wrong = self._ours.wrong(anchor)
        if wrong:
            given.wrong("/thing", *wrong)
        return None if wrong else anchor

    def wanted(self, given: Given, said: Said) -> Wanted:
        """The link, fit to keep if nothing wrong was given; flaws at ``/link_type``, ``/href`` …"""
        named = linktypes.named(said["link_type"].strip()) if isinstance(said["link_type"], str) else None
        if named not in LINK_TYPES:
            given.wrong("/link_type", "link-type", "must be a link type of GS1's vocabulary, such as gs1:pip")
        return Wanted(
            link_type=named or "",
            href=self._href(given, said["href"]),
            title=given.text("/title", said["title"], 200),
            language=_language(given, said.get("language")),
            media_type=_shaped(given, "media_type", _lower(said.get("media_type")), _MEDIA, "must be a type such as application/pdf"),
            context=_shaped(given, "context", said.get("context"), _CONTEXT, "up to 40 letters, digits and hyphens"),
            is_default=_flag(given, "/is_default", said.get("is_default", False)),
            passes_query=_flag(given, "/passes_query", said.get("passes_query", True)),
        )

    def _href(self, given: Given, value: object) -> str:
        text = given.text("/href", value, link_hosts.LONGEST)
        if not text or any(each["pointer"] == "/href" for each in given.flaws):
            return ""
        read = self._hosts.read(text)
        if isinstance(read, str):
            if self._leads_back(read):
                given.wrong("/href", "href-circle", "is itself a Digital Link of yours: it would lead in circles")
            return read
        more = {"host": read.host} if read.host else {"most": link_hosts.LONGEST} if read.rule == "length" else {}
        given.wrong("/href", read.rule, read.detail, **more)
        return ""

    def _leads_back(self, href: str) -> bool:
        """Whether an address is one that the resolver answers: it stands on a host of ours, and reads as a Digital Link."""
        parts = urlsplit(href)
        if parts.netloc not in self._hosts.own:
            return False
        if binary.in_path(parts.path):
            return True
        try:
            uri.read(f"https://{parts.netloc}{parts.path}", at_door=True)
        except Invalid:
            return False
        return True


def _language(given: Given, value: object) -> str | None:
    """``ll`` or ``ll-CC`` (RFC 5646), in its usual case; a script that stands for a country is read as that."""
    text = given.optional("/language", value, 12)
    if text is None:
        return None
    language, _, country = text.replace("_", "-").partition("-")
    tag = _SCRIPTS.get(text.lower()) or language.lower() + (f"-{country.upper()}" if country else "")
    if not _LANGUAGE.fullmatch(tag):
        given.wrong("/language", "language", "must be a language such as zh, or one of a country such as zh-CN")
    return tag


def _shaped(given: Given, name: str, value: object, shape: re.Pattern[str], detail: str) -> str | None:
    text = given.optional(f"/{name}", value, 80)
    if text is not None and not shape.fullmatch(text):
        given.wrong(f"/{name}", name.replace("_", "-"), detail)
    return text


def _flag(given: Given, pointer: str, value: object) -> bool:
    if not isinstance(value, bool):
        given.wrong(pointer, "flag", "must be true or false")
    return value is True


def _lower(value: object) -> object:
    """Media types are alike in any case (RFC 6838, 4.2)."""
    return value.lower() if isinstance(value, str) else value
