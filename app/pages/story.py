"""What the scan page tells of a lot beside its passport: papers in words, curves of the line, the way it went.

Two towers meet here: a passport knows no sensor and a line no paper. Everything is told from
facts that somebody wrote down; what is not known is said to be not known. It must hold nothing of
a scan, a person or the present moment, because a told story is kept for all who look at the lot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_datetime, format_timedelta, get_timezone

from app.pages import curve
from app.pages.look import tell
from app.pages.vouching import PaperTold, paper_told
from app.words import say
from kernel.unit import Unit
from monitoring import conditions
from monitoring.conditions import Condition, Incident
from traceability import holds, passport, sites
from traceability.passport import MaterialSeen, Passport, Step


@dataclass(frozen=True)
class IncidentTold:
    """An alert in one sentence, and in another what was done about this lot (or None)."""

    tone: str
    sentence: str
    done: str | None


@dataclass(frozen=True)
class CurveTold:
    """One stream while the lot was made, its moments and numbers written down. ``silent``: how long nothing was heard."""

    condition: Condition
    finding: curve.Finding
    sentence: str
    begin: str
    end: str
    mean: str
    silent: str
    picture: curve.Picture | None
    rows: list[curve.Row]
    incidents: list[IncidentTold]


@dataclass(frozen=True)
class LineTold:
    """A lot's time on its line. ``silent``: nothing at all came from the line in that time."""

    lot_code: str
    since: datetime
    until: datetime
    curves: list[CurveTold]

    @property
    def silent(self) -> bool:
        return not any(each.condition.readings for each in self.curves)


@dataclass(frozen=True)
class Story:
    """Everything between the product and the proof on a scan page. ``materials`` and ``suppliers`` by lot code;
    ``stops`` are (region, place) in the order of the journey."""

    passport: Passport
    materials: Mapping[str, MaterialSeen]
    suppliers: Mapping[str, str]
    papers: list[PaperTold]
    lines: list[LineTold]
    stops: list[tuple[str, str]] = field(default_factory=list)


def told(unit: Unit, lot_id: str) -> Story:
    """The story of a lot in the reader's language. Raises Missing."""
    whole = passport.of(unit, lot_id)
    return Story(
        passport=whole,
        materials={origin.lot_code: origin.material for origin in whole.origin},
        suppliers={origin.lot_code: origin.supplier_name for origin in whole.origin},
        papers=[paper_told(paper, made=whole.lot.kind == "product") for paper in whole.papers],
        lines=_lines(unit, whole),
        stops=stops_of(whole.journey, sites.region_of(unit, {step.place for step in whole.journey if step.place})),
    )


def curve_told(condition: Condition, states: Mapping[str, str], *, recalled: bool = False) -> CurveTold:
    """``states``: alert id → state of the hold that it brought upon this lot."""
    finding = curve.finding(condition)
    unit = say(f"uom.{condition.unit}")
    clock = _clock(condition.since, condition.until)
    incidents = [incident_told(each, condition, states.get(each.alert_id), recalled=recalled) for each in condition.incidents]
    return CurveTold(
        condition=condition,
        finding=finding,
        sentence=say(finding.code, unit=unit, **finding.values),
        begin=clock(condition.since),
        end=clock(condition.until),
        mean=f"{finding.values.get('mean', '')} {unit}",
        silent=str(format_timedelta(timedelta(seconds=condition.silent_seconds), threshold=1.5)),
        picture=curve.picture(condition),
        rows=curve.rows(condition, clock),
        incidents=[each for each in incidents if each is not None],
    )


def incident_told(incident: Incident, condition: Condition, state: str | None, *, recalled: bool = False) -> IncidentTold | None:
    """A broken limit is always told; what was only unusual when the lot was held for it; silence is a gap of the curve."""
    if incident.detector != "limits" and state not in ("placed", "released"):
        return None
    done = None
    if state is not None:
        done = say("incident.done.recalled" if recalled and state == "placed" else f"incident.done.{state}")
    evidence = incident.evidence
    side = "unusual"
    if incident.detector == "limits":
        side = "high" if evidence.get("code") == "alert.limits.high" else "low"
    values: dict[str, Any] = {
        "span": _span(incident.began_at, incident.ended_at),
        "limit": curve.written(condition, evidence.get("limit")),
        "value": curve.written(condition, evidence.get("value"), up=side == "high"),
        "unit": say(f"uom.{condition.unit}"),
    }
    tone = "good" if state in ("released", "declined") else "stop" if incident.severity == "critical" else "look"
    return IncidentTold(tone, tell(f"incident.{side}", values), done)


def _lines(unit: Unit, whole: Passport) -> list[LineTold]:
    states = {hold.cause_id: hold.state for hold in holds.of_lot(unit, whole.lot.id) if hold.cause == "alert"}
    recalled = whole.lot.standing == "recalled"
    lines = []
    for made in whole.made:
        until = made.until or unit.now
        measured = conditions.of(unit, line_code=made.line_code, since=min(made.since, until), until=until)
        if measured:
            curves = [curve_told(each, states, recalled=recalled) for each in measured]
            lines.append(LineTold(made.lot_code, made.since, until, curves))
    return lines


def _span(began: datetime, ended: datetime | None) -> str:
    """20:11–20:12, with its day only where that is needed to understand it."""
    here = get_timezone()
    first, begin = began.astimezone(here), format_datetime(began, "MM-dd HH:mm")
    if ended is None:
        return say("incident.lasting", begin=begin)
    same_day = first.date() == ended.astimezone(here).date()
    end = format_datetime(ended, "HH:mm" if same_day else "MM-dd HH:mm")
    return f"{begin}–{end}" if begin[-5:] != end or not same_day else str(begin)


def _clock(since: datetime, until: datetime) -> Callable[[datetime], str]:
    """How moments between these two are written: with their day only when there is more than one."""
    here = get_timezone()
    pattern = "HH:mm" if since.astimezone(here).date() == until.astimezone(here).date() else "MM-dd HH:mm"
    return lambda at: str(format_datetime(at, pattern))


def stops_of(steps: Iterable[Step], places: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where things came in and were made, as (region, place) without standing still; none unless two regions are known.
    ``places``: place → region."""
    way: list[tuple[str, str]] = []
    for step in steps:
        region = places.get(step.place or "")
        if step.kind in ("received", "made") and step.place and region and (not way or way[-1][0] != region):
            way.append((region, step.place))
    return way if len({region for region, _ in way}) > 1 else []
