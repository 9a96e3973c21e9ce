"""One form of bytes for one meaning: JCS (RFC 8785) and RDF Dataset Canonicalization 1.0. Pure.

The second is where bombs go off and where claims get lost: blank nodes can ask for factorially
many comparisons, a term that no context defines vanishes without a sound, and a term under
another spelling is signed but not read. Each of the three ends here, with a word of its own.
Knows no keys and no proofs. The library is imported where it works, in the child: who only asks
this room for an address does not pay for it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import cache
from math import factorial
from typing import Any, Final

import rfc8785

from suppliers.credentials.contexts import CONTEXTS, inline_in, named_in
from suppliers.credentials.refusals import Refused, unknown
from suppliers.credentials.urls import is_url

MAX_QUADS: Final = 20_000
MAX_WORK: Final = 20_000
MAX_OBJECTS: Final = 1_000
MAX_ITEMS: Final = 2_000
MAX_CONTEXTS: Final = 64
MAX_OWN_TERMS: Final = 50_000
# The library resolves what is relative against an example of its own; against this it can be told apart.
_NOWHERE: Final = "nowhere://relative/"
_IN_LITERALS: Final = frozenset(("@context", "@value", "@language", "@direction"))

logging.getLogger("pyld").setLevel(logging.CRITICAL)


def jcs(value: Any) -> bytes:
    """RFC 8785. Raises Refused for numbers that it cannot write."""
    try:
        return bytes(rfc8785.dumps(value))
    except (rfc8785.CanonicalizationError, RecursionError):
        raise Refused("credential.number") from None


def rdfc(document: Mapping[str, Any], *, contexts: Mapping[str, Any] = CONTEXTS) -> bytes:
    """Canonical N-Quads (RDFC-1.0, SHA-256) of a JSON-LD document whose contexts are all at hand.

    Refused: inconclusive for contexts that are unknown or defined in the document itself, and for
    keys written as IRIs or keywords: their RDF may be signed while the JSON that people read says
    something else. Failed for terms that nobody defined: no signature covers them.
    """
    if inline_in(document):
        raise unknown("credential.context_inline")
    if _disguised(document):
        raise unknown("credential.context_disguised")
    expanded = expand(document, contexts=contexts, strict=True)
    if any(not (is_absolute(name) or name.startswith("_:")) for name in names_in(expanded)):
        raise Refused("credential.term_undefined")
    return _canonicalise(expanded)


def expand(document: Any, *, contexts: Mapping[str, Any] = CONTEXTS, strict: bool = False) -> Any:
    """JSON-LD 1.1 expansion. ``strict``: a key that would be dropped is an error (Data Integrity 1.0, section 4.7)."""
    if any(name not in contexts for name in named_in(document)):
        raise unknown("credential.context_unknown")
    _check_work(document)

    from pyld import ContextResolver, jsonld

    def load(url: str, _options: Any) -> dict[str, Any]:
        if url not in contexts:
            raise unknown("credential.context_unknown")
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": {"@context": contexts[url]}}

    def dropped(_name: str | None) -> None:
        if strict:
            raise Refused("credential.term_undefined")

    options = {"documentLoader": load, "contextResolver": ContextResolver({}, load), "base": _NOWHERE}
    return _guarded(lambda: jsonld.expand(document, options, on_property_dropped=dropped))


def _check_work(document: Any) -> None:
    """Bounds on what expansion costs: a context is worked through at every place that names it, its scopes at every object."""
    items = objects = contexts = terms = 0
    waiting = [document]
    while waiting:
        each = waiting.pop()
        items += 1
        if isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict):
            objects += 1
            own = each.get("@context", [])
            contexts += len(own) if isinstance(own, list) else 1
            terms += _size_of(own)
            waiting.extend(value for key, value in each.items() if key != "@context")
    if items > MAX_ITEMS or objects > MAX_OBJECTS or contexts > MAX_CONTEXTS or terms * objects > MAX_OWN_TERMS:
        raise unknown("credential.too_complex")


def _size_of(context: Any) -> int:
    """How many terms a context defines, in its scopes as well."""
    size, waiting = 0, [context]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            size += len(each)
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return size


def nodes(expanded: Any) -> Iterator[dict[str, Any]]:
    """Every object of an expanded document, but not the literals."""
    waiting = [expanded]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict) and "@value" not in each:
            yield each
            waiting.extend(each.values())


def names_in(expanded: Any) -> list[str]:
    """Every ``@id`` and ``@type`` of an expanded document, but not the types of literals."""
    values = (node.get(key, []) for node in nodes(expanded) for key in ("@id", "@type"))
    return [str(name) for value in values for name in (value if isinstance(value, list) else [value])]


def is_absolute(name: str) -> bool:
    """Whether an expanded name was a URL or became one by its context, and was not merely resolved against nothing."""
    return is_url(name) and not name.startswith("nowhere:")


def _disguised(document: Any) -> bool:
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if any(":" in key or (key.startswith("@") and key not in _IN_LITERALS) for key in each):
                return True
            waiting.extend(value for key, value in each.items() if key != "@context")
        elif isinstance(each, list):
            waiting.extend(each)
    return False


def _refuse(_url: str, _options: Any) -> dict[str, Any]:
    raise unknown("credential.context_unknown")


@cache
def _algorithm() -> Any:
    """The algorithm of the library, with an end: honest certificates take a few dozen steps."""
    from pyld.canon import URDNA2015

    class Bounded(URDNA2015):  # type: ignore[misc]
        work = 0

        def create_hash_to_related(self, id_: str, issuer: Any) -> Any:
            related = super().create_hash_to_related(id_, issuer)
            self.work += 1 + sum(factorial(min(len(nodes), 10)) for nodes in related.values())
            if self.work > MAX_WORK:
                raise unknown("credential.too_complex")
            return related

    return Bounded


def _canonicalise(expanded: Any) -> bytes:
    from pyld import ContextResolver, jsonld

    def run() -> bytes:
        options = {"base": "", "produceGeneralizedRdf": False, "documentLoader": _refuse, "contextResolver": ContextResolver({}, _refuse)}
        dataset = jsonld.to_rdf(expanded, options)
        if sum(len(quads) for quads in dataset.values()) > MAX_QUADS:
            raise unknown("credential.too_complex")
        return str(_algorithm()().main(dataset, {"format": "application/n-quads"})).encode()

    return bytes(_guarded(run))


def _guarded(run: Any) -> Any:
    """The library's answer, or a refusal of ours; what it raises from within wraps what we raised."""
    try:
        return run()
    except Refused:
        raise
    except Exception as trouble:
        cause: BaseException | None = trouble
        while cause is not None:
            if isinstance(cause, Refused):
                raise cause from None
            cause = cause.__cause__
        raise Refused("credential.context") from None
