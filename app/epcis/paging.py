"""Pages of a long answer: how much of it, from where, and where it goes on.

A token is signed, holds for a day, and is good for the question it was given with only. Nothing is kept of it here,
so that there is nothing to invalidate. Source: EPCIS 2.0 §12.9 (perPage, nextPageToken, Link, GS1-Next-Page-Token-Expires).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.doors import current_actor
from kernel.errors import Invalid, flaw

USUAL: Final = 30
MOST: Final = 1_000
LIFE: Final = timedelta(hours=24)
OWN: Final = ("perPage", "nextPageToken")


class Page(NamedTuple):
    size: int
    after: str | None


def page() -> Page:
    """Which page is asked for. Raises Invalid."""
    return Page(size(), cursor())


def size() -> int:
    """How many at a time: 30, or as many as are asked for, but never more than 1 000."""
    text = request.args.get("perPage", str(USUAL))
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise Invalid(errors=[flaw("/perPage", "whole", "must be a whole number from 1")])
    return min(int(text[:9]), MOST)


def cursor() -> str | None:
    """Where the page before ended; None for the first. Raises Invalid for a token that was not given for this question."""
    token = request.args.get("nextPageToken")
    if token is None:
        return None
    found = _opened(token)
    if found is None:
        raise Invalid(errors=[flaw("/nextPageToken", "page-token", "this token is not one of ours, or has expired")])
    if found["q"] != _question():
        raise Invalid(errors=[flaw("/nextPageToken", "page-token", "this token was given with another question")])
    return str(found["c"])


def is_ours(token: str) -> bool:
    """Whether it is a token that still holds."""
    return _opened(token) is not None


def _opened(token: str) -> dict[str, str] | None:
    try:
        return dict(_signer().loads(token, max_age=int(LIFE.total_seconds())))
    except BadSignature:
        return None


def turned(response: Response, ended: str | None) -> Response:
    """The answer with the address of its next page, if there is one."""
    if ended is not None:
        token = _signer().dumps({"c": ended, "q": _question()})
        asked = [(name, value) for name, value in request.args.items(multi=True) if name != "nextPageToken"]
        address = request.url_root.rstrip("/") + quote(request.path, safe="/") + "?" + urlencode([*asked, ("nextPageToken", token)])
        response.headers["Link"] = f'<{address}>; rel="next"'
        expires = datetime.now(UTC) + LIFE
        response.headers["GS1-Next-Page-Token-Expires"] = expires.isoformat(timespec="seconds").replace("+00:00", "Z")
    return response


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="epcis-page")


def _question() -> str:
    """A short digest of who asks what, without how it is cut."""
    asked = sorted((name, value) for name, value in request.args.items(multi=True) if name not in OWN)
    return hashlib.sha256(repr((current_actor().brand_id, request.path, asked)).encode()).hexdigest()[:20]
