"""Which identifiers a MATCH parameter means: one, or all of a pattern. Pure.

A pattern is a pure identity pattern (``urn:epc:idpat:sgtin:0614141.*.*``); the same with ``id`` or ``class`` in
place of ``idpat``; or any URI that ends with ``*`` as its last part (``https://id.gs1.org/01/09521141012345/21/*``).
All else is one identifier, whose spelling does not matter: URN and Digital Link name the same thing.

A class in an event may itself be ``urn:epc:idpat:sgtin:….*``; only a ``*`` of the query means that one.
Sources: EPCIS 2.0 §8.2.7.1.1 (MATCH parameters), EPC Tag Data Standard 2.1 §8 (patterns), §7 (their GS1 keys).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from traceability.events.asking.values import Wrong
from traceability.events.epcs import OTHER, canonical
from traceability.gs1.keys import check_digit
from traceability.gs1.urn import INSIDE, SCHEMES, Scheme

HOST: Final = "https://id.gs1.org"
_URN: Final = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)")
_BY_NAME: Final = {scheme.name: scheme for scheme in SCHEMES}
_ELSEWHERE: Final = {"gid": 3, "usdod": 2, "adi": 3, "bic": 1, "imovn": 1}
"""Schemes without a GS1 key → how many fields they have."""
_ANY: Final = "*"


@dataclass(frozen=True)
class Pattern:
    """Either ``exact`` (a canonical URI) or ``parts``, in turn: text that stands so, None for any one digit, "+" for
    one or more characters, "*" for any. ``scheme`` and ``fields`` are there for URNs, which tell a company prefix
    that a link does not: a URN of another prefix is outside although its digits begin alike."""

    exact: str | None = None
    parts: tuple[str | None, ...] = ()
    scheme: str = ""
    fields: tuple[str, ...] = ()

    def fits(self, text: str) -> bool:
        """Whether an identifier, as an event tells it, is meant."""
        if self.exact is not None:
            return canonical(text).uri == self.exact
        urn = _URN.fullmatch(text)
        if urn and self.fields and urn[2] != self.scheme:
            return False
        if urn and self.fields:
            theirs = urn[3].split(".", len(self.fields) - 1)
            return len(theirs) == len(self.fields) and all(mine in (_ANY, one) for mine, one in zip(self.fields, theirs, strict=True))
        return bool(self._regex.fullmatch(canonical(text).uri) or (not self.fields and self._regex.fullmatch(text)))

    @cached_property
    def like(self) -> str:
        r"""For SQL, on canonical URIs: ``LIKE … ESCAPE '\'``. It finds all that fits, and sometimes more."""
        if self.exact is not None:
            return _escaped(self.exact)
        return "".join({None: "_", "+": "_%", "*": "%"}.get(part) or _escaped(part or "") for part in self.parts)

    @cached_property
    def prefix(self) -> str:
        """The text with which every canonical URI that fits begins."""
        return self.exact if self.exact is not None else (self.parts[0] or "")

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(
            "".join({None: "[0-9]", "+": ".+", "*": ".*"}.get(part) or re.escape(part or "") for part in self.parts), re.DOTALL
        )


def read(text: str, of_class: bool) -> Pattern:
    """``text`` of a MATCH parameter; ``of_class``: of one that looks at classes, not at things. Raises Wrong."""
    urn = _URN.fullmatch(text)
    if urn and (urn[1] == "idpat" or urn[3].endswith(("." + _ANY, ":" + _ANY))):
        return _of_urn(urn[1], urn[2], urn[3], of_class)
    if text.startswith("urn:epc:idpat:"):
        raise Wrong("pattern", f"{text[:80]!r} is no pure identity pattern")
    if text.endswith(("/" + _ANY, ":" + _ANY)):
        return _of_uri(text)
    named = canonical(text)
    if named.flaw and text.startswith("urn:epc:"):
        raise Wrong("pattern", f"{text[:80]!r}: {named.flaw}")
    return Pattern(exact=named.uri)


def _of_uri(text: str) -> Pattern:
    """An address that ends with ``/*``: of a GS1 key on any host, in canonical form; of anything else as it is."""
    named = canonical(text[:-1] + "0")
    start = named.uri[:-1] if named.kind != OTHER and named.uri.endswith("/0") else text[:-1]
    return Pattern(parts=(start, "+"))


def _of_urn(sort: str, name: str, body: str, of_class: bool) -> Pattern:
    scheme = _BY_NAME.get(name)
    count = _ELSEWHERE.get(name) if scheme is None else 2 + 2 * (name == "itip") + bool(scheme.serial)
    if count is None:
        raise Wrong("pattern", f"there is no EPC scheme {name[:40]!r}")
    fields = tuple(body.split(".", count - 1))
    if len(fields) != count or not all(fields):
        raise Wrong("pattern", f"a pattern of {name} has {count} fields")
    first = next((at for at, field in enumerate(fields) if field == _ANY), count)
    if any(field != _ANY for field in fields[first:]):
        raise Wrong("pattern", "behind a * there may be nothing but *")
    if scheme is None:
        start = f"urn:epc:id:{name}:" + "".join(f"{field}." for field in fields[:first])
        return Pattern(parts=(start[:-1] if first == count else start, "*"), scheme=name, fields=fields)
    if first == count:
        return Pattern(exact=canonical(f"urn:epc:{scheme.sort}:{name}:{body}").uri)
    parts = _joined(_parts(scheme, fields, of_class))
    return Pattern(exact=parts[0]) if len(parts) == 1 else Pattern(parts=parts, scheme=name, fields=fields)


def _parts(scheme: Scheme, fields: tuple[str, ...], of_class: bool) -> list[str | None]:
    parts: list[str | None] = [f"{HOST}/{scheme.key}/{scheme.zeros}"]
    parts += _key(scheme, fields[0], fields[1])
    if scheme.name == "itip":
        for field in fields[2:4]:
            parts += [None, None] if field == _ANY else [field]
    if not scheme.serial or (of_class and scheme.sort == "id"):
        return parts
    if scheme.serial == INSIDE:
        return [*parts, "+"]
    return [*parts, "*"] if scheme.name == "sgln" else [*parts, f"/{scheme.serial}/", "+"]


def _key(scheme: Scheme, prefix: str, reference: str) -> list[str | None]:
    """The key with its check digit, of which the pattern leaves the reference, or all, open."""
    if prefix != _ANY and not re.fullmatch("[0-9]{6,12}", prefix):
        raise Wrong("pattern", f"{prefix[:40]!r} is no company prefix")
    if not scheme.digits:
        return ["+"] if prefix == _ANY else [prefix, "+"] if reference == _ANY else [prefix + reference]
    if prefix == _ANY:
        return [None] * (scheme.digits + 1)
    if reference == _ANY:
        rest: list[str | None] = [None] * (scheme.digits - len(prefix) + 1)
        return [None, prefix, *rest[1:]] if scheme.moved else [prefix, *rest]
    if not re.fullmatch("[0-9]*", reference) or len(prefix) + len(reference) != scheme.digits:
        raise Wrong("pattern", f"a key of {scheme.name} has {scheme.digits} digits before its check digit")
    body = reference[:1] + prefix + reference[1:] if scheme.moved else prefix + reference
    return [body + str(check_digit(body))]


def _joined(parts: list[str | None]) -> tuple[str | None, ...]:
    """Texts that stand side by side, as one: the first is what an index can look up."""
    joined: list[str | None] = []
    for part in parts:
        if part not in (None, "+", "*") and joined and joined[-1] not in (None, "+", "*"):
            joined[-1] = f"{joined[-1]}{part}"
        else:
            joined.append(part)
    return tuple(joined)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
