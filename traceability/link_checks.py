"""Whether links still lead somewhere: asked once a day, told to people, never acted upon.

A server may be down for an evening, so a link that does not answer is only marked, and never ended here. What a
check found goes into the link's history when it is news. It must not know how the web is asked: the port that is
handed to it refuses whatever leads inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, or_, select

from kernel.ports import Answer
from kernel.unit import Unit
from traceability.facts import LinksDue
from traceability.models import Link, LinkChange

AT_ONCE: Final = 24
"""Links in one delivery: with ten seconds each and ``THREADS`` side by side it ends within 40 seconds, long before its lease does."""
THREADS: Final = 8
AGAIN: Final = timedelta(hours=20)
_GONE: Final = (404, 410)
_SHY: Final = (401, 403, 429)
"""Somebody is at home and does not talk to machines: shown, but no failure."""


def due(unit: Unit) -> None:
    """Tell LinksDue of every link that was not checked since yesterday. The platform's own pages need no check."""
    old = or_(Link.checked_at.is_(None), Link.checked_at < unit.now - AGAIN)
    own = Link.href.startswith(unit.outside.public_url + "/", autoescape=True)
    query = select(Link.id).where(Link.ended_at.is_(None), old, ~own).order_by(Link.href, Link.id)
    ids = list(unit.session.scalars(query))
    for at in range(0, len(ids), AT_ONCE):
        unit.tell(LinksDue(ids[at : at + AT_ONCE]))


def fetch(unit: Unit, fact: LinksDue) -> dict[str, Answer]:
    """What each address answers, asked once however many links lead there. Writes nothing, and holds nothing while it waits."""
    hrefs = sorted({link.href for link in _living(unit, fact.link_ids)})
    unit.rest()
    with ThreadPoolExecutor(THREADS) as pool:
        return dict(zip(hrefs, pool.map(unit.outside.web.ask, hrefs), strict=True))


def on_links_due(unit: Unit, fact: LinksDue, answers: Mapping[str, Answer]) -> None:
    """Mark each link with what its address answered; one that was changed meanwhile waits for its own check."""
    links = [link for link in _living(unit, fact.link_ids) if link.href in answers]
    known = findings(unit, [link.id for link in links])
    for link in links:
        answer = answers[link.href]
        health = judge(answer)
        found = {"href": link.href, "health": health, "status": answer.status, "location": answer.location}
        if health != link.health or (health == "moved" and found != known.get(link.id)):
            unit.session.add(LinkChange(id=unit.new_id(), link_id=link.id, change="checked", document=found, at=unit.now, by=unit.actor.id))
        link.failures = 0 if health in ("ok", "moved") or answer.status in _SHY else link.failures + 1
        link.health, link.checked_at = health, unit.now


def judge(answer: Answer) -> str:
    """``ok``, ``moved``, ``gone``, ``unreachable``, ``refused``, or the status in digits."""
    if answer.refused:
        return "refused"
    if answer.status is None:
        return "unreachable"
    if answer.status in _GONE:
        return "gone"
    if not 200 <= answer.status < 300:
        return str(answer.status)
    return "moved" if answer.location else "ok"


def findings(unit: Unit, link_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The last news of each link's checks: ``href``, ``health``, ``status`` and ``location``, where it has moved to."""
    last = (
        select(LinkChange.link_id, func.max(LinkChange.id).label("id"))
        .where(LinkChange.link_id.in_(list(link_ids)), LinkChange.change == "checked")
        .group_by(LinkChange.link_id)
        .subquery()
    )
    rows = unit.session.scalars(select(LinkChange).join(last, LinkChange.id == last.c.id))
    return {row.link_id: row.document for row in rows}


def _living(unit: Unit, ids: Iterable[str]) -> list[Link]:
    return list(unit.session.scalars(select(Link).where(Link.id.in_(list(ids)), Link.ended_at.is_(None)).order_by(Link.id)))
