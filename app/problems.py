"""Trouble, translated once: to RFC 9457 for machines, to a page for people, to an exit code for the CLI."""

from __future__ import annotations

import inspect
import re
import secrets
from json import JSONDecodeError
from typing import Any

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError as ApiError
from flask import Blueprint, Request, Response, current_app, json, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from app.auth.guards import NotSignedIn, open_door
from app.shaped import pointer, told
from app.words import say
from kernel.errors import Conflict, Invalid, Missing, Refused, TooMany, Trouble, Unavailable, flaw

log = structlog.get_logger(__name__)


class NotJson(Trouble):
    """The body cannot be read as JSON. Where reading stopped is said by line and column; nothing was done."""

    code = "bad-request"
    title = "The request cannot be read"


STATUS: dict[type[Trouble], int] = {
    NotJson: 400,
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
    """The problem as JSON, or as a page in the reader's language that says what to do; behind doors whose standard words
    its problems otherwise (``suyuan.answers``: the beginning of a path → who words them) in those words."""
    for stem, other in current_app.extensions.get("suyuan.answers", {}).items():
        if request.path.startswith(stem):
            return other(body, headers or {})
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


class Asked(Request):
    """A request whose body, when it should be JSON and is not, says where."""

    def get_json(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_json(*args, **kwargs)
        except RecursionError:
            raise NotJson("the body is JSON nested too deep") from None

    def on_json_loading_failed(self, error: ValueError | None) -> Any:
        if error is None:
            return super().on_json_loading_failed(error)
        where = f": line {error.lineno}, column {error.colno}" if isinstance(error, JSONDecodeError) else ""
        raise NotJson(f"the body is not JSON{where}") from error


def install(app: APIFlask) -> None:
    app.register_blueprint(bp)
    app.request_class = Asked

    # First, because it registers a handler for HTTPException of its own.
    @app.error_processor
    def _api(error: ApiError) -> Any:
        errors = _flaws(error.detail) if error.status_code == 422 else []
        body = document(Invalid(errors=errors)) if errors else _plain(error.status_code)
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
        headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Content-Range", "Retry-After")}
        return answer(_plain(status), headers=headers)

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        if app.testing:
            raise error
        incident = secrets.token_hex(6)
        log.exception("unforeseen", incident=incident, endpoint=request.endpoint)
        return answer({"type": "/problems/unforeseen", "title": UNFORESEEN, "status": 500, "incident": incident})


CODES = {
    400: "bad-request",
    404: "missing",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "too-many",
}
UNFORESEEN = "Something broke on our side"
MEANINGS = {
    "unforeseen": (UNFORESEEN, "Something broke that nobody foresaw, and nothing was done. Quote the incident when you tell us of it."),
    "method-not-allowed": ("Method not allowed", "This address does not take this method; the header Allow names those it takes."),
    "too-large": ("The body is too large", "The body has more bytes than are taken at once. Send less, or in portions."),
    "unsupported-media-type": (
        "Unsupported media type",
        "The body is of a kind that is not read here; the OpenAPI document names what is.",
    ),
}
"""Title and meaning of what is no Trouble of ours."""
_OUTSIDE = re.compile(r"http-([45][0-9]{2})")


def meaning(code: str) -> tuple[str, str] | None:
    """Title and meaning of whatever stands in a problem's ``type``."""
    kind = every_trouble().get(code)
    if kind is not None:
        return kind.title, inspect.getdoc(kind) or kind.title
    found = _OUTSIDE.fullmatch(code)
    if found and int(found[1]) in HTTP_STATUS_CODES:
        title = HTTP_STATUS_CODES[int(found[1])]
        return title, f"The answer has the HTTP status {found[1]}, {title}, as RFC 9110 and its companions define it."
    return MEANINGS.get(code)


def _plain(status: int) -> dict[str, Any]:
    code = CODES.get(status, f"http-{status}")
    title, _ = meaning(code) or ("Error", "")
    return {"type": f"/problems/{code}", "title": title, "status": status}


def _flaws(detail: Any) -> list[dict[str, Any]]:
    """APIFlask's {"json": {"inputs.0.lot_id": [message, …]}} as a list of {pointer, rule, detail}."""
    return [
        flaw(pointer([] if place == "_schema" else place.split(".")), "shape", told(str(message)))
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
    found = meaning(code)
    if found is None:
        raise Missing("no such problem")
    title, text = found
    if wants_json():
        return Response(json.dumps({"code": code, "title": title, "meaning": text}), mimetype="application/json")
    return make_response(render_template("error.html", problem={"title": title, "detail": text}, code=code, words={}, status=None, say=say))
