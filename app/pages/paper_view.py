"""What the desk's page of one paper shows: its pages with the places on them, its words beside what was read, what can be done.

It reads, and decides nothing. It must not know how the page is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from flask_babel import gettext as _

from app.auth import people
from app.pages import proposals
from app.pages.findings import Found, because, found
from app.pages.paper_form import labels
from app.words import say
from kernel.given import CHINA, day_of
from kernel.unit import Unit
from suppliers import certificates, directory, messages
from suppliers.certificates import knowing, trail
from suppliers.checks.names import exact_number, nearness
from suppliers.requirements import KINDS
from traceability import intake, lots

NUMBERS: Final = ("number", "holder_uscc", "accreditation")
KEYS: Final = {"accept": "a", "reject": "r", "suspend": "s", "resume": "u"}
FRESH_DAYS: Final = knowing.FRESH_DAYS
MOST_BOXES: Final = 60
SIDES: Final = ("number", "holder_name", "holder_uscc", "issuer_name", "valid_from", "valid_until", "lots")
"""The words of which twins are laid side by side."""


@dataclass(frozen=True)
class Box:
    """A place on a page: ``x``, ``y``, ``width``, ``height`` as shares of it. ``tone``: of the five; ``what``: a word for it."""

    id: str
    page: int
    x: float
    y: float
    width: float
    height: float
    tone: str
    what: str


@dataclass(frozen=True)
class Word:
    """One word of the paper as it was confirmed and as the machine read it. ``same`` is None where nothing was read.
    ``box``: the id of its place on a page."""

    name: str
    label: str
    typed: str
    read: str | None
    same: bool | None
    source: str | None
    box: str | None


@dataclass(frozen=True)
class Asked:
    """A look-up with how long its answer is fresh: ``until`` the last such day."""

    row: Any
    until: date
    fresh: bool


def values(unit: Unit, paper_id: str, on: str = "") -> dict[str, Any]:
    """All that the template is given. ``on``: a day (ISO 8601) for "how did it stand on …". Raises Missing."""
    paper = certificates.get(unit, paper_id)
    outcomes, history = found(certificates.outcomes(unit, paper_id)), certificates.history(unit, paper_id)
    asked, looked = certificates.overrides(unit, paper_id), certificates.lookups(unit, paper_id)
    words = list(_words(paper))
    told: dict[str, Any] = {
        "paper": paper,
        "kind": KINDS[paper.kind],
        "supplier": directory.supplier(unit, paper.supplier_id),
        "groups": grouped(outcomes, paper.because),
        "plainly": lambda codes: because(codes, outcomes),
        "points": because(paper.because, outcomes),
        "words": words,
        "differing": [each for each in words if each.same is False],
        "sheets": _sheets(paper, words),
        "changed": list(_changed(paper)),
        "possible": certificates.possible(unit, paper),
        "keys": KEYS,
        "own": unit.actor.id in certificates.hands(unit, paper),
        "seen": trail.words_digest(paper),
        "overridable": certificates.overridable(unit, paper),
        "overrides": list(reversed(asked)),
        "me": unit.actor.id,
        "history": history,
        "broken": trail.broken(history, paper.standing),
        "lookups": _lookups(paper, looked, day_of(unit.now)),
        "results": certificates.RESULTS,
        "today": day_of(unit.now),
        "twins": _twins(unit, paper),
        "lots": list(lots.several(unit, intake.leaning_on(unit, paper_id)).values()),
        "said": list(reversed(messages.thread(unit, paper.supplier_id, certificate_id=paper_id, limit=20))),
        "stood": _stood(unit, paper_id, on),
        "on": on,
    }
    wrote = [each.by for each in (*history, *looked)] + [who for each in asked for who in (each.proposed_by, each.decided_by)]
    told["names"] = people.names(unit, [*wrote, paper.submitted_by])
    return told


def grouped(outcomes: Iterable[Found], codes: Iterable[str]) -> list[tuple[str, list[Found]]]:
    """What failed first, then what waits for a person (``codes`` say so), what passed, and what could not be checked and need not."""
    groups: dict[str, list[Found]] = {"failed": [], "open": [], "passed": [], "unchecked": []}
    for each in outcomes:
        name = each.result if each.result != "inconclusive" else "open" if each.because in codes else "unchecked"
        groups[name].append(each)
    return [(name, found) for name, found in groups.items() if found]


def _words(paper: Any) -> Iterable[Word]:
    read, called = paper.fields or {}, labels()
    for name in proposals.NAMES:
        typed, seen = _text(getattr(paper, name)), read.get(name)
        value = str(seen.get("value") or "") if isinstance(seen, Mapping) else None
        if not typed and not value:
            continue
        placed = proposals.proposed({name: seen}, {})[name]
        same = None if value is None else _alike(name, typed, value)
        yield Word(name, called[name], typed, value, same, placed.source, f"at-{name}" if placed.box else None)


def _alike(name: str, typed: str, read: str) -> bool:
    """The same to a person: numbers without blanks, names without the form of the firm's brackets, lots in any order."""
    if name == "kind" or name.startswith("valid_") or name == "issued_on":
        return typed == read
    if name in ("lots", "products"):
        return {exact_number(each) for each in typed.split(";")} <= {exact_number(each) for each in read.split(";")}
    if name in NUMBERS:
        return exact_number(typed) == exact_number(read)
    return bool(typed) and nearness(typed, read) == 1.0


def _text(value: Any) -> str:
    return ";".join(value) if isinstance(value, list) else value.isoformat() if isinstance(value, date) else str(value or "")


def _sheets(paper: Any, words: list[Word]) -> list[tuple[int, list[Box]]]:
    """The number of each page that can be shown (from 1), with the places on it."""
    boxes = [*_read_boxes(paper, words), *_changed(paper), *_signs(paper)][:MOST_BOXES]
    return [(number, [each for each in boxes if each.page == number]) for number in range(1, len(paper.pictures or []) + 1)]


def _read_boxes(paper: Any, words: list[Word]) -> Iterable[Box]:
    told = proposals.proposed(paper.fields, {})
    for word in words:
        place = told[word.name]
        if place.box and place.page:
            tone = "look" if word.same is False else "busy"
            yield _box(f"at-{word.name}", place.page, place.box, tone, word.label)


def _changed(paper: Any) -> Iterable[Box]:
    """Where what is shown differs from what was signed (or first saved)."""
    for place, each in enumerate((paper.reading or {}).get("changed") or []):
        box = _edges(each)
        if box:
            yield _box(f"changed-{place + 1}", each["page"], box, "stop", _("与签名时不同"))


def _signs(paper: Any) -> Iterable[Box]:
    """Signals of tampering that have a place, and symbols."""
    reading = paper.reading or {}
    for kind, tone in (("signals", "look"), ("symbols", "quiet")):
        for place, each in enumerate(reading.get(kind) or []):
            box = _edges(each)
            if box:
                what = say(f"evidence.signals.{each.get('name')}") if kind == "signals" else _("图形码")
                yield _box(f"{kind}-{place + 1}", each["page"], box, tone, what)


def _edges(each: Any) -> tuple[float, float, float, float] | None:
    """The box of an entry of the reading, when it has one on a page."""
    return proposals.proposed({"number": {**each, "value": ""}}, {})["number"].box if isinstance(each, Mapping) else None


def _box(id: str, page: int, edges: tuple[float, float, float, float], tone: str, what: str) -> Box:
    left, top, right, bottom = edges
    return Box(id, page, round(left, 4), round(top, 4), round(max(right - left, 0.004), 4), round(max(bottom - top, 0.004), 4), tone, what)


def _lookups(paper: Any, rows: Iterable[Any], today: date) -> list[Asked]:
    fresh = timedelta(days=KINDS[paper.kind].fresh_days or FRESH_DAYS)
    return [Asked(row, row.asked_on + fresh, today <= row.asked_on + fresh) for row in rows]


def _twins(unit: Unit, paper: Any) -> list[tuple[Any, Any, str, list[tuple[str, str, str, bool]]]]:
    """Papers that claim to be this one: the twin, the paper, its supplier, and the words of both side by side."""
    twins = knowing.twins(unit, paper)
    others = certificates.listing.several(unit, [each.certificate_id for each in twins])
    told, called = [], labels()
    for twin in twins:
        other = others.get(twin.certificate_id)
        if other is None:
            continue
        rows = [(called[name], _text(getattr(paper, name)), _text(getattr(other, name)), name in twin.differs) for name in SIDES]
        told.append((twin, other, directory.supplier(unit, other.supplier_id).name, [row for row in rows if row[1] or row[2]]))
    return told


def _stood(unit: Unit, paper_id: str, on: str) -> Any:
    """How it stood at the end of that day, as it was known then; None when no day, or none that is one, was named."""
    try:
        moment = datetime.combine(date.fromisoformat(on), time(23, 59, 59), CHINA)
        return certificates.standing_at(unit, paper_id, moment)
    except (ValueError, OverflowError):
        return None
