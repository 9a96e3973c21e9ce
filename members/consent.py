"""What a member agrees to, appended and never overwritten.

Each row proves itself: the version and the SHA-256 of the very words shown, the language, the
surface, the moment (PIPL 14, 15, 17; GDPR 7(1)). What a member wants now is the newest row of
each purpose. Knows nothing of scans; a safety notice never asks here (PIPL 13).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from kernel.errors import Invalid, flaw
from kernel.orm import Brand
from kernel.unit import Unit
from members import identity, texts
from members.models import Consent, Member
from members.texts import MARKETING, MEMBERSHIP, PURPOSES, Shown

__all__ = ["MARKETING", "MEMBERSHIP", "PURPOSES", "change", "current", "give", "history", "may", "shown"]

_SURFACE: Final = re.compile(r"[a-z0-9-]{1,20}")


def shown(unit: Unit, *, language: str) -> list[Shown]:
    """The texts that a form shows today, in the order of PURPOSES."""
    brand = unit.session.get_one(Brand, unit.brand_id).name
    return [texts.shown(purpose, language=language, brand=brand) for purpose in PURPOSES]


def current(unit: Unit, member_id: str) -> dict[str, bool]:
    """What the member wants now, for every purpose; never asked is no."""
    wanted = dict.fromkeys(PURPOSES, False)
    wanted.update((row.purpose, row.given) for row in history(unit, member_id))
    return wanted


def may(unit: Unit, member_id: str, purpose: str) -> bool:
    """Whether the newest word on this purpose is yes."""
    newest = _newest(unit, member_id, purpose)
    return newest is not None and newest.given


def history(unit: Unit, member_id: str) -> list[Consent]:
    """All the member ever said, oldest first."""
    return list(unit.session.scalars(select(Consent).where(Consent.member_id == member_id).order_by(Consent.at, Consent.id)))


def change(unit: Unit, *, member_id: str, purpose: str, given: bool, language: str, surface: str) -> Consent:
    """The member changes one switch; saying the same again to the same words changes nothing.

    Raises Missing for somebody who is no member (any more), Invalid for an unknown purpose.
    """
    identity.member(unit, member_id)
    before = _newest(unit, member_id, purpose)
    after = give(unit, member_id=member_id, purpose=purpose, given=given, language=language, surface=surface)
    if after is not before:
        unit.record("consent.given" if given else "consent.withdrawn", "member", member_id, purpose=purpose, version=after.text_version)
    return after


def give(unit: Unit, *, member_id: str, purpose: str, given: bool, language: str, surface: str) -> Consent:
    """Append one word of the member (yes or no), or answer the standing one that says the same.

    Part of a larger act which writes the audit row; ``surface`` is where it was said
    (``[a-z0-9-]``, up to 20).
    """
    _check(purpose, given, surface)
    unit.session.scalar(select(Member.id).where(Member.id == member_id).with_for_update())
    words = texts.shown(purpose, language=language, brand=unit.session.get_one(Brand, unit.brand_id).name)
    newest = _newest(unit, member_id, purpose)
    if newest is not None and newest.given == given and (not given or newest.text_version == words.version):
        return newest
    # A later word must also read as later, whatever the clocks of two machines say.
    at = unit.now if newest is None else max(unit.now, newest.at + timedelta(microseconds=1))
    row = Consent(
        id=unit.new_id(),
        member_id=member_id,
        purpose=purpose,
        given=given,
        text_version=words.version,
        text_sha256=words.sha256,
        language=words.language,
        surface=surface,
        at=at,
    )
    unit.session.add(row)
    return row


def _newest(unit: Unit, member_id: str, purpose: str) -> Consent | None:
    query = select(Consent).where(Consent.member_id == member_id, Consent.purpose == purpose)
    return unit.session.scalar(query.order_by(Consent.at.desc(), Consent.id.desc()).limit(1))


def _check(purpose: str, given: bool, surface: str) -> None:
    errors = []
    if purpose not in PURPOSES:
        errors.append(flaw("/purpose", "choice", f"must be one of {', '.join(PURPOSES)}"))
    if not isinstance(given, bool):
        errors.append(flaw("/given", "boolean", "must be true or false"))
    if not isinstance(surface, str) or not _SURFACE.fullmatch(surface):
        errors.append(flaw("/surface", "pattern", "must be 1 to 20 of a-z, 0-9 and -"))
    if errors:
        raise Invalid(errors=errors)
