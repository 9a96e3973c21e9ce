"""What templates can say: languages, times, numbers and lines, in the reader's own way.

It must not know any page, nor where the values come from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, request, url_for
from flask_babel import format_decimal, format_timedelta

from app.pages import maps
from app.telling import day, language, moment, tell
from app.words import say

STATIC = Path(__file__).parents[1] / "static"


def install(app: Flask) -> None:
    app.jinja_env.globals.update(amount=amount, asset=asset, in_language=in_language, language=language, local=local)
    app.jinja_env.globals.update(polyline=polyline, say=say, tell=tell, tone_of=tone_of)
    app.jinja_env.globals.update(drawn_map=maps.dot_map, drawn_route=maps.route_map, map_tones=maps.TONES)
    app.jinja_env.filters.update(day=day, moment=moment, relative=relative)


def in_language(code: str, **keep: str) -> str:
    """This page in the other language, relative to itself; with its filters, or only with what it says to ``keep``."""
    arguments = {name: [value] for name, value in keep.items()} or request.args.to_dict(flat=False)
    return "?" + urlencode({**arguments, "lang": [code]}, doseq=True)


def local(link: str) -> str:
    """The path of one of our own links, so that a reader stays on the host he is on."""
    return urlsplit(link).path


def asset(filename: str) -> str:
    """The URL of an own static file; it changes when the file does, so that no browser keeps an old one."""
    return url_for("static", filename=filename, v=_digest(filename))


@cache
def _digest(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:8]


def spoken_moment(at: datetime, *, language: str, zone: ZoneInfo) -> str:
    """A point in time as one says it, to the minute; without asking anybody where and for whom."""
    return _spoken_minute(at.replace(second=0, microsecond=0), language, zone)


@lru_cache(maxsize=4096)
def _spoken_minute(at: datetime, language: str, zone: ZoneInfo) -> str:
    here = at.astimezone(zone)
    if language == "en":
        return f"{here.day} {here:%B %Y} {here:%H:%M}"
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"


def relative(at: datetime) -> str:
    """How long ago, or how soon: 3 小时前, in 2 days."""
    return str(format_timedelta(at - datetime.now(UTC), add_direction=True))


TONES = {
    "standing": {
        "submitted": "busy",
        "needs_person": "busy",
        "verified": "good",
        "expiring": "look",
        "rejected": "stop",
        "lapsed": "stop",
        "suspended": "stop",
        "revoked": "stop",
        "superseded": "quiet",
    },
    "result": {"passed": "good", "failed": "stop", "inconclusive": "quiet"},
    "lot": {"clear": "good", "held": "stop", "recalled": "stop"},
    "hold": {"proposed": "look", "placed": "stop", "released": "good"},
    "job": {"waiting": "busy", "ready": "good", "failed": "stop"},
    "todo": {
        "fine": "good",
        "expiring": "look",
        "missing": "stop",
        "rejected": "stop",
        "suspended": "stop",
        "lapsed": "stop",
        "checking": "busy",
        "waiting": "busy",
        "each_lot": "quiet",
    },
    "item": {
        "clear": "good",
        "held": "stop",
        "recalled": "stop",
        "allocated": "look",
        "encoded": "look",
        "invalid": "stop",
        "label_scrapped": "stop",
        "label_sampled": "stop",
        "void": "stop",
    },
}


def tone_of(kind: str, state: str) -> str:
    """The one of the five tones in which a state of this kind is shown; quiet when nobody said."""
    return TONES[kind].get(state, "quiet")


def amount(value: Decimal | float | str, uom: str = "") -> str:
    """A number as the reader writes it, with its unit's own word."""
    number = format_decimal(Decimal(value) if isinstance(value, str) else value)
    unit = say(f"uom.{uom}") if uom else ""
    return f"{number} {unit}".strip()


class Line(NamedTuple):
    """``points`` of an SVG polyline and the heights of the limits, in the drawing's own units."""

    points: str
    limits: list[float]


def polyline(values: Sequence[float | None], width: float, height: float, low: float | None = None, high: float | None = None) -> Line:
    """Evenly spaced values as a line that fills the drawing; gaps (None) are skipped over."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return Line("", [])
    limits = [limit for limit in (low, high) if limit is not None]
    reach = [value for _, value in known] + limits
    bottom, top = min(reach), max(reach)
    span = (top - bottom) or 1.0
    pad = 2.0

    def y(value: float) -> float:
        return round(height - pad - (value - bottom) / span * (height - 2 * pad), 1)

    step = width / (len(values) - 1)
    return Line(" ".join(f"{round(index * step, 1):g},{y(value):g}" for index, value in known), [y(limit) for limit in limits])
