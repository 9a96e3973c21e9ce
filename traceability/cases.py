"""Cases: what scans made the house suspect, one case a thing, until a person decides.

Who suspects (copied labels, rolls, diversion, guessing) says so here; the same thing said again is the
same case. Nothing follows by itself from a case: to hold a lot or to void a code is another act of
another room. Nobody who looked at a code is known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import exp, log
from typing import Any, Final

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from traceability.facts import CaseOpened
from traceability.given import Given
from traceability.models import CodeRange, Suspicion

KINDS: Final = ("copied", "roll", "diverted", "guessing")
STATES: Final = ("open", "confirmed", "dismissed")
WORSE: Final = log(10)
"""By so much the log odds must have grown since a person dismissed the case, before it opens again."""
UNTOLD: Final = 0.5
"""Where a case without a probability stands among the others."""
SURE: Final = 1 - 1e-12
"""Above this all probabilities are alike, and no case gets worse by them."""

Finding = Mapping[str, Any]
"""What ``suspect`` is to be told, gathered by a unit that only reads."""


class CaseDecided(Conflict):
    """Somebody decided this case before; its page shows who, when and why. Open it again to decide anew."""

    code = "case-decided"
    title = "This case was decided before"


class CaseOpen(Conflict):
    """The case is open: there is no decision to take back."""

    code = "case-open"
    title = "This case is open"


def item_subject(gtin: str, key_version: int, counter: int) -> str:
    """How an item is named as the subject of a case, whoever suspects it."""
    return f"{gtin}.{key_version}.{counter}"


def suspect(
    unit: Unit,
    *,
    kind: str,
    subject: str,
    gtin: str | None = None,
    key_version: int | None = None,
    first: int | None = None,
    last: int | None = None,
    probability: float | None = None,
    evidence: dict[str, Any],
) -> Suspicion:
    """Open the case of (kind, subject), or add to it; saying the same twice changes nothing.

    An open case takes the newest probability and the new evidence beside the old; a confirmed one
    only gains evidence. A dismissed one stays as it was dismissed, until it is clearly worse: its odds
    ten times what they were then, the chance of an accident (``chance`` of the evidence) a tenth, or twice as many
    reports of fakes as then, one at least. Then it opens again and CaseOpened is told again. Raises Invalid.
    """
    _given(kind, subject, probability)
    evidence = json.loads(json.dumps(evidence))  # as it will be read again, so that the same is the same
    place = {"gtin": gtin, "key_version": key_version, "first": first, "last": last}
    case = _find(unit, kind, subject) or _open(unit, kind, subject, place, probability, evidence)
    if case is None:  # another unit opened it at the same moment
        case = _found(unit, kind, subject)
    if case.state == "dismissed":
        if not _is_worse(case, probability, evidence):
            return case
        _reopen(unit, case)
    _add(unit, case, place, probability, evidence)
    return case


def suspect_each(unit: Unit, findings: Iterable[Finding]) -> int:
    """``suspect`` of each; how many there were."""
    return len([suspect(unit, **finding) for finding in findings])


def confirm(unit: Unit, *, case_id: str, note: str | None = None) -> Suspicion:
    """A person agrees: it is what it looks like. Raises Invalid, Missing, CaseDecided."""
    return _decide(unit, case_id, "confirmed", _note(note, required=False))


def dismiss(unit: Unit, *, case_id: str, note: str | None) -> Suspicion:
    """A person says why it is nothing. Raises Invalid, Missing, CaseDecided."""
    return _decide(unit, case_id, "dismissed", _note(note, required=True))


def reopen(unit: Unit, *, case_id: str) -> Suspicion:
    """Take the decision back. Raises Missing, CaseOpen."""
    case = _locked(unit, case_id)
    if case.state == "open":
        raise CaseOpen("the case is open")
    _reopen(unit, case)
    return case


def get(unit: Unit, case_id: str) -> Suspicion:
    case = unit.session.get(Suspicion, case_id)
    if case is None:
        raise Missing("no such case")
    return case


def every(
    unit: Unit,
    *,
    state: str | None = None,
    kind: str | None = None,
    limit: int | None = None,
    before: str | None = None,
    likeliest: bool = False,
) -> list[Suspicion]:
    """Cases, newest first; older than the one with the id ``before``. With ``likeliest`` open ones come
    first, the most probable of them on top, and there is no ``before``."""
    query = _narrowed(select(Suspicion), state, kind).limit(limit)
    if likeliest:
        chance = func.coalesce(Suspicion.probability, UNTOLD)
        query = query.order_by(Suspicion.state != "open", chance.desc(), Suspicion.updated_at.desc(), Suspicion.id.desc())
        return list(unit.session.scalars(query))
    if before is not None:
        last = get(unit, before)
        query = query.where(tuple_(Suspicion.opened_at, Suspicion.id) < (last.opened_at, last.id))
    return list(unit.session.scalars(query.order_by(Suspicion.opened_at.desc(), Suspicion.id.desc())))


def counts(unit: Unit) -> dict[tuple[str, str], int]:
    """How many cases there are of each (kind, state)."""
    query = select(Suspicion.kind, Suspicion.state, func.count()).group_by(Suspicion.kind, Suspicion.state)
    return {(kind, state): int(count) for kind, state, count in unit.session.execute(query)}


def of_subjects(unit: Unit, kind: str, subjects: Iterable[str]) -> dict[str, Suspicion]:
    """The cases of one kind about these subjects, by subject; of those that have one."""
    query = select(Suspicion).where(Suspicion.kind == kind, Suspicion.subject.in_(set(subjects)))
    return {case.subject: case for case in unit.session.scalars(query)}


def ranges(unit: Unit, ids: Iterable[str]) -> dict[str, CodeRange]:
    """The range of codes in which each of these cases begins, by case; of those that are about codes which were ordered."""
    nearest = (
        select(CodeRange.id)
        .where(
            *(CodeRange.brand_id == unit.brand_id, CodeRange.gtin == Suspicion.gtin),
            *(CodeRange.key_version == Suspicion.key_version, CodeRange.first <= Suspicion.first),
        )
        .order_by(CodeRange.first.desc())
        .limit(1)
        .correlate(Suspicion)
        .scalar_subquery()
    )
    query = select(Suspicion.id, CodeRange).join(CodeRange, CodeRange.id == nearest)
    rows = unit.session.execute(query.where(Suspicion.id.in_(set(ids)), CodeRange.last >= Suspicion.first))
    return {case_id: row for case_id, row in rows}  # noqa: C416


def of_item(unit: Unit, *, gtin: str, key_version: int, counter: int) -> list[Suspicion]:
    """The cases that this item is part of, newest first."""
    query = select(Suspicion).where(
        Suspicion.gtin == gtin, Suspicion.key_version == key_version, Suspicion.first <= counter, Suspicion.last >= counter
    )
    return list(unit.session.scalars(query.order_by(Suspicion.opened_at.desc(), Suspicion.id.desc())))


def _given(kind: str, subject: str, probability: float | None) -> None:
    given = Given()
    given.choice("/kind", kind, KINDS)
    given.text("/subject", subject, 80)
    if probability is not None and not 0 <= probability <= 1:
        given.wrong("/probability", "range", "must be from 0 to 1", least=0, most=1)
    given.done()


def _note(note: str | None, *, required: bool) -> str | None:
    given = Given()
    text = given.text("/note", note or "", 300) if required else given.optional("/note", note, 300)
    given.done()
    return text


def _narrowed(query: Select[tuple[Suspicion]], state: str | None, kind: str | None) -> Select[tuple[Suspicion]]:
    if state is not None:
        query = query.where(Suspicion.state == state)
    return query if kind is None else query.where(Suspicion.kind == kind)


def _find(unit: Unit, kind: str, subject: str) -> Suspicion | None:
    """The case, locked until the unit ends."""
    query = select(Suspicion).where(Suspicion.kind == kind, Suspicion.subject == subject).with_for_update()
    return unit.session.scalar(query.execution_options(populate_existing=True))


def _found(unit: Unit, kind: str, subject: str) -> Suspicion:
    case = _find(unit, kind, subject)
    if case is None:
        raise Missing("no such case")
    return case


def _open(
    unit: Unit, kind: str, subject: str, place: dict[str, Any], probability: float | None, evidence: dict[str, Any]
) -> Suspicion | None:
    """A new case; None when another unit has just opened it."""
    case = Suspicion(
        id=unit.new_id(),
        kind=kind,
        subject=subject,
        probability=probability,
        evidence=dict(evidence),
        state="open",
        opened_at=unit.now,
        updated_at=unit.now,
        **place,
    )
    try:
        with unit.session.begin_nested():
            unit.session.add(case)
    except IntegrityError:
        return None
    unit.record("case.opened", "suspicion", case.id, kind=kind)
    unit.tell(CaseOpened(case_id=case.id, kind=kind))
    return case


def _add(unit: Unit, case: Suspicion, place: dict[str, Any], probability: float | None, evidence: dict[str, Any]) -> None:
    gained = {**case.evidence, **evidence}
    new: dict[str, Any] = {name: value for name, value in place.items() if value is not None}
    if probability is not None and case.state == "open":
        new["probability"] = probability
    if gained == case.evidence and all(getattr(case, name) == value for name, value in new.items()):
        return
    for name, value in {**new, "evidence": gained, "updated_at": unit.now}.items():
        setattr(case, name, value)
    unit.session.flush()


def _is_worse(case: Suspicion, probability: float | None, evidence: dict[str, Any]) -> bool:
    reports, known = int(evidence.get("reports", 0)), int(case.evidence.get("reports", 0))
    if reports > known and reports >= 2 * known:
        return True
    chance, then = evidence.get("chance"), case.evidence.get("chance")
    if chance is not None and then is not None and chance * exp(WORSE) <= then:
        return True
    return probability is not None and _log_odds(probability) >= _log_odds(case.probability or 0.0) + WORSE


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1 - SURE), SURE)
    return log(kept / (1 - kept))


def _locked(unit: Unit, case_id: str) -> Suspicion:
    query = select(Suspicion).where(Suspicion.id == case_id).with_for_update()
    case = unit.session.scalar(query.execution_options(populate_existing=True))
    if case is None:
        raise Missing("no such case")
    return case


def _decide(unit: Unit, case_id: str, state: str, note: str | None) -> Suspicion:
    case = _locked(unit, case_id)
    if case.state != "open":
        raise CaseDecided(f"the case is {case.state}", state=case.state)
    case.state, case.note, case.decided_at, case.decided_by = state, note, unit.now, unit.actor.id
    unit.session.flush()
    unit.record(f"case.{state}", "suspicion", case.id, kind=case.kind, note=note)
    return case


def _reopen(unit: Unit, case: Suspicion) -> None:
    was, case.state = case.state, "open"
    case.note = case.decided_at = case.decided_by = None
    unit.session.flush()
    unit.record("case.reopened", "suspicion", case.id, kind=case.kind, was=was)
    unit.tell(CaseOpened(case_id=case.id, kind=case.kind))
