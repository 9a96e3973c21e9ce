"""Phones, and the proof of holding one: a one-time code of six digits.

A number is kept as a keyed MAC for matching and locked for sending (PIPL 51); a bare hash
of a Chinese mobile could be found by trying all of them. Every answer is the same for known
and unknown numbers. Knows nothing of consents, scans or lots.
"""

from __future__ import annotations

import hmac
import math
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select

from kernel.errors import Missing, TooMany
from kernel.orm import Brand
from kernel.unit import Unit
from members import phones, texts
from members.facts import CodeAsked
from members.models import Challenge, Identity, Member

LIFE: Final = timedelta(minutes=5)
TRIES: Final = 5
PAUSE: Final = timedelta(seconds=60)
WINDOW: Final = timedelta(hours=24)
MOST_IN_WINDOW: Final = 5
PHONE: Final = "phone"


class CodesTooOften(TooMany):
    """For one number a code can be asked once a minute and five times in 24 hours.
    ``retry_after`` says in how many seconds the next one can be asked."""

    code = "codes-too-often"
    title = "Too many codes for this number"


@dataclass(frozen=True)
class Proof:
    """Whether the code was right; then whose number it was. When it was wrong, ``tries_left``
    says how often it may be tried again; 0 means that only a new code can help."""

    ok: bool
    tries_left: int
    matching: bytes = field(default=b"", repr=False)
    phone: str = field(default="", repr=False)


def ask_code(unit: Unit, *, phone: str, language: str = "zh") -> str:
    """Begin a proof: the id of a challenge whose code is on its way to ``phone``.

    Raises ``phones.NotAPhone`` or ``CodesTooOften``; neither says whether the number is known.
    """
    number = phones.e164(phone)
    matching = unit.outside.keys.mac(PHONE, number.encode())
    alone_with(unit, matching)
    _not_too_often(unit, matching)
    challenge_id = unit.new_id()
    code = f"{secrets.randbelow(1_000_000):06d}"
    unit.session.add(
        Challenge(
            id=challenge_id,
            matching=matching,
            locked_phone=unit.outside.keys.lock(PHONE, number.encode()),
            code_mac=_code_mac(unit, challenge_id, code),
            locked_code=unit.outside.keys.lock("otp", f"{texts.spoken(language)} {code}".encode()),
            made_at=unit.now,
            expires_at=unit.now + LIFE,
            tries_left=TRIES,
        )
    )
    unit.record("code.asked", "challenge", challenge_id)
    unit.tell(CodeAsked(challenge_id))
    return challenge_id


def post_code(unit: Unit, fact: CodeAsked) -> bool:
    """Hand the code to the post, before and outside the transaction that forgets it; whether it
    was still worth it. The challenge's id is the letter's key, so that posting again is one letter."""
    challenge = unit.session.get(Challenge, fact.challenge_id)
    if challenge is None or challenge.locked_code is None or unit.now >= challenge.expires_at:
        return False
    language, code = unit.outside.keys.unlock("otp", challenge.locked_code).decode().split()
    brand = unit.session.get_one(Brand, challenge.brand_id).name
    letter = texts.code_letter(code, minutes=LIFE // timedelta(minutes=1), language=language, brand=brand)
    number = unit.outside.keys.unlock(PHONE, challenge.locked_phone).decode()
    unit.outside.post.send(to=number, subject=letter.subject, text=letter.text, key=challenge.id)
    return True


def on_code_asked(unit: Unit, fact: CodeAsked, posted: bool) -> None:
    """Forget the code: it is posted, or dead by now."""
    challenge = unit.session.scalar(select(Challenge).where(Challenge.id == fact.challenge_id).with_for_update())
    if challenge is None or challenge.locked_code is None:
        return
    challenge.locked_code = None
    unit.record("code.posted" if posted else "code.lapsed", "challenge", challenge.id)


def prove(unit: Unit, *, challenge_id: str, code: str) -> Proof:
    """Judge a code. A wrong one costs a try and is an answer, not an error, because an error
    would undo the cost. Unknown, expired, used and worn-out challenges answer alike."""
    challenge = unit.session.scalar(select(Challenge).where(Challenge.id == challenge_id).with_for_update())
    if challenge is None or challenge.used_at or challenge.tries_left < 1 or unit.now >= challenge.expires_at:
        return Proof(ok=False, tries_left=0)
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    if not hmac.compare_digest(challenge.code_mac, _code_mac(unit, challenge.id, typed)):
        challenge.tries_left -= 1
        unit.record("code.refused", "challenge", challenge.id)
        return Proof(ok=False, tries_left=challenge.tries_left)
    challenge.used_at = unit.now
    unit.record("code.proven", "challenge", challenge.id)
    number = unit.outside.keys.unlock(PHONE, challenge.locked_phone).decode()
    return Proof(ok=True, tries_left=challenge.tries_left, matching=challenge.matching, phone=number)


def alone_with(unit: Unit, matching: bytes) -> None:
    """Until the unit ends, no other unit comes past this line for the same number. On SQLite
    writers are alone anyway."""
    if unit.session.get_bind().dialect.name == "postgresql":
        unit.session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(matching[:8], "big", signed=True))))


def member_of(unit: Unit, matching: bytes) -> str | None:
    """The member who holds this number, as far as we know."""
    return unit.session.scalar(select(Identity.member_id).where(Identity.kind == PHONE, Identity.matching == matching))


def bind(unit: Unit, *, member_id: str, proof: Proof) -> None:
    """Keep a proven number as this member's, or that it was proven again."""
    known = unit.session.scalar(select(Identity).where(Identity.kind == PHONE, Identity.matching == proof.matching))
    if known is not None:
        known.proven_at = unit.now
        return
    unit.session.add(
        Identity(
            id=unit.new_id(),
            member_id=member_id,
            kind=PHONE,
            matching=proof.matching,
            locked=unit.outside.keys.lock(PHONE, proof.phone.encode()),
            hint=phones.hint(proof.phone),
            proven_at=unit.now,
        )
    )


def member(unit: Unit, member_id: str) -> Member:
    """A member of this brand who has not left; else Missing."""
    found = unit.session.scalar(select(Member).where(Member.id == member_id, Member.id.in_(select(Identity.member_id))))
    if found is None:
        raise Missing("no such member")
    return found


def of_member(unit: Unit, member_id: str) -> Identity | None:
    """The number proven last, or None when the member has left."""
    query = select(Identity).where(Identity.member_id == member_id, Identity.kind == PHONE).order_by(Identity.proven_at.desc()).limit(1)
    return unit.session.scalar(query)


def phone_of(unit: Unit, member_id: str) -> str | None:
    """The member's number for the post alone, or None when the member has left."""
    known = of_member(unit, member_id)
    return unit.outside.keys.unlock(PHONE, known.locked).decode() if known else None


def forget(unit: Unit, *, member_id: str) -> None:
    """Delete the member's numbers, and the challenges that still hold them (PIPL 47)."""
    held = select(Identity.matching).where(Identity.member_id == member_id)
    unit.session.execute(delete(Challenge).where(Challenge.matching.in_(held)))
    unit.session.execute(delete(Identity).where(Identity.member_id == member_id))


def forget_old(unit: Unit) -> int:
    """Chore: delete challenges that no limit counts any more (PIPL 19); how many."""
    gone: int = unit.session.execute(delete(Challenge).where(Challenge.made_at <= unit.now - WINDOW)).rowcount  # type: ignore[attr-defined]
    if gone:
        unit.record("challenges.forgotten", "challenge", "-", count=gone)
    return gone


def rewrap(unit: Unit) -> int:
    """Lock and match every number under the present root key; how many lay under another one. Again, it does nothing.

    Until it has run after a change of the root key, nobody who joined before is found by number.
    Challenges under way die with the old key: they live five minutes.
    """
    moved = 0
    for known in unit.session.scalars(select(Identity).where(Identity.kind == PHONE).order_by(Identity.id).with_for_update()):
        number = unit.outside.keys.unlock(PHONE, known.locked)
        matching = unit.outside.keys.mac(PHONE, number)
        if matching != known.matching:
            known.matching, known.locked, moved = matching, unit.outside.keys.relock(PHONE, known.locked), moved + 1
    if moved:
        unit.record("identities.rewrapped", "brand", unit.brand_id, count=moved)
    return moved


def _code_mac(unit: Unit, challenge_id: str, code: str) -> bytes:
    return unit.outside.keys.mac("otp", (challenge_id + code).encode())


def _not_too_often(unit: Unit, matching: bytes) -> None:
    query = (
        select(Challenge.made_at)
        .where(Challenge.matching == matching, Challenge.made_at > unit.now - WINDOW)
        .order_by(Challenge.made_at.desc())
        .limit(MOST_IN_WINDOW)
    )
    asked = list(unit.session.scalars(query))
    free_at = [asked[0] + PAUSE] if asked else []
    if len(asked) == MOST_IN_WINDOW:
        free_at.append(asked[-1] + WINDOW)
    wait = max((moment - unit.now for moment in free_at), default=timedelta(0))
    if wait > timedelta(0):
        raise CodesTooOften("a code was asked for this number too short a while ago", retry_after=math.ceil(wait.total_seconds()))
