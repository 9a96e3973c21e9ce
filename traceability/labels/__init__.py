"""The files in which codes leave for a printer: one kind, one file, one line here.

Knows serials, symbols and paper. It must not know orders, keys, lots or the database.
"""

from __future__ import annotations

from typing import Final

from traceability.labels.base import Format, Labels, Made, Note, Roll
from traceability.labels.png import Png
from traceability.labels.rows import Rows
from traceability.labels.sheet import Sheet
from traceability.labels.svg import Svg
from traceability.labels.zpl import Zpl

FORMATS: Final[dict[str, Format]] = {
    "pdf": Sheet(),
    "csv": Rows(),
    "zpl": Zpl(),
    "png": Png(),
    "svg": Svg(),
}

__all__ = ["FORMATS", "Format", "Labels", "Made", "Note", "Roll"]
