"""The desk's list of papers: what waits for a person, narrowed by what the address says, and as a table to keep."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any, Final

from flask import Blueprint, Response, request, stream_with_context
from flask_babel import gettext as _

from app.auth.guards import staff
from app.doors import look
from app.pages.findings import because, found
from app.pages.frame import page
from app.words import say
from kernel.unit import Unit
from suppliers import certificates, directory
from suppliers.certificates.listing import Narrow
from suppliers.requirements import KINDS
from suppliers.standing import Standing

bp = Blueprint("paper_queue", __name__, url_prefix="/desk")
SHOWN: Final = 100
STANDINGS: Final[tuple[str, ...]] = Standing.__args__  # type: ignore[attr-defined]
VIEWS: Final = ("needs_person", "override", "refused", "expiring", "suspended", "submitted", "lapsed", "rejected", "revoked", "verified")
"""In the order in which the desk works; the first is where it begins."""
COLUMNS: Final = (
    *("id", "supplier", "kind", "number", "holder_name", "issuer_name", "valid_from", "valid_until"),
    *("standing", "because", "submitted_at", "filename"),
)


@bp.get("/papers")
@staff("quality", "brand_admin")
def every() -> str:
    """Papers of one standing, oldest first; overrides that wait for a second person; files turned away lately."""
    asked = _asked()
    with look() as unit:
        view, narrow = asked["standing"], _narrow(asked)
        counts = certificates.listing.counts(unit)
        suppliers = {each.id: each for each in directory.suppliers(unit)}
        values: dict[str, Any] = {"papers": [], "uploads": [], "overrides": [], "count": counts.get(view, 0), "more": None}
        if view == "refused":
            values["uploads"] = certificates.listing.refused(unit, supplier_id=asked["supplier"])
        elif view == "override":
            values["overrides"] = _overrides(unit, asked)
        else:
            rows = certificates.listing.found(unit, narrow, after=_after(), limit=SHOWN + 1)
            values |= {"papers": rows[:SHOWN], "more": rows[SHOWN - 1].id if len(rows) > SHOWN else None}
            values["count"] = certificates.listing.count(unit, narrow)
        return page(
            unit,
            "papers.html",
            asked=asked,
            counts=counts | {"all": sum(counts.get(name, 0) for name in STANDINGS)},
            views=VIEWS,
            suppliers=suppliers,
            kinds=sorted(KINDS, key=lambda kind: say(f"paper.{kind}")),
            why=reasons(unit, values["papers"]),
            **values,
        )


@bp.get("/papers.csv")
@staff("quality", "brand_admin")
def export() -> Response:
    """The same list, whole, as CSV (RFC 4180, UTF-8 with a mark for spreadsheets), a few hundred rows at a time."""
    narrow = _narrow(_asked())

    def rows() -> Iterator[str]:
        yield "\ufeff" + _lines([COLUMNS])
        with look() as unit:
            for paper, supplier, doubts in certificates.listing.each(unit, narrow):
                words = _("；").join(because(paper.because, found(doubts)))
                texts = (supplier, paper.kind, paper.number, paper.holder_name, paper.issuer_name or "")
                dates = (paper.valid_from.isoformat(), paper.valid_until.isoformat() if paper.valid_until else "")
                end = (paper.standing, plain(words), paper.submitted_at.isoformat(timespec="seconds"), plain(paper.filename))
                yield _lines([(paper.id, *map(plain, texts), *dates, *end)])

    answer = Response(stream_with_context(rows()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="papers.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def reasons(unit: Unit, papers: list[Any]) -> dict[str, list[str]]:
    """Why each of these papers stands as it does, in sentences, by its id."""
    doubts = certificates.listing.doubts(unit, [paper.id for paper in papers])
    return {paper.id: because(paper.because, found(doubts[paper.id])) for paper in papers}


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula (CWE-1236)."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _lines(rows: Iterable[Iterable[str]]) -> str:
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def _asked() -> dict[str, str]:
    """What the address asks for; what is none of the choices asks for nothing."""
    told = {name: request.args.get(name, "")[:80] for name in ("standing", "kind", "supplier", "q")}
    told["standing"] = told["standing"] if told["standing"] in (*VIEWS, *STANDINGS, "all") else VIEWS[0]
    told["kind"] = told["kind"] if told["kind"] in KINDS else ""
    told["supplier"] = told["supplier"] if told["supplier"].isalnum() else ""
    return told


def _after() -> str:
    after = request.args.get("after", "")
    return after if after.isalnum() else ""


def _narrow(asked: dict[str, str]) -> Narrow:
    standing = asked["standing"] if asked["standing"] in STANDINGS else ""
    return Narrow(standing, asked["kind"], asked["supplier"], asked["q"])


def _overrides(unit: Unit, asked: dict[str, str]) -> list[tuple[Any, Any]]:
    """What waits for a second person, with its paper."""
    waiting = certificates.proposed(unit)
    papers = certificates.listing.several(unit, [each.certificate_id for each in waiting])
    rows = [(each, papers[each.certificate_id]) for each in waiting]
    return [(each, paper) for each, paper in rows if asked["supplier"] in ("", paper.supplier_id) and asked["kind"] in ("", paper.kind)]
