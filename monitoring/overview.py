"""The board and the chart: what the plant sees now. Reads only; every state here is derived, none is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from kernel.unit import Unit
from monitoring import alerts, detection, streams, telemetry
from monitoring.models import Alert, AlertLot, Line, Stream
from monitoring.series import micros
from traceability import lots


@dataclass(frozen=True)
class LotSeen:
    """A lot as the board shows it. ``standing``: clear, held or recalled."""

    id: str
    code: str
    standing: str
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class StreamView:
    """``values``: up to 60, oldest first. ``state``: good, look, stop, or quiet when it does not speak."""

    stream: Stream
    values: list[float]
    state: str
    lot: LotSeen | None


@dataclass(frozen=True)
class LineView:
    """``lot``: the one being made on the line now."""

    line: Line
    streams: list[StreamView]
    lot: LotSeen | None


@dataclass(frozen=True)
class TouchedLot:
    """``action``: held or proposed; ``items``: the codes it bears."""

    lot: LotSeen
    action: str
    items: int


@dataclass(frozen=True)
class AlertView:
    alert: Alert
    line: Line
    stream: Stream
    lots: list[TouchedLot]


@dataclass(frozen=True)
class Board:
    """``alerts``: all that are not closed, the worst first, of those the newest."""

    lines: list[LineView]
    alerts: list[AlertView]


def board(unit: Unit) -> Board:
    """Every line with its streams, and every alert with its lots."""
    every = streams.streams(unit)
    waiting = alerts.active(unit)
    values = telemetry.recent(unit, [stream.no for stream in every])
    lines = streams.lines(unit)
    views = []
    for line in lines:
        lot = _current_lot(unit, line)
        mine = [StreamView(s, values[s.no], _state(unit, s, waiting), lot) for s in every if s.line_id == line.id]
        views.append(LineView(line, mine, lot))
    return Board(views, _alert_views(unit, waiting, lines, every))


def chart(unit: Unit, *, stream_no: int, since: datetime, until: datetime, most: int = 1500) -> dict[str, Any]:
    """A stream over a window, ready for JSON; all times in seconds since 1970 UTC.

    {"times", "values"} as telemetry.history, "unit", "limits", "alerts": [{id, detector, severity, state, began,
    until (null while it lasts), evidence}], "lots": [{id, code, began, until, standing}]. Raises Missing.
    """
    stream = streams.stream(unit, stream_no)
    line = streams.line(unit, stream.line_id)
    times, values = telemetry.history(unit, stream_no=stream_no, since=since, until=until, most=most)
    return {
        "times": times,
        "values": values,
        "unit": stream.unit,
        "limits": stream.limits,
        "alerts": [
            {
                "id": alert.id,
                "detector": alert.detector,
                "severity": alert.severity,
                "state": alert.state,
                "began": alert.began_at.timestamp(),
                "until": alert.returned_at.timestamp() if alert.returned_at else None,
                "evidence": alert.evidence,
            }
            for alert in alerts.of_stream(unit, stream_no=stream_no, since=since, until=until)
        ],
        "lots": [
            {
                "id": lot.id,
                "code": lot.code,
                "began": lot.started_at.timestamp(),
                "until": lot.finished_at.timestamp() if lot.finished_at else None,
                "standing": lot.standing,
            }
            for lot in lots.made_on(unit, line_code=line.code, since=since, until=until)
        ],
    }


def pulse(unit: Unit) -> str:
    """A token that changes whenever the board has something new to show; three small queries."""
    last = unit.session.scalar(select(func.max(Stream.last_at)))
    moments = (func.max(Alert.opened_at), func.max(Alert.acknowledged_at), func.max(Alert.returned_at), func.max(Alert.began_at))
    states = unit.session.execute(select(Alert.state, func.count(), *moments).group_by(Alert.state).order_by(Alert.state)).all()
    touched = unit.session.scalar(select(func.max(AlertLot.id)))
    parts = [part for row in states for part in row]
    return "-".join(_short(part) for part in (last, touched, *parts))


def _short(part: object) -> str:
    if isinstance(part, datetime):
        return f"{micros(part):x}"
    return "0" if part is None else str(part)


def _current_lot(unit: Unit, line: Line) -> LotSeen | None:
    now = [lot for lot in lots.made_on(unit, line_code=line.code, since=unit.now, until=unit.now) if lot.state == "open"]
    return _seen(now[-1]) if now else None


def _seen(lot: Any) -> LotSeen:
    """``lot`` is what traceability answers with; nothing but its shape is known here."""
    return LotSeen(lot.id, lot.code, lot.standing, lot.started_at, lot.finished_at)


def _state(unit: Unit, stream: Stream, waiting: list[Alert]) -> str:
    """The worst of it: a breach of a critical limit, silence, anything unusual, else good."""
    present = [alert for alert in waiting if alert.stream_no == stream.no and alert.returned_at is None]
    if any(alert.severity == "critical" for alert in present):
        return "stop"
    if stream.last_at is None or detection.is_silent(unit, stream):
        return "quiet"
    return "look" if any(alert.detector != "silence" for alert in present) else "good"


def _alert_views(unit: Unit, waiting: list[Alert], lines: list[Line], every: list[Stream]) -> list[AlertView]:
    line_of = {line.id: line for line in lines}
    stream_of = {stream.no: stream for stream in every}
    touched = alerts.lots_of_all(unit, [alert.id for alert in waiting])
    lot_of = lots.several(unit, {row.lot_id for rows in touched.values() for row in rows})
    return [
        AlertView(
            alert,
            line_of[alert.line_id],
            stream_of[alert.stream_no],
            [TouchedLot(_seen(lot_of[row.lot_id]), row.action, row.items) for row in touched[alert.id]],
        )
        for alert in waiting
    ]
