"""A ZIP file in parts (PKWARE APPNOTE 6.3.10), for formats that need a file a page.

Members carry no time but the format's first day, so the same pages give the same bytes. The central
directory is written from what the parts noted. Without ZIP64: a file ends before 4 GiB and 65 535 members.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence

from kernel.errors import flaw
from traceability.labels.base import Made, Note
from traceability.labels.layout import TooManyPages

MOST_MEMBERS = 0xFFFF
MOST_BYTES = 0xFFFFFFFF
_DAY = 0x0021
"""1 January 1980."""
STORED, DEFLATED = 0, 8


def members(files: Iterable[tuple[str, bytes]], *, method: int) -> tuple[bytes, Note]:
    """One part: local headers and contents, and for each member what the directory must know."""
    out, known = bytearray(), []
    for name, content in files:
        packed = _deflated(content) if method == DEFLATED else content
        check_sum, offset = zlib.crc32(content), len(out)
        out += b"PK\x03\x04" + _fields(method, check_sum, len(packed), len(content), name) + name.encode() + packed
        known.append([name, check_sum, len(packed), len(content), offset])
    return bytes(out), {"members": known, "method": method}


def directory(made: Sequence[Made]) -> bytes:
    """The central directory and the end of the file. Raises TooManyPages."""
    out, count, start = bytearray(), 0, 0
    for part in made:
        for name, check_sum, packed, size, offset in part.note["members"]:
            if start + offset > MOST_BYTES:
                raise _too_large()
            out += b"PK\x01\x02\x14\x00" + _fields(part.note["method"], check_sum, packed, size, name)
            out += struct.pack("<HHHLL", 0, 0, 0, 0, start + offset) + name.encode()
            count += 1
        start += part.size
    if start > MOST_BYTES:
        raise _too_large()
    return bytes(out) + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, len(out), start, 0)


def _too_large() -> TooManyPages:
    return TooManyPages(errors=[flaw("/count", "archive-bytes", "the file would pass 4 GB")])


def _fields(method: int, check_sum: int, packed: int, size: int, name: str) -> bytes:
    """Version needed 2.0, no flags, method, time, day, CRC-32, sizes, length of the name, no extra field."""
    return struct.pack("<HHHHHLLLHH", 20, 0, method, 0, _DAY, check_sum, packed, size, len(name.encode()), 0)


def _deflated(content: bytes) -> bytes:
    stream = zlib.compressobj(1, zlib.DEFLATED, -15)
    return stream.compress(content) + stream.flush()
