"""Which decoder might read these bytes, and what else they pretend to be. Looks at bytes, parses nothing.

A magic number only picks a decoder: what a file is, its decoder says, in the limited child. All
is linear in the length of the bytes and keeps nothing, so the parent may ask as well.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

_MAGIC: Final = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})
_OFD_ENTRY: Final = re.compile(rb"PK\x01\x02.{24}\x07\x00.{16}OFD\.xml", re.DOTALL)
"""A record of the central directory that is named OFD.xml: APPNOTE 4.3.12, GB/T 33190-2016 7.1."""
_COMPACT: Final = re.compile(rb"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*(~[A-Za-z0-9_~.-]*)?")
_CREDENTIAL: Final = re.compile(rb"www\.w3\.org\\?/(?:ns\\?/credentials\\?/v2|2018\\?/credentials\\?/v1)|VerifiableCredential")
_ARCHIVES: Final = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\x00", b"\x1f\x8b\x08")
_PROGRAMS: Final = re.compile(rb"<\s*(?:html|script|svg|!doctype|\?php)|\AMZ|\A\x7fELF|%PDF-", re.IGNORECASE)
_HEAD: Final = 1024
"""Bytes in which readers of PDF look for its header (ISO 32000-1, annex H, note 13)."""


def media_type_of(content: bytes) -> str:
    """What the bytes look like; "" for what nobody here reads.

    application/pdf (its header at the first byte), image/jpeg, image/png, application/ofd, JSON as
    application/vc, application/ld+json or application/json, a compact token as application/vc+jwt;
    image/heic is told only so that it can be refused in words of its own.
    """
    kind = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), "")
    if kind:
        return kind
    if content.startswith(b"PK\x03\x04"):
        return "application/ofd" if _OFD_ENTRY.search(content) else ""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "image/heic"
    return _text_kind(content)


def _text_kind(content: bytes) -> str:
    begin = re.match(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*", content)
    at = begin.end() if begin else 0
    if content[at : at + 1] == b"{":
        if _CREDENTIAL.search(content):
            return "application/vc"
        return "application/ld+json" if b'"@context"' in content else "application/json"
    return "application/vc+jwt" if content[at : at + 3] == b"eyJ" and _COMPACT.fullmatch(content.strip()) else ""


def also(content: bytes, kind: str) -> str | None:
    """The code of the trouble when a second kind of file hides in these: file.archive or file.unknown.

    A PDF or picture that is a zip as well, an archive, page or program after its end, and a PDF
    header in the head of another file, where a reader of PDF would find it.
    """
    if kind == "application/ofd":
        return "file.archive" if b"%PDF-" in content[:_HEAD] or not zipfile.is_zipfile(io.BytesIO(content)) else None
    if kind not in _MAGIC.values():
        return None
    if zipfile.is_zipfile(io.BytesIO(content)):
        return "file.archive"
    tail = tail_of(content, kind)
    if any(magic in tail for magic in _ARCHIVES[:-1]) or tail.lstrip().startswith(_ARCHIVES[-1]):
        return "file.archive"
    if _PROGRAMS.search(tail.lstrip()) or (kind != "application/pdf" and b"%PDF-" in content[:_HEAD]):
        return "file.unknown"
    return None


def tail_of(content: bytes, kind: str) -> bytes:
    """What follows the end that the file itself marks; white space and NUL do not count."""
    end = {"application/pdf": b"%%EOF", "image/jpeg": b"\xff\xd9", "image/png": b"IEND\xaeB`\x82"}[kind]
    at = content.rfind(end)
    return content[at + len(end) :].strip(b"\0\t\n\f\r ") if at >= 0 else b""
