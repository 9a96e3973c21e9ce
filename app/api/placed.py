"""What names counters, told by positions: a machine outside counts from 0 in its order and never sees a counter."""

from __future__ import annotations

from typing import Any


class Placed:
    """A row with ``first`` and ``last`` and all it has, seen from its order: ``start``, ``end`` and ``count``."""

    def __init__(self, order: Any, row: Any) -> None:
        self._row = row
        self.order_id, self.start, self.end = order.id, row.first - order.first, row.last - order.first
        self.count = row.last - row.first + 1
        self.codes = self.count
        """Fewer than ``count`` where a step met single codes."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
