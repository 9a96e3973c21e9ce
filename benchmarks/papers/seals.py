"""What an OFD asks for by its own digests, worked out in another way than the product does: zip, XML, hashlib.

It knows nothing of SM2: whether the seal's signature holds is the product's to say. That a file whose
digests are wrong is never whole, and that one without a seal is never sealed, can be said without.
"""

from __future__ import annotations

import base64
import hashlib
import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from benchmarks.papers.expected import Expected

MOST_BYTES = 64 << 20
_METHODS = {"SM3": "sm3", "1.2.156.10197.1.401": "sm3", "SHA256": "sha256", "2.16.840.1.101.3.4.2.1": "sha256"}
_BARE = 80
"""Bytes: two numbers of SM2 in DER have at most 72."""
_OWN = ("Signatures.xml", "Signature.xml", "SignedValue.dat")


@dataclass(frozen=True)
class _Signature:
    """``references``: file to digest, None for a method that is not known here; ``value``: what was signed with."""

    references: dict[str, bytes | None]
    value: bytes
    method: str | None


def expected_of_ofd(content: bytes) -> Expected | None:
    """None for what cannot be judged so: no zip, too large, a digest of another kind."""
    files = _files(content)
    if files is None:
        return None
    signatures = list(_signatures(files))
    if not signatures:
        traces = any("signature" in name.lower() for name in files)
        return Expected(frozenset({"unsigned", "needs_person"} if traces else {"unsigned"}), bad=False)
    if any(each.method is None for each in signatures):
        return None
    if not all(_whole(files, each) for each in signatures):
        return Expected(frozenset({"rejected", "refused"}), bad=True)
    if all(len(each.value) <= _BARE for each in signatures):
        return Expected(frozenset({"unsigned", "needs_person"}), bad=False)
    covered = {name for each in signatures for name in each.references}
    open_to_all = any(name not in covered and not name.endswith(_OWN) for name in files)
    return Expected(frozenset({"verified", "intact", "needs_person"} if open_to_all else {"verified", "intact"}), bad=False)


def _files(content: bytes) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                return None
            return {name.lstrip("/"): archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    except Exception:  # a broken zip breaks in many ways
        return None


def _signatures(files: dict[str, bytes]) -> Iterator[_Signature]:
    for name, body in files.items():
        if b"CheckValue" not in body or b"SignedValue" not in body or b"<!DOCTYPE" in body:
            continue
        try:
            root = ElementTree.fromstring(body)
        except ElementTree.ParseError:
            continue
        found = {_local(each): each for each in root.iter()}
        method = _METHODS.get(found["References"].get("CheckMethod", "MD5").upper()) if "References" in found else None
        references = {
            _path(files, name, each.get("FileRef", "")): _decoded(next((value.text for value in each if _local(value) == "CheckValue"), ""))
            for each in root.iter()
            if _local(each) == "Reference"
        }
        yield _Signature(references, files.get(_path(files, name, found["SignedValue"].text or ""), b""), method)


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _path(files: dict[str, bytes], base: str, told: str) -> str:
    plain = told.strip().lstrip("/")
    near = posixpath.normpath(posixpath.join(posixpath.dirname(base), plain))
    return near if not told.startswith("/") and near in files else plain


def _decoded(text: str | None) -> bytes | None:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except ValueError:
        return None


def _whole(files: dict[str, bytes], signature: _Signature) -> bool:
    hashed = (hashlib.new(signature.method or "", files.get(name, b"")).digest() == value for name, value in signature.references.items())
    return bool(signature.references) and all(hashed)
