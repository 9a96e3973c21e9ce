"""Have bytes looked at: the limited child first, then (for a credential) what the child may not fetch itself, then the words on
the pages. Reads trust and lists, judges nothing, writes no row; the pictures of the pages go to the vault by their own hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from kernel.unit import Unit
from suppliers import credentials, extraction, reading, recognising, trust
from suppliers.models import StatusList
from suppliers.reachable import MOST_FETCHED

COMPARED: Final = ("number", "holder_uscc", "valid_from", "valid_until", "lots")
"""What a forger changes, and what reading from pixels gets right to the letter."""
MOST_COMPARED: Final = 3
"""Pages that are read from their pixels beside their layer: those on which what matters is said."""
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
    at: datetime | None = None
    """The moment of the look: what changed since it does not know."""


def look_at(unit: Unit, sha256: str, *, words: bool) -> Inspection:
    """What is in the bytes that the vault keeps under ``sha256``. ``words``: with the words on the pages, which for a
    picture takes seconds. Bytes that the vault has lost are our trouble and not the paper's, so that is not caught here."""
    content = unit.outside.vault.get(sha256)
    reachable = trust.reachable(unit)
    anchors = [(anchor.pem, anchor.crl) for anchor in trust.anchors(unit)]
    documents, older = trust.kept_documents(unit, within=trust.FRESH), trust.kept_documents(unit)
    fetched: dict[str, Any] = {}
    fetched_lists: dict[str, bytes] = {}
    lists: dict[str, bytes] = {}
    unit.rest()
    for _ in range(ROUNDS):
        seen = reading.look(content, anchors=anchors, at=unit.now, documents=documents | fetched, lists=lists)
        asks = (seen.reading.get("credential") or {}).get("asks") or {}
        new = _documents(unit, reachable, asks.get("dids", ()), documents | fetched)
        kept = _kept_lists(unit, [url for url in asks.get("lists", ()) if url not in lists])
        new_lists = _lists(unit, reachable, asks.get("lists", ()), lists | kept)
        # A host that is down for a moment turns nothing: its document answers as it was last had.
        spare = {did: older[did] for did in asks.get("dids", ()) if did in older and did not in documents | fetched | new}
        if not (new or spare or kept or new_lists):
            break
        documents |= spare
        fetched |= new
        fetched_lists |= new_lists
        lists |= kept | new_lists
    state, name = unit.outside.scanner.scan(content)
    told: dict[str, Any] = seen.reading | {"scan": {"state": state, "name": name}}
    fields: dict[str, Any] = {}
    if words and told.get("trouble") is None:
        told, fields = _worded(told, seen.pictures)
    return Inspection(told, fields, [unit.outside.vault.put(picture) for picture in seen.pictures], fetched, fetched_lists, unit.now)


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
    if source == "layer" and not (_is_signed(told) and "issuer_name" in fields):
        pages = sorted({1, *(fields[name]["page"] or 1 for name in COMPARED if name in fields)})[:MOST_COMPARED]
        told = _looked_beneath(told, {page: pictures[page - 1] for page in pages if page <= len(pictures)})
        fields = extraction.propose(told["lines"], symbols, source=source)
    return told, fields


def _is_signed(told: dict[str, Any]) -> bool:
    """By somebody who is believed: then the words in the layer are theirs."""
    signatures = told.get("signatures") or []
    return bool(signatures) and all(each.get("intact") and each.get("valid") and each.get("trusted") for each in signatures)


def _looked_beneath(told: dict[str, Any], pictures: dict[int, bytes]) -> dict[str, Any]:
    """A layer of text can say what nobody sees, and a seal says what no layer does: pages are read from their pixels as well."""
    seals: list[dict[str, Any]] = []
    signals: list[dict[str, Any]] = []
    for page, picture in pictures.items():
        seen = recognising.recognise([picture])
        if not seen:
            continue
        seals += [line | {"page": page} for line in seen if line.get("channel") == "seal"]
        layer = extraction.propose([line for line in told["lines"] if line.get("page") == page], source="layer")
        pixels = extraction.propose([line for line in seen if line.get("channel") != "seal"], source="ocr")
        for name in COMPARED:
            if name in layer and _plain(layer[name]["value"]) != _plain(pixels.get(name, {}).get("value")):
                signals.append({"name": "layer_differs", "page": page, "box": layer[name]["box"], "strength": 1.0})
    return told | {"lines": [*told["lines"], *seals], "signals": [*told.get("signals", ()), *signals]}


def _plain(value: object) -> str:
    return "".join(str(value or "").split()).casefold()


def _documents(unit: Unit, reachable: trust.Reachable, dids: Iterable[str], known: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for did in dids:
        url = None if did in known else reachable.document_url(did)
        answer = unit.outside.web.fetch(url, MOST_FETCHED) if url else None
        document = credentials.did_document(answer.body, did) if answer is not None and answer.body else None
        if document is not None:
            found[did] = document
    return found


def _lists(unit: Unit, reachable: trust.Reachable, urls: Iterable[str], known: dict[str, bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for url in urls:
        if url not in known and reachable.may_fetch(url):
            answer = unit.outside.web.fetch(url, MOST_FETCHED)
            if answer.body:
                found[url] = answer.body
    return found


def _kept_lists(unit: Unit, urls: list[str]) -> dict[str, bytes]:
    """The status lists among these as they were last fetched (a chore keeps them fresh), by their address."""
    query = select(StatusList.url, StatusList.sha256).where(StatusList.url.in_(urls), StatusList.sha256.is_not(None))
    rows = unit.session.execute(query).all() if urls else []
    return {url: unit.outside.vault.get(str(sha256)) for url, sha256 in rows}
