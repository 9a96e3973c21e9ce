"""Whose key is it? did:key, did:jwk, and did:web by a document that somebody else fetched. Pure.

A verification method is believed only when the controller's own document lists it for
assertions (DID Core 5.3.1, Controlled Identifiers 1.0 section 3.3). Nothing is fetched here:
a document that is not at hand is asked for, and only at an address that did:web allows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from suppliers.credentials import keys, parsing
from suppliers.credentials.moments import moment
from suppliers.credentials.multibase import from_base64url
from suppliers.credentials.refusals import Refused, unknown

Documents = Mapping[str, Any]

_DID: Final = re.compile(r"did:[a-z0-9]+:(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})+", re.ASCII)
_METHOD_URL: Final = re.compile(r"(?P<controller>(?:did:|https://)[^#?\s]+)#(?P<fragment>[^#\s]+)", re.ASCII)
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII | re.IGNORECASE)
_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+", re.ASCII)
_HIDDEN: Final = re.compile(r"%(?:2[ef]|5c|3f|23|[01][0-9a-f]|7f|40|20)", re.IGNORECASE)
_LOCAL: Final = ("localhost", "local", "internal", "localdomain", "home", "lan", "arpa", "onion", "invalid")
_LONGEST: Final = 2048


@dataclass(frozen=True)
class Method:
    """A verification method: ``id`` as an absolute URL, its ``controller``, its ``key``."""

    id: str
    controller: str
    key: keys.Key


def is_did(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= _LONGEST and bool(_DID.fullmatch(text)) and not text.endswith(":")


def document_url(did: str) -> str | None:
    """Where the document of a ``did:web`` stands: https, no address of a machine, nothing hidden in the path; None when nowhere.

    did:web method, "Read": colons become slashes, a port is ``%3A`` in the first part, and
    without a path it is ``/.well-known/did.json``. Whoever fetches it still looks at what the name resolves to.
    """
    try:
        return _address(did)
    except Refused:
        return None


def _address(did: str) -> str:
    if not is_did(did) or not did.startswith("did:web:"):
        raise Refused("credential.did")
    place, *path = did.removeprefix("did:web:").split(":")
    host, _, port = re.sub("%3a", ":", place, count=1, flags=re.IGNORECASE).partition(":")
    if "%" in host or not _host_allowed(host) or (":" in re.sub("%3a", ":", place, flags=re.IGNORECASE) and not _port_allowed(port)):
        raise Refused("credential.did")
    if any(not _SEGMENT.fullmatch(part) or part in (".", "..") or _HIDDEN.search(part) for part in path):
        raise Refused("credential.did")
    authority = host.lower() + (f":{port}" if port else "")
    return f"https://{authority}/" + ("/".join([*path, "did.json"]) if path else ".well-known/did.json")


def _host_allowed(host: str) -> bool:
    """A name with a dot, and no number in disguise."""
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    last = labels[-1].lower()
    return last not in _LOCAL and not last.isdigit() and not re.fullmatch(r"0x[0-9a-f]*", last)


def _port_allowed(port: str) -> bool:
    return bool(re.fullmatch(r"[1-9][0-9]{0,4}", port)) and int(port) < 65536


def controller_of(method_url: Any, issuer: str | None = None) -> str | None:
    """The part before ``#``; a bare fragment belongs to ``issuer``. None when it is no method's URL at all."""
    absolute = absolute_url(method_url, issuer)
    return absolute.split("#", 1)[0] if absolute else None


def absolute_url(method_url: Any, issuer: str | None = None) -> str | None:
    if not isinstance(method_url, str) or len(method_url) > _LONGEST:
        return None
    if method_url.startswith("#") and issuer:
        method_url = issuer + method_url
    found = _METHOD_URL.fullmatch(method_url)
    if not found:
        return None
    controller = found["controller"]
    return method_url if is_did(controller) or controller.startswith("https://") else None


def find(method_url: str, *, documents: Documents, at: datetime, purpose: str = "assertionMethod") -> Method:
    """The method behind an absolute URL, fit for ``purpose`` at ``at``. Raises Refused with the reason."""
    controller, _, fragment = method_url.partition("#")
    if controller.startswith("did:key:"):
        if fragment != controller.removeprefix("did:key:"):
            raise Refused("credential.key_unknown")
        return Method(method_url, controller, keys.from_multikey(fragment))
    if controller.startswith("did:jwk:"):
        if fragment != "0":
            raise Refused("credential.key_unknown")
        jwk = parsing.read_object(from_base64url(controller.removeprefix("did:jwk:")), limit=8192)
        return Method(method_url, controller, keys.from_jwk(jwk))
    listed = _listed(document_of(controller, documents), controller, purpose)
    return _method(_one(listed, method_url), method_url, controller, at)


def only_method(controller: str, *, documents: Documents, at: datetime) -> Method:
    """The one key that ``controller`` lists for assertions, for signatures that name none."""
    if controller.startswith("did:key:"):
        return find(f"{controller}#{controller.removeprefix('did:key:')}", documents=documents, at=at)
    if controller.startswith("did:jwk:"):
        return find(f"{controller}#0", documents=documents, at=at)
    listed = _listed(document_of(controller, documents), controller, "assertionMethod")
    if len(listed) != 1 or not listed[0][1]:
        raise Refused("credential.key_unnamed")
    return _method(listed[0][2], listed[0][0], controller, at)


def document_of(controller: str, documents: Documents) -> Mapping[str, Any]:
    """The controller's document, or Refused that says whether asking for it makes sense."""
    document = documents.get(controller)
    if document is None:
        if controller.startswith("did:web:"):
            _address(controller)
            raise unknown("credential.key_unknown", ask=controller)
        raise unknown("credential.did_method" if controller.startswith("did:") else "credential.key_unknown")
    if not isinstance(document, Mapping) or document.get("id") != controller:
        raise Refused("credential.did_document")
    return document


Listed = list[tuple[str, bool, Mapping[str, Any]]]


def _listed(document: Mapping[str, Any], controller: str, purpose: str) -> Listed:
    """Every method of the document: absolute id, whether listed for ``purpose``, itself."""
    embedded = [each for each in _items(document.get(purpose)) if isinstance(each, Mapping)]
    named = {absolute_url(each, controller) for each in _items(document.get(purpose)) if isinstance(each, str)}
    found: Listed = []
    for each in [*embedded, *(each for each in _items(document.get("verificationMethod")) if isinstance(each, Mapping))]:
        url = absolute_url(each.get("id"), controller)
        if url is not None:
            found.append((url, each in embedded or url in named, each))
    return found


def _one(listed: Listed, method_url: str) -> Mapping[str, Any]:
    """The method of that id. Two that differ under one id are none: nobody can say which was meant."""
    found = [(fit, each) for url, fit, each in listed if url == method_url]
    if not found:
        raise Refused("credential.key_unknown")
    if any(each != found[0][1] for _, each in found):
        raise Refused("credential.did_document")
    if not any(fit for fit, _ in found):
        raise Refused("credential.key_purpose")
    return found[0][1]


def _method(each: Mapping[str, Any], url: str, controller: str, at: datetime) -> Method:
    if each.get("controller", controller) != controller:
        raise Refused("credential.key_controller")
    for name, code in (("revoked", "credential.key_revoked"), ("expires", "credential.key_expired")):
        if name in each:
            ended = moment(each[name])
            if ended is None or ended <= at:
                raise Refused(code)
    if ("publicKeyJwk" in each) == ("publicKeyMultibase" in each):
        raise unknown("credential.key_kind")
    key = keys.from_jwk(each["publicKeyJwk"]) if "publicKeyJwk" in each else keys.from_multikey(each["publicKeyMultibase"])
    return Method(url, controller, key)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
