"""The bits of a status list (W3C Bitstring Status List 1.0, sections 3.2 to 3.4). Pure.

``u`` and base64url round gzip round bits, the first bit the highest of the first byte. A
megabyte of gzip can hold a gigabyte of zeros, so unpacking stops at a bound.
"""

from __future__ import annotations

import re
import zlib
from typing import Any, Final

from suppliers.credentials.multibase import from_base64url
from suppliers.credentials.refusals import Refused

MIN_ENTRIES: Final = 131_072
MAX_BYTES: Final = 16 * 1024 * 1024
MAX_SIZE: Final = 32
_INDEX: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


def unpack(encoded: Any) -> bytes:
    """The bitstring. Raises Refused status_encoding for anything but ``u``, base64url and one whole gzip stream; status_too_large."""
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise Refused("credential.status_encoding")
    try:
        packed = from_base64url(encoded[1:])
        reader = zlib.decompressobj(wbits=31)
        bits = reader.decompress(packed, MAX_BYTES + 1)
    except (Refused, zlib.error):
        raise Refused("credential.status_encoding") from None
    if len(bits) > MAX_BYTES:
        raise Refused("credential.status_too_large")
    if not reader.eof or reader.unused_data:
        raise Refused("credential.status_encoding")
    return bits


def index_of(value: Any) -> int:
    """A string of digits, as the recommendation says, or the integer that some write in its place; nothing else."""
    if isinstance(value, str) and _INDEX.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12:
        return value
    raise Refused("credential.status_index")


def size_of(value: Any) -> int:
    """``statusSize``: bits an entry, 1 when not given."""
    if value is None:
        return 1
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_SIZE:
        raise Refused("credential.status_size")
    return value


def entry(bits: bytes, index: int, size: int = 1) -> int:
    """The value at ``index``. Refused status_length for a list too short to hide anybody in it (STATUS_LIST_LENGTH_ERROR),
    status_range for an index outside it (RANGE_ERROR)."""
    if len(bits) * 8 // size < MIN_ENTRIES:
        raise Refused("credential.status_length")
    first = index * size
    if first + size > len(bits) * 8:
        raise Refused("credential.status_range")
    value = 0
    for place in range(first, first + size):
        value = value << 1 | (bits[place >> 3] >> (7 - (place & 7)) & 1)
    return value
