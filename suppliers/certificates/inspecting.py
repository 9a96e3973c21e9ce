"""Have bytes looked at: the limited child first, then (for a credential) what the child may not fetch itself, then the words on
the pages. Reads trust and lists, judges nothing, writes no row; the pictures of the pages go to the vault by their own hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import select

from kernel.unit import Unit
from suppliers import credentials, extraction, reading, recognising, trust
from suppliers.models import StatusList

MOST_FETCHED: Final = 1 << 20
"""Bytes of a DID document or a status list that is fetched."""
COMPARED: Final = ("number", "holder_uscc", "valid_from", "valid_until", "lots")
"""What a forger changes, and what reading from pixels gets right to the letter."""
ROUNDS: Final = 3
"""A credential names its issuer, the issuer's document its keys, the status list its own issuer: no longer a walk."""


@dataclass(frozen=True)
class Inspection:
    """``reading``: what the child saw; ``fields``: what it could be read as; ``pictures``: keys of the vault;
    ``documents`` and ``lists``: what was fetched for it, by DID and by URL."""

    reading: dict[str, Any]
    fields: dict[str, Any] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)
    documents: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, bytes] = field(default_factory=dict)


def look_at(unit: Unit, sha256: str, *, words: bool) -> Inspection:
    """What is in the bytes that the vault keeps under ``sha256``. ``words``: with the words on the pages, which for a
    picture takes seconds. Bytes that the vault has lost are our trouble and not the paper's, so that is not caught here."""
    content = unit.outside.vault.get(sha256)
    issuers = trust.issuers(unit)
    anchors = [(anchor.pem, anchor.crl) for anchor in trust.anchors(unit)]
    documents = {did: document for issuer in issuers for did, document in (issuer.documents or {}).items()}
    allowed = _Allowed.of(issuers)
    fetched: dict[str, Any] = {}
    fetched_lists: dict[str, bytes] = {}
    lists: dict[str, bytes] = {}
    unit.rest()
    for _ in range(ROUNDS):
        seen = reading.look(content, anchors=anchors, at=unit.now, documents=documents | fetched, lists=lists)
        asks = (seen.reading.get("credential") or {}).get("asks") or {}
        new = allowed.documents(unit, asks.get("dids", ()), documents | fetched)
        kept = _kept_lists(unit, [url for url in asks.get("lists", ()) if url not in lists])
        new_lists = allowed.lists(unit, asks.get("lists", ()), lists | kept)
        if not (new or kept or new_lists):
            break
        fetched |= new
        fetched_lists |= new_lists
        lists |= kept | new_lists
    state, name = unit.outside.scanner.scan(content)
    told: dict[str, Any] = seen.reading | {"scan": {"state": state, "name": name}}
    fields: dict[str, Any] = {}
    if words and told.get("trouble") is None:
        told, fields = _worded(told, seen.pictures)
    return Inspection(told, fields, [unit.outside.vault.put(picture) for picture in seen.pictures], fetched, fetched_lists)


def _worded(told: dict[str, Any], pictures: list[bytes]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The reading with the words on its pages, and the fields that they make."""
    if told.get("credential"):
        return told, dict(told["credential"].get("fields") or {})
    symbols = told.get("symbols") or []
    if not told.get("lines"):
        lines = recognising.recognise(pictures) or []
        told |= {"lines": lines, "lines_from": "ocr" if lines else None}
        return told, extraction.propose(lines, symbols, source="ocr")
    source = str(told.get("lines_from") or "layer")
    fields = extraction.propose(told["lines"], symbols, source=source)
    if source == "layer" and (not told.get("signatures") or "issuer_name" not in fields):
        told = _looked_beneath(told, pictures[:1])
        fields = extraction.propose(told["lines"], symbols, source=source)
    return told, fields


def _looked_beneath(told: dict[str, Any], pictures: list[bytes]) -> dict[str, Any]:
    """A layer of text can say what nobody sees, and a seal says what no layer does: the first page is read from its pixels as well."""
    seen = recognising.recognise(pictures) or []
    seals = [line for line in seen if line.get("channel") == "seal"]
    layer = extraction.propose([line for line in told["lines"] if line.get("page") == 1], source="layer")
    pixels = extraction.propose([line for line in seen if line.get("channel") != "seal"], source="ocr")
    signals = [
        {"name": "layer_differs", "page": 1, "box": pixels[name]["box"], "strength": 1.0}
        for name in COMPARED
        if name in layer and name in pixels and _plain(layer[name]["value"]) != _plain(pixels[name]["value"])
    ]
    return told | {"lines": [*told["lines"], *seals], "signals": [*told.get("signals", ()), *signals]}


def _plain(value: object) -> str:
    return "".join(str(value).split()).casefold()


@dataclass(frozen=True)
class _Allowed:
    """What may be fetched: identifiers of issuers on the trust list, and lists on their hosts. Nothing that a paper alone names."""

    dids: frozenset[str]
    hosts: frozenset[str]

    @classmethod
    def of(cls, issuers: Iterable[Any]) -> _Allowed:
        dids = {did for issuer in issuers for did in issuer.dids}
        hosts = {host for issuer in issuers for host in issuer.hosts}
        return cls(frozenset(dids), frozenset(hosts | {urlsplit(credentials.document_url(did) or "").hostname or "" for did in dids}))

    def documents(self, unit: Unit, dids: Iterable[str], known: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for did in dids:
            url = credentials.document_url(did)
            if did in self.dids and did not in known and url:
                answer = unit.outside.web.fetch(url, MOST_FETCHED)
                document = credentials.did_document(answer.body, did) if answer.body else None
                if document is not None:
                    found[did] = document
        return found

    def lists(self, unit: Unit, urls: Iterable[str], known: dict[str, bytes]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for url in urls:
            if url not in known and urlsplit(url).hostname in self.hosts:
                answer = unit.outside.web.fetch(url, MOST_FETCHED)
                if answer.body:
                    found[url] = answer.body
        return found


def _kept_lists(unit: Unit, urls: list[str]) -> dict[str, bytes]:
    """The status lists among these as they were last fetched (a chore keeps them fresh), by their address."""
    query = select(StatusList.url, StatusList.sha256).where(StatusList.url.in_(urls), StatusList.sha256.is_not(None))
    rows = unit.session.execute(query).all() if urls else []
    return {url: unit.outside.vault.get(str(sha256)) for url, sha256 in rows}
