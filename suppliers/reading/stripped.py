"""Traces of a signature that is no longer there. Runs in the limited child; it judges nothing.

Whoever cannot forge a signature takes it out and hopes for "not signed, so look yourself" instead
of "changed". What it leaves behind is told (pdf-insecurity.org; ETSI EN 319 142-1, 5.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from suppliers.reading.values import value

_MOST_FIELDS: Final = 2000
_SIGNATURES_EXIST: Final = 1
"""Bit 1 of /SigFlags: ISO 32000-1, table 219."""


def signals(reader: PdfFileReader, content: bytes, signatures: Sequence[Any]) -> list[dict[str, Any]]:
    """empty_signature_field: a place for a signature, and none in it; missing_signature_field: the form
    says that there is one, and none is there (some writers of forms do so honestly); dss_without_signature: what proves a
    signature's age (revocation material, a time stamp of the document) without the signature;
    unlisted_signature: bytes of a signature that no field shows."""
    empty, filled, flags = _fields(reader)
    stamps = reader.embedded_timestamp_signatures if filled else []
    names = []
    if empty:
        names.append("empty_signature_field")
    if flags & _SIGNATURES_EXIST and not (empty or filled):
        names.append("missing_signature_field")
    if not signatures and ("/DSS" in reader.root or stamps):
        names.append("dss_without_signature")
    if content.count(b"/ByteRange") > max(filled, len(signatures) + len(stamps)):
        names.append("unlisted_signature")
    return [{"name": name, "page": None, "box": None, "strength": 1} for name in names]


def _fields(reader: PdfFileReader) -> tuple[int, int, int]:
    """Signature fields without and with a value, and the flags of the form."""
    form = value(reader.root, "/AcroForm")
    if not isinstance(form, generic.DictionaryObject):
        return 0, 0, 0
    empty = filled = 0
    for field in _walk(value(form, "/Fields")):
        if value(field, "/FT") == "/Sig":
            if isinstance(value(field, "/V"), generic.DictionaryObject):
                filled += 1
            else:
                empty += 1
    flags = value(form, "/SigFlags", 0)
    return empty, filled, flags if isinstance(flags, int) else 0


def _walk(fields: Any) -> Iterator[generic.DictionaryObject]:
    todo, seen = [fields], 0
    while todo and seen < _MOST_FIELDS:
        level = todo.pop()
        for index in range(len(level) if isinstance(level, generic.ArrayObject) else 0):
            field = level[index]
            seen += 1
            if isinstance(field, generic.DictionaryObject):
                yield field
                todo.append(value(field, "/Kids"))
            if seen >= _MOST_FIELDS:
                return
