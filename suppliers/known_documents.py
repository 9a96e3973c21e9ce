"""Documents of the identifiers on the trust list, as their hosts last gave them: a host that is down for a moment turns nothing.

It knows no web: what is kept here was fetched by whoever looked at a credential.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from kernel.unit import Unit
from suppliers.models import TrustedIssuer

KEPT: Final = timedelta(days=30)
"""So long a document answers for one that cannot be had."""
FRESH: Final = timedelta(minutes=5)
"""So long it need not be fetched again at all: no longer is a key believed that was taken out of it."""
MOST_KEPT: Final = 65_536
"""Characters of a document that is kept: it is loaded with the list."""


def keep_documents(unit: Unit, documents: Mapping[str, Any]) -> None:
    """Keep documents of identifiers on the list, each as it was fetched just now (only such: one that was kept before would
    never grow old). Waits for nobody: where another keeps one at this moment, that one is as new."""
    if not documents:
        return
    living = select(TrustedIssuer).where(TrustedIssuer.ended_at.is_(None)).order_by(TrustedIssuer.id)
    wanted = [row.id for row in unit.session.scalars(living) if _news(unit, row, documents)]
    if not wanted:
        return
    locked = living.where(TrustedIssuer.id.in_(wanted)).with_for_update(skip_locked=True).execution_options(populate_existing=True)
    for row in unit.session.scalars(locked):
        row.documents = {did: kept for did, kept in (row.documents or {}).items() if did in row.dids} | _news(unit, row, documents)
    unit.session.flush()


def kept_documents(unit: Unit, *, within: timedelta = KEPT) -> dict[str, Any]:
    """The documents of identifiers on the list that were fetched within this time, by identifier."""
    living = select(TrustedIssuer).where(TrustedIssuer.ended_at.is_(None)).order_by(TrustedIssuer.id)
    return {
        did: kept["document"]
        for row in unit.session.scalars(living)
        for did, kept in (row.documents or {}).items()
        if did in row.dids and _is_of(kept, unit.now - within)
    }


def _news(unit: Unit, row: TrustedIssuer, documents: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be kept with this issuer: documents of its own that say something else than the kept one, or are much younger."""
    found = {}
    for did in row.dids:
        document, kept = documents.get(did), (row.documents or {}).get(did, {})
        same = _is_of(kept, unit.now - FRESH) and kept["document"] == document
        if isinstance(document, dict) and not same and len(json.dumps(document)) <= MOST_KEPT:
            found[did] = {"document": document, "kept_at": unit.now.isoformat()}
    return found


def _is_of(kept: Any, since: datetime) -> bool:
    try:
        at = datetime.fromisoformat(str(kept["kept_at"]))
        return isinstance(kept["document"], dict) and at.tzinfo is not None and at >= since
    except (TypeError, KeyError, ValueError):
        return False
