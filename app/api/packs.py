"""JSON doors of packs: items into cases, cases onto pallets, and out again."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.api import shapes_packs as shapes
from app.auth.guards import machine
from app.doors import begin, look
from kernel.unit import Unit
from traceability import codes, packing, packs, spans

bp = APIBlueprint("api_packs", __name__, url_prefix="/api/v1", tag="Packs")


@bp.post("/packs")
@machine("codes")
@bp.input(shapes.PackIn)
@bp.output(shapes.PackOut, status_code=201)
def pack(json_data: shapes.PackIn) -> Any:
    """Put items into a new case, or cases onto a new pallet."""
    with begin() as unit:
        items = _goods(unit, json_data)
        made = packing.pack(unit, kind=json_data.kind, items=items, children=json_data.children, sscc=json_data.sscc)
        return _shown(unit, packs.contents(unit, made.sscc))


@bp.get("/packs/<sscc>")
@machine("codes")
@bp.output(shapes.PackOut)
def show_pack(sscc: str) -> Any:
    """A pack and what is in it now, however deep."""
    with look() as unit:
        return _shown(unit, packs.contents(unit, sscc))


@bp.post("/packs/<sscc>/unpack")
@machine("codes")
@bp.input(shapes.GoodsIn)
@bp.output(shapes.PackOut)
def unpack(sscc: str, json_data: shapes.GoodsIn) -> Any:
    """Take these items or cases out of a pack; all that is in it when none are named."""
    with begin() as unit:
        packing.unpack(unit, sscc=sscc, items=_goods(unit, json_data), children=json_data.children)
        return _shown(unit, packs.contents(unit, sscc))


@bp.put("/sscc-prefix")
@machine("admin")
@bp.input(shapes.SsccPrefixIn)
@bp.output(shapes.SsccPrefixOut)
def set_prefix(json_data: shapes.SsccPrefixIn) -> Any:
    """Number packs under this GS1 company prefix from now on."""
    with begin() as unit:
        return packing.set_prefix(unit, prefix=json_data.prefix)


def _goods(unit: Unit, given: shapes.GoodsIn) -> list[packing.Thing]:
    return [*given.items, *(spans.span(codes.get(unit, each.order_id), each.start, each.count) for each in given.ranges)]


def _shown(unit: Unit, inside: packs.Contents) -> dict[str, Any]:
    return {
        **{name: getattr(inside.pack, name) for name in ("sscc", "kind", "packed_at", "unpacked_at")},
        "ranges": packs.places(unit, inside.items),
        "packs": [_shown(unit, each) for each in inside.packs],
    }
