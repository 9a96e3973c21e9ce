"""Values of ASN.1 as they lie in the bytes (ITU-T X.690), because a seal signs bytes and not their meaning.

Nothing is encoded anew: ``raw`` is what stood in the file. Anything that is not well formed
raises ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from asn1crypto import core, parser

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID = 1, 2, 3, 4, 6
UTF8_STRING, SEQUENCE, SET, UTC_TIME, GENERALIZED_TIME = 12, 16, 17, 23, 24
_TEXTS: Final = frozenset({12, 18, 19, 20, 22, 26, 28, 30})
_MOST_PARTS: Final = 20_000
CHINA: Final = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Value:
    """One value: ``tag`` with ``kind`` 0 universal or 2 context, its ``body`` and all its bytes, ``raw``."""

    kind: int
    tag: int
    body: bytes
    raw: bytes

    def is_a(self, *tags: int) -> bool:
        return self.kind == 0 and self.tag in tags

    def is_context(self, tag: int) -> bool:
        return self.kind == 2 and self.tag == tag

    def parts(self) -> list[Value]:
        """What a SEQUENCE, a SET or an explicit tag holds."""
        return list(_values(self.body))

    def sequence(self) -> list[Value]:
        if not self.is_a(SEQUENCE):
            raise ValueError("no sequence")
        return self.parts()

    def octets(self) -> bytes:
        """The bytes of an OCTET STRING, or of a BIT STRING of whole bytes."""
        if self.is_a(OCTET_STRING):
            return self.body
        if self.is_a(BIT_STRING) and self.body[:1] == b"\0":
            return self.body[1:]
        raise ValueError("no string of bytes")

    def integer(self) -> int:
        if not self.is_a(INTEGER) or not 0 < len(self.body) <= 64:
            raise ValueError("no number")
        return int.from_bytes(self.body, "big", signed=True)

    def oid(self) -> str:
        """An identifier, alone or at the head of an AlgorithmIdentifier."""
        if self.is_a(SEQUENCE):
            return self.parts()[0].oid() if self.parts()[0].is_a(OID) else ""
        if not self.is_a(OID) or not 0 < len(self.body) <= 40:
            raise ValueError("no identifier")
        return str(core.ObjectIdentifier.load(self.raw).dotted)

    def text(self) -> str:
        """Any string of letters; writers confuse their kinds, and some write GB 18030."""
        if self.kind != 0 or self.tag not in _TEXTS | {OCTET_STRING}:
            raise ValueError("no text")
        coding = "utf-16-be" if self.tag == 30 else "utf-8"
        try:
            return self.body.decode(coding)
        except UnicodeDecodeError:
            return self.body.decode("gb18030", errors="replace")

    def moment(self) -> datetime | None:
        """A time, however it is wrapped: UTCTime, GeneralizedTime, text of one, or a string of bytes that holds one."""
        if self.is_a(BIT_STRING, OCTET_STRING):
            inner = self.octets()
            try:
                return load(inner).moment()
            except ValueError:
                return moment(inner.decode("latin-1"))
        return moment(self.body.decode("latin-1")) if self.kind == 0 else None


def _values(content: bytes) -> Iterator[Value]:
    at, count = 0, 0
    while at < len(content):
        value = _first(content[at:])
        at += len(value.raw)
        count += 1
        if count > _MOST_PARTS:
            raise ValueError("too many parts")
        yield value


def _first(content: bytes) -> Value:
    try:
        kind, _, tag, header, body, trailer = parser.parse(content)
    except (ValueError, TypeError, IndexError, RecursionError):
        raise ValueError("no ASN.1") from None
    return Value(kind, tag, body, header + body + trailer)


def load(content: bytes) -> Value:
    """The one value that ``content`` is; nothing may follow it."""
    value = _first(content)
    if len(value.raw) != len(content):
        raise ValueError("something follows")
    return value


def moment(text: str) -> datetime | None:
    """A moment from digits: 200422020900Z, 20200422020900Z, or 2020-10-23 19:45:37, which without a zone is
    Chinese time. None when it is none."""
    match = re.fullmatch(r"\s*(\d[\d\-/:. T]{9,30}?)(Z|[+-]\d\d:?\d\d)?\s*", text)
    if not match:
        return None
    digits = re.sub(r"\D", "", match[1].partition(".")[0])
    if len(digits) == 12:
        digits = ("20" if int(digits[:2]) < 50 else "19") + digits
    try:
        found = datetime.strptime(digits, "%Y%m%d%H%M%S" if len(digits) == 14 else "%Y%m%d")
    except ValueError:
        return None
    zone = match[2]
    if zone == "Z":
        return found.replace(tzinfo=UTC)
    if zone is None:
        return found.replace(tzinfo=CHINA)
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return found.replace(tzinfo=timezone(offset if zone[0] == "+" else -offset)) if offset < timedelta(hours=24) else None
