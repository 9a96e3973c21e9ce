"""The supplier's first page: what we need from you and why, the files on their way, and where to drop the next one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import look
from app.pages.firm import own, people, portal_page
from app.pages.forms import NONE, Slips
from suppliers import certificates, directory
from suppliers.requirements import KINDS

bp = Blueprint("portal", __name__, url_prefix="/portal")
OPEN = ("missing", "rejected", "lapsed", "suspended", "expiring")
"""States in which something is asked of the supplier."""
AT_ONCE = 50
GROUPS = (
    ("open", OPEN),
    ("waiting", ("waiting", "checking")),
    ("fine", ("fine",)),
)


@bp.get("")
@staff("supplier")
def home() -> Response:
    """What is asked of this supplier, how far each paper is, and the place to hand one in."""
    return drawn(NONE)


@bp.get("/papers")
@staff("supplier")
def papers() -> str:
    """Every paper that this supplier has handed in, newest first, by whom; fifty at a time."""
    after = request.args.get("after")
    with look() as unit:
        found = certificates.listed(unit, supplier_id=own(unit), after=after, most=AT_ONCE + 1)
        values = {"papers": found[:AT_ONCE], "more": len(found) > AT_ONCE, "after": after, "people": people(unit)}
        return portal_page(unit, "portal_papers.html", **values)


def drawn(wrong: Slips) -> Response:
    """The first page, with what was wrong with a file above the drop zone."""
    with look() as unit:
        supplier = directory.supplier(unit, own(unit))
        todos = certificates.todo(unit, supplier.id)
        values: dict[str, Any] = {
            "supplier": supplier,
            "groups": [(name, _sorted(todos, states)) for name, states in GROUPS],
            "each_lot": [each for each in todos if each.state == "each_lot"],
            "welcome": [each for each in todos if each.requirement.optional and each.state == "missing"],
            "uploads": certificates.uploads.of_supplier(unit, supplier.id),
            "people": people(unit),
            "kind": request.values.get("kind", "") if request.values.get("kind") in KINDS else "",
            "today": unit.now.date(),
        }
        return make_response(portal_page(unit, "portal.html", slips=wrong, **values), wrong.status)


def _sorted(todos: list[certificates.Todo], states: tuple[str, ...]) -> list[certificates.Todo]:
    """Those in these states, the most pressing first; what is only welcome and not there stands apart."""
    found = [each for each in todos if each.state in states and not (each.requirement.optional and each.state == "missing")]
    return sorted(found, key=lambda each: states.index(each.state))
