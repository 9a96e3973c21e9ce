"""QR code symbols (ISO/IEC 18004:2015), versions 1 to 11, by the million and one by one.

Pure: texts and letters in, modules out; numpy is all it stands on. Only draw.py knows the library
that writes pictures of one symbol. It must not know links, serials or paper.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from traceability.symbols.standard import ALPHANUMERIC, LEVELS, QUIET, Level, Mode, blocks, capacity, mode_of, size, smallest

if TYPE_CHECKING:
    from traceability.symbols.batch import Batch
    from traceability.symbols.matrix import layout
    from traceability.symbols.message import DoesNotFit
    from traceability.symbols.single import Symbol, make

__all__ = [
    "ALPHANUMERIC", "LEVELS", "QUIET", "Batch", "DoesNotFit", "Level", "Mode", "Symbol",
    "blocks", "capacity", "layout", "make", "mode_of", "size", "smallest",
]  # fmt: skip

_MAKERS = {"Batch": "batch", "DoesNotFit": "message", "Symbol": "single", "layout": "matrix", "make": "single"}
"""What stands on numpy is loaded when it is first used: a process that only plans labels does without."""


def __getattr__(name: str) -> object:
    if name not in _MAKERS:
        raise AttributeError(name)
    return getattr(import_module(f"traceability.symbols.{_MAKERS[name]}"), name)
