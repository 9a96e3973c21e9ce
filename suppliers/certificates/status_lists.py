"""Lists in which issuers say what they revoked: kept as they were last fetched, asked again before they are stale.

An older list never takes the place of a newer one (a rollback is told, not followed), and a list that cannot be
had any more turns its papers into "not known", which opens no gate.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from kernel.unit import Unit
from suppliers import credentials
from suppliers.certificates.inspecting import MOST_FETCHED, Inspection
from suppliers.facts import CertificateSubmitted
from suppliers.models import Certificate, StatusList

SOONEST: Final = timedelta(seconds=20)
LATEST: Final = timedelta(seconds=40)
"""How often a list is asked: what an issuer revokes is to be on the item's page within a minute."""
AT_ONCE: Final = 20
GIVEN_UP: Final = timedelta(hours=24)
"""So long a list that does not answer is believed as it was; then its papers are not known any more."""
TOO_FAR: Final = timedelta(days=1)
"""A list from further in the future is not kept: nothing true could ever take its place."""
STOPPED: Final = ("rejected", "revoked", "lapsed")


def keep(unit: Unit, row: Certificate, inspection: Inspection) -> None:
    """Note on which list this paper stands, and the list as it was fetched for it."""
    status = (inspection.reading.get("credential") or {}).get("status") or {}
    row.status_list = status.get("list") or None
    for url, body in inspection.lists.items():
        kept = unit.session.scalar(select(StatusList).where(StatusList.url == url).with_for_update())
        if kept is None:
            kept = StatusList(id=unit.new_id(), url=url, failures=0)
            unit.session.add(kept)
        _take(unit, kept, body)
    unit.session.flush()


def ask(unit: Unit) -> dict[str, bytes | None]:
    """The lists whose time has come, as their issuers give them now; None where nothing usable came. Writes nothing."""
    ripe = select(StatusList.url).where(StatusList.ask_at <= unit.now).order_by(StatusList.ask_at).limit(AT_ONCE)
    urls = unit.session.scalars(ripe).all()
    unit.rest()
    return {url: unit.outside.web.fetch(url, MOST_FETCHED).body for url in urls}


def on_asked(unit: Unit, found: dict[str, bytes | None]) -> None:
    """Keep what came, and have the papers judged anew whose list says something new or can be had no more."""
    for url, body in sorted(found.items()):
        row = unit.session.scalar(select(StatusList).where(StatusList.url == url).with_for_update())
        if row is None:
            continue
        before = row.sha256
        _take(unit, row, body)
        if row.sha256 != before:
            standing = Certificate.standing.not_in(STOPPED)
            for id in unit.session.scalars(select(Certificate.id).where(Certificate.status_list == url, standing)):
                unit.tell(CertificateSubmitted(certificate_id=id))
    unit.session.flush()


def _take(unit: Unit, row: StatusList, body: bytes | None) -> None:
    facts = credentials.list_facts(body) if body else None
    row.ask_at = unit.now + LATEST
    if facts is None or body is None:
        row.failures += 1
        row.trouble = "unreachable" if body is None else "unreadable"
        if row.fetched_at is not None and unit.now - row.fetched_at > GIVEN_UP:
            row.sha256 = None
        return
    valid_from, ttl = facts
    if valid_from is not None and valid_from > unit.now + TOO_FAR:
        row.failures, row.trouble = row.failures + 1, "future"
        return
    if row.valid_from is not None and (valid_from is None or valid_from < row.valid_from):
        row.failures, row.trouble = row.failures + 1, "rollback"
        return
    row.sha256, row.valid_from, row.fetched_at = unit.outside.vault.put(body), valid_from, unit.now
    row.ttl, row.failures, row.trouble = ttl, 0, None
    row.ask_at = unit.now + max(SOONEST, min(LATEST, timedelta(seconds=ttl) if ttl else LATEST))
