"""The page of one order, drawn for every room that changes something on it: books, files, steps, history.

A form that cannot be done is drawn again on this page, open, with what was typed and what to do.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from flask import make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.doors import look
from app.pages import history, wishes
from app.pages.forms import NONE, Slips, flaw_words, slips
from app.pages.frame import page
from app.pages.look import amount
from app.problems import status_of
from app.words import say
from kernel.errors import Invalid, Trouble
from kernel.unit import Unit
from traceability import balance, codes, life, lots, printing, products, reprints, spans

FIELDS: Final = ("lot_id", "start", "count", "reason", "note", "serials", "format", "face", *wishes.FIELDS)
RUNS: Final = 60
"""Stretches of like codes that the page lists; whoever splits a roll further reads the history."""
THIN: Final = 6
"""Thousandths of the bar that a part has at least, so that a single scrapped label is seen."""
PARTS: Final = (
    ("on_lot", "code.commissioned"),
    ("released", "code.released"),
    ("inactive", "code.inactive"),
    ("taken", "code.sampled"),
    ("destroyed", "code.destroyed"),
    ("open", "code.encoded"),
    ("allocated", "code.allocated"),
    ("scrapped", "code.label_scrapped"),
    ("sampled", "code.label_sampled"),
    ("returned", "code.reason.returned"),
    ("void", "code.invalid"),
    ("unused", "code.reason.unused"),
)
"""The parts of an order's books as the bar shows them, with their words."""


@dataclass(frozen=True)
class Part:
    """A stretch of the bar, ``x`` and ``width`` in thousandths of it."""

    name: str
    word: str
    count: int
    x: float
    width: float


def url(order_id: str, anchor: str | None = None) -> str:
    return url_for("orders.show", order_id=order_id, _anchor=anchor)


def draw(order_id: str, wrong: Slips = NONE, failed: str = "", preview: list[wishes.Shown] | None = None) -> Response:
    """The page; ``failed`` names the form to which ``wrong`` belongs."""
    with look() as unit:
        order, books = codes.get(unit, order_id), balance.of(unit, order_id)
        values: dict[str, Any] = {
            "order": order,
            "balance": books,
            "parts_of": bar(books),
            "product": products.get(unit, order.product_id),
            "lots": _lots(unit, order),
            "runs": spans.first_runs(unit, order, most=RUNS + 1),
            "most_runs": RUNS,
            "at": starts(unit, order, books),
            "history": history.steps(unit, order),
            "reprints": reprints.every(unit, order_id),
            "me": unit.actor,
            "life": life.MOVES,
            "failed": failed,
            "form": {name: request.form.get(name, "") for name in FIELDS} if failed else {},
            "wish": wishes.typed(),
            "preview": preview,
            "no_slips": NONE,
            **files(unit, order),
            **wishes.choices(),
        }
        values["lot_codes"] = _lot_codes(unit, values)
        return make_response(page(unit, "order.html", slips=wrong, **values), wrong.status)


def files(unit: Unit, order: Any) -> dict[str, Any]:
    """The jobs of an order, and how many seconds those being made will take."""
    jobs = printing.jobs(unit, order.id)
    return {"jobs": jobs, "left": {job.id: _seconds_left(unit, job) for job in jobs}}


def bar(books: balance.Balance) -> list[Part]:
    """The books as stretches side by side; what there is none of is left out."""
    counts = asdict(books)
    there = [(name, word, counts[name]) for name, word in PARTS if counts[name]]
    wide = [max(count / books.ordered * 1000, THIN) for _name, _word, count in there]
    scale, x, parts = 1000 / (sum(wide) or 1), 0.0, []
    for (name, word, count), width in zip(there, wide, strict=True):
        parts.append(Part(name, word, count, round(x, 2), round(width * scale, 2)))
        x += width * scale
    return parts


def starts(unit: Unit, order: Any, books: balance.Balance) -> dict[str, tuple[int, int]]:
    """For each step that can be taken: the first position (from 1) it could start at, and how many lie side by side."""
    found = {}
    for name, move in life.MOVES.items():
        if move.of_labels and order.closed_at is not None:
            continue
        first = spans.first_runs(unit, order, states=move.sources, most=1)
        if first:
            found[name] = (first[0].first - order.first + 1, first[0].last - first[0].first + 1)
    return found


def wrong(trouble: Trouble) -> Slips:
    """What a step could not do, with every place that it names: positions of codes, lines of a list."""
    if isinstance(trouble, Invalid):
        told = slips(trouble, FIELDS)
        lines = [_line(each) for each in trouble.errors if "line" in each]
        return Slips(told.status, {} if lines else told.fields, lines or told.others)
    told = slips(trouble, ())
    places = [_place(each) for each in trouble.more.get("spans", ())]
    why = trouble.more.get("why")
    more = [*places, *([say(f"move.stays.{why}", **trouble.more)] if why else [])]
    return Slips(status_of(trouble), {}, [" · ".join([*told.others, *more])])


def _line(flaw: dict[str, Any]) -> str:
    """A flaw of a list; its line stands before it where the words leave it out."""
    words = flaw_words(flaw)
    return words if str(flaw["line"]) in words else _("第 %(line)s 行：%(what)s", line=flaw["line"], what=words)


def _place(span: dict[str, Any]) -> str:
    where = _("第 %(first)s–%(last)s 个", first=amount(span["from"]), last=amount(span["to"]))
    return f"{where}（{say('code.' + span['state'])}）" if "state" in span else where


def _seconds_left(unit: Unit, job: Any) -> int | None:
    done, total = printing.progress(job)
    if job.state != "waiting" or not done:
        return None
    return round((unit.now - job.asked_at).total_seconds() / done * (total - done))


def _lots(unit: Unit, order: Any) -> list[Any]:
    """The lots that its codes can go on, the likeliest first: one that is made and clear, the newest before the rest."""
    fitting = [lot for lot in lots.every(unit, kind="product") if lot.product_id == order.product_id and lot.standing != "recalled"]
    return sorted(fitting, key=lambda lot: (lot.standing != "clear", lot.state == "open"))


def _lot_codes(unit: Unit, values: dict[str, Any]) -> dict[str, str]:
    ids = {run.lot_id for run in values["runs"]} | {done.move.lot_id for done in values["history"]}
    return {lot.id: lot.code for lot in lots.several(unit, {each for each in ids if each}).values()}
