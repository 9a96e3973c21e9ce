"""Trouble in the words of EPCIS: the standard's exceptions as problem documents, in JSON or XML.

One table says which exception a status is; ``meant`` says it where the same trouble means different things.

Source: EPCIS 2.0 §12.2 (exceptions and their status), §8.2.6; RFC 9457.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from kernel.errors import Invalid
from traceability.events.documents import to_xml

EXCEPTIONS: Final[dict[int, str]] = {
    400: "ValidationException",
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchNameException",
    405: "ImplementationException",
    406: "NotAcceptableException",
    409: "ResourceAlreadyExistsException",
    413: "CaptureLimitExceededException",
    414: "URITooLongException",
    415: "UnsupportedMediaTypeException",
    429: "SecurityException",
    500: "ImplementationException",
    501: "ImplementationException",
    503: "ImplementationException",
}
"""Status → the exception of the standard, where nothing else is said."""

TOO_MUCH: Final = {
    "too-many-items": "QueryTooLargeException",
    "query-too-large": "QueryTooLargeException",
    "query-too-complex": "QueryTooComplexException",
}
"""Codes of our troubles that are 413 in the standard."""

XML: Final = "application/problem+xml"
JSON: Final = "application/problem+json"
_KINDS: Final = (JSON, "application/json", "application/ld+json", XML, "application/xml", "text/xml")


@contextmanager
def meant(exception: str) -> Iterator[None]:
    """What is invalid inside is this exception of the standard, unless it was said nearer by."""
    try:
        yield
    except Invalid as trouble:
        trouble.more.setdefault("exception", exception)
        raise


def answer(body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """A problem of the house (``app.problems.document``) as one of EPCIS."""
    told = worded(body)
    is_xml = str(request.accept_mimetypes.best_match(_KINDS)).endswith("xml")
    response = Response(to_xml.problem(told) if is_xml else json.dumps(told), status=told["status"], content_type=XML if is_xml else JSON)
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers)
    return response


def said(error: HTTPException) -> Response:
    """A refusal of a door of ours, with its own words."""
    status = error.code or 500
    if status < 400 and error.response is not None:
        return error.response  # type: ignore[return-value]
    body = {"type": f"/problems/http-{status}", "title": error.name, "status": status, "detail": str(error.description)}
    return answer(body, {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")})


def worded(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same problem with the type and the status of the standard; our own name of it stays beside it as ``code``."""
    code = str(body["type"]).removeprefix("/problems/")
    exception = TOO_MUCH.get(code) or body.get("exception")
    status = 413 if code in TOO_MUCH else 400 if body["status"] == 422 else int(body["status"])
    named = f"epcisException:{exception or EXCEPTIONS.get(status, 'ImplementationException')}"
    rest = {name: value for name, value in body.items() if name not in ("type", "status", "exception")}
    return {"type": named, "status": status, "code": code, **rest}


def of_flaws(flaws: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What went wrong in a capture job, each as a problem."""
    return [{"type": "epcisException:ValidationException", "title": "The event was not captured", "status": 400, **each} for each in flaws]
