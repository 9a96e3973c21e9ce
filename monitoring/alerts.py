"""Alerts in the states of ISA-18.2 (IEC 62682): unacknowledged, acknowledged, returned, closed.

        condition begins            acknowledged
    A ───────────────────▶ B  ─────────────────────▶ C
    ▲                      │ back to normal          │ back to normal
    │     acknowledged     ▼                         │
    └───────────────────── D                         │
    └────────────────────────────────────────────────┘

An episode of one stream and detector is one alert, however often it is told. Knows no
detector and no lot.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, select

from kernel.errors import Conflict, Invalid, Missing, flaw
from kernel.unit import Unit
from monitoring import streams
from monitoring.facts import AlertOpened
from monitoring.models import Alert, AlertLot, Stream
from traceability.given import Given

CAUSES: Final = dict.fromkeys(("process", "sensor", "cleaning", "product_change", "unknown"))
"""What a person says an alert came from, in the order in which they are offered."""

SEVERITIES: Final = ("critical", "warning")


class AlertAcknowledged(Conflict):
    """Somebody acknowledged this alert before: its entry shows who, when and with which cause."""

    code = "alert-acknowledged"
    title = "This alert was acknowledged before"


class AlertNotAcknowledged(Conflict):
    """An alert is acknowledged with its cause first; only then can it be closed."""

    code = "alert-not-acknowledged"
    title = "This alert was not acknowledged yet"


def open(unit: Unit, *, stream: Stream, detector: str, severity: str, began_at: datetime, evidence: dict[str, Any]) -> Alert:
    """The alert of an episode (B) and AlertOpened; the one that there is when it was opened before."""
    known = find(unit, stream_no=stream.no, detector=detector, began_at=began_at)
    if known is not None:
        return known
    alert = Alert(
        id=unit.new_id(),
        line_id=stream.line_id,
        stream_no=stream.no,
        detector=detector,
        severity=severity,
        state="unacknowledged",
        began_at=began_at,
        opened_at=unit.now,
        evidence=evidence,
    )
    unit.session.add(alert)
    unit.session.flush()
    unit.record("alert.opened", "alert", alert.id, detector=detector, severity=severity)
    unit.tell(AlertOpened(alert_id=alert.id))
    return alert


def worsen(unit: Unit, *, alert: Alert, evidence: dict[str, Any]) -> Alert:
    """A warning became critical: it asks for acknowledgement again, closed by hand or not, and is told again for its lots."""
    if alert.severity == "critical":
        return alert
    alert.returned_at = None
    alert.severity, alert.state, alert.evidence = "critical", "unacknowledged", evidence
    alert.acknowledged_at = alert.acknowledged_by = alert.cause = alert.note = None
    unit.session.flush()
    unit.record("alert.worsened", "alert", alert.id)
    unit.tell(AlertOpened(alert_id=alert.id))
    return alert


def back_to_normal(unit: Unit, *, alert: Alert, at: datetime, evidence: dict[str, Any] | None = None) -> Alert:
    """The condition ended: B → D, C → A. Nothing happens to an alert that had returned before."""
    if alert.state not in ("unacknowledged", "acknowledged"):
        return alert
    alert.state = "closed" if alert.state == "acknowledged" else "returned"
    alert.returned_at = at
    alert.evidence = alert.evidence if evidence is None else evidence
    unit.session.flush()
    unit.record("alert.returned", "alert", alert.id, state=alert.state)
    return alert


def acknowledge(unit: Unit, *, alert_id: str, cause: str, note: str | None = None) -> Alert:
    """Somebody saw it and says what it came from: B → C, D → A.

    Novelty explained by "product_change" closes at once, and the stream's normal is learnt anew.
    Raises Missing, Invalid or AlertAcknowledged.
    """
    given = Given()
    if cause not in CAUSES:
        given.wrong("/cause", "choice", "must be one of " + ", ".join(CAUSES))
    text = given.text("/note", note, 500, lines=True) if note and note.strip() else None
    given.done()
    renewed = cause == "product_change" and get(unit, alert_id).detector == "novelty"
    if renewed:
        streams.locked(unit, no=get(unit, alert_id).stream_no)  # before the alert, as detection does
    alert = locked(unit, alert_id)
    if alert.acknowledged_at is not None or alert.state == "closed":
        raise AlertAcknowledged("the alert was acknowledged before")
    alert.acknowledged_at, alert.acknowledged_by = unit.now, unit.actor.id
    alert.cause, alert.note = cause, text
    alert.state = "closed" if alert.state == "returned" else "acknowledged"
    if renewed and alert.state == "acknowledged":
        streams.forget_normal(unit, alert.stream_no)
        alert.state, alert.returned_at = "closed", unit.now
    unit.session.flush()
    unit.record("alert.acknowledged", "alert", alert.id, cause=cause)
    return alert


def close(unit: Unit, *, alert_id: str) -> Alert:
    """End an acknowledged alert by hand when its condition will not return by itself, a removed sensor say.

    Raises Missing or AlertNotAcknowledged; a closed alert stays as it is.
    """
    alert = locked(unit, alert_id)
    if alert.state == "closed":
        return alert
    if alert.state != "acknowledged":
        raise AlertNotAcknowledged(f"the alert is {alert.state}", state=alert.state)
    alert.state, alert.returned_at = "closed", unit.now
    unit.session.flush()
    unit.record("alert.closed", "alert", alert.id)
    return alert


def get(unit: Unit, alert_id: str) -> Alert:
    """Raises Missing."""
    alert = unit.session.scalar(select(Alert).where(Alert.id == alert_id))
    if alert is None:
        raise Missing("no such alert")
    return alert


def locked(unit: Unit, alert_id: str) -> Alert:
    """The alert, locked until the end of the unit and read afresh. Raises Missing."""
    query = select(Alert).where(Alert.id == alert_id).with_for_update().execution_options(populate_existing=True)
    alert = unit.session.scalar(query)
    if alert is None:
        raise Missing("no such alert")
    return alert


def find(unit: Unit, *, stream_no: int, detector: str, began_at: datetime) -> Alert | None:
    """The alert of an episode, locked until the end of the unit."""
    query = select(Alert).where(Alert.stream_no == stream_no, Alert.detector == detector, Alert.began_at == began_at)
    return unit.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def active(unit: Unit) -> list[Alert]:
    """Everything that is not closed: the worst first, of those the newest."""
    worst = case({"critical": 0}, value=Alert.severity, else_=1)
    query = select(Alert).where(Alert.state != "closed").order_by(worst, Alert.began_at.desc(), Alert.id.desc())
    return list(unit.session.scalars(query))


def lasting(unit: Unit, *, since: datetime) -> list[Alert]:
    """The alerts whose condition is there now, or ended after ``since``, oldest first."""
    query = select(Alert).where(Alert.returned_at.is_(None) | (Alert.returned_at >= since))
    return list(unit.session.scalars(query.order_by(Alert.began_at, Alert.id)))


def recent(unit: Unit, *, most: int = 200) -> list[Alert]:
    """The latest alerts of any state, newest first."""
    if not 1 <= most <= 1000:
        raise Invalid(errors=[flaw("/most", "between", "must lie between 1 and 1000")])
    return list(unit.session.scalars(select(Alert).order_by(Alert.began_at.desc(), Alert.id.desc()).limit(most)))


def of_stream(unit: Unit, *, stream_no: int, since: datetime, until: datetime) -> list[Alert]:
    """The alerts of a stream that lasted into ``since`` … ``until``, oldest first."""
    lasted = Alert.returned_at.is_(None) | (Alert.returned_at >= since)
    query = select(Alert).where(Alert.stream_no == stream_no, Alert.began_at <= until, lasted)
    return list(unit.session.scalars(query.order_by(Alert.began_at, Alert.id)))


def lots_of(unit: Unit, alert_id: str) -> list[AlertLot]:
    """The lots that an alert touched, and what was done: held or proposed."""
    return list(unit.session.scalars(select(AlertLot).where(AlertLot.alert_id == alert_id).order_by(AlertLot.id)))


def lots_of_all(unit: Unit, alert_ids: list[str]) -> dict[str, list[AlertLot]]:
    """The same for many alerts at once."""
    found: dict[str, list[AlertLot]] = {alert_id: [] for alert_id in alert_ids}
    for row in unit.session.scalars(select(AlertLot).where(AlertLot.alert_id.in_(alert_ids)).order_by(AlertLot.id)):
        found[row.alert_id].append(row)
    return found
