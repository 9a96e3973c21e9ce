"""A value of a PDF dictionary, wherever it is kept: pyHanko's own ``get`` does not follow references."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import generic


def value(thing: generic.DictionaryObject, key: str, default: Any = None) -> Any:
    """What stands under ``key``, its reference followed; ``default`` when nothing does, or null."""
    try:
        return thing[key]
    except KeyError:
        return default
