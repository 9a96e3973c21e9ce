"""The zip of an OFD file (GB/T 33190-2016 5 and 6), opened with hard rules and without writing anything.

Two readers that see two different files in one archive are how a sealed document shows other
words than it was sealed with. So the archive must be one run of entries, then its directory, then
its end, and nothing else: no entry twice, none hidden between others, none that says of itself
something else than the directory says. Knows nothing of what the entries hold.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from suppliers.ofd.errors import OfdTrouble

MOST_ENTRIES: Final = 4000
MOST_BYTES_OF_ONE: Final = 32 << 20
MOST_BYTES: Final = 64 << 20
MOST_RATIO: Final = 250
"""Unpacked to packed; looked at from :data:`_RATIO_FROM` bytes on, below which any ratio is harmless."""
_RATIO_FROM: Final = 1 << 20
_END: Final = struct.Struct("<4s4H2LH")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_DESCRIPTORS: Final = frozenset({12, 16, 20, 24})
"""Lengths a data descriptor may have (APPNOTE 4.3.9), with and without its mark, plain and zip64."""


@dataclass(frozen=True)
class _Entry:
    name: str
    method: int
    packed: int
    size: int
    crc: int
    offset: int
    begin: int
    flags: int


class Package:
    """The files of an archive by name. ``names`` are those of files, folders left out, as they follow in the directory."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        start, entries = _directory(content)
        _one_run(content, entries, start)
        self._entries = _files(entries)
        self._open: dict[str, bytes] = {}
        self.names: tuple[str, ...] = tuple(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a file of ``names``; OfdTrouble when they are not what the directory says."""
        if name not in self._open:
            self._open[name] = _unpack(self._content, self._entries[name])
        return self._open[name]


def _directory(content: bytes) -> tuple[int, list[_Entry]]:
    """Where the directory begins, and its entries; the end record must be the last 22 bytes."""
    if len(content) < _END.size or not content.startswith(b"PK\x03\x04"):
        raise OfdTrouble("ofd.archive")
    mark, disk, first_disk, here, count, size, start, comment = _END.unpack_from(content, len(content) - _END.size)
    end = len(content) - _END.size
    if mark != b"PK\x05\x06" or disk or first_disk or here != count or comment or start + size != end:
        raise OfdTrouble("ofd.archive")  # data after the end, a comment, several volumes, zip64 or a lie
    if count > MOST_ENTRIES:
        raise OfdTrouble("ofd.too_large")
    entries, at = [], start
    for _ in range(count):
        entry, at = _entry(content, at, end)
        entries.append(entry)
    if at != end:
        raise OfdTrouble("ofd.archive")
    return start, entries


def _entry(content: bytes, at: int, end: int) -> tuple[_Entry, int]:
    if at + _ENTRY.size > end:
        raise OfdTrouble("ofd.archive")
    mark, _, _, flags, method, _, _, crc, packed, size, names, extra, comment, disk, _, mode, offset = _ENTRY.unpack_from(content, at)
    after = at + _ENTRY.size + names + extra + comment
    if mark != b"PK\x01\x02" or disk or after > end or 0xFFFFFFFF in (packed, size, offset):
        raise OfdTrouble("ofd.archive")
    if flags & 0x2041:
        raise OfdTrouble("ofd.encrypted")
    raw = content[at + _ENTRY.size : at + _ENTRY.size + names]
    if method not in (0, 8) or (mode >> 16) & 0o170000 == 0o120000:
        raise OfdTrouble("ofd.archive")  # packed in another way, or a link
    name = _name(raw, flags)
    _extras(content[at + _ENTRY.size + names : at + _ENTRY.size + names + extra], name)
    begin = _local(content, offset, raw, flags, method, packed, size, crc)
    return _Entry(name, method, packed, size, crc, offset, begin, flags), after


def _local(content: bytes, offset: int, raw: bytes, flags: int, method: int, packed: int, size: int, crc: int) -> int:
    """Where the entry's bytes begin; its own header must tell the same story as the directory."""
    if offset + _LOCAL.size > len(content):
        raise OfdTrouble("ofd.archive")
    mark, _, own_flags, own_method, _, _, own_crc, own_packed, own_size, names, extra = _LOCAL.unpack_from(content, offset)
    begin: int = offset + _LOCAL.size + names + extra
    own = content[offset + _LOCAL.size : offset + _LOCAL.size + names]
    told = _told((own_crc, own_packed, own_size), (crc, packed, size), bool(flags & 8))
    if mark != b"PK\x03\x04" or own != raw or own_method != method or own_flags & 0x2041 or (own_flags ^ flags) & 8 or not told:
        raise OfdTrouble("ofd.archive")
    _extras(content[begin - extra : begin], _name(raw, flags))
    if begin + packed > len(content):
        raise OfdTrouble("ofd.archive")
    return begin


def _told(own: tuple[int, int, int], listed: tuple[int, int, int], later: bool) -> bool:
    """Does the entry say the same of checksum and lengths as the directory? It may leave them to a record after its
    bytes (``later``), and some writers leave room for long lengths that the directory then does without."""
    long = own[1] == own[2] == 0xFFFFFFFF
    return own == listed or (long and own[0] in (listed[0], 0) if not later else own == (0, 0, 0) or (long and own[0] in (0, listed[0])))


def _extras(extra: bytes, name: str) -> None:
    """Extra fields (APPNOTE 4.5): no second name for the file (0x7075), no other cipher (0x9901, 0x0017)."""
    at = 0
    while at + 4 <= len(extra):
        tag, size = struct.unpack_from("<2H", extra, at)
        if tag in (0x9901, 0x0017):
            raise OfdTrouble("ofd.encrypted")
        if tag == 0x7075 and extra[at + 9 : at + 4 + size].decode("utf-8", "replace").replace("\\", "/") != name:
            raise OfdTrouble("ofd.archive")
        at += 4 + size


def _recorded(content: bytes, entry: _Entry, gap: int) -> bool:
    """Is what lies between the entry's bytes and the next thing nothing, or the record of its checksum and lengths?"""
    if gap == 0:
        return True
    if not entry.flags & 8 or gap not in _DESCRIPTORS:
        return False
    record = content[entry.begin + entry.packed : entry.begin + entry.packed + gap]
    if gap in (16, 24):
        record = record.removeprefix(b"PK\x07\x08")
    layouts = {12: "<3L", 20: "<LQQ"}
    return len(record) in layouts and struct.unpack(layouts[len(record)], record) == (entry.crc, entry.packed, entry.size)


def _name(raw: bytes, flags: int) -> str:
    """The name, with / between its parts; no way out of the archive and no character that hides."""
    for coding in ("utf-8",) if flags & 0x800 else ("utf-8", "gb18030"):
        try:
            name = raw.decode(coding).replace("\\", "/")
            break
        except UnicodeDecodeError:
            continue
    else:
        raise OfdTrouble("ofd.archive")
    parts = name.removesuffix("/").split("/")
    odd = any(part in ("", ".", "..") or ":" in part for part in parts)
    if odd or len(name) > 255 or any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in name):
        raise OfdTrouble("ofd.archive")
    return name


def _one_run(content: bytes, entries: list[_Entry], start: int) -> None:
    """The entries lie one after the other from the first byte to the directory, with nothing in between
    but the records of lengths that some of them announce."""
    ordered = sorted(entries, key=lambda entry: entry.offset)
    if not ordered or ordered[0].offset:
        raise OfdTrouble("ofd.archive")
    for entry, following in zip(ordered, [each.offset for each in ordered[1:]] + [start], strict=True):
        gap = following - entry.begin - entry.packed
        if not _recorded(content, entry, gap):
            raise OfdTrouble("ofd.archive")


def _files(entries: list[_Entry]) -> dict[str, _Entry]:
    """By name; names that some system would take for the same are the same, and a file is no folder."""
    seen: set[str] = set()
    for entry in entries:
        key = _same(entry.name.removesuffix("/"))
        if key in seen:
            raise OfdTrouble("ofd.archive")
        seen.add(key)
    files = {entry.name: entry for entry in entries if not entry.name.endswith("/")}
    for entry in entries:
        if entry.name.endswith("/") and (entry.size or entry.packed > 2):
            raise OfdTrouble("ofd.archive")
    plain = {_same(name) for name in files}
    if any(parent in plain for name in files for parent in _parents(_same(name))):
        raise OfdTrouble("ofd.archive")
    _small_enough(list(files.values()))
    return files


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/")
    for count in range(1, len(parts)):
        yield "/".join(parts[:count])


def _small_enough(files: list[_Entry]) -> None:
    if sum(entry.size for entry in files) > MOST_BYTES:
        raise OfdTrouble("ofd.bomb")
    for entry in files:
        if entry.size > MOST_BYTES_OF_ONE or (entry.size > _RATIO_FROM and entry.size > MOST_RATIO * max(entry.packed, 1)):
            raise OfdTrouble("ofd.bomb")


def _unpack(content: bytes, entry: _Entry) -> bytes:
    packed = content[entry.begin : entry.begin + entry.packed]
    if entry.method == 0:
        plain, whole = packed, len(packed) == entry.size
    else:
        inflating = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            plain = inflating.decompress(packed, entry.size + 1)
        except zlib.error:
            raise OfdTrouble("ofd.archive") from None
        whole = len(plain) == entry.size and inflating.eof and not inflating.unused_data
    if not whole or zlib.crc32(plain) != entry.crc:
        raise OfdTrouble("ofd.archive")
    return plain
