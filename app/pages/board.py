"""The plant board: tiles, alerts and one chart, kept fresh by server-sent events.

A held event stream occupies a web thread, and there are few. So no more than SLOTS are held at
a time, each for less than half a minute; everybody else is answered at once and told when to
come back. Either way the browser learns only that something changed, and fetches it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import get_timezone
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.auth.guards import staff
from app.database import Database
from app.doors import begin, current_actor, database, look
from app.pages.forms import line, refused
from app.pages.frame import page
from app.pages.look import amount, language
from app.words import say
from kernel.errors import Trouble
from kernel.unit import Actor
from monitoring import alerts, overview, streams, telemetry

bp = Blueprint("board", __name__, url_prefix="/board")
SLOTS = BoundedSemaphore(2)
HELD, GLANCE, PAUSE = 25.0, 0.5, 2000
"""Seconds a stream is held and between two looks; milliseconds after which a browser comes back."""
SPANS = {"10": 10, "60": 60, "480": 480, "1440": 1440}
"""Minutes that the chart can show."""
ROWS = 600


@bp.get("")
@staff("plant", "quality", "brand_admin")
def home() -> str:
    """Every line now, what is wrong, and the chart of the stream named in the address."""
    with look() as unit:
        seen = overview.board(unit)
        every = [view.stream for each in seen.lines for view in each.streams]
        chosen = next((stream for stream in every if stream.no == _chosen()), every[0] if every else None)
        return page(
            unit,
            "board.html",
            board=seen,
            token=overview.pulse(unit),
            chosen=chosen,
            chosen_no=chosen.no if chosen else None,
            minutes=_minutes(),
            spans=list(SPANS),
            causes=list(alerts.CAUSES),
            explain=_explain,
            zone=str(get_timezone()),
        )


@bp.get("/now")
@staff("plant", "quality", "brand_admin")
def now() -> str:
    """Tiles and alerts alone."""
    with look() as unit:
        values = {"chosen_no": _chosen(), "minutes": _minutes(), "causes": list(alerts.CAUSES), "explain": _explain}
        return render_template("board_now.html", board=overview.board(unit), **values)


@bp.get("/events")
@staff("plant", "quality", "brand_admin")
def events() -> Response:
    """Says "changed" whenever the board has something new to show."""
    told = _stream(database(), current_actor(), request.headers.get("Last-Event-ID", request.args.get("seen", ""))[:2000])
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(told, mimetype="text/event-stream", headers=headers)


@bp.get("/streams/<int:no>/chart")
@staff("plant", "quality", "brand_admin")
def chart(no: int) -> Response:
    """The numbers of one chart, with what they say."""
    with look() as unit:
        stream, since = streams.stream(unit, no), unit.now - timedelta(minutes=_minutes())
        drawn = overview.chart(unit, stream_no=no, since=since, until=unit.now)
        drawn |= {"title": _title(stream, drawn), "symbol": amount(0, stream.unit).partition(" ")[2], "since": since.timestamp()}
        return jsonify(drawn | {"until": unit.now.timestamp()})


@bp.get("/streams/<int:no>/table")
@staff("plant", "quality", "brand_admin")
def table(no: int) -> str:
    """The same as a table, newest first."""
    with look() as unit:
        stream = streams.stream(unit, no)
        since = unit.now - timedelta(minutes=_minutes())
        times, values = telemetry.history(unit, stream_no=no, since=since, until=unit.now, most=ROWS)
        rows = [(datetime.fromtimestamp(at, unit.now.tzinfo), value) for at, value in zip(times, values, strict=True)]
        return page(unit, "board_table.html", stream=stream, rows=rows[::-1], minutes=_minutes(), cut=len(rows) >= ROWS)


@bp.post("/alerts/<alert_id>/acknowledge")
@staff("plant", "quality", "brand_admin")
def acknowledge(alert_id: str) -> AnyResponse:
    """Seen, and what it came from."""
    here = url_for("board.home", stream=request.args.get("stream"), minutes=_minutes())
    try:
        with begin() as unit:
            alerts.acknowledge(unit, alert_id=alert_id, cause=line("cause"), note=line("note"))
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已确认。"))
    return redirect(here, 303)


def _stream(house: Database, actor: Actor, seen: str) -> Iterator[str]:
    """Events of one browser. The slot is taken here, where its end is sure to be noticed."""
    yield f"retry: {PAUSE}\n\n"
    if not SLOTS.acquire(blocking=False):
        token = _pulse(house, actor)
        yield _event(token) if token != seen else ": nothing new\n\n"
        return
    try:
        until = time.monotonic() + HELD
        while time.monotonic() < until:
            token = _pulse(house, actor)
            if token != seen:
                seen = token
                yield _event(token)
            else:
                yield ":\n\n"  # a browser that has gone is noticed by writing to it
            time.sleep(GLANCE)
    finally:
        SLOTS.release()


def _pulse(house: Database, actor: Actor) -> str:
    with house.look(actor) as unit:
        return overview.pulse(unit)


def _event(token: str) -> str:
    return f"id: {token}\nevent: changed\ndata: {token}\n\n"


def _minutes() -> int:
    return SPANS.get(request.args.get("minutes", ""), 10)


def _explain(view: overview.AlertView) -> str:
    """An alert's own numbers in a sentence; the words bring their own number formats."""
    numbers = {name: value for name, value in view.alert.evidence.items() if name != "code" and value is not None}
    return say(view.alert.evidence["code"], **(numbers | {"unit": say(f"uom.{view.stream.unit}")}))


def _chosen() -> int | None:
    return request.args.get("stream", type=int)


def _title(stream: Any, drawn: dict[str, Any]) -> str:
    """What the chart says, in one line."""
    name = stream.name_en if language() == "en" else stream.name_zh
    if not drawn["values"]:
        return str(_("%(name)s：这段时间没有数据", name=name))
    low, high, count = min(drawn["values"]), max(drawn["values"]), len(drawn["alerts"])
    reach = _("%(name)s：%(low)s 到 %(high)s", name=name, low=amount(low), high=amount(high, stream.unit))
    told = _("报警 %(count)s 次", count=count) if count else _("没有报警")
    return f"{reach} · {told}"
