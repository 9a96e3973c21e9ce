"""Shapes of links: what a thing leads to, how its addresses stand, and tables of many."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from app.api.shapes import In, Out
from app.api.shapes_codes import PageIn
from traceability import links
from traceability.link_files import OUTCOMES
from traceability.link_rules import LINK_TYPES

Thing = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    Field(description="A GS1 Digital Link on any host or its path alone, an element string in brackets, or a GTIN."),
]
LinkType = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    Field(description=f"A link type of the GS1 Web Vocabulary: {', '.join(LINK_TYPES)}; also as gs1:pip or by its address."),
]
_SAID: dict[str, Any] = {"link_type": "gs1:recipeInfo", "href": "https://www.lanmu.example/recipes/milk", "title": "鲜牛奶的做法"}


class LinkChangeIn(In):
    """All that is said of a link: what is left out is as in a new one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_SAID, "language": "zh-CN"}]})

    link_type: LinkType
    href: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    language: Annotated[str, StringConstraints(max_length=12), Field(description="ll or ll-CC")] | None = None
    media_type: Annotated[str, StringConstraints(max_length=80)] | None = None
    context: Annotated[str, StringConstraints(max_length=40)] | None = None
    is_default: Annotated[bool, Field(strict=True)] = False
    passes_query: Annotated[bool, Field(strict=True, description="The query of a request goes along.")] = True


class LinkIn(LinkChangeIn):
    """A thing, and where it leads."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"thing": "(01)09521234500018", **_SAID}]})

    thing: Thing


class LinksIn(PageIn):
    """``thing``: only the links of its key, at every level; ``health``: what the last check found."""

    thing: Thing | None = None
    link_type: Annotated[str, Field(json_schema_extra={"enum": list(LINK_TYPES)})] | None = None
    health: Annotated[str, Field(json_schema_extra={"enum": list(links.HEALTH)})] | None = None


class LinkOut(Out):
    """``anchor``: the thing as a path (``01/095…/10/A``); ``health``: ok, moved, gone, unreachable, refused or a status."""

    id: str
    anchor: str
    link_type: str
    href: str
    title: str
    language: str | None
    media_type: str | None
    context: str | None
    is_default: bool
    passes_query: bool
    added_at: datetime
    ended_at: datetime | None
    checked_at: datetime | None
    health: str | None
    failures: int


class LinkChangeOut(Out):
    """``change``: added, changed, ended, or checked when a check found something new; ``document``: the link after it, or the finding."""

    change: str
    document: dict[str, Any]
    at: datetime
    by: str


class LinkHostIn(In):
    """A host, or ``*.`` and one for all below it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"host": "www.lanmu.example"}, {"host": "*.lanmu.example"}]})

    host: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class LinkHostOut(Out):
    host: str
    added_at: datetime


class ImportIn(In):
    """``dry_run``: say what would happen, and let nothing happen."""

    dry_run: bool = False


class ImportRowOut(Out):
    """``row`` counts from 0, ``line`` of the file from 1; ``before``: where the link leads now, when that changes."""

    row: int
    line: int
    outcome: Annotated[str, Field(json_schema_extra={"enum": list(OUTCOMES)})]
    anchor: str | None
    link_type: str | None
    href: str | None
    before: str | None
    errors: list[dict[str, Any]]


class ImportOut(Out):
    """``counts`` by outcome; ``displaced``: links that no row names and that stop being defaults."""

    counts: dict[str, int]
    displaced: int
    rows: list[ImportRowOut]
