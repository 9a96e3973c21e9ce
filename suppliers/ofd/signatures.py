"""The signatures of an OFD file as it lists them (GB/T 33190-2016 18): what each says it protects, and whether that is so.

Digests only. Whose signature it is and whether it holds, is asked in seals.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element

from suppliers.ofd.der import moment
from suppliers.ofd.digests import STRONG, digest, named
from suppliers.ofd.documents import Document, Files
from suppliers.ofd.errors import OfdTrouble
from suppliers.ofd.markup import Box, attribute, box, child, children, folder_of, local, words

MOST_SIGNATURES = 50
MOST_REFERENCES = 8000
_Digests = dict[tuple[str, str], bytes]


@dataclass
class Listed:
    """One signature. ``covered``: files that are as they were signed; ``changed``: files that are not, or are gone;
    ``weak``: a digest that says nothing. ``folders`` are where its locations may begin."""

    list_name: str
    name: str
    kind: str
    content: bytes
    value_name: str | None
    value: bytes
    seal_name: str | None
    said_at: datetime | None
    stamps: list[tuple[str, Box]]
    covered: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    weak: bool = False

    @property
    def own(self) -> set[str]:
        """The files that make up the signature itself and that nothing inside it can cover."""
        return {self.name} | ({self.value_name} if self.value_name else set())

    @property
    def folder(self) -> str:
        """Where the signature lies, with / at its end."""
        return f"{folder_of(self.name)}/".lstrip("/")


@dataclass
class Found:
    """All signatures of the file; ``lists`` the files that list them; ``missing`` what they name that is not there;
    ``documents`` the first file of each document."""

    listed: list[Listed] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)


def listed(files: Files, documents: list[Document]) -> Found:
    """The signatures of all documents of the file, in the order in which they are listed."""
    found = Found(documents={document.name for document in documents})
    digests: _Digests = {}
    for document in documents:
        if not document.signatures or document.signatures in found.lists:
            continue
        if document.signatures not in files.package:
            found.missing.add(document.signatures)
            continue
        found.lists.add(document.signatures)
        folders = (folder_of(document.signatures), folder_of(document.name))
        root = files.xml(document.signatures)
        if local(root) != "Signatures":
            raise OfdTrouble("ofd.broken")
        for entry in children(root, "Signature"):
            name = files.find(attribute(entry, "BaseLoc"), *folders)
            if name is None:
                found.missing.add(attribute(entry, "BaseLoc")[:200])
                continue
            if len(found.listed) >= MOST_SIGNATURES:
                raise OfdTrouble("ofd.too_large")
            found.listed.append(_listed(files, document, name, attribute(entry, "Type"), digests))
    return found


def _listed(files: Files, document: Document, name: str, kind: str, digests: _Digests) -> Listed:
    root = files.xml(name)
    if local(root) != "Signature":
        raise OfdTrouble("ofd.broken")
    folders = (folder_of(name), folder_of(document.name))
    told = child(root, "SignedInfo")
    value = files.find(words(child(root, "SignedValue")), *folders)
    seal = words(child(told, "Seal", "BaseLoc"))
    stamps = [(attribute(each, "PageRef"), box(attribute(each, "Boundary"))) for each in children(told, "StampAnnot")]
    signature = Listed(
        list_name=document.signatures,
        name=name,
        kind=kind,
        content=files.package.read(name),
        value_name=value,
        value=_binary(files.package.read(value)) if value else b"",
        seal_name=files.find(seal, *folders) if seal else None,
        said_at=moment(words(child(told, "SignatureDateTime"))),
        stamps=[(page, where) for page, where in stamps if where],
    )
    _compare(files, signature, child(told, "References"), folders, digests)
    return signature


def _compare(files: Files, signature: Listed, references: Element | None, folders: tuple[str, ...], digests: _Digests) -> None:
    """Every file against the digest that was signed for it."""
    each = list(children(references, "Reference"))
    if references is None or not each:
        signature.weak = True
        return
    if len(each) > MOST_REFERENCES:
        raise OfdTrouble("ofd.too_large")
    said = attribute(references, "CheckMethod")
    for reference in each:
        expected = _base64(words(child(reference, "CheckValue")))
        method = named(attribute(reference, "CheckMethod") or said) if said or attribute(reference, "CheckMethod") else _unnamed(expected)
        name = files.only(attribute(reference, "FileRef"), *folders)
        if method is None:
            signature.weak = True
        elif name is None or not expected or _digest(files, name, method, digests) != expected:
            signature.changed.add(name or attribute(reference, "FileRef")[:200])
        elif method not in STRONG:
            signature.weak = True
        else:
            signature.covered.add(name)
    signature.covered -= signature.changed


def _unnamed(expected: bytes) -> str:
    """Where no method is named it is MD5 by the standard's text of 2016, unless the length says SM3."""
    return "sm3" if len(expected) == 32 else "md5"


def _digest(files: Files, name: str, method: str, digests: _Digests) -> bytes:
    if (name, method) not in digests:
        digests[name, method] = digest(method, files.package.read(name))
    return digests[name, method]


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _binary(content: bytes) -> bytes:
    """The value as bytes; some writers put it there as Base64."""
    return content if content[:1] in (b"\x30", b"") or len(content) == 64 else _base64(content.decode("latin-1")) or content
