"""Lists in which issuers say what they revoked: kept as they were last fetched, asked again before they are stale.

An older list never takes the place of a newer one (a rollback is told, not followed), and a list that cannot be
had any more turns its papers into "not known", which opens no gate. Papers are looked at again when their list says
something else of them, and not because it was signed anew. What strangers wrote is parsed before any row is locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from kernel.unit import Unit
from suppliers import credentials, trust
from suppliers.certificates import on_lists
from suppliers.certificates.inspecting import Inspection
from suppliers.credentials import ListFacts, Moved
from suppliers.facts import CertificateSubmitted, StatusListsDue
from suppliers.models import Certificate, StatusList

SOONEST: Final = timedelta(seconds=20)
LATEST: Final = timedelta(seconds=40)
"""How often a list is asked: what an issuer revokes is to be on the item's page within a minute."""
RARELY: Final = timedelta(minutes=10)
PATIENT: Final = 100
"""Failures after which a list of which nothing is known is asked rarely."""
AHEAD: Final = timedelta(seconds=5)
"""The clock that wakes us is not exact: a list asked a little early is not asked a whole turn late."""
AT_ONCE: Final = 20
MOST: Final = 100
"""Lists in one delivery, and in one turn."""
THREADS: Final = 8
LONGEST: Final = 15.0
"""Seconds of one delivery: five for each list, ``THREADS`` side by side."""
GIVEN_UP: Final = timedelta(hours=24)
"""So long after it was last had a list is believed as it was; then its papers are not known any more."""
RENEWED: Final = timedelta(hours=1)
EXPIRING: Final = timedelta(minutes=2)
"""An edition that says the same as the kept one is kept when it is so much younger, or the kept one ends so soon."""
WHOLLY: Final = Moved(wholly=True)


@dataclass(frozen=True)
class Came:
    """What an asked list brought, parsed. ``trouble``: why it is of no use; ``beside``: the hash of the kept edition with which it
    was compared, ``ends`` that edition's own last moment; ``moved``: where they differ; ``renews``: whether it is to be kept."""

    body: bytes | None = None
    facts: ListFacts | None = None
    trouble: str | None = None
    beside: str | None = None
    ends: datetime | None = None
    moved: Moved = WHOLLY
    renews: bool = True


def keep(unit: Unit, row: Certificate, inspection: Inspection) -> None:
    """Note on which lists this paper stands, have them asked from now on, and hold what its reading says of them against what is
    known: a reading that leans on an older edition than the kept one is made again, one on a list that was rolled back is
    not believed. Before the checks are asked."""
    status = (inspection.reading.get("credential") or {}).get("status") or {}
    url = str(status.get("list") or "")
    row.status_list = url if 0 < len(url) <= trust.LONGEST else None
    entries = on_lists.entries(inspection.reading)
    reachable = trust.reachable(unit) if entries else trust.Reachable()
    for url in sorted({entry["list"] for entry in entries if reachable.may_fetch(entry["list"])}):
        _keep(unit, row, url, on_lists.edition([entry for entry in entries if entry["list"] == url]), inspection.lists.get(url))
    unit.session.flush()


def _keep(unit: Unit, row: Certificate, url: str, edition: on_lists.Edition | None, body: bytes | None) -> None:
    kept, new = on_lists.locked(unit, url)
    if kept.sha256 is not None:
        # An edition without a date cannot be told from another: one look more, when a paper is new, is enough.
        since = edition.since if edition is not None else None
        outrun = row.judged_at is None if since is None else since != kept.valid_from
        if outrun:
            unit.tell(CertificateSubmitted(certificate_id=row.id))
        return
    kept.ask_at = min(kept.ask_at or unit.now, unit.now)
    if edition is None:
        return
    if kept.valid_from is not None and (edition.since is None or edition.since < kept.valid_from):
        row.reading = on_lists.rolled_back(row.reading or {}, url)
        return
    kept.valid_from, kept.ttl = edition.since, edition.ttl
    if body is not None:
        kept.sha256, kept.fetched_at, kept.failures, kept.trouble = unit.outside.vault.put(body), unit.now, 0, None
        kept.ask_at = unit.now + _pause(edition.ttl)
        _tell(unit, url, None if new else WHOLLY, but=row.id)
    elif kept.fetched_at is None:
        kept.fetched_at = unit.now  # it was had when the file came in; from here on its silence counts


def due(unit: Unit) -> None:
    """Have the lists asked whose time has come. Each is put off first, so that two turns never ask the same."""
    ripe = select(StatusList).where(StatusList.ask_at <= unit.now + AHEAD).order_by(StatusList.ask_at, StatusList.id).limit(MOST)
    ids = []
    for row in unit.session.scalars(ripe.with_for_update(skip_locked=True)):
        row.ask_at = unit.now + (RARELY if row.sha256 is None and row.failures >= PATIENT else LATEST)
        ids.append(row.id)
    for at in range(0, len(ids), AT_ONCE):
        unit.tell(StatusListsDue(ids[at : at + AT_ONCE]))


def fetch(unit: Unit, fact: StatusListsDue) -> dict[str, Came]:
    """These lists as their issuers give them now. Writes no row, and holds nothing while it waits."""
    urls = unit.session.scalars(select(StatusList.url).where(StatusList.id.in_(fact.status_list_ids)).order_by(StatusList.url)).all()
    reachable = trust.reachable(unit)
    unit.rest()
    pool = ThreadPoolExecutor(THREADS, "lists")
    try:
        asked = {url: pool.submit(unit.outside.web.fetch, url, trust.MOST_FETCHED) for url in urls if reachable.may_fetch(url)}
        done, _ = wait(asked.values(), timeout=LONGEST)
        bodies = {url: answer.result().body if answer in done else None for url, answer in asked.items()}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return compare(unit, bodies) | {url: Came(trouble="refused", **_known(unit, url)[1]) for url in urls if url not in asked}


def compare(unit: Unit, bodies: Mapping[str, bytes | None]) -> dict[str, Came]:
    """What was fetched, parsed and held against the editions that are kept. Parses what strangers wrote: nothing may be locked."""
    return {url: _compared(unit, url, body) for url, body in bodies.items()}


def _compared(unit: Unit, url: str, body: bytes | None) -> Came:
    before, about = _known(unit, url)
    facts = credentials.list_facts(body) if body else None
    if body is None or facts is None:
        return Came(trouble="unreachable" if body is None else "unreadable", **about)
    if facts.valid_from is not None and facts.valid_from > unit.now:
        return Came(trouble="future", **about)
    if facts.valid_until is not None and facts.valid_until < unit.now:
        return Came(trouble="stale", **about)
    if before is None:
        return Came(body, facts, **about)
    news = credentials.moved(before, facts)
    ends_soon = before.valid_until is not None and before.valid_until < unit.now + EXPIRING
    younger = facts.valid_from is not None and (before.valid_from is None or facts.valid_from >= before.valid_from + RENEWED)
    return Came(body, facts, **about, moved=news, renews=bool(news) or ends_soon or younger)


def _known(unit: Unit, url: str) -> tuple[ListFacts | None, dict[str, Any]]:
    """The kept edition of a list."""
    sha256 = unit.session.scalar(select(StatusList.sha256).where(StatusList.url == url))
    facts = credentials.list_facts(unit.outside.vault.get(sha256)) if sha256 else None
    return facts, {"beside": sha256, "ends": facts.valid_until if facts else None}


def on_status_lists_due(unit: Unit, fact: StatusListsDue, found: Mapping[str, Came]) -> None:
    """Keep what came, and have the papers judged anew of which their list says something new, or can be had no more."""
    for url, came in sorted(found.items()):
        row = unit.session.scalar(select(StatusList).where(StatusList.url == url).with_for_update())
        if row is not None:
            _tell(unit, url, _take(unit, row, came))
    unit.session.flush()


def _take(unit: Unit, row: StatusList, came: Came) -> Moved | None:
    """What this says to the papers of the list; None when it is the very edition that is known, or none came."""
    if came.facts is None or came.body is None:
        return _failed(unit, row, came.trouble or "unreachable", came)
    since, ttl = came.facts.valid_from, came.facts.ttl
    if row.valid_from is not None and (since is None or since < row.valid_from):
        return _failed(unit, row, "rollback", came)
    row.ask_at = min(row.ask_at or unit.now + LATEST, unit.now + _pause(ttl))
    row.fetched_at, row.ttl, row.failures, row.trouble = unit.now, ttl, 0, None
    if came.beside == row.sha256 and not came.renews:
        return None
    before, row.sha256, row.valid_from = row.sha256, unit.outside.vault.put(came.body), since
    if before == row.sha256:
        return None
    return came.moved if came.beside == before else WHOLLY


def _failed(unit: Unit, row: StatusList, trouble: str, came: Came) -> Moved | None:
    row.failures, row.trouble = row.failures + 1, trouble
    silent = row.fetched_at is not None and unit.now - row.fetched_at > GIVEN_UP
    over = row.sha256 is not None and came.beside == row.sha256 and came.ends is not None and came.ends < unit.now
    if not (silent or over):
        return None
    row.sha256 = row.fetched_at = None  # what it said last, ``valid_from``, stays: older editions are believed no more than before
    return WHOLLY


def _pause(ttl: float | None) -> timedelta:
    return max(SOONEST, min(LATEST, timedelta(seconds=ttl) if ttl else LATEST))


def _tell(unit: Unit, url: str, moved: Moved | None, *, but: str | None = None) -> None:
    for id in on_lists.concerned(unit, url, moved) if moved is not None else ():
        if id != but:
            unit.tell(CertificateSubmitted(certificate_id=id))
