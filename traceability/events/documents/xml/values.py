"""Values in XML and in the form in which events are kept: text, numbers, true and false. Pure.

What is not the number it should be stays text, so that the rules can say so.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any, Final

_NUMBER = re.compile(r"[+-]?(?:\d{1,400}(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})

NUMERIC_TYPES: Final = frozenset(
    "decimal integer int long short byte double float nonNegativeInteger positiveInteger unsignedInt unsignedLong".split()  # noqa: SIM905
)
"""The types of XML Schema whose values are numbers in JSON."""


def number(text: str) -> Any:
    """The number that a text is, whole when it is whole; the text itself when it is none."""
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    if not math.isfinite(value):
        return text
    if not value.is_integer() or abs(value) > 2**53:
        return int(text) if text.lstrip("+-").isdigit() else value
    return int(value)


def flag(text: str) -> Any:
    """True or false (XML Schema 1.0 §3.2.2); the text itself when it is neither."""
    return _FLAGS.get(text, text)


def typed(text: str, kind: str) -> Any:
    """A value whose element says its type (``xsi:type``); what does not fit stays text."""
    if kind in NUMERIC_TYPES:
        return number(text)
    return flag(text) if kind == "boolean" else text


def kind_of(value: Any) -> str | None:
    """The type of XML Schema that a value needs to be read back as what it is; None for text."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, Decimal):
        return "decimal"
    return "double" if isinstance(value, float) else None


def said(value: Any) -> str:
    """A single value as XML Schema writes it, without an exponent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text if "." in text else f"{text}.0"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def in_text(value: Any) -> str:
    """A single value as the content of an element. What XML cannot bear becomes U+FFFD."""
    text = said(value)
    return (_FORBIDDEN.sub("\ufffd", text) if _FORBIDDEN.search(text) else text).translate(_TEXT)


def in_attribute(value: Any) -> str:
    """A single value between the quotes of an attribute."""
    text = said(value)
    return (_FORBIDDEN.sub("\ufffd", text) if _FORBIDDEN.search(text) else text).translate(_ATTRIBUTE)
