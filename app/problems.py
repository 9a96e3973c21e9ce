"""Trouble, translated once: to RFC 9457 for machines, to a page for people, to an exit code for the CLI."""

from __future__ import annotations

import inspect
import secrets
from typing import Any

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError as ApiError
from flask import Blueprint, Response, json, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from app.auth.guards import NotSignedIn, open_door
from app.words import say
from kernel.errors import Conflict, Invalid, Missing, Refused, TooMany, Trouble, Unavailable, flaw

log = structlog.get_logger(__name__)

STATUS: dict[type[Trouble], int] = {
    NotSignedIn: 401,
    Missing: 404,
    Invalid: 422,
    Conflict: 409,
    Refused: 403,
    TooMany: 429,
    Unavailable: 503,
    Trouble: 500,
}
EXIT: dict[type[Trouble], int] = {Invalid: 2, Missing: 3, Conflict: 4, Refused: 5, TooMany: 6, Unavailable: 7, Trouble: 1}
HIDDEN = {"retry_after"}


def status_of(trouble: Trouble) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(trouble, kind))


def exit_code(trouble: Trouble) -> int:
    return next(code for kind, code in EXIT.items() if isinstance(trouble, kind))


def document(trouble: Trouble) -> dict[str, Any]:
    """The problem details of a trouble (RFC 9457, section 3)."""
    body: dict[str, Any] = {"type": f"/problems/{trouble.code}", "title": trouble.title, "status": status_of(trouble)}
    if trouble.detail:
        body["detail"] = trouble.detail
    if isinstance(trouble, Invalid) and trouble.errors:
        body["errors"] = trouble.errors
    body.update({name: value for name, value in trouble.more.items() if name not in HIDDEN and name not in body})
    return body


def wants_json() -> bool:
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"], "text/html")
    return best != "text/html"


def answer(body: dict[str, Any], *, headers: dict[str, str] | None = None) -> Response:
    """The problem as JSON, or as a page in the reader's language that says what to do."""
    status = int(body["status"])
    if wants_json():
        response = jsonify(body)
        response.content_type = "application/problem+json"
    else:
        code = str(body["type"]).removeprefix("/problems/")
        words = {name: value for name, value in body.items() if isinstance(value, str | int)}
        response = make_response(render_template("error.html", problem=body, code=code, words=words, status=status))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def install(app: APIFlask) -> None:
    app.register_blueprint(bp)

    # First, because it registers a handler for HTTPException of its own.
    @app.error_processor
    def _api(error: ApiError) -> Any:
        body = _plain(error.status_code)
        errors = _flaws(error.detail) if error.status_code == 422 else []
        if errors:
            body["errors"] = errors
        return body, error.status_code, {"Content-Type": "application/problem+json"}

    @app.errorhandler(Trouble)
    def _trouble(trouble: Trouble) -> Response:
        headers = {"Retry-After": str(trouble.more["retry_after"])} if "retry_after" in trouble.more else {}
        return answer(document(trouble), headers=headers)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None and status < 400:
            return error.response  # type: ignore[return-value]
        headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
        return answer(_plain(status), headers=headers)

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        if app.testing:
            raise error
        incident = secrets.token_hex(6)
        log.exception("unforeseen", incident=incident, endpoint=request.endpoint)
        return answer({"type": "/problems/unforeseen", "title": "Something broke on our side", "status": 500, "incident": incident})


CODES = {
    400: "bad-request",
    404: "missing",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "too-many",
}


def _plain(status: int) -> dict[str, Any]:
    return {"type": f"/problems/{CODES.get(status, f'http-{status}')}", "title": HTTP_STATUS_CODES.get(status, "Error"), "status": status}


def _flaws(detail: Any) -> list[dict[str, Any]]:
    """APIFlask's {"json": {"inputs.0.lot_id": [message, …]}} as a list of {pointer, rule, detail}."""
    return [
        flaw("/" + place.replace("_schema", "").replace(".", "/"), "shape", str(message))
        for places in (detail or {}).values()
        for place, messages in places.items()
        for message in messages
    ]


def every_trouble(root: type[Trouble] = Trouble) -> dict[str, type[Trouble]]:
    """Every concrete trouble of the house by its code."""
    found = {root.code: root}
    for child in root.__subclasses__():
        for code, kind in every_trouble(child).items():
            found.setdefault(code, kind)
    return found


bp = Blueprint("problems", __name__)


@bp.get("/problems/<code>")
@open_door
def problem(code: str) -> Response:
    """The page behind a problem's ``type``: what it means and what to do."""
    kind = every_trouble().get(code)
    if kind is None:
        raise Missing("no such problem")
    text = inspect.getdoc(kind) or kind.title
    if wants_json():
        return Response(json.dumps({"code": code, "title": kind.title, "meaning": text}), mimetype="application/json")
    return make_response(
        render_template("error.html", problem={"title": kind.title, "detail": text}, code=code, words={}, status=None, say=say)
    )
