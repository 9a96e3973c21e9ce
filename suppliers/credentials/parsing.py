"""Strict JSON (RFC 8259, I-JSON RFC 7493): what two readers could read differently is not read at all.

Duplicate keys, NaN and Infinity, numbers beyond a double's integers, lone surrogates, bytes
that are not UTF-8: each has let a signed document say one thing to its verifier and another to
its reader. Size, depth and count are bounded before anything walks the tree.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from suppliers.credentials.refusals import Refused

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_VALUES: Final = 50_000
_SAFE_INTEGER: Final = 2**53 - 1
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# A string, closed or not, or a bracket. It never fails after a quote, so it stays linear whatever comes.
_MARK: Final = re.compile(rb'"(?:[^"\\]+|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_BOM: Final = b"\xef\xbb\xbf"


def read(content: bytes, *, limit: int = MAX_BYTES) -> Any:
    """The JSON value in ``content``. Raises ``Refused`` with a code of its own for each fault."""
    if len(content) > limit:
        raise Refused("credential.too_large")
    if content.startswith(_BOM):
        raise Refused("credential.encoding")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("credential.encoding") from None
    if _depth(content) > MAX_DEPTH:
        raise Refused("credential.too_deep")
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_float)
    except Refused:
        raise
    except (ValueError, RecursionError):
        raise Refused("credential.broken") from None
    _check(value)
    return value


def read_object(content: bytes, *, limit: int = MAX_BYTES) -> dict[str, Any]:
    """As ``read``, for what has to be an object."""
    value = read(content, limit=limit)
    if not isinstance(value, dict):
        raise Refused("credential.broken")
    return value


def _depth(content: bytes) -> int:
    """The deepest nesting of brackets outside strings; counted before a recursive parser meets them."""
    deepest = depth = 0
    for found in _MARK.finditer(content):
        sign = found[0]
        if sign not in (b"[", b"{", b"]", b"}"):
            continue
        depth += 1 if sign in (b"[", b"{") else -1
        deepest = max(deepest, depth)
        if deepest > MAX_DEPTH:
            break
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Refused("credential.duplicate_key")
    return made


def _constant(_name: str) -> Any:
    raise Refused("credential.number")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > _SAFE_INTEGER:
        raise Refused("credential.number")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Refused("credential.number")
    return value


def _check(value: Any) -> None:
    """No lone surrogate anywhere, and not more values than a certificate can have."""
    waiting, count = [value], 0
    while waiting:
        each = waiting.pop()
        count += 1
        if count > MAX_VALUES:
            raise Refused("credential.too_large")
        if isinstance(each, str) and _SURROGATE.search(each):
            raise Refused("credential.encoding")
        if isinstance(each, dict):
            waiting.extend(each.keys())
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
