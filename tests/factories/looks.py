"""Looks at codes, written straight into the table: who looked is a number, where a region."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kernel.unit import Unit
from tests.factories.dairy import GTIN
from traceability.models import Scan


def a_look(
    unit: Unit,
    at: datetime,
    *,
    gtin: str = GTIN,
    counter: int | None = 7,
    region: str | None = "CN-3301",
    device: int | None = 1,
    verdict: str = "seen_before",
    lot_id: str | None = None,
) -> Scan:
    """One look at the item with this counter; at a code that is nobody's, when there is none."""
    scan = Scan(
        id=unit.new_id(),
        gtin=gtin,
        key_version=None if counter is None else 1,
        counter=counter,
        is_inner=False,
        lot_id=lot_id,
        verdict="unknown" if counter is None else verdict,
        at=at,
        region=region,
        device=device,
    )
    unit.session.add(scan)
    unit.session.flush()
    return scan


def some_looks(unit: Unit, moments: Iterable[datetime], *, unknown: bool = False) -> None:
    """Looks at a well-known item, or at codes that are nobody's."""
    unit.session.add_all(
        Scan(
            id=unit.new_id(),
            gtin=GTIN,
            key_version=None if unknown else 1,
            counter=None if unknown else 7,
            is_inner=False,
            verdict="unknown" if unknown else "seen_before",
            at=at,
        )
        for at in moments
    )
    unit.session.flush()
