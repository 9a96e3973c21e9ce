"""Many papers at once: what the calendar moves, what must be asked anew because trust, supplies or rules have changed.

Each run takes some and leaves the rest for the next, so that no unit holds the writer for long and no single
paper stops the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, cast, select, update

from kernel.given import day_of
from kernel.unit import Unit
from suppliers.certificates import judging, spoken
from suppliers.facts import CertificateSubmitted, SupplierChanged, TrustChanged
from suppliers.models import Certificate
from suppliers.standing import GOOD, Outcome

AT_ONCE: Final = 100
NEVER_AGAIN: Final = ("revoked",)


def lapse_due(unit: Unit) -> int:
    """Let the calendar speak: papers that lapse, begin to lapse or begin to be valid today. How many changed."""
    return _rejudged(unit, Certificate.due_on <= day_of(unit.now), AT_ONCE)


def rejudge(unit: Unit) -> int:
    """Judge every paper anew from what was found: a rule has changed. How many changed."""
    return _rejudged(unit, Certificate.judged_at.is_not(None), None)


def on_supplier_changed(unit: Unit, fact: SupplierChanged) -> None:
    """What its papers must cover has changed: have the checks asked about them again."""
    _mark(unit, "ask", Certificate.supplier_id == fact.supplier_id)


def on_trust_changed(unit: Unit, fact: TrustChanged) -> None:
    """Somebody is believed from now on, or no more: have every paper asked again, and looked at where its bytes were signed."""
    _mark(unit, "look" if fact.what == "anchor" else "ask", Certificate.id.is_not(None))


def ask_again(unit: Unit) -> int:
    """Ask the checks about papers that are marked, those that stand first; some at a time. How many."""
    marked = select(Certificate.id).where(Certificate.again.is_not(None))
    some = unit.session.scalars(
        marked.order_by(Certificate.standing.not_in(GOOD), Certificate.supplier_id, Certificate.id).limit(AT_ONCE)
    ).all()
    for id in some:
        row = judging.locked(unit, id)
        reading = row.reading or {}
        if reading.get("credential") or (row.again == "look" and reading.get("signatures")):
            row.again = None
            unit.tell(CertificateSubmitted(certificate_id=id))
        elif row.again is not None:
            row.again = "ask"
            judging.ask_checks(unit, row)
    return len(some)


def _mark(unit: Unit, how: str, which: ColumnElement[bool]) -> None:
    which = which & Certificate.judged_at.is_not(None) & Certificate.standing.not_in(NEVER_AGAIN)
    if how == "ask":
        which &= Certificate.again.is_(None)  # a look asks as well
    unit.session.execute(update(Certificate).where(which).values(again=how).execution_options(synchronize_session=False))


def _rejudged(unit: Unit, which: ColumnElement[bool], most: int | None) -> int:
    """Judge many from a few statements; only those that move, or whose next day changes, are then taken one by one."""
    today = day_of(unit.now)
    found = cast(Certificate.found, Text).label("found")
    columns = (Certificate.id, Certificate.kind, Certificate.valid_from, Certificate.valid_until, Certificate.standing)
    query = select(*columns, Certificate.superseded_by, Certificate.due_on, found).where(which)
    rows = unit.session.execute(query.order_by(Certificate.supplier_id, Certificate.id).limit(most)).all()
    if not rows:
        return 0
    ids = [row.id for row in rows] if most else None
    said, passed = spoken.said(unit, ids), spoken.let_pass(unit, ids)
    moved = 0
    for row in rows:
        outcomes, told = _written(row.found or "{}")
        passing = spoken.still(passed.get(row.id, ()), told)
        judgement, soon_on = judging.judged(row, outcomes, said.get(row.id, spoken.NOTHING), passing, today)
        stays = judgement.standing == row.standing and judging.due_on(row, soon_on, today, None) == row.due_on
        if not stays or not told:
            moved += _taken(unit, row.id)
    return moved


def _taken(unit: Unit, id: str) -> bool:
    """Judge one; what cannot be judged is written down, tried again tomorrow, and stops nobody else."""
    today = day_of(unit.now)
    row = judging.locked(unit, id)
    if not row.found:  # judged before the checks were what they are
        row.due_on = None
        unit.tell(CertificateSubmitted(certificate_id=id))
        return False
    try:
        with unit.session.begin_nested():
            if row.found.get("authenticity", [None, None])[1] == judging.BY_REGISTER:
                return judging.ask_checks(unit, row)  # the look into the register may be stale by now
            return judging.judge_again(unit, row, today)
    except (ValueError, KeyError, OverflowError) as trouble:
        unit.session.refresh(row)
        row.due_on = today + timedelta(days=1)
        unit.record("certificate.not_judged", "certificate", id, trouble=type(trouble).__name__)
        return False


@lru_cache(maxsize=8192)
def _written(found: str) -> tuple[Mapping[str, Outcome], Mapping[str, Any]]:
    """The outcomes from the text of the column. Of thousands of papers most were found alike: each way is read once."""
    told = json.loads(found)
    return spoken.outcomes(told), told
