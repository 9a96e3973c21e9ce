"""What is asked of suppliers, for everybody who wants to become one: the seeded matrix, before anything is uploaded and without signing in.

Brands stand behind the wall, so their own rows are not here: a supplier reads those after signing in.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, json, make_response, render_template, request

from app.auth.guards import open_door
from app.pages.requirements import FILTERS, matrix, narrowed
from kernel.given import day_of

bp = Blueprint("asked", __name__)
KEPT: Final = 3600
"""Seconds for which browsers and caches may keep an answer: rules begin and end with a day."""


@bp.get("/requirements")
@open_door
def page() -> Response:
    """The matrix, narrowed by market, kind of supplier and category."""
    told, asked = _told()
    return _cached(make_response(render_template("asked.html", told=told, asked=asked, filters=FILTERS)), told, private=True)


@bp.get("/requirements.json")
@open_door
def machine() -> Response:
    """The same for machines; ``version`` changes whenever an answer may."""
    told, _asked = _told()
    answer = Response(json.dumps(told, ensure_ascii=False), content_type="application/json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return _cached(answer, told)


def _told() -> tuple[dict[str, Any], dict[str, str]]:
    asked = narrowed()
    return matrix(asked, (), day_of(datetime.now(UTC))), asked


def _cached(answer: Response, told: dict[str, Any], *, private: bool = False) -> Response:
    """A page is said in the reader's language, so only the reader's browser keeps it."""
    answer.headers["Cache-Control"] = f"{'private' if private else 'public'}, max-age={KEPT}"
    if not private:
        answer.set_etag(f"{told['version']}-{told['day']}-{'-'.join(sorted(request.args.to_dict().values()))[:80]}".replace('"', ""))
        answer.make_conditional(request)
    return answer
