"""New readings meet the detectors; what the episodes say becomes alerts.

Event time rules: each stream is followed from ``seen_until`` onwards, in the order in which
things happened. A reading that comes after the detectors have passed its moment is kept and
counted (telemetry), and changes no alert.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from kernel.unit import Unit
from monitoring import alerts, episodes, streams, telemetry
from monitoring.episodes import Change
from monitoring.facts import ReadingsArrived
from monitoring.models import Stream
from monitoring.series import SECOND, micros, moment, patience

MOST = 20_000
"""Readings of one stream in one transaction; what is left is told again."""


def on_readings_arrived(unit: Unit, fact: ReadingsArrived) -> None:
    """Follow each stream to its newest reading. Running it again changes nothing."""
    unfinished = []
    for no in sorted(set(fact.stream_nos)):
        for stream in streams.locked(unit, no=no):
            if _follow(unit, stream):
                unfinished.append(no)
    if unfinished:
        unit.tell(ReadingsArrived(stream_nos=unfinished))


def watch_silence(unit: Unit) -> int:
    """Open an alert for every stream whose data stopped: ten cadences, at least 30 s. How many did.

    A stream that never spoke is not silent, it is not there yet.
    """
    silent = [stream.no for stream in streams.streams(unit) if is_silent(unit, stream) and "silent_since" not in stream.state]
    opened = 0
    for no in silent:
        for stream in streams.locked(unit, no=no):
            last = stream.last_at
            if last is None or not is_silent(unit, stream) or "silent_since" in stream.state:
                continue
            seconds = (unit.now - last).total_seconds()
            evidence = {"code": "alert.silence", "value": stream.last_value, "unit": stream.unit, "seconds": seconds}
            alerts.open(unit, stream=stream, detector="silence", severity="warning", began_at=last, evidence=evidence)
            stream.state = {**stream.state, "silent_since": micros(last)}
            opened += 1
    return opened


def is_silent(unit: Unit, stream: Stream) -> bool:
    """Whether it spoke once, and too long ago."""
    return stream.last_at is not None and unit.now - stream.last_at > timedelta(seconds=patience(stream.cadence_seconds))


def _follow(unit: Unit, stream: Stream) -> bool:
    """Bring one locked stream up to date; True when more readings wait."""
    samples = telemetry.after(unit, stream, MOST)
    if not samples:
        return False
    state = deepcopy(stream.state)
    _speaks_again(unit, stream, state.pop("silent_since", None), samples[0][0])
    for change in episodes.follow(streams.watched(stream), state, samples):
        _apply(unit, stream, change)
    stream.state = state
    stream.seen_until = moment(samples[-1][0])
    unit.session.flush()
    return len(samples) == MOST


def _speaks_again(unit: Unit, stream: Stream, since: int | None, at: int) -> None:
    if since is None:
        return
    alert = alerts.find(unit, stream_no=stream.no, detector="silence", began_at=moment(since))
    if alert is not None:
        alerts.back_to_normal(unit, alert=alert, at=moment(at), evidence={**alert.evidence, "seconds": (at - since) / SECOND})


def _apply(unit: Unit, stream: Stream, change: Change) -> None:
    began_at = moment(change.began)
    evidence = {**change.evidence, "unit": stream.unit}
    if change.kind == "opened":
        alerts.open(unit, stream=stream, detector=change.detector, severity=change.severity, began_at=began_at, evidence=evidence)
        return
    alert = alerts.find(unit, stream_no=stream.no, detector=change.detector, began_at=began_at)
    if alert is None:
        return
    if change.kind == "worsened":
        alerts.worsen(unit, alert=alert, evidence=evidence)
    else:
        alerts.back_to_normal(unit, alert=alert, at=moment(change.at), evidence=evidence)
