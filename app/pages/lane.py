"""The fast lane: a scan of nobody known, straight from the server to the use case.

Nine of ten requests of the house are a phone's first look at a code: a GET of its link, and then of the
page that it is led to, without a cookie. They need no session, no form, no account, and the page
is on the shelf. Flask's contexts and hooks would cost more than the scan itself, so such
requests are served here with the same functions that the ordinary doors use, and everything else goes
on to Flask. What the lane answers is what the doors would have answered; a test holds them equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from flask import Flask
from werkzeug.datastructures import Headers

from app.auth.tickets import read_view, secret_of
from app.clients import client_of, is_glance
from app.database import Database
from app.limits import Guessers
from app.pages import resolve, scan
from app.resolver import Resolver
from app.together import Together
from kernel.errors import Invalid
from traceability import gs1, scans
from traceability.gs1.elements import Elements
from traceability.resolver import linkset
from traceability.resolver.choosing import Lead, Wish

LINK: Final = re.compile(r"/01/([0-9]{14})/21/([0-9A-HJKMNP-TV-Z]{12})")
PAGE: Final = re.compile(r"/see/([0-9]{14})/([0-9A-HJKMNP-TV-Z]{12})")
VIEW: Final = re.compile(r"v=([0-9A-Za-z]{46})")
Start = Callable[..., Any]

log = structlog.get_logger(__name__)


class Lane:
    """WSGI in front of the app."""

    def __init__(self, app: Flask) -> None:
        self._app, self._next = app, app.wsgi_app
        self._database: Database = app.extensions["suyuan"]
        self._together: Together = app.extensions["suyuan.together"]
        self._resolver: Resolver = app.extensions["suyuan.resolver"]
        self._guessers: Guessers = app.extensions["suyuan.guessers"]
        self._where: Callable[[dict[str, Any]], str | None] = app.extensions["suyuan.whereabouts"]
        self._zone, self._secret = scan.zone_of(app), secret_of(str(app.secret_key))
        self._public: str = app.extensions["suyuan.settings"].public_url
        self._host = urlsplit(self._public).netloc
        self._led: dict[str, list[tuple[str, str]]] = {}
        self._shown: dict[str, list[tuple[str, str]]] = {}
        """Headers by scheme: what is told over https is not what is told over http."""

        self._draw = {language: self._drawn(language) for language in ("zh-CN", "en")}

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        answer = None
        if environ["REQUEST_METHOD"] == "GET":
            path = environ["PATH_INFO"]
            if found := LINK.fullmatch(path):
                answer = self._lead(environ, start_response, *found.groups())
            elif found := PAGE.fullmatch(path):
                answer = self._show(environ, start_response, *found.groups())
            elif path.startswith("/01/"):
                answer = self._choose(environ, start_response)
        return self._next(environ, start_response) if answer is None else answer

    def _lead(self, environ: dict[str, Any], start_response: Start, gtin: str, serial: str) -> Iterable[bytes] | None:
        """A plain request for an item, by one who does not ask for its links: to its page."""
        if environ.get("QUERY_STRING") or "json" in environ.get("HTTP_ACCEPT", "").lower() or environ.get("HTTP_HOST", "") != self._host:
            return self._choose(environ, start_response)
        if not self._resolver.leads_to_page(gtin):
            return None
        link = linkset.link_header(linkset=f"{self._public}/01/{gtin}/21/{serial}?linkType=linkset")
        return self._led_to(environ, start_response, self._resolver.to_item(gtin, serial), link)

    def _choose(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes] | None:
        """Any other request for a product or its items that is led on."""
        path, query, is_raw = resolve.spelled(environ)
        elements = _elements(path, query, is_raw)
        if elements is None:
            return None
        wish = Wish.of(query, environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        outcome = self._resolver.outcome(elements, wish, scheme=environ["wsgi.url_scheme"], host=environ.get("HTTP_HOST", ""))
        if not isinstance(outcome.chosen, Lead) or outcome.is_look:
            return None
        return self._led_to(environ, start_response, self._resolver.location(outcome, outcome.chosen, wish), outcome.link)

    def _led_to(self, environ: dict[str, Any], start_response: Start, location: str, link: str) -> Iterable[bytes]:
        led = self._led.get(environ["wsgi.url_scheme"])
        if led is None:
            return self._lead_first(environ, start_response)
        start_response("307 TEMPORARY REDIRECT", [*led, ("Location", location), ("Link", link), ("Content-Length", "0")])
        return []

    def _lead_first(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Flask answers, and its headers are kept for all who follow."""
        with self._app.request_context(environ):
            response = self._app.full_dispatch_request()
            if response.status_code == 307:
                _keep(self._led, environ, response.headers, but=("location", "link", "content-length"))
            return response(environ, start_response)

    def _show(self, environ: dict[str, Any], start_response: Start, gtin: str, serial: str) -> Iterable[bytes] | None:
        asked = VIEW.fullmatch(environ.get("QUERY_STRING", ""))
        if asked is None or environ.get("HTTP_COOKIE") or is_glance(environ) or not _is_gtin(gtin):
            return None
        if self._guessers.blocked(environ.get("REMOTE_ADDR", "")):
            return None
        view = read_view(asked[1], gtin, serial, at=datetime.now(UTC), secret=self._secret)
        if view is None:
            return None
        look = scans.Look(serial, view, self._where(environ), client_of(environ, self._secret))
        language = _language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        try:
            seen = scan.stranger(self._database, self._together, gtin, look, self._draw[language])
        except Exception:  # nothing was kept: the ordinary door tries again, and knows how to say what is wrong
            return None
        shown = self._shown.get(environ["wsgi.url_scheme"])
        if seen.page is None or shown is None:
            return self._slowly(environ, start_response, seen.reading, seen.brand_id)
        start_response("200 OK", [*shown, ("Content-Length", str(len(seen.page)))])
        return [seen.page]

    def _drawn(self, language: str) -> scan.Draw:
        """How the page of a stranger's look is drawn in a language, if its frame is on the shelf."""

        def draw(reading: scans.Reading, brand_id: str | None) -> bytes | None:
            if brand_id is None or reading.tells_nothing:
                return None
            frame = scan.FRAMES.peek(scan.frame_key(reading, brand_id, is_kept=False, language=language))
            if frame is None:
                return None
            return scan.fill(frame, reading, brand_id, language=language, secret=self._secret, zone=self._zone)

        return draw

    def _slowly(self, environ: dict[str, Any], start_response: Start, reading: Any, brand_id: str | None) -> Iterable[bytes] | None:
        """The look is kept; its page is not on the shelf yet, so Flask draws it and sets its headers."""
        with self._app.request_context(environ):
            try:
                response = self._app.process_response(scan.answer(reading, brand_id, is_kept=False))
            except Exception:  # the ordinary door tells the look that is kept, or says what is wrong
                log.warning("lane.not-drawn", exc_info=True)
                return None
            if response.status_code == 200:
                _keep(self._shown, environ, response.headers, but=("content-length",))
            return response(environ, start_response)


def _keep(kept: dict[str, list[tuple[str, str]]], environ: dict[str, Any], headers: Headers, *, but: tuple[str, ...]) -> None:
    """The headers of one answer, for all who follow: ``but`` its own, and never of one that sets a cookie."""
    if "Set-Cookie" not in headers:
        kept[environ["wsgi.url_scheme"]] = [(name, value) for name, value in Headers(headers) if name.lower() not in but]


@lru_cache(maxsize=4096)
def _elements(path: str, query: str, is_raw: bool) -> Elements | None:
    """What a link says, or None for the ordinary door to say what is wrong with it."""
    try:
        return resolve.elements_of(path, query, is_raw)
    except Invalid:
        return None


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
