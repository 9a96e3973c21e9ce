"""The files in which codes leave for a printer: one kind, one file, one line here.

Knows links and paper. It must not know orders, keys, lots or the database.
"""

from __future__ import annotations

from typing import Final

from traceability.labels.base import Format, Label
from traceability.labels.rows import Rows
from traceability.labels.sheet import Sheet

FORMATS: Final[dict[str, Format]] = {
    "pdf": Sheet(),
    "csv": Rows(),
}

__all__ = ["FORMATS", "Format", "Label"]
