"""The fast lane: a scan of nobody known, straight from the server to the use case.

Nine of ten requests of the house are a phone's first look at a code: a GET of a canonical
link, without a cookie, without a query. It needs no session, no form, no account, and its page
is on the shelf. Flask's contexts and hooks would cost more than the scan itself, so such a
look is served here with the same functions that the ordinary door uses, and everything else goes
on to Flask. What the lane answers is what the door would have answered; a test holds them equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from flask import Flask
from werkzeug.datastructures import Headers

from app.database import Database
from app.pages import scan
from app.together import Together
from kernel.errors import Invalid
from traceability import gs1

CANONICAL: Final = re.compile(r"/01/([0-9]{14})/21/([0-9A-HJKMNP-TV-Z]{12})")
Start = Callable[..., Any]


class Lane:
    """WSGI in front of the app."""

    def __init__(self, app: Flask) -> None:
        self._app, self._next = app, app.wsgi_app
        self._database: Database = app.extensions["suyuan"]
        self._together: Together = app.extensions["suyuan.together"]
        self._zone = scan.zone_of(app)
        self._headers: list[tuple[str, str]] | None = None

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_COOKIE") or environ.get("QUERY_STRING"):
            return self._next(environ, start_response)
        found = CANONICAL.fullmatch(environ["PATH_INFO"])
        if found is None:
            return self._next(environ, start_response)
        gtin, serial = found.groups()
        if not _is_gtin(gtin):
            return self._next(environ, start_response)
        try:
            reading, brand_id = scan.stranger(self._database, self._together, gtin, serial)
        except Exception:  # nothing was kept: the ordinary door tries again, and knows how to say what is wrong
            return self._next(environ, start_response)
        language = _language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        frame = None
        if brand_id is not None and reading.ref is not None:
            frame = scan.FRAMES.peek(scan.frame_key(reading, brand_id, is_member=False, language=language))
        if frame is None or brand_id is None or self._headers is None:
            return self._slowly(environ, start_response, reading, brand_id)
        body = scan.fill(frame, reading, brand_id, language=language, secret=str(self._app.secret_key), zone=self._zone).encode()
        start_response("200 OK", [*self._headers, ("Content-Length", str(len(body)))])
        return [body]

    def _slowly(self, environ: dict[str, Any], start_response: Start, reading: Any, brand_id: str | None) -> Iterable[bytes]:
        """The look is kept; its page is not on the shelf yet, so Flask draws it and sets its headers."""
        with self._app.request_context(environ):
            response = self._app.process_response(scan.answer(reading, brand_id, is_member=False))
            if response.status_code == 200:
                self._headers = [(name, value) for name, value in Headers(response.headers) if name != "Content-Length"]
            return response(environ, start_response)


@lru_cache(maxsize=4096)
def _is_gtin(text: str) -> bool:
    try:
        return gs1.gtin14(text) == text
    except Invalid:
        return False


@lru_cache(maxsize=1024)
def _language(accepted: str) -> str:
    """As app.factory chooses it for who has said nothing else."""
    from werkzeug.datastructures import LanguageAccept
    from werkzeug.http import parse_accept_header

    best = parse_accept_header(accepted, LanguageAccept).best_match(("zh", "en"))
    return "en" if best == "en" else "zh-CN"
