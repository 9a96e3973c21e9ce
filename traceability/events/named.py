"""Questions with a name (EPCIS 2.0 §12.7). One that is removed takes its subscriptions along."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Invalid, Missing, flaw
from kernel.unit import Unit
from traceability.events import asking
from traceability.models import EpcisQuery, EpcisSubscription, SubscriptionEvent

_NAME: Final = re.compile(r"[A-Za-z0-9._~-]{1,120}")
STANDARD: Final = frozenset({"SimpleEventQuery", "SimpleMasterDataQuery"})
"""Queries that the standard itself has named."""
LONGEST: Final = 60_000
"""Characters of a question, as JSON."""


class QueryExists(Conflict):
    """There is a query of this name already. Take another name, or remove that one."""

    code = "query-exists"
    title = "There is a query of this name"


def create(unit: Unit, *, name: str, question: Mapping[str, Any]) -> EpcisQuery:
    """Give a question, in the parameters of SimpleEventQuery, a name. Raises Invalid or QueryExists."""
    if not _NAME.fullmatch(name):
        raise Invalid(errors=[flaw("/name", "name", "1 to 120 letters, digits and . _ ~ -")])
    if not _fit_to_keep(question):
        raise Invalid(errors=[flaw("/query", "characters", f"at most {LONGEST} characters, none of code 0 and no halves of one")])
    asking.read(question)
    row = EpcisQuery(id=unit.new_id(), name=name, question=dict(question), created_at=unit.now, created_by=unit.actor.id)
    try:
        with unit.session.begin_nested():
            if name in STANDARD or unit.session.scalar(select(EpcisQuery.id).where(EpcisQuery.name == name)):
                raise QueryExists("this name is taken")
            unit.session.add(row)
    except IntegrityError:
        raise QueryExists("this name is taken") from None
    unit.record("query.created", "epcis_query", row.id)
    return row


def get(unit: Unit, name: str) -> EpcisQuery:
    """The query of this name. Raises Missing."""
    row = unit.session.scalar(select(EpcisQuery).where(EpcisQuery.name == name))
    if row is None:
        raise Missing("no such query")
    return row


def every(unit: Unit, *, most: int, after: str | None = None) -> list[EpcisQuery]:
    """Queries by name, at most so many after this one."""
    query = select(EpcisQuery).order_by(EpcisQuery.name).limit(most)
    return list(unit.session.scalars(query if after is None else query.where(EpcisQuery.name > after)))


def remove(unit: Unit, name: str) -> None:
    """Forget a query, and its subscriptions. Raises Missing."""
    row = get(unit, name)
    mine = select(EpcisSubscription.id).where(EpcisSubscription.query_id == row.id)
    unit.session.execute(delete(SubscriptionEvent).where(SubscriptionEvent.subscription_id.in_(mine)))
    unit.session.execute(delete(EpcisSubscription).where(EpcisSubscription.query_id == row.id))
    unit.session.delete(row)
    unit.session.flush()
    unit.record("query.removed", "epcis_query", row.id)


def _fit_to_keep(question: Mapping[str, Any]) -> bool:
    text = json.dumps(question, ensure_ascii=False)
    return len(text) <= LONGEST and "\\u0000" not in text and text.encode("utf-8", "ignore").decode() == text
