"""The doors of the resolver: every GS1 Digital Link of the house, and what the resolver says of itself.

It leads on and never shows a page of its own, but for the list of links itself. Being led on is no
look at an item: the page that it leads to counts that; only where a brand leads its items elsewhere the
look is kept here, before the answer.

Source: GS1-Conformant Resolver 1.2.1; RFC 9110 (300, 307), RFC 9264 (linkset).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, render_template, request
from werkzeug.routing import BaseConverter

from app import problems
from app.auth.guards import open_door
from app.clients import is_glance
from app.pages import scan
from app.pages.look import language
from app.resolver import CONTEXT_PATH, Outcome, Resolver
from kernel.errors import Invalid
from traceability.gs1 import uri
from traceability.gs1.elements import Elements
from traceability.resolver import describing, headers, linkset
from traceability.resolver.choosing import Choices, Lead, Nothing, Whole, Wish
from traceability.resolver.levels import SETS
from traceability.resolver.linktypes import LINK_TYPES

bp = Blueprint("resolve", __name__)
METHODS: Final = ["GET", "HEAD", "OPTIONS"]
PLACE: Final = "here.invalid"
"""A host for the reader of addresses, where none is needed."""
OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, Location",
    "Vary": "Accept, Accept-Language",
}
BODIES: Final = ("application/linkset+json", "application/ld+json", "application/json", "text/html")


class DigitalLink(BaseConverter):
    """A path with a GS1 key and something after it, under any stem. The door reads the path itself."""

    regex = rf"(?s:(?:.*/)?(?:{'|'.join(SETS)})/.+)"
    part_isolating = False
    weight = 500
    """After every door of the house."""


class Binary(BaseConverter):
    """EPC binary, as hexadecimal digits."""

    regex = "[0-9A-Fa-f]{16,}"


@bp.record_once
def _know_converters(state) -> None:  # type: ignore[no-untyped-def]
    state.app.url_map.converters |= {"digital_link": DigitalLink, "epc_binary": Binary}


@bp.route("/<digital_link:path>", methods=METHODS, provide_automatic_options=False)
@open_door
def lead(path: str) -> Response:
    """Lead on by what the link says."""
    if request.method == "OPTIONS":
        return _options()
    scan.knock()
    try:
        elements = elements_of(*spelled(request.environ))
    except Invalid as trouble:
        return malformed(trouble)
    return _answer(elements)


@bp.route("/eh<epc_binary:digits>", methods=METHODS, provide_automatic_options=False)
@open_door
def lead_binary(digits: str) -> Response:
    """Lead on by an EPC in its binary encoding (GS1 Digital Link URI Syntax 1.5: ``/eh`` and hexadecimal digits)."""
    if request.method == "OPTIONS":
        return _options()
    scan.knock()
    from traceability.gs1 import binary  # needed by few

    try:
        elements = binary.read(digits)
    except Invalid as trouble:
        return malformed(trouble)
    response = _answer(elements)
    same = linkset.link_header(same_as=uri.write(elements, resolver().root(None, request.scheme, request.host)))
    response.headers["Link"] = ", ".join(filter(None, (response.headers.get("Link"), same)))
    return response


@bp.get(describing.WELL_KNOWN)
@open_door
def describe() -> Response:
    """The resolver description file."""
    root = current_app.extensions["suyuan.settings"].public_url
    return _json(describing.description(root, name="Suyuan", context_url=root + CONTEXT_PATH), "application/json")


@bp.get(CONTEXT_PATH)
@open_door
def context() -> Response:
    """How a linkset reads as JSON-LD."""
    response = _json(linkset.CONTEXT, "application/ld+json")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def resolver() -> Resolver:
    return cast(Resolver, current_app.extensions["suyuan.resolver"])


def malformed(trouble: Invalid) -> Response:
    """400: the path is no GS1 Digital Link, and which rule it breaks."""
    return _opened(problems.answer({**problems.document(trouble), "status": 400}))


def spelled(environ: Mapping[str, Any]) -> tuple[str, str, bool]:
    """A request's path and query, and whether the path stands as it came: only some servers hand that on."""
    query = str(environ.get("QUERY_STRING", ""))
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "")
    if not raw:
        return str(environ["PATH_INFO"]), query, False
    return (urlsplit(raw).path if not raw.startswith("/") else raw.partition("?")[0]), query, True


def elements_of(path: str, query: str, is_raw: bool) -> Elements:
    """What a link says. Raises gs1.NotALink or gs1.NotGS1."""
    if is_raw:
        return uri.read(f"https://{PLACE}{path}" + (f"?{query}" if query else ""), at_door=True).elements
    return uri.read_decoded(path, query).elements


def _answer(elements: Elements) -> Response:
    query = request.query_string.decode("latin-1")
    wish = Wish.of(query, request.headers.get("Accept", ""), request.headers.get("Accept-Language", ""))
    outcome = resolver().outcome(elements, wish, scheme=request.scheme, host=request.host)
    chosen = outcome.chosen
    if isinstance(chosen, Lead):
        return _led(outcome, chosen, wish)
    if isinstance(chosen, Nothing):
        return _nothing(chosen, outcome)
    return _linkset(chosen, outcome)


def _led(outcome: Outcome, chosen: Lead, wish: Wish) -> Response:
    """307 to where it leads; an item that the brand leads elsewhere, but that nobody should use, to its own page."""
    page = None
    if outcome.is_look and outcome.item is not None and request.method == "GET" and not is_glance(request.environ):
        page = scan.passed_on(*outcome.item)
    response = Response(status=307)
    response.headers["Location"] = page or resolver().location(outcome, chosen, wish)
    response.headers["Link"] = outcome.link
    return _opened(scan.sealed(response))


def _nothing(chosen: Nothing, outcome: Outcome) -> Response:
    if outcome.brand_id is None and not problems.wants_json():
        return _opened(scan.guessed())
    if outcome.brand_id is None:
        scan.guessers().guessed(request.remote_addr or "")
    detail = {
        "no-links": "nothing is known of this thing here",
        "no-default": "this thing has links, but none that is meant for everybody",
        "no-such-type": "this thing has no link of this type",
        "unknown-type": "GS1's vocabulary has no such link type",
    }[chosen.reason]
    body = {"type": "/problems/no-such-link", "title": "There is no such link", "status": 404, "detail": detail, "reason": chosen.reason}
    response = problems.answer(body)
    if outcome.brand_id is not None:
        response.headers["Link"] = outcome.link
    return _opened(response)


def _linkset(chosen: Choices | Whole, outcome: Outcome) -> Response:
    """The links themselves, in the words the reader asks for: 200 for all of them, 300 for those to choose from."""
    status = 300 if isinstance(chosen, Choices) else 200
    best = headers.preferred_media(request.headers.get("Accept", ""), BODIES)
    context_url = current_app.extensions["suyuan.settings"].public_url + CONTEXT_PATH
    document: dict[str, Any] = linkset.document(chosen.levels)
    if best == "text/html":
        embedded = json.dumps(linkset.json_ld(chosen.levels, context_url), ensure_ascii=False).replace("<", "\\u003c")
        given = {"levels": chosen.levels, "is_choice": status == 300, "embedded": embedded, "link_type_name": _name}
        response = make_response(render_template("linkset.html", **given))
    elif best == "application/ld+json":
        response = _json(linkset.json_ld(chosen.levels, context_url), best)
    else:
        response = _json(document, best)
    response.status_code = status
    response.headers["Link"] = ", ".join((outcome.link, linkset.link_header(context=context_url)))
    return _opened(response)


def _name(link_type: str) -> str:
    known = LINK_TYPES[link_type]
    return known.title_en if language() == "en" else known.title_zh


def _json(document: Any, mimetype: str) -> Response:
    return _opened(Response(json.dumps(document, ensure_ascii=False), mimetype=mimetype))


def _options() -> Response:
    response = _opened(Response(status=204))
    response.headers |= {
        "Allow": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "Accept, Accept-Language",
        "Access-Control-Max-Age": "86400",
    }
    return response


def _opened(response: Response) -> Response:
    """Any page of the web may ask this of a resolver."""
    for name, value in OPEN.items():
        response.headers.setdefault(name, value)
    return response
