"""What both sides say in headers before anything is done: versions, formats, media types, limits, and discovery.

One hook before every door checks what the client asks for and answers OPTIONS; one after it says what was spoken.

Source: EPCIS 2.0 §12.3 (OPTIONS), §12.4 (headers), §12.5 (media types); GS1's OpenAPI of the REST bindings.
"""

from __future__ import annotations

import re
from typing import Final

from flask import Response, current_app, request
from werkzeug.exceptions import NotAcceptable, RequestURITooLarge, UnsupportedMediaType

from app.config import Settings
from traceability.events.epcs import FORMATS

VERSION: Final = "2.0.0"
"""Of EPCIS and of the CBV that is spoken."""
_OURS: Final = (2, 0, 0)
_VERSION: Final = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}", re.ASCII)
LONGEST_QUERY: Final = 8_000
"""Characters of a query string."""

JSON: Final = ("application/json", "application/ld+json")
XML: Final = ("application/xml", "text/xml")
XML_FORMATS: Final = frozenset({"No_Preference", "Always_Web_URI", "Always_URN", "Never_Translates"})
BEHAVIOURS: Final = ("rollback", "proceed")


def check() -> Response | None:
    """Before every door: refuse what cannot be spoken, and answer OPTIONS."""
    if len(request.query_string) > LONGEST_QUERY:
        raise RequestURITooLarge(f"the query string has more than {LONGEST_QUERY} characters; make it a named query")
    for name in ("EPCIS", "CBV"):
        _check_versions(name)
    _one_of("GS1-EPC-Format", FORMATS)
    _one_of("GS1-CBV-XML-Format", XML_FORMATS)
    extensions()
    return _discovered() if request.method == "OPTIONS" else None


def _check_versions(name: str) -> None:
    """``GS1-EPCIS-Min`` … ``-Max`` must hold our version; ``GS1-EPCIS-Version``, of what is sent, must be it."""
    least, most, sent = (_version(f"GS1-{name}-{end}") for end in ("Min", "Max", "Version"))
    if least > _OURS or (most and most < _OURS[: len(most)]):
        raise NotAcceptable(f"{name} {VERSION} is spoken here")
    if sent and sent[:2] != _OURS[: len(sent[:2])]:
        raise NotAcceptable(f"{name} {VERSION} is read here")


def _version(header: str) -> tuple[int, ...]:
    text = request.headers.get(header, "").strip()
    if text and not _VERSION.fullmatch(text):
        raise NotAcceptable(f"{header} must be a version such as {VERSION}")
    return tuple(int(part) for part in text.split(".")) if text else ()


def _one_of(header: str, known: frozenset[str]) -> None:
    if request.headers.get(header, "No_Preference").strip() not in known:
        raise NotAcceptable(f"{header} must be one of {', '.join(sorted(known))}")


def extensions() -> dict[str, str]:
    """Prefix → namespace, of the header GS1-Extensions; of what is no such pair, an instance of EPCIS need know nothing."""
    found = {}
    for entry in request.headers.get("GS1-Extensions", "").split(","):
        prefix, equals, namespace = (part.strip() for part in entry.partition("="))
        if equals and prefix and ":" in namespace and len(found) < 50:
            found[prefix] = namespace[:400]
    return found


def epc_format() -> str:
    """The form in which identifiers are to be told; links when nothing is said (§12.4)."""
    asked = request.headers.get("GS1-EPC-Format", "Always_GS1_Digital_Link").strip()
    return "Always_GS1_Digital_Link" if asked == "No_Preference" else asked


def accepted(*kinds: str) -> str:
    """The first of these media types that the client likes best. Raises NotAcceptable."""
    if "Accept" not in request.headers:
        return kinds[0]
    best = request.accept_mimetypes.best_match(kinds)
    if best is None:
        raise NotAcceptable(f"this is told as {', '.join(kinds)}")
    return best


def sent(*kinds: str) -> str:
    """The media type of the body. Raises UnsupportedMediaType."""
    if request.mimetype not in kinds:
        raise UnsupportedMediaType(f"Content-Type must be one of {', '.join(kinds)}")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8") and request.mimetype in JSON:
        raise UnsupportedMediaType("JSON is read as UTF-8")
    return request.mimetype


def limits() -> tuple[int, int]:
    """Events and bytes that one document may have."""
    settings: Settings = current_app.extensions["suyuan.settings"]
    return int(settings.epcis_most_events), int(settings.epcis_most_bytes)


def _discovered() -> Response:
    response = Response(status=204)
    adapter = current_app.create_url_adapter(request)
    response.headers["Allow"] = ", ".join(sorted(adapter.allowed_methods() if adapter else ()))
    for name in ("EPCIS", "CBV"):
        response.headers[f"GS1-{name}-Min"] = response.headers[f"GS1-{name}-Max"] = VERSION
    response.headers["GS1-EPC-Format"] = "No_Preference"
    response.headers["GS1-CBV-XML-Format"] = "Always_Web_URI"
    return response


def say(response: Response) -> Response:
    """After every door: what was spoken, and how much may be sent where that is the question."""
    response.headers["GS1-EPCIS-Version"] = response.headers["GS1-CBV-Version"] = VERSION
    root = current_app.extensions["suyuan.settings"].public_url
    response.headers["GS1-Extensions"] = f"suyuan={root}/voc/"
    response.headers["GS1-Vendor-Version"] = f"suyuan/{VENDOR}"
    response.vary.update(("Accept", "GS1-EPC-Format", "X-API-Key"))
    if response.status_code == 413 or (request.method == "OPTIONS" and request.path in ("/epcis/capture", "/epcis/events")):
        events, size = limits()
        response.headers["GS1-EPCIS-Capture-Limit"] = str(events)
        response.headers["GS1-EPCIS-Capture-File-Size-Limit"] = str(size)
    if request.method == "OPTIONS" and request.path == "/epcis/capture":
        response.headers["GS1-Capture-Error-Behaviour"] = "all"
    return response


VENDOR: Final = "0.1"
