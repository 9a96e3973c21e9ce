"""Reports: what somebody who held an item had to say of it.

One report a scan, and whoever tells it stays unknown: no name, no address, no number is asked for. A
report of a fake is evidence in the item's case; several of harm about one lot are shown together, so
that a person may hold it. What the words mean is for a person to judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from unicodedata import category

from sqlalchemy import Select, String, cast, func, select, tuple_
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from traceability import cases
from traceability.given import Given
from traceability.models import Report, Scan

KINDS: Final = ("fake", "damaged", "taste", "foreign_body", "ill", "other")
HARM: Final = ("ill", "foreign_body")
"""Kinds that call for a look at the whole lot when they come together."""
STATES: Final = ("open", "done")
TOGETHER: Final = 2
"""So many open reports of one kind of harm about one lot are a cluster."""
REPORTABLE: Final = timedelta(days=90)
"""So long after the scan something can be told of it: harm may show late, and the pack is long gone by then."""


class ReportedBefore(Conflict):
    """This scan has its report already, and it was received. To tell more, scan the code again."""

    code = "reported-before"
    title = "This scan has its report already"


class ScanTooOld(Conflict):
    """The scan lies too far back to tell something of it. Scan the code again."""

    code = "scan-too-old"
    title = "This scan is too old"


class ReportClosed(Conflict):
    """Somebody closed this report before; the list shows who, when and why."""

    code = "report-closed"
    title = "This report is closed"


class ReportOpen(Conflict):
    """The report is open: there is nothing to take back."""

    code = "report-open"
    title = "This report is open"


class Told(NamedTuple):
    """A report and the scan that it speaks of."""

    report: Report
    scan: Scan


@dataclass(frozen=True)
class Cluster:
    """Open reports of one kind of harm about one lot. ``items``: how many different items they speak of."""

    lot_id: str
    kind: str
    reports: int
    items: int
    first_at: datetime
    last_at: datetime


def number(report_id: str) -> str:
    """A report's number as it is said on the telephone: the last eight characters of its id, in two fours."""
    return f"{report_id[-8:-4]}-{report_id[-4:]}"


def tell(unit: Unit, *, scan_id: str, kind: str, text: str) -> Report:
    """Keep what was told of a scan of this brand. ``text`` may be empty, but not for the kind other.

    The same words again are the same report. A report of a fake becomes evidence in the item's case.
    Raises Invalid, Missing, ReportedBefore, ScanTooOld.
    """
    kind, text = _given(kind, text)
    scan = unit.session.get(Scan, scan_id)
    if scan is None:
        raise Missing("no such scan")
    if unit.now - scan.at > REPORTABLE:
        raise ScanTooOld("the scan is too old to tell something of it", days=REPORTABLE.days)
    report = of_scan(unit, scan_id) or _keep(unit, scan_id, kind, text) or of_scan(unit, scan_id)
    if report is None or (report.kind, report.text) != (kind, text):
        raise ReportedBefore("this scan has its report already", number=number(report.id) if report else None)
    if kind == "fake":
        _suspect(unit, scan)
    return report


def of_scan(unit: Unit, scan_id: str) -> Report | None:
    return unit.session.scalar(select(Report).where(Report.scan_id == scan_id))


def every(
    unit: Unit,
    *,
    state: str | None = None,
    kind: str | None = None,
    lot_id: str | None = None,
    number: str | None = None,
    limit: int | None = None,
    before: str | None = None,
    open_first: bool = False,
) -> list[Told]:
    """Reports with their scans, newest first; older than the one with the id ``before``. ``number`` as
    ``number`` says it. With ``open_first`` the open ones come first, and there is no ``before``."""
    query = _told().limit(limit)
    for column, value in ((Report.state, state), (Report.kind, kind), (Scan.lot_id, lot_id)):
        query = query if value is None else query.where(column == value)
    if number is not None:
        query = query.where(func.substr(Report.id, 19) == number.strip().upper().replace("-", ""))
    if open_first:
        query = query.order_by(Report.state != "open")
    elif before is not None:
        last = get(unit, before).report
        query = query.where(tuple_(Report.at, Report.id) < (last.at, last.id))
    return [Told(*row) for row in unit.session.execute(query.order_by(Report.at.desc(), Report.id.desc()))]


def of_item(unit: Unit, *, gtin: str, key_version: int, counter: int) -> list[Told]:
    """What was told of one item, newest first."""
    query = _told().where(Scan.gtin == gtin, Scan.key_version == key_version, Scan.counter == counter)
    return [Told(*row) for row in unit.session.execute(query.order_by(Report.at.desc(), Report.id.desc()))]


def get(unit: Unit, report_id: str) -> Told:
    row = unit.session.execute(_told().where(Report.id == report_id)).first()
    if row is None:
        raise Missing("no such report")
    return Told(*row)


def clusters(unit: Unit) -> list[Cluster]:
    """Lots with open reports of the same harm, the most reports first."""
    item = Scan.gtin + "." + cast(Scan.key_version, String) + "." + cast(Scan.counter, String)
    query = (
        select(Scan.lot_id, Report.kind, func.count(), func.count(item.distinct()), func.min(Report.at), func.max(Report.at))
        .join_from(Report, Scan, Scan.id == Report.scan_id)
        .where(Report.state == "open", Report.kind.in_(HARM), Scan.lot_id.is_not(None))
        .group_by(Scan.lot_id, Report.kind)
        .having(func.count() >= TOGETHER)
    )
    rows = (row._tuple() for row in unit.session.execute(query))
    found = [Cluster(str(lot_id), kind, reports, items, first, last) for lot_id, kind, reports, items, first, last in rows]
    return sorted(found, key=lambda each: (-each.reports, each.first_at, each.kind))


def per_lot(unit: Unit, lot_ids: Iterable[str]) -> dict[str, int]:
    """How many reports, open and done, speak of each of these lots."""
    query = select(Scan.lot_id, func.count()).join_from(Report, Scan, Scan.id == Report.scan_id).where(Scan.lot_id.in_(set(lot_ids)))
    return {str(lot_id): int(count) for lot_id, count in unit.session.execute(query.group_by(Scan.lot_id))}


def counts(unit: Unit) -> dict[tuple[str, str], int]:
    """How many reports there are of each (kind, state)."""
    query = select(Report.kind, Report.state, func.count()).group_by(Report.kind, Report.state)
    return {(kind, state): int(count) for kind, state, count in unit.session.execute(query)}


def close(unit: Unit, *, report_id: str, note: str) -> Report:
    """A person says what came of it. Raises Invalid, Missing, ReportClosed."""
    given = Given()
    text = given.text("/note", note, 300)
    given.done()
    report = _locked(unit, report_id)
    if report.state != "open":
        raise ReportClosed("the report is closed")
    report.state, report.note, report.decided_at, report.decided_by = "done", text, unit.now, unit.actor.id
    unit.session.flush()
    unit.record("report.closed", "report", report.id, note=text)
    return report


def reopen(unit: Unit, *, report_id: str) -> Report:
    """Take the closing back. Raises Missing, ReportOpen."""
    report = _locked(unit, report_id)
    if report.state == "open":
        raise ReportOpen("the report is open")
    report.state, report.note, report.decided_at, report.decided_by = "open", None, None, None
    unit.session.flush()
    unit.record("report.reopened", "report", report.id)
    return report


def _told() -> Select[Report, Scan]:
    return select(Report, Scan).join_from(Report, Scan, Scan.id == Report.scan_id)


def _given(kind: str, text: str) -> tuple[str, str]:
    given = Given()
    kind = given.choice("/kind", kind, KINDS)
    if isinstance(text, str):  # what joins pictures of faces or turns the writing around is no word of anybody's
        text = "".join(each for each in text.replace("\r\n", "\n") if category(each) != "Cf").strip()
    if text or kind == "other":
        text = given.text("/text", text, 1000, lines=True)
    given.done()
    return kind, text


def _keep(unit: Unit, scan_id: str, kind: str, text: str) -> Report | None:
    """The new report; None when another unit has just kept one of this scan."""
    report = Report(id=unit.new_id(), scan_id=scan_id, kind=kind, text=text, at=unit.now, state="open")
    try:
        with unit.session.begin_nested():
            unit.session.add(report)
    except IntegrityError:
        return None
    unit.record("report.told", "report", report.id, kind=kind)
    return report


def _suspect(unit: Unit, scan: Scan) -> None:
    if scan.counter is None or scan.key_version is None:
        return
    fakes = sum(told.report.kind == "fake" for told in of_item(unit, gtin=scan.gtin, key_version=scan.key_version, counter=scan.counter))
    cases.suspect(
        unit,
        kind="copied",
        subject=cases.item_subject(scan.gtin, scan.key_version, scan.counter),
        gtin=scan.gtin,
        key_version=scan.key_version,
        first=scan.counter,
        last=scan.counter,
        evidence={"reports": fakes},
    )


def _locked(unit: Unit, report_id: str) -> Report:
    query = select(Report).where(Report.id == report_id).with_for_update()
    report = unit.session.scalar(query.execution_options(populate_existing=True))
    if report is None:
        raise Missing("no such report")
    return report
