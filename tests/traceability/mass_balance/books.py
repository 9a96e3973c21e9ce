"""Short ways to write movements in tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from traceability.mass_balance import Movement

START = datetime(2026, 11, 2, tzinfo=UTC)


def moved(
    kind: str, quantity: str | int, uom: str = "KGM", *, hour: int = 0, event: str = "", lot: str = "M-1", site: str = "dairy"
) -> Movement:
    return Movement(event or f"{kind}-{hour}", START + timedelta(hours=hour), site, lot, kind, Decimal(quantity), uom)
