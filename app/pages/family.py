"""The family of a lot as the page's own script takes it: what it is made of in plain values, laid out, in the reader's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import url_for

from app.pages import layering
from app.pages.look import amount, language, tone_of
from app.telling import moment
from app.words import say
from traceability.genealogy import Graph, Other


def told(family: Graph, centre: str, things: dict[str, Any]) -> dict[str, Any]:
    """``{nodes, edges, centre}``. What an edge says twice (several events) is said once, with the sum; a ``layer`` is counted from the
    centre, a ``rank`` from above; ``bends`` are the ranks that an edge keeps free in the layers that it passes."""
    sums: dict[tuple[str, str], dict[str, Decimal]] = {}
    for edge in (*family.edges, *family.beyond):
        by_unit = sums.setdefault((edge.input, edge.output), {})
        by_unit[edge.uom] = by_unit.get(edge.uom, Decimal(0)) + edge.quantity
    layout = layering.lay([each.id for each in (*family.lots, *family.others)], sums, centre)
    return {
        "centre": centre,
        "nodes": [
            *(_node(lot, layout.spots[lot.id], things) for lot in family.lots),
            *(_other(other, layout.spots[other.id], centre) for other in family.others),
        ],
        "edges": [_edge(track, sums[(track.source, track.target)]) for track in layout.tracks],
    }


def _node(lot: Any, spot: layering.Spot, things: dict[str, Any]) -> dict[str, Any]:
    thing = things[lot.product_id or lot.material_id]
    return {
        "id": lot.id,
        "code": lot.code,
        "name": thing.name_en if language() == "en" else thing.name_zh,
        "kind": lot.kind,
        "standing": lot.standing,
        "state": lot.state,
        "quantity": _plain(lot.quantity),
        "uom": lot.uom,
        "at": lot.started_at.isoformat(),
        "place": lot.place,
        "url": url_for("lots.show", lot_id=lot.id),
        "layer": spot.layer,
        "rank": spot.rank,
        "tone": tone_of("lot", lot.standing),
        "says": {
            "standing": say(f"lot.standing.{lot.standing}"),
            "state": say(f"lot.state.{lot.state}"),
            "kind": say(f"lot.{lot.kind}"),
            "amount": amount(lot.quantity, lot.uom),
            "at": moment(lot.started_at),
        },
    }


def _other(other: Other, spot: layering.Spot, centre: str) -> dict[str, Any]:
    """What others tell of: it has no page of its own, the table of the lot's page has it."""
    return {
        "id": other.id,
        "code": other.code,
        "name": other.gtin or other.uri,
        "kind": "other",
        "standing": "other",
        "state": "other",
        "quantity": None,
        "uom": None,
        "at": other.at.isoformat(),
        "place": None,
        "url": url_for("lots.show", lot_id=centre, _anchor="others"),
        "layer": spot.layer,
        "rank": spot.rank,
        "tone": "quiet",
        "says": {
            "standing": say("lot.other"),
            "state": say(f"thing.{other.kind}"),
            "kind": say("lot.other"),
            "amount": "",
            "at": moment(other.at),
        },
    }


def _edge(track: layering.Track, by_unit: dict[str, Decimal]) -> dict[str, Any]:
    uom, quantity = next(iter(by_unit.items()))
    return {
        "from": track.source,
        "to": track.target,
        "quantity": _plain(quantity),
        "uom": uom,
        "says": " + ".join(amount(many, each) for each, many in by_unit.items() if many),
        "bends": [bend.rank for bend in track.bends],
        "back": track.back,
    }


def _plain(quantity: Decimal) -> str:
    """The same on every database: neither noughts behind nor powers of ten."""
    return f"{quantity.normalize():f}"
