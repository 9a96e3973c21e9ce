"""Joining and coming back: one act for both, because the door must not know which it will be.

A proven number that is known signs its member in; an unknown one makes a member. Knows no
session and no cookie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from members import consent, identity, texts, visits
from members.models import Member


@dataclass(frozen=True)
class Joined:
    """``member_id`` is None when the code was wrong; then ``reason`` is ``join.wrong`` while
    tries are left, else ``join.worn-out`` (unknown, expired, used: ask for a new code)."""

    member_id: str | None
    tries_left: int
    reason: str | None = None
    new: bool = False
    adopted: bool = False


def join(
    unit: Unit,
    *,
    challenge_id: str,
    code: str,
    consents: Mapping[str, bool],
    language: str,
    surface: str,
    scan_id: str | None = None,
) -> Joined:
    """Judge the code; if it is right, make or find the member, keep the consents, adopt the scan.

    ``consents`` says yes or no to each purpose that was shown; membership must be yes
    (Invalid otherwise, and the code stays good). An unticked box of somebody who comes back
    is no withdrawal: that is said on the member's own page.
    """
    _check(consents)
    proof = identity.prove(unit, challenge_id=challenge_id, code=code)
    if not proof.ok:
        return Joined(None, proof.tries_left, reason="join.wrong" if proof.tries_left else "join.worn-out")
    identity.alone_with(unit, proof.matching)
    known = identity.member_of(unit, proof.matching)
    member_id = known or _make(unit, language)
    identity.bind(unit, member_id=member_id, proof=proof)
    for purpose, given in consents.items():
        if given or not known:
            consent.give(unit, member_id=member_id, purpose=purpose, given=given, language=language, surface=surface)
    adopted = scan_id is not None and visits.adopt(unit, member_id=member_id, scan_id=scan_id)
    unit.record("member.returned" if known else "member.joined", "member", member_id, surface=surface, adopted=adopted)
    return Joined(member_id, proof.tries_left, new=known is None, adopted=adopted)


def _make(unit: Unit, language: str) -> str:
    member = Member(id=unit.new_id(), joined_at=unit.now, language=texts.spoken(language))
    unit.session.add(member)
    unit.session.flush()
    return member.id


def _check(consents: Mapping[str, bool]) -> None:
    errors = [flaw("/consents", "choice", "holds an unknown purpose")] if set(consents) - set(consent.PURPOSES) else []
    if not all(isinstance(given, bool) for given in consents.values()):
        errors.append(flaw("/consents", "boolean", "must say true or false to each purpose"))
    elif not consents.get(consent.MEMBERSHIP):
        errors.append(flaw("/consents/membership", "required", "nobody joins without agreeing to membership"))
    if errors:
        raise Invalid(errors=errors)
