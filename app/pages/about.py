"""A product's own page: what it is, how to tell whether one is genuine, who vouches for it, where to read on.

Whoever meets the barcode of a product and no code of an item comes here. It says nothing of any one item.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, make_response, render_template

from app.auth.guards import open_door
from app.doors import look
from app.pages.look import language
from app.pages.scan import guessed, knock
from app.pages.vouching import paper_told, questions
from kernel.errors import Invalid
from kernel.orm import Brand
from kernel.unit import VISITOR
from traceability import gs1, links, lots, passport, products

bp = Blueprint("about", __name__)


@bp.get("/about/<gtin>")
@open_door
def show(gtin: str) -> Response:
    """The product, and the papers of the last lot of it that went to market."""
    knock()
    try:
        gtin = gs1.gtin14(gtin)
    except Invalid:
        return guessed()
    with look(VISITOR) as unit:
        owner = products.owner(unit, gtin)
        if owner is None:
            return guessed()
        unit.enter(owner.brand_id)
        product = products.by_gtin(unit, gtin)
        lot_id = passport.newest(unit, product.id)
        page = render_template(
            "about.html",
            product=product,
            brand=unit.session.get_one(Brand, owner.brand_id).name,
            lot=lots.get(unit, lot_id) if lot_id else None,
            papers=[paper_told(paper) for paper in passport.of(unit, lot_id).papers] if lot_id else [],
            questions=questions,
            links=readable(links.of_anchors(unit, f"01/{gtin}", [f"01/{gtin}"]), language()[:2]),
        )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-cache"
    return response


def readable(found: Iterable[links.Link], language: str) -> list[links.Link]:
    """Those of the links that are in this language, or in none."""
    return [each for each in found if each.language is None or each.language[:2] == language]
