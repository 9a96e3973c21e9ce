"""JSON door: where a thing is now. Asked by POST, since an item's name is its secret and stands in no log."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.api import shapes_whereabouts as shapes
from app.auth.guards import machine
from app.doors import look
from traceability import whereabouts

bp = APIBlueprint("api_whereabouts", __name__, url_prefix="/api/v1", tag="Lots")


@bp.post("/whereabouts")
@machine("trace")
@bp.input(shapes.WhereaboutsIn)
@bp.output(shapes.WhereaboutsOut)
def show(json_data: shapes.WhereaboutsIn) -> Any:
    """Where an item, a case, a pallet or a lot is, how it stands and what it is in."""
    with look() as unit:
        return whereabouts.of(unit, json_data.uri)
