"""Links of things: what the resolver knows to lead to, kept with all that was done to them.

A link belongs to one thing (``link_anchors``), is of one of GS1's sorts and leads to a host that the brand has allowed
(``link_rules``, ``link_hosts``). A thing has at most one plain default: marking another moves it. Beside it
stand its variants, defaults of the same sort that a language, media type or context tells apart. A thing may be without
a default, because the product's own pages, which are always there, are the default of the level above it. It must not
know requests: which link fits is the matter of ``resolver.choosing``.

Source: GS1-Conformant Resolver 1.2.1, 2.5 (link records), 2.6 (defaults).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeVar, Unpack

from sqlalchemy import select

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from traceability import link_anchors
from traceability.given import Given
from traceability.link_anchors import Anchor
from traceability.link_rules import Rules, Said, Wanted
from traceability.models import Link, LinkChange
from traceability.resolver import Level, Target, levels

PAGE: Final = 100
RED: Final = 3
"""Checks that fail one after another before a link is shown as broken."""
HEALTH: Final = ("ok", "moved", "gone", "unreachable", "refused", "status", "unchecked", "broken")
"""By what ``every`` narrows: a finding; any other status; no check yet; ``RED`` failures or more."""


class LinkEnded(Conflict):
    """The link was ended. Its history stays; add a new one to lead there again."""

    code = "link-ended"
    title = "This link was ended"


class _Kept(Protocol):
    @property
    def wanted(self) -> Wanted: ...


Kept = TypeVar("Kept", bound=_Kept)


def add(unit: Unit, *, thing: object, **said: Unpack[Said]) -> Link:
    """Let a thing lead somewhere. ``thing``: a Digital Link, an element string or a GTIN (``link_anchors.read``).

    ``link_type``: ``pip``, ``gs1:pip`` or its address; ``language``: ``ll`` or ``ll-CC``. The same once more is the link that is
    there. Raises Invalid or link_anchors.AnchorTaken.
    """
    given, rules = Given(), Rules(unit)
    anchor = rules.anchor(given, thing)
    wanted = rules.wanted(given, said)
    given.done()
    assert anchor is not None
    link_anchors.claim(unit, [anchor.key])
    others = [_Row(link) for link in _living(unit, anchor.path)]
    for other in others:
        if other.wanted == wanted:
            return other.link
    displaced = displaced_by(wanted, others)
    (link,) = put_in(unit, [(anchor, wanted)])
    for other in displaced:
        put(unit, other.link, replace(other.wanted, is_default=False))
    unit.record("link.added", "link", link.id, link_type=link.link_type)
    return link


def change(unit: Unit, *, link_id: str, **said: Unpack[Said]) -> Link:
    """Say all of a link anew; what is left out is as it would be in a new one. The thing stays. Raises Missing, Invalid or LinkEnded."""
    link = _one(unit, link_id)
    link_anchors.claim(unit, [link.key])
    unit.session.refresh(link)
    if link.ended_at is not None:
        raise LinkEnded("this link was ended")
    given = Given()
    wanted = Rules(unit).wanted(given, said)
    given.done()
    if wanted == Wanted.of(link):
        return link
    displaced = displaced_by(wanted, [_Row(other) for other in _living(unit, link.anchor) if other.id != link.id])
    put(unit, link, wanted)
    for other in displaced:
        put(unit, other.link, replace(other.wanted, is_default=False))
    unit.record("link.changed", "link", link.id, link_type=link.link_type)
    return link


def end(unit: Unit, *, link_id: str) -> Link:
    """Lead there no more; also again. Its row and its history stay. Raises Missing."""
    link = _one(unit, link_id)
    if link.ended_at is None:
        finish(unit, link)
        unit.record("link.ended", "link", link.id, link_type=link.link_type)
    return link


def every(
    unit: Unit,
    *,
    key: str | None = None,
    link_type: str | None = None,
    health: str | None = None,
    limit: int = PAGE,
    before: str | None = None,
) -> list[Link]:
    """Living links, newest first, ``limit`` at a time; ``before`` the id of the last one seen. ``health``: one of ``HEALTH``."""
    query = select(Link).where(Link.ended_at.is_(None)).order_by(Link.id.desc()).limit(limit)
    if key is not None:
        query = query.where(Link.key == key)
    if link_type is not None:
        query = query.where(Link.link_type == link_type)
    if health == "unchecked":
        query = query.where(Link.health.is_(None))
    elif health == "broken":
        query = query.where(Link.failures >= RED)
    elif health == "status":
        query = query.where(Link.health.not_in(HEALTH))
    elif health is not None:
        query = query.where(Link.health == health)
    if before is not None:
        query = query.where(Link.id < before)
    return list(unit.session.scalars(query))


def get(unit: Unit, link_id: str) -> Link:
    """Also one that was ended. Raises Missing."""
    return _one(unit, link_id)


def history(unit: Unit, link_id: str) -> list[LinkChange]:
    """What was done to a link, and what checks found that was new, newest first. Raises Missing."""
    _one(unit, link_id)
    query = select(LinkChange).where(LinkChange.link_id == link_id).order_by(LinkChange.at.desc(), LinkChange.id.desc())
    return list(unit.session.scalars(query))


def of_anchors(unit: Unit, key: str, anchors: Collection[str]) -> list[Link]:
    """The living links of these things of a key (``01/095…``), by anchor. One statement, however many links the key has."""
    query = select(Link).where(Link.key == key, Link.anchor.in_(anchors), Link.ended_at.is_(None)).order_by(Link.anchor, Link.id)
    return list(unit.session.scalars(query))


def has_items(unit: Unit, key: str) -> bool:
    """Whether any single item of a key (``01/095…``) has a living link of its own. One statement."""
    query = select(Link.id).where(Link.key == key, Link.anchor.startswith(f"{key}/21/", autoescape=True), Link.ended_at.is_(None))
    return unit.session.scalar(query.limit(1)) is not None


def owner(unit: Unit, key: str) -> str | None:
    """The id of the brand whose thing this is; asked from outside every brand. One look-up by primary key."""
    return link_anchors.owner(unit, key)


def of_levels(found: Iterable[Link], pairs: Iterable[tuple[str, str]], *, root: str, description: str) -> list[Level]:
    """The links of a key as the resolver wants them: the levels of a request, the narrowest first, also those without links."""
    at: dict[str, list[Target]] = {}
    for link in found:
        at.setdefault(link.anchor, []).append(Target(**vars(Wanted.of(link))))
    paths = [levels.anchor(each) for each in levels.among(pairs)]
    return [Level(f"{root}/{path}", description, tuple(at.get(path, ()))) for path in paths]


def displaced_by(wanted: Wanted, others: Sequence[Kept]) -> list[Kept]:
    """Which of a thing's other links stop being defaults when this one is said so. Raises Invalid.

    A plain one displaces the plain default and the variants of another sort. A variant displaces nothing, and must be of
    the sort of the defaults that are there.
    """
    if not wanted.is_default:
        return []
    defaults = [other for other in others if other.wanted.is_default]
    if wanted.is_plain:
        return [other for other in defaults if other.wanted.is_plain or other.wanted.link_type != wanted.link_type]
    theirs = next((other.wanted.link_type for other in defaults if other.wanted.link_type != wanted.link_type), None)
    if theirs is not None:
        given = Given()
        given.wrong("/is_default", "default-type", f"variants of the default are of its type, here {theirs}", link_type=theirs)
        given.done()
    return []


def put_in(unit: Unit, new: Iterable[tuple[Anchor, Wanted]]) -> list[Link]:
    """New rows, with their histories."""
    made = [
        Link(id=unit.new_id(), key=anchor.key, anchor=anchor.path, added_at=unit.now, failures=0, **vars(wanted)) for anchor, wanted in new
    ]
    unit.session.add_all(made)
    unit.session.flush()
    for link in made:
        _tell(unit, link, "added")
    return made


def put(unit: Unit, link: Link, wanted: Wanted) -> None:
    """A row said anew, with its history; a new address was never checked."""
    if link.href != wanted.href:
        link.health, link.checked_at, link.failures = None, None, 0
    for name, value in vars(wanted).items():
        setattr(link, name, value)
    _tell(unit, link, "changed")


def finish(unit: Unit, link: Link) -> None:
    """A row ended, with its history."""
    link.ended_at = unit.now
    _tell(unit, link, "ended")


@dataclass(frozen=True)
class _Row:
    link: Link

    @property
    def wanted(self) -> Wanted:
        return Wanted.of(self.link)


def _tell(unit: Unit, link: Link, what: str) -> None:
    document: dict[str, Any] = {"anchor": link.anchor, **vars(Wanted.of(link))}
    unit.session.add(LinkChange(id=unit.new_id(), link_id=link.id, change=what, document=document, at=unit.now, by=unit.actor.id))


def _living(unit: Unit, path: str) -> list[Link]:
    query = select(Link).where(Link.anchor == path, Link.ended_at.is_(None)).order_by(Link.id)
    return list(unit.session.scalars(query.execution_options(populate_existing=True)))


def _one(unit: Unit, link_id: str) -> Link:
    link = unit.session.get(Link, link_id)
    if link is None:
        raise Missing("no such link")
    return link
