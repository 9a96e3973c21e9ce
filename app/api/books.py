"""JSON doors of what is left of lots, where they came from as known on a day, their corrections, and mass balance."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from app.api import shapes_books as shapes
from app.auth.guards import machine
from app.doors import begin, look
from traceability import accounting, corrections, genealogy, hindsight, lots, sheets, stock
from traceability.events.flows import Direction, Window

bp = APIBlueprint("api_books", __name__, url_prefix="/api/v1", tag="Lots")
DIRECTIONS: dict[str, tuple[Direction, ...]] = {"both": ("forward", "back"), "back": ("back",), "forward": ("forward",)}
COLUMNS = ("site", "lot_code", "uri", "uom", "brought", "inflow", "outflow", "left", "excess", "unknown", "events")


@bp.get("/lots/<lot_id>/stock")
@machine("trace")
@bp.output(shapes.StockOut)
def show_stock(lot_id: str) -> Any:
    """What is left of a lot, and where the rest went."""
    with look() as unit:
        return stock.of(unit, [lots.get(unit, lot_id)])[lot_id]


@bp.post("/lots/<lot_id>/discards")
@machine("trace")
@bp.input(shapes.DiscardIn)
@bp.output(shapes.StockOut, status_code=201)
def discard(lot_id: str, json_data: shapes.DiscardIn) -> Any:
    """So much of a lot is thrown away or taken as a sample."""
    with begin() as unit:
        return stock.of(unit, [lots.discard(unit, lot_id=lot_id, **json_data.model_dump())])[lot_id]


@bp.post("/lots/<lot_id>/sales")
@machine("trace")
@bp.input(shapes.SaleIn)
@bp.output(shapes.StockOut, status_code=201)
def sell(lot_id: str, json_data: shapes.SaleIn) -> Any:
    """So much of a released lot is sold loose."""
    with begin() as unit:
        return stock.of(unit, [lots.sell(unit, lot_id=lot_id, **json_data.model_dump())])[lot_id]


@bp.post("/lots/<lot_id>/corrections")
@machine("trace")
@bp.input(shapes.CorrectionIn)
@bp.output(shapes.CorrectionOut, status_code=201)
def correct(lot_id: str, json_data: shapes.CorrectionIn) -> Any:
    """What went into a lot was told wrongly: the event is declared in error and told anew."""
    with begin() as unit:
        inputs = [(each.lot_id, each.quantity) for each in json_data.inputs]
        held = corrections.correct_inputs(unit, lot_id=lot_id, inputs=inputs, quantity=json_data.quantity, reason=json_data.reason)
        return {"lot": lots.get(unit, lot_id), "held": held}


@bp.post("/lots/<lot_id>/receipt-corrections")
@machine("trace")
@bp.input(shapes.ReceiptCorrectionIn)
@bp.output(shapes.CorrectionOut, status_code=201)
def correct_receipt(lot_id: str, json_data: shapes.ReceiptCorrectionIn) -> Any:
    """Another quantity came in than was told."""
    with begin() as unit:
        return {"lot": corrections.correct_receipt(unit, lot_id=lot_id, **json_data.model_dump()), "held": []}


@bp.get("/lots/<lot_id>/trace")
@machine("trace")
@bp.input(shapes.TraceIn, location="query")
@bp.output(shapes.TraceOut)
def trace(lot_id: str, query_data: shapes.TraceIn) -> Any:
    """Where a lot came from and what became of it, as known at a moment."""
    asked = query_data
    window = Window(since=asked.since, until=asked.until, known_at=asked.known)
    with look() as unit:
        return genealogy.graph(unit, lot_id, window, depth=asked.depth, directions=DIRECTIONS[asked.direction])


@bp.get("/lots/<lot_id>/diff")
@machine("trace")
@bp.input(shapes.DiffIn, location="query")
@bp.output(shapes.DiffOut)
def diff(lot_id: str, query_data: shapes.DiffIn) -> Any:
    """What is known of a lot's family at one moment and was not at another, and which recalls would differ."""
    with look() as unit:
        born = lots.get(unit, lot_id).started_at
        changes = hindsight.diff(unit, [lot_id], before=query_data.before or born, after=query_data.after or unit.now)
        recalls = [
            {"recall_id": each.recall.id, "gained": each.apart.gained, "lost": each.apart.lost, "uncovered": each.uncovered}
            for each in changes.recalls
        ]
        return {"upstream": changes.upstream, "downstream": changes.downstream, "recalls": recalls}


@bp.get("/mass-balance")
@machine("trace")
@bp.input(shapes.BalanceIn, location="query")
@bp.output(shapes.BalanceOut)
def mass_balance(query_data: shapes.BalanceIn) -> Any:
    """What each site and lot took in and gave out in a time, and what explains an excess; lots as CSV when the client prefers it."""
    with look() as unit:
        books = accounting.of_time(unit, **query_data.model_dump())
        sites = [_account(each) for each in books.sites]
        rows = account_rows(books)
    if request.accept_mimetypes.best_match(["application/json", "text/csv"]) == "text/csv":
        return as_csv(rows)
    steps = [_step(each) for each in books.steps]
    return {"since": books.since, "until": books.until, "tolerance": books.tolerance, "sites": sites, "lots": rows, "steps": steps}


def as_csv(rows: list[dict[str, Any]]) -> Response:
    """The accounts of lots as a sheet, a line each."""
    sheet = sheets.written(COLUMNS, ([_cell(row.get(name)) for name in COLUMNS] for row in rows))
    return Response(sheet, mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="mass-balance.csv"'})


def account_rows(books: accounting.Books) -> list[dict[str, Any]]:
    """The lots of the books, as the JSON door and the sheet tell them."""
    return [{**_account(each), **_named(each)} for each in books.lots]


def _cell(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else "" if value is None else f"{value}"


def _named(each: accounting.LotBooks) -> dict[str, Any]:
    return {"lot_id": each.lot.id if each.lot else None, "lot_code": each.lot.code if each.lot else None, "uri": each.uri}


def _account(each: accounting.LotBooks | accounting.SiteBooks) -> dict[str, Any]:
    account, why = each.account, each.explanation
    sums = {name: _plain(getattr(account, name)) for name in ("brought", "inflow", "outflow", "left", "excess")}
    return {"site": each.site, "uom": account.uom, **sums, "unknown": len(account.unknown), "events": list(why.events) if why else []}


def _step(each: accounting.StepBooks) -> dict[str, Any]:
    sums = {name: _plain(getattr(each.account, name)) for name in ("inflow", "outflow", "excess")}
    return {"event_id": each.step.event_id, "at": each.step.at, "site": each.step.site, "uom": each.account.uom, **sums}


def _plain(amount: Any) -> Any:
    """Without the zeros of a conversion."""
    return amount.quantize(accounting.FINEST).normalize() + 0
