"""Findings become episodes: delays, hysteresis, one episode at a time for a stream and detector. Pure.

Knows neither alerts nor databases. Everything it must remember lies in ``state``, JSON
values only: following a series in one go or in any pieces, with ``state`` written and read
between them, gives the same changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from monitoring.detectors import DETECTORS
from monitoring.detectors.base import Finding, Watched
from monitoring.series import SECOND, patience

Episode = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """An episode ``opened``, ``worsened`` (a warning became critical) or ``returned`` to normal.

    ``began`` and ``at`` are event times: the first reading out, and the reading of the change
    (for ``returned`` the first reading back inside).
    """

    kind: str
    detector: str
    began: int
    at: int
    severity: str
    evidence: dict[str, Any]


def follow(watched: Watched, state: dict[str, Any], samples: Iterable[tuple[int, float]]) -> list[Change]:
    """Step every detector over good readings (µs, value) in strictly growing event time; brings ``state`` up to date.

    While an episode of one detector is open, those after it in DETECTORS rest: one trouble
    is told once, and nothing is learnt from it.
    """
    detectors = [(name, detector) for name, detector in DETECTORS.items() if detector.watches(watched)]
    memories = {name: state.setdefault(name, {"memory": {}, "episode": {}}) for name, _ in detectors}
    changes: list[Change] = []
    for at, value in samples:
        stirred = False
        for name, detector in detectors:
            memory, episode = memories[name]["memory"], memories[name]["episode"]
            finding = detector.step(watched, memory, at, value, calm=not stirred and not episode)
            changes += _advance(name, episode, at, finding, detector.delays(watched), patience(watched.cadence))
            if "severity" in episode:
                break
            stirred = stirred or bool(episode)
    return changes


def _advance(name: str, episode: Episode, at: int, finding: Finding, delays: tuple[float, float], hole: float) -> list[Change]:
    """One reading further. An episode is empty (normal), pending (has "since") or open (has "severity")."""
    if not episode and not finding.out:
        return []
    if "severity" in episode:
        return _go_on(name, episode, at, finding, delays, hole)
    if not finding.out:
        episode.clear()
        return []
    if at - episode.get("last", at) > hole * SECOND:
        episode.clear()  # nothing is known of the time in between
    _note(episode, at, finding)
    severity = _ripe(episode, at, delays[0])
    if severity is None:
        return []
    episode["severity"] = severity
    return [_change("opened", name, episode, at)]


def _go_on(name: str, episode: Episode, at: int, finding: Finding, delays: tuple[float, float], hole: float) -> list[Change]:
    """An open episode: does it get worse, or end?"""
    if at - episode["last"] > hole * SECOND:
        episode.pop("inside", None)
        episode.pop("critical", None)
    episode["last"] = at
    if finding.back:
        inside = episode.setdefault("inside", at)
        if at - inside < delays[1] * SECOND:
            return []
        change = _change("returned", name, episode, inside)
        episode.clear()
        return [change]
    episode.pop("inside", None)
    if not finding.out:
        episode.pop("critical", None)
        return []
    _note(episode, at, finding)
    if episode["severity"] != "critical" and _ripe(episode, at, delays[0]) == "critical":
        episode["severity"] = "critical"
        return [_change("worsened", name, episode, at)]
    return []


def _note(episode: Episode, at: int, finding: Finding) -> None:
    """Remember since when it is out, since when critically, and the worst reading of it."""
    episode.setdefault("since", at)
    episode["last"] = at
    if finding.severity == "critical":
        episode.setdefault("critical", at)
    else:
        episode.pop("critical", None)
    rank = [finding.severity == "critical", finding.depth]
    if rank > episode.get("rank", [False, -1.0]):
        episode["rank"] = rank
        episode["evidence"] = dict(finding.evidence)


def _ripe(episode: Episode, at: int, delay: float) -> str | None:
    """The severity that has lasted long enough."""
    if "critical" in episode and at - episode["critical"] >= delay * SECOND:
        return "critical"
    return "warning" if at - episode["since"] >= delay * SECOND else None


def _change(kind: str, name: str, episode: Episode, at: int) -> Change:
    evidence = {**episode["evidence"], "seconds": (at - episode["since"]) / SECOND}
    return Change(kind, name, episode["since"], at, episode["severity"], evidence)
