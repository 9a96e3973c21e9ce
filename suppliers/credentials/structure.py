"""Is it a credential at all? The rules of Verifiable Credentials Data Model 2.0 (section 4), exactly those. Pure.

Every flaw is ``{"because": code, "at": JSON pointer}``. Nothing here asks whether the credential
is true, signed or in force. Unless told that it was issued, a credential is judged as an issuer
is handed it: whoever signs puts in the issuer, so only a wrong one is a flaw. A signed one
without an issuer never gets past the question whose key it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from suppliers.credentials import canonical
from suppliers.credentials.contexts import CONTEXTS, CREDENTIALS_V2, named_in
from suppliers.credentials.moments import moment
from suppliers.credentials.parts import check_id, check_object_list, check_text, check_types, flaw, listed, types_of
from suppliers.credentials.refusals import Refused
from suppliers.credentials.urls import is_url

Flaws = list[dict[str, str]]

MAX_FLAWS: Final = 50
# property: (must have an id, must have a type)
_TYPED_OBJECTS: Final = {
    "credentialStatus": (False, True),
    "credentialSchema": (True, True),
    "refreshService": (False, True),
    "termsOfUse": (False, True),
    "evidence": (False, True),
    "proof": (False, True),
}


def judge(document: Any, *, issued: bool = False, contexts: Mapping[str, Any] = CONTEXTS) -> Flaws:
    """The flaws of a credential, a presentation, or an envelope; [] when it has none.

    ``issued``: the issuer must be there. Types are looked up in their contexts when all of these
    are known; otherwise that one rule is not judged.
    """
    if not isinstance(document, dict):
        return [flaw("object", "")]
    flaws = _shape(document, "", issued)
    if not any(each["because"].endswith(".context") for each in flaws):
        flaws += _meaning(document, contexts)
    return flaws[:MAX_FLAWS]


def _shape(document: dict[str, Any], at: str, issued: bool) -> Flaws:
    kinds = types_of(document)
    if "EnvelopedVerifiableCredential" in kinds or "EnvelopedVerifiablePresentation" in kinds:
        return _envelope(document, at)
    if "VerifiablePresentation" in kinds:
        return _presentation(document, at, issued)
    return _credential(document, at, issued)


def _credential(document: dict[str, Any], at: str, issued: bool) -> Flaws:
    flaws = _context(document, at) + check_types(document, "VerifiableCredential", at) + check_id(document, at)
    flaws += _issuer(document, at, issued) + _subjects(document, at) + _validity(document, at)
    flaws += check_text(document, "name", at) + check_text(document, "description", at)
    for name, (with_id, with_type) in _TYPED_OBJECTS.items():
        flaws += check_object_list(document, name, at, with_id=with_id, with_type=with_type)
    return flaws + _related(document, at)


def _presentation(document: dict[str, Any], at: str, issued: bool) -> Flaws:
    flaws = _context(document, at) + check_types(document, "VerifiablePresentation", at) + check_id(document, at)
    holder = document.get("holder")
    if "holder" in document and not is_url(holder.get("id") if isinstance(holder, dict) else holder):
        flaws.append(flaw("holder", f"{at}/holder"))
    for name in ("termsOfUse", "proof"):
        flaws += check_object_list(document, name, at, with_id=False, with_type=True)
    held = listed(document["verifiableCredential"]) if "verifiableCredential" in document else []
    for index, each in enumerate(held):
        place = f"{at}/verifiableCredential/{index}"
        if not isinstance(each, dict) or "VerifiablePresentation" in types_of(each):
            flaws.append(flaw("held", place))
        else:
            flaws += _shape(each, place, issued)
    return flaws


def _envelope(document: dict[str, Any], at: str) -> Flaws:
    """Section 4.13: an object whose id is the secured credential itself, as a ``data:`` URL."""
    flaws = [] if CREDENTIALS_V2 in listed(document.get("@context")) else [flaw("context", f"{at}/@context")]
    content = document.get("id")
    if not isinstance(content, str) or not content.startswith("data:") or not is_url(content) or "," not in content:
        flaws.append(flaw("envelope", f"{at}/id"))
    return flaws


def _context(document: dict[str, Any], at: str) -> Flaws:
    """Section 4.3: an ordered set, W3C's base first, then URLs and objects."""
    context = document.get("@context")
    fit = (
        isinstance(context, list)
        and bool(context)
        and context[0] == CREDENTIALS_V2
        and all(isinstance(each, dict) or is_url(each) for each in context)
    )
    return [] if fit else [flaw("context", f"{at}/@context")]


def _issuer(document: dict[str, Any], at: str, issued: bool) -> Flaws:
    """Section 4.7: a URL, or an object whose id is one."""
    place = f"{at}/issuer"
    if "issuer" not in document:
        return [flaw("issuer_missing", place)] if issued else []
    issuer = document["issuer"]
    if not isinstance(issuer, dict):
        return [] if is_url(issuer) else [flaw("issuer", place)]
    flaws = check_text(issuer, "name", place) + check_text(issuer, "description", place)
    if "id" not in issuer:
        return [*flaws, flaw("issuer_missing", place)] if issued else flaws
    return flaws if is_url(issuer["id"]) else [*flaws, flaw("issuer", f"{place}/id")]


def _subjects(document: dict[str, Any], at: str) -> Flaws:
    """Section 4.8: one or more objects, each of which says something."""
    place = f"{at}/credentialSubject"
    subjects = listed(document.get("credentialSubject"))
    if not subjects or not all(isinstance(each, dict) and each for each in subjects):
        return [flaw("subject", place)]
    return [found for each in subjects for found in check_id(each, place)]


def _validity(document: dict[str, Any], at: str) -> Flaws:
    """Section 4.9: dateTimeStamp, and the end not before the beginning."""
    moments = {name: moment(document[name]) for name in ("validFrom", "validUntil") if name in document}
    flaws = [flaw("date", f"{at}/{name}") for name, value in moments.items() if value is None]
    begin, end = moments.get("validFrom"), moments.get("validUntil")
    if begin is not None and end is not None and end < begin:
        flaws.append(flaw("date_order", f"{at}/validUntil"))
    return flaws


def _related(document: dict[str, Any], at: str) -> Flaws:
    """Section 5.3: each with an id of its own and a digest."""
    place = f"{at}/relatedResource"
    if "relatedResource" not in document:
        return []
    flaws, seen = check_object_list(document, "relatedResource", at, with_id=True, with_type=False), set()
    for index, each in enumerate(listed(document["relatedResource"])):
        if not isinstance(each, dict):
            continue
        digests = [each[name] for name in ("digestSRI", "digestMultibase") if name in each]
        if not digests or not all(isinstance(digest, str) and digest for digest in digests):
            flaws.append(flaw("digest", f"{place}/{index}"))
        if str(each.get("id")) in seen:
            flaws.append(flaw("related_twice", f"{place}/{index}/id"))
        seen.add(str(each.get("id")))
    return flaws


def _meaning(document: dict[str, Any], contexts: Mapping[str, Any]) -> Flaws:
    """What only the contexts tell: no protected term defined anew, and every type is a URL (section 4.5)."""
    if any(name not in contexts for name in named_in(document)):
        return []
    try:
        expanded = canonical.expand(document, contexts=contexts)
    except Refused as refused:
        return [flaw("jsonld", "/@context")] if refused.result == "failed" else []
    types = [name for name in _types_in(expanded) if not canonical.is_absolute(name)]
    return [flaw("type_unknown", "/type")] if types else []


def _types_in(expanded: Any) -> list[str]:
    return [str(name) for node in canonical.nodes(expanded) for name in listed(node.get("@type", []))]
