"""People answer for what the checks could not settle: decisions, overrides by two persons, look-ups in registers.

Whoever handed a paper in decides nothing about it, and nobody lets a failed check pass alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Conflict, Missing, Refused
from kernel.given import Given, day_of
from kernel.unit import Unit
from suppliers.certificates import judging, papers, spoken, trail
from suppliers.models import Certificate, PaperOverride, RegisterLookup
from suppliers.reading import media_type_of
from suppliers.requirements import KINDS, REGISTERS
from suppliers.standing import GOOD, TWO_PERSONS

DECIDERS: Final = ("quality", "brand_admin")
"""Who lets something pass: persons. A machine (QMS, a service that asks registers) may note, propose and stop."""
STOPPING: Final = ("reject", "suspend")
DECISIONS: Final = ("accept", "reject", "suspend", "resume")
"""A rejection of a paper that has stood revokes it."""
RESULTS: Final = ("valid", "invalid", "not_found", "suspended", "revoked", "unreachable")
MOST_SCREENSHOT: Final = 5 * 1024 * 1024


class FourEyes(Refused):
    """Whoever handed a paper in may not be the one who accepts it, and whoever asked for an override
    may not be the one who approves it. Ask a colleague."""

    code = "four-eyes"
    title = "Somebody else must accept this"


class NotDecidable(Conflict):
    """This paper cannot be decided on now: its checks are still running, one of them failed (a
    failed check is mended by another document or let pass by two persons, not by one decision), or
    the paper was revoked."""

    code = "certificate-not-decidable"
    title = "This paper cannot be decided on"


def decide(unit: Unit, *, certificate_id: str, decision: str, reason: str, seen: str | None = None) -> Certificate:
    """A person answers for what the checks could not settle (``accept``), says no (``reject``), or stops a
    paper that stands for a while (``suspend``, ``resume``).

    Accepting needs another person than the one who handed the paper in, and cannot override a
    failed check. Saying no to a paper that has stood revokes it, for good; to another, rejects it. ``seen``
    (``trail.words_digest``): what the person had before their eyes; when the paper says something else by now, nothing is decided.
    """
    _by_quality(unit, machine=decision in STOPPING)
    given = Given()
    decision, reason = given.choice("/decision", decision, DECISIONS), given.text("/reason", reason, 500)
    given.done()
    row = judging.locked(unit, certificate_id)
    _as_seen(row, seen)
    if row.standing == "revoked":
        raise NotDecidable("a revoked paper stays revoked", standing="revoked")
    if decision == "accept":
        _may_accept(unit, row)
    elif decision == "reject":
        decision = "revoke" if row.standing in (*GOOD, "lapsed", "suspended", "superseded") else "reject"
    elif decision == "suspend" and row.standing not in GOOD:
        raise NotDecidable("only a paper that stands can be suspended", standing=row.standing)
    elif decision == "resume":
        _may_resume(unit, row)
    judging.judge_again(unit, row, day_of(unit.now), decision=decision, note=reason)
    return row


def propose_override(unit: Unit, *, certificate_id: str, name: str, reason: str) -> PaperOverride:
    """Ask that a check which failed may pass: a second person decides. What is ``final`` nobody may let pass."""
    _by_quality(unit, machine=True)
    given = Given()
    reason = given.text("/reason", reason, 500)
    given.done()
    row = judging.locked(unit, certificate_id)
    _not_ones_own(unit, row)
    said = (row.found or {}).get(name)
    if said is None or not _needs_two(said):
        raise NotDecidable("this check did not fail", check=name)
    if said[2]:
        raise NotDecidable("nobody may let this pass", check=name, because=said[1])
    for each in _asked(unit, row):
        if each.name == name:
            return each
    asked = PaperOverride(
        id=unit.new_id(),
        certificate_id=row.id,
        name=name,
        because=said[1],
        evidence=said[3] if len(said) > 3 else None,
        state="proposed",
        reason=reason,
        proposed_at=unit.now,
        proposed_by=unit.actor.id,
    )
    unit.session.add(asked)
    unit.session.flush()
    unit.record("override.proposed", "certificate", row.id, check=name)
    return asked


def approve_override(unit: Unit, *, override_id: str, answer: str) -> PaperOverride:
    """The second person lets it pass, and answers for it."""
    return _answered(unit, override_id, answer, "approved")


def decline_override(unit: Unit, *, override_id: str, answer: str) -> PaperOverride:
    """The second person does not let it pass; the first may also take it back so."""
    return _answered(unit, override_id, answer, "declined")


def overrides(unit: Unit, certificate_id: str) -> list[PaperOverride]:
    """What was asked to let pass on this paper, oldest first."""
    row = papers.get(unit, certificate_id)
    query = select(PaperOverride).where(PaperOverride.certificate_id == row.id)
    return list(unit.session.scalars(query.order_by(PaperOverride.id)))


def proposed(unit: Unit) -> list[PaperOverride]:
    """Overrides that wait for a second person, oldest first."""
    return list(unit.session.scalars(select(PaperOverride).where(PaperOverride.state == "proposed").order_by(PaperOverride.id)))


def record_lookup(
    unit: Unit,
    *,
    certificate_id: str,
    register: str,
    result: str,
    asked_on: date,
    note: str | None = None,
    screenshot: bytes | None = None,
    seen: str | None = None,
) -> RegisterLookup:
    """Note what a person found in a public register on ``asked_on``; ``screenshot``: PNG or JPEG of what they saw."""
    _by_quality(unit, machine=True)
    row = judging.locked(unit, certificate_id)
    given = Given()
    words: dict[str, Any] = {
        "register": given.choice("/register", register, tuple(each.code for each in KINDS[row.kind].registers) or tuple(REGISTERS)),
        "result": given.choice("/result", result, RESULTS),
        "note": given.optional("/note", note, 500),
        "asked_on": asked_on,
    }
    if type(asked_on) is not date or asked_on > day_of(unit.now):
        given.wrong("/asked_on", "date", "must be a date that is not in the future")
    if screenshot is not None and not _is_picture(screenshot):
        given.wrong("/screenshot", "media_type", "must be a PNG or JPEG of at most 5 MiB")
    given.done()
    _as_seen(row, seen)
    _not_ones_own(unit, row)
    kept = unit.outside.vault.put(screenshot) if screenshot else None
    looked = RegisterLookup(id=unit.new_id(), certificate_id=row.id, screenshot=kept, at=unit.now, by=unit.actor.id, **words)
    unit.session.add(looked)
    unit.session.flush()
    unit.record("register.asked", "certificate", row.id, register=register, result=result)
    if row.judged_at is not None:
        judging.ask_checks(unit, row)
    return looked


def lookups(unit: Unit, certificate_id: str) -> list[RegisterLookup]:
    """What people found in registers about this paper, newest first."""
    row = papers.get(unit, certificate_id)
    query = select(RegisterLookup).where(RegisterLookup.certificate_id == row.id)
    return list(unit.session.scalars(query.order_by(RegisterLookup.id.desc())))


def _answered(unit: Unit, override_id: str, answer: str, state: str) -> PaperOverride:
    _by_quality(unit)
    given = Given()
    answer = given.text("/answer", answer, 500)
    given.done()
    asked = unit.session.get(PaperOverride, override_id) if isinstance(override_id, str) else None
    if asked is None:
        raise Missing("no such override")
    row = judging.locked(unit, asked.certificate_id)
    unit.session.refresh(asked)
    if asked.state != "proposed":
        raise NotDecidable("it has been decided", state=asked.state)
    if state == "approved":
        _not_ones_own(unit, row)
        if asked.proposed_by == unit.actor.id:
            raise FourEyes("whoever asked for it may not approve it")
        if not _answers(asked, row):
            raise NotDecidable("the check says something else by now", check=asked.name)
    asked.state, asked.answer, asked.decided_at, asked.decided_by = state, answer, unit.now, unit.actor.id
    unit.session.flush()
    unit.record(f"override.{state}", "certificate", row.id, check=asked.name)
    if state == "approved":
        judging.judge_again(unit, row, day_of(unit.now), decision="override", note=answer)
    return asked


def _may_accept(unit: Unit, row: Certificate) -> None:
    _not_ones_own(unit, row)
    if row.standing == "suspended":
        raise NotDecidable("a suspended paper is resumed, not accepted", standing=row.standing)
    if row.judged_at is None:
        raise NotDecidable("its checks are still running", standing=row.standing)
    failed = _failed(unit, row)
    if failed:
        raise NotDecidable("a failed check cannot be overridden by one person", failed=failed)


def _as_seen(row: Certificate, seen: str | None) -> None:
    if seen and seen != trail.words_digest(row):
        raise NotDecidable("it says something else by now; read it again", standing=row.standing)


def _may_resume(unit: Unit, row: Certificate) -> None:
    _not_ones_own(unit, row)
    if spoken.last_decision(unit, row) != "suspend":
        raise NotDecidable("nobody suspended it", standing=row.standing)


def _by_quality(unit: Unit, *, machine: bool = False) -> None:
    if unit.actor.kind not in DECIDERS and not (machine and unit.actor.kind == "machine"):
        raise Refused("only quality staff decide on papers")


def _not_ones_own(unit: Unit, row: Certificate) -> None:
    if _is_ones_own(unit, row):
        raise FourEyes("whoever handed the paper in decides nothing about it")


def _is_ones_own(unit: Unit, row: Certificate) -> bool:
    return unit.actor.id in papers.hands(unit, row)


def _failed(unit: Unit, row: Certificate) -> list[str]:
    """What failed on this paper and was not let pass by two persons."""
    let_pass = spoken.overridden(unit, row)
    return [said[1] for name, said in (row.found or {}).items() if said[0] == "failed" and name not in let_pass]


def _needs_two(said: spoken.Answer) -> bool:
    return said[0] == "failed" or said[1] in TWO_PERSONS


def _asked(unit: Unit, row: Certificate) -> list[PaperOverride]:
    """The overrides, asked for or approved, that answer for what the checks say and show today."""
    return [each for each in overrides(unit, row.id) if each.state in ("proposed", "approved") and _answers(each, row)]


def _answers(asked: PaperOverride, row: Certificate) -> bool:
    return bool(spoken.still([spoken.LetPass(asked.name, asked.because, asked.evidence)], row.found))


def _is_picture(content: bytes) -> bool:
    return len(content) <= MOST_SCREENSHOT and media_type_of(content) in ("image/png", "image/jpeg")


def possible(unit: Unit, row: Certificate) -> tuple[str, ...]:
    """The decisions that ``decide`` would take from this person now, in the order of DECISIONS. A page offers no others."""
    if unit.actor.kind not in DECIDERS or row.standing == "revoked":
        return ()
    own, judged = _is_ones_own(unit, row), row.judged_at is not None
    offered = {
        "accept": row.standing in ("needs_person", "rejected") and judged and not own and not _failed(unit, row),
        "reject": judged and row.standing != "rejected",
        "suspend": row.standing in GOOD,
        "resume": row.standing == "suspended" and not own and spoken.last_decision(unit, row) == "suspend",
    }
    return tuple(name for name in DECISIONS if offered[name])


def overridable(unit: Unit, row: Certificate) -> tuple[str, ...]:
    """The names of the checks that two persons could let pass, and of which nobody has asked that yet."""
    if unit.actor.kind not in DECIDERS or row.standing == "revoked" or _is_ones_own(unit, row):
        return ()
    asked = {each.name for each in _asked(unit, row)}
    return tuple(name for name, said in (row.found or {}).items() if _needs_two(said) and not said[2] and name not in asked)
