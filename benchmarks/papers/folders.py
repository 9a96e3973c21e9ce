"""What lies beside a document and helps to judge it: roots with their revocation lists, keys of issuers, status lists, the moment.

Nothing is known by its name but by what is in it: a PEM is a root when it may sign certificates or
signed itself, a list belongs to the root whose name it bears, a JSON with keys is a DID document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import crl, pem, x509

MOST_BYTES = 2 << 20
MOMENTS = ("generated_at", "validation_time", "at")


@dataclass(frozen=True)
class Beside:
    """``anchors``: (PEM, revocation list in DER or None); ``documents``: DID to document; ``lists``: URL to bytes;
    ``at``: when it is judged; ``helpers``: the files that are these, and no documents themselves."""

    anchors: tuple[tuple[str, bytes | None], ...] = ()
    documents: Mapping[str, Any] = field(default_factory=dict)
    lists: Mapping[str, bytes] = field(default_factory=dict)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    helpers: frozenset[Path] = frozenset()


class Folders:
    """What lies beside the files of each folder, looked up once."""

    def __init__(self, *, anchors: Path | None = None, at: datetime | None = None) -> None:
        self._anchors, self._at = anchors, at
        self._now = datetime.now(UTC)
        self._known: dict[Path, Beside] = {}

    def beside(self, folder: Path) -> Beside:
        if folder not in self._known:
            self._known[folder] = self._looked(folder)
        return self._known[folder]

    def _looked(self, folder: Path) -> Beside:
        files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.stat().st_size <= MOST_BYTES]
        given = sorted(self._anchors.iterdir()) if self._anchors else []
        anchors, helpers = _anchors([*files, *given])
        said = [(path, _json(path)) for path in files if path.suffix in (".json", ".jsonld")]
        documents: dict[str, Any] = {}
        lists: dict[str, bytes] = {}
        moments = []
        for path, value in said:
            if _is_did_document(value):
                documents[value["id"]] = value
                helpers.add(path)
            elif _is_list(value):
                lists[value["id"]] = path.read_bytes()
            elif isinstance(value, dict) and {"publicKeyMultibase", "privateKeyMultibase", "publicKeyJwk", "kty"} & value.keys():
                helpers.add(path)
            if isinstance(value, dict) and isinstance(value.get("cases"), list):
                moments += [value[name] for name in MOMENTS if isinstance(value.get(name), str)]
        at = self._at or (datetime.fromisoformat(moments[0]) if moments else self._now)
        return Beside(tuple(anchors), documents, lists, at, frozenset(helpers))


def _anchors(files: list[Path]) -> tuple[list[tuple[str, bytes | None]], set[Path]]:
    lists: dict[bytes, bytes] = {}
    helpers = {path for path in files if path.name.endswith((".crl", ".crl.der"))}
    for path in helpers:
        content = path.read_bytes()
        content = pem.unarmor(content)[2] if pem.detect(content) else content
        try:
            lists[crl.CertificateList.load(content).issuer.dump()] = content
        except ValueError:
            continue
    found = []
    for path in (each for each in files if each.suffix == ".pem"):
        helpers.add(path)
        text = path.read_text("ascii", "replace")
        try:
            root = x509.Certificate.load(pem.unarmor(text.encode())[2])
            if root.ca or root.subject == root.issuer:
                found.append((text, lists.get(root.subject.dump())))
        except (ValueError, TypeError):
            continue  # a key, or nothing at all
    return found, helpers


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None


def _is_did_document(value: Any) -> bool:
    keys = isinstance(value, dict) and any(isinstance(value.get(name), list) for name in ("verificationMethod", "assertionMethod"))
    return keys and isinstance(value.get("id"), str) and value["id"].startswith("did:")


def _is_list(value: Any) -> bool:
    kinds = value.get("type") if isinstance(value, dict) else None
    return isinstance(kinds, list) and "BitstringStatusListCredential" in kinds and isinstance(value.get("id"), str)
