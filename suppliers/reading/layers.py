"""Layers of a PDF (optional content, ISO 32000-1, 8.11) that are not shown as it is opened, or differ between screen and paper.

Runs in the limited child. Drawings have such layers honestly; a certificate has no reason to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from suppliers.reading.values import value

_MOST_GROUPS: Final = 2000


def signals(reader: PdfFileReader) -> list[dict[str, Any]]:
    """hidden_layer, once: ``strength`` counts the groups that are off somewhere."""
    told = value(reader.root, "/OCProperties")
    if not isinstance(told, generic.DictionaryObject):
        return []
    shown = value(told, "/D")
    off = len(list(_list(shown, "/OFF")))
    groups = list(_list(told, "/OCGs"))
    if isinstance(shown, generic.DictionaryObject) and value(shown, "/BaseState") == "/OFF":
        off = max(off, len(groups) - len(list(_list(shown, "/ON"))))
    off = max(off, sum(_differs(group) for group in groups))
    return [{"name": "hidden_layer", "page": None, "box": None, "strength": off}] if off > 0 else []


def _list(holder: Any, key: str) -> Iterator[Any]:
    there = value(holder, key) if isinstance(holder, generic.DictionaryObject) else None
    if isinstance(there, generic.ArrayObject):
        yield from (there[at] for at in range(min(len(there), _MOST_GROUPS)))


def _differs(group: Any) -> bool:
    """Whether its usage (8.11.4.4) takes it off the screen or off the paper."""
    usage = value(group, "/Usage") if isinstance(group, generic.DictionaryObject) else None
    if not isinstance(usage, generic.DictionaryObject):
        return False
    for use, state in (("/View", "/ViewState"), ("/Print", "/PrintState")):
        how = value(usage, use)
        if isinstance(how, generic.DictionaryObject) and value(how, state) == "/OFF":
            return True
    return False
