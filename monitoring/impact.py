"""Which lots were on the line: an alert reaches for them, and for all that was made of them since.

A breach of a critical limit holds them; a statistical alarm or a plain limit proposes a hold
and leaves the decision to a person. What a person has decided is not done over.
"""

from __future__ import annotations

from datetime import timedelta

from kernel.unit import Unit
from monitoring import alerts, streams
from monitoring.facts import AlertOpened
from monitoring.models import Alert, AlertLot, Line, Stream
from traceability import codes, genealogy, holds, lots

LINGER = timedelta(hours=1)
"""How long after its return an alert is still asked for lots, so that none is missed between two rounds."""


def on_alert_opened(unit: Unit, fact: AlertOpened) -> None:
    """Hold, or propose to hold, the lots that were on the line. Running it again changes nothing."""
    _reach(unit, alerts.locked(unit, fact.alert_id))


def keep_up(unit: Unit) -> int:
    """A lot that is started while an alert lasts is touched by it as well. How many lots were new."""
    recent = [alert.id for alert in alerts.lasting(unit, since=unit.now - LINGER)]
    return sum(_reach(unit, alerts.locked(unit, alert_id)) for alert_id in sorted(recent))


def _reach(unit: Unit, alert: Alert) -> int:
    if alert.detector == "silence":
        return 0
    stream = streams.stream(unit, alert.stream_no)
    line = streams.line(unit, alert.line_id)
    made = lots.made_on(unit, line_code=line.code, since=alert.began_at, until=alert.returned_at or unit.now)
    known = {row.lot_id: row for row in alerts.lots_of(unit, alert.id)}
    action = "held" if alert.severity == "critical" else "proposed"
    new = 0
    for lot in genealogy.affected(unit, [lot.id for lot in made]):
        row = known.get(lot.id)
        if row is not None and row.action in (action, "held"):
            continue
        act = holds.place if action == "held" else holds.propose
        act(unit, lot_id=lot.id, cause="alert", cause_id=alert.id, reason=reason(line, stream, alert))
        items = codes.count_of(unit, lot.id)
        if row is None:
            unit.session.add(AlertLot(id=unit.new_id(), alert_id=alert.id, lot_id=lot.id, action=action, items=items))
        else:
            row.action, row.items = action, items
        new += 1
    unit.session.flush()
    return new


def reason(line: Line, stream: Stream, alert: Alert) -> str:
    """One line for people of both languages, from the alert's own numbers."""
    evidence = alert.evidence
    if alert.detector == "limits":
        side = "低于 / below" if evidence["code"] == "alert.limits.low" else "高于 / above"
        told = f"{side} {evidence['limit']:g}"
    else:
        told = f"不同于平时 / unlike usual {evidence['expected_low']:g}–{evidence['expected_high']:g}"
    return f"{line.code} · {stream.name_zh} / {stream.name_en}: {told} ({evidence['value']:g} {stream.unit})"[:300]
