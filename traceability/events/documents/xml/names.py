"""Names of somebody else's elements: a namespace in XML, a prefix in the form in which events are kept. Pure.

A name in JSON may hold what a name in XML may not; such characters are written as ``_xHHHH_`` (ISO/IEC 9075-14 §9.1)
and read back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from typing import Final

from traceability.events.documents.contexts import STANDARD

SCHEMA: Final = "http://www.w3.org/2001/XMLSchema"
INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"

_RESERVED: Final = frozenset({"http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"})
_SCHEMES: Final = frozenset({"http", "https", "urn"})
_USUAL: Final = {iri: prefix for prefix, iri in STANDARD.items()} | {"urn:epcglobal:cbv:mda": "cbvmda", "https://ref.gs1.org/voc/": "gs1"}
"""Namespace → the prefix by which everybody knows it, whatever the document calls it. CBV 2.0 spells the one of
master data without a colon at its end, the context of JSON-LD with one; each stays as it was told, for the hash."""

_STARTS = r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u00FF\u4E00-\u9FA5"  # of what XML 1.0 allows in every edition, what people use
_FIRST = re.compile(rf"[{_STARTS}]")
_LATER = re.compile(rf"[{_STARTS}\-.0-9]")
_NAME = re.compile(f"{_FIRST.pattern}{_LATER.pattern}*")
_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")


@lru_cache(maxsize=4_096)
def as_xml(name: str) -> str:
    """A local name as XML can bear it."""
    if _NAME.fullmatch(name) and not _ESCAPED.search(name):
        return name
    made = []
    for at, sign in enumerate(name):
        fits = _LATER.match(sign) if at else _FIRST.match(sign)
        made.append(f"_x{ord(sign):04X}_" if fits is None or _ESCAPED.match(name, at) else sign)
    return "".join(made) or "_"


def from_xml(name: str) -> str:
    """The name that an element means; "@" and "#" begin the words of JSON-LD and of this house, and no name."""
    if "_x" not in name:
        return name
    meant = _ESCAPED.sub(_sign, name)
    return name if meant[0] in "@#" else meant


def _sign(escaped: re.Match[str]) -> str:
    """The character that is meant; one that no text can hold stays written out."""
    number = int(escaped[1], 16)
    return escaped[0] if number == 0 or 0xD800 <= number < 0xE000 or number > 0x10FFFF else chr(number)


class Prefixes:
    """The prefixes of one event being read: one a namespace, and each for one namespace only."""

    def __init__(self) -> None:
        self.used: dict[str, str] = {}
        self._known: dict[str, str] = {}

    def name(self, space: str, prefix: str, local: str) -> str:
        """What a name in a namespace is called in the event; a bare one stays."""
        local = from_xml(local)
        if not space:
            return local
        known = self._known.get(space)
        if known is None:
            known = self._known[space] = self._chosen(space, prefix)
            self.used[known] = space
        return f"{known}:{local}"

    def _chosen(self, space: str, wish: str) -> str:
        stem = _USUAL.get(space) or wish
        if stem and stem not in self.used:
            return stem
        return next(made for made in (f"{stem or 'ns'}{number}" for number in count(len(self.used) + 1)) if made not in self.used)


class Namespaces:
    """The namespaces of one event being written: those of its context, and whatever else its elements turn out to need."""

    def __init__(self, context: Mapping[str, str]) -> None:
        self.context = context
        self.declared: dict[str, str] = {}
        self._written = {prefix: self._prefix(prefix) for prefix in context}

    def name(self, key: str) -> str:
        """The name of an element or attribute, its prefix declared; of a whole IRI, the last part is the name."""
        prefix, colon, local = key.partition(":")
        if not colon:
            return as_xml(key)
        if prefix in _SCHEMES and prefix not in self.context:
            cut = max(key.rfind(sign) for sign in "#/:") + 1
            return f"{self.declare('ns', key[:cut])}:{as_xml(key[cut:])}"
        written = self._written.get(prefix)
        if written is None:
            written = self._written[prefix] = self._prefix(prefix)
        return f"{written}:{as_xml(local)}"

    def _prefix(self, prefix: str) -> str:
        """Prefixes of XML's own, and what is no name, are replaced."""
        space = self.context.get(prefix) or STANDARD.get(prefix)
        if not space or space in _RESERVED:
            space = f"urn:undeclared:{prefix}"
        wish = prefix if _NAME.fullmatch(prefix) and not prefix.lower().startswith("xml") else "ns"
        return self.declare(wish, space)

    def declare(self, wish: str, space: str) -> str:
        """A prefix for a namespace: the one wished for, unless it stands for another one."""
        made, number = wish, len(self.declared)
        while self.declared.get(made, space) != space:
            number += 1
            made = f"{wish}{number}"
        self.declared[made] = space
        return made
