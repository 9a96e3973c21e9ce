"""JSON doors of the steps in the life of codes. Each answers the books of the order after it, and the step itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint

from app.api import forms
from app.api import shapes_codes as shapes
from app.api.placed import Placed
from app.auth.guards import machine
from app.doors import begin, look
from kernel.unit import Unit
from traceability import balance, codes, moves

bp = APIBlueprint("api_moves", __name__, url_prefix="/api/v1", tag="Life of codes")


@bp.post("/orders/<order_id>/prints")
@machine("codes")
@bp.input(shapes.SpanIn)
@bp.output(shapes.MovedOut, status_code=201)
def printed(order_id: str, json_data: shapes.SpanIn) -> Any:
    """Report labels as printed: codes ``start`` … ``start + count - 1`` (positions in the order, from 0)."""
    with begin() as unit:
        return _moved(unit, moves.printed(unit, order_id=order_id, **json_data.model_dump()))


@bp.post("/orders/<order_id>/activations")
@machine("codes")
@bp.input(shapes.ActivationIn)
@bp.output(shapes.MovedOut, status_code=201)
def activate(order_id: str, json_data: shapes.ActivationIn) -> Any:
    """Bind printed codes ``start`` … ``start + count - 1`` (positions in the order, from 0) to a lot."""
    with begin() as unit:
        return _moved(unit, moves.commission(unit, order_id=order_id, **json_data.model_dump()))


@bp.post("/lots/<lot_id>/commissionings")
@machine("codes")
@bp.output(shapes.MovedOut, status_code=201)
def commission(lot_id: str) -> Any:
    """Bind printed codes to a lot as a line scanner read them: JSON, or a CSV whose column is ``link`` or ``serial``."""
    given = forms.csv_or(shapes.SerialsIn)
    with begin() as unit:
        serials = given if isinstance(given, bytes) else given.serials
        return _moved(unit, moves.commission_serials(unit, lot_id=lot_id, serials=serials))


@bp.post("/lots/<lot_id>/code-releases")
@machine("codes")
@bp.output(list[shapes.MoveOut], status_code=201)
def release_lot(lot_id: str) -> Any:
    """Let all items of a released lot go to market: one step for each order they are of."""
    with begin() as unit:
        return _all(unit, moves.release_lot(unit, lot_id=lot_id))


@bp.post("/orders/<order_id>/scraps")
@machine("codes")
@bp.input(shapes.ScrapIn)
@bp.output(shapes.MovedOut, status_code=201)
def scrap(order_id: str, json_data: shapes.ScrapIn) -> Any:
    """Report printed labels as waste, by range or one by one."""
    with begin() as unit:
        where = json_data.where()
        return _moved(unit, moves.scrap(unit, order_id=order_id, reason=json_data.reason, note=json_data.note, **where))


@bp.post("/orders/<order_id>/label-samples")
@machine("codes")
@bp.input(shapes.LabelSampleIn)
@bp.output(shapes.MovedOut, status_code=201)
def sample_label(order_id: str, json_data: shapes.LabelSampleIn) -> Any:
    """Report printed labels that were taken to be looked at or kept."""
    with begin() as unit:
        return _moved(unit, moves.sample_label(unit, order_id=order_id, **json_data.model_dump()))


@bp.post("/orders/<order_id>/returns")
@machine("codes")
@bp.input(shapes.NotedIn)
@bp.output(shapes.MovedOut, status_code=201)
def give_back(order_id: str, json_data: shapes.NotedIn) -> Any:
    """Report printed labels that were left over and handed back."""
    with begin() as unit:
        return _moved(unit, moves.give_back(unit, order_id=order_id, **json_data.model_dump()))


@bp.post("/orders/<order_id>/voids")
@machine("codes")
@bp.input(shapes.VoidIn)
@bp.output(shapes.MovedOut, status_code=201)
def void(order_id: str, json_data: shapes.VoidIn) -> Any:
    """Declare numbers or labels that are on no item invalid: lost, stolen, mistake or other."""
    with begin() as unit:
        return _moved(unit, moves.void(unit, order_id=order_id, **json_data.model_dump()))


@bp.post("/orders/<order_id>/releases")
@machine("codes")
@bp.input(shapes.SpanIn)
@bp.output(shapes.MovedOut, status_code=201)
def release(order_id: str, json_data: shapes.SpanIn) -> Any:
    """Let items go to market; their lot is released."""
    with begin() as unit:
        return _moved(unit, moves.release(unit, order_id=order_id, **json_data.model_dump()))


@bp.post("/orders/<order_id>/samples")
@machine("codes")
@bp.input(shapes.SampleIn)
@bp.output(shapes.MovedOut, status_code=201)
def sample(order_id: str, json_data: shapes.SampleIn) -> Any:
    """Report items taken for the laboratory or to be kept."""
    with begin() as unit:
        return _moved(unit, moves.sample(unit, order_id=order_id, **json_data.model_dump()))


@bp.post("/orders/<order_id>/inactivations")
@machine("codes")
@bp.input(shapes.InactivationIn)
@bp.output(shapes.MovedOut, status_code=201)
def inactivate(order_id: str, json_data: shapes.InactivationIn) -> Any:
    """Report items that were sold, exported, opened, stolen or lost."""
    with begin() as unit:
        return _moved(unit, moves.inactivate(unit, order_id=order_id, **json_data.model_dump()))


@bp.post("/orders/<order_id>/destructions")
@machine("codes")
@bp.input(shapes.DestructionIn)
@bp.output(shapes.MovedOut, status_code=201)
def destroy(order_id: str, json_data: shapes.DestructionIn) -> Any:
    """Report items that are no more; this is never undone."""
    with begin() as unit:
        return _moved(unit, moves.destroy(unit, order_id=order_id, **json_data.model_dump()))


@bp.get("/orders/<order_id>/moves")
@machine("codes")
@bp.input(shapes.PageIn, location="query")
@bp.output(list[shapes.MoveOut])
def history(order_id: str, query_data: shapes.PageIn) -> Any:
    """What was done to the codes of an order, newest first, ``limit`` at a time, with what was undone."""
    with look() as unit:
        codes.get(unit, order_id)
        return _all(unit, moves.history(unit, order_id, limit=query_data.limit, before=query_data.before))


@bp.post("/moves/<move_id>/undo")
@machine("codes")
@bp.output(shapes.MovedOut)
def undo(move_id: str) -> Any:
    """Take back a step of this key's own, while nothing has come of it and it is not ten days old."""
    with begin() as unit:
        return _moved(unit, moves.undo(unit, move_id=move_id))


def _moved(unit: Unit, move: Any) -> dict[str, Any]:
    return {**asdict(balance.of(unit, move.order_id)), "move": _all(unit, [move])[0]}


def _all(unit: Unit, found: list[Any]) -> list[Placed]:
    shown, sizes = [Placed(codes.get(unit, move.order_id), move) for move in found], moves.sizes(unit, found)
    for each in shown:
        each.codes = sizes[each.id]
    return shown
