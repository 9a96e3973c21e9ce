"""The prefixes of an event's extension fields, and what they stand for. Pure; nothing is fetched.

JSON-LD 1.1 lets a context be a URL or a table of terms. Of a table the prefixes count, at the document, the
event, or deeper; behind a URL only the standard's own context is known, so a prefix that some other context
defines must be declared inline as well. ``cbv:`` and ``gs1:`` before words of the CBV are the vocabulary's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kernel.errors import flaw
from traceability.events.documents.document import Flaws, Told
from traceability.events.documents.values import escaped, uri

STANDARD: Final = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": "https://gs1.org/voc/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
"""The prefixes of the standard's context (EPCIS 2.0, epcis-context.jsonld)."""

DEEPEST: Final = 32
"""How deep objects may lie in one another in an extension."""

_INSIDE: Final = frozenset({"readPoint", "bizLocation", "sensorElementList", "errorDeclaration", "ilmd"})
_ABSOLUTE: Final = frozenset({"http", "https", "urn"})


def declared(context: Any) -> tuple[dict[str, str], str | None]:
    """The prefixes that a context declares inline, and what is wrong with it, if anything."""
    known: dict[str, str] = {}
    for one in context if isinstance(context, list) else [context]:
        if isinstance(one, str):
            if ":" not in one:
                return known, f"{one!r} is no URL of a context"
        elif isinstance(one, dict):
            for term, meaning in one.items():
                iri = meaning.get("@id") if isinstance(meaning, dict) else meaning
                if isinstance(iri, str) and ":" in iri and term[:1] != "@" and ":" not in term:
                    known[term] = iri
        else:
            return known, "a context is a URL, a table of terms, or a list of these"
    return known, None


def beside(prefixes: Mapping[str, str] | None) -> dict[str, str]:
    """What holds where the document says nothing: the standard's prefixes, and those that were declared beside it."""
    return {prefix: iri for prefix, iri in (prefixes or {}).items() if uri(iri) is None} | STANDARD


class Naming:
    """Walks one event, and notes which prefixes it uses."""

    def __init__(self, known: dict[str, str], place: str) -> None:
        self.known = known
        self.place = place
        self.used: dict[str, str] = {}
        self.flaws: Flaws = []

    def settle(self, told: Told, strange: list[str]) -> Flaws:
        """Leave in ``@context`` the prefixes that the event uses, and only those; put a prefix for every expanded name.

        ``strange`` are words that are not the standard's: a prefix declared inline and used in one of them stays as well.
        """
        known = self._widened(told, self.known, "")
        self._names(told, known, "", 0, _INSIDE)
        for word in [*strange, str(told.get("type"))]:
            prefix = word.partition(":")[0]
            if prefix in known and prefix not in STANDARD:
                self.used[prefix] = known[prefix]
        if self.used:
            told["@context"] = self.used
        return self.flaws

    def _widened(self, holder: Told, known: dict[str, str], at: str) -> dict[str, str]:
        if "@context" not in holder:
            return known
        more, why = declared(holder.pop("@context"))
        if why:
            self.flaws.append(flaw(f"{self.place}{at}/@context", "ld-context", why))
        return {**known, **more}

    def _names(self, holder: Told, known: dict[str, str], at: str, depth: int, inside: frozenset[str] | None) -> None:
        """Note the names of one object; ``inside`` says which of the standard's fields can hold more, None: all."""
        renamed: dict[str, str] = {}
        for name, value in holder.items():
            if ":" in name:
                new = self._name(name, known, at)
                if new != name:
                    renamed[name] = new
            elif inside is not None and name not in inside:
                continue
            if isinstance(value, dict | list):
                self._deeper(value, known, f"{at}/{escaped(name)}", depth)
        if renamed:
            items = [(renamed.get(name, name), value) for name, value in holder.items()]
            holder.clear()
            holder.update(items)

    def _deeper(self, value: Any, known: dict[str, str], at: str, depth: int) -> None:
        if depth >= DEEPEST:
            self.flaws.append(flaw(f"{self.place}{at}", "depth", f"this lies more than {DEEPEST} deep"))
        elif isinstance(value, dict):
            self._names(value, self._widened(value, known, at), at, depth + 1, None)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                if isinstance(one, dict | list):
                    self._deeper(one, known, f"{at}/{number}", depth + 1)

    def _name(self, name: str, known: dict[str, str], at: str) -> str:
        prefix, _, local = name.partition(":")
        if prefix not in known and (local.startswith("//") or prefix in _ABSOLUTE):
            return self._shortened(name, known)
        iri = known.get(prefix)
        if iri is None:
            why = f"the prefix {prefix!r} is declared in no @context of the document"
            self.flaws.append(flaw(f"{self.place}{at}/{escaped(name)}", "prefix", why))
        elif self.used.setdefault(prefix, iri) != iri:
            why = f"the prefix {prefix!r} stands for two namespaces in one event"
            self.flaws.append(flaw(f"{self.place}{at}/{escaped(name)}", "prefix", why))
        return name

    def _shortened(self, name: str, known: dict[str, str]) -> str:
        """A prefix for a name that came as a whole IRI: one that is declared, else one made up."""
        cut = max(name.rfind(sign) for sign in "#/:") + 1
        space, local = name[:cut], name[cut:]
        for prefix, iri in [*self.used.items(), *known.items()]:
            if iri == space:
                self.used.setdefault(prefix, iri)
                return f"{prefix}:{local}"
        prefix = next(f"ns{number}" for number in range(1, 10_000) if f"ns{number}" not in known and f"ns{number}" not in self.used)
        self.used[prefix] = space
        return f"{prefix}:{local}"
