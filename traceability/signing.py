"""Electronic signatures: who put their name to what, with which intent and why, and how we knew that it was they.

Source: 21 CFR 11.50 (printed name, date and time, meaning of the signing), 11.70 (bound to what was signed,
here by a digest of it), 11.100 and 11.200 (of one person, who proves again that they are it). How that was proved is
the door's business: here only the name of the method is kept.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Refused
from kernel.unit import Unit
from traceability.given import Given
from traceability.models import Signature

INTENTS: Final = ("hold.place", "hold.release", "hold.decline", "recall.propose", "recall.approve", "recall.decline")
METHODS: Final = ("password",)
SUBJECTS: Final = ("hold", "recall")
PERSONS: Final = frozenset({"quality", "brand_admin"})
"""Actors who put their name to holds and recalls. Nobody else does, the house itself neither."""

Content = bytes | dict[str, Any]


class MachinesDoNotSign(Refused):
    """A signature is a person's. A key, a device or a visitor can propose, and people decide."""

    code = "machines-do-not-sign"
    title = "Only a person can sign"


class NotSigned(Refused):
    """This is decided with a signature: whoever decides proves just then who they are, at the desk, with their password."""

    code = "not-signed"
    title = "A signature is missing"


@dataclass(frozen=True)
class Proof:
    """Somebody proved just now who they are: their printed name, and how."""

    name: str
    method: str = "password"


def sign(unit: Unit, proof: Proof | None, *, subject_kind: str, subject_id: str, intent: str, reason: str, content: Content) -> Signature:
    """Keep that this actor, printed as the proof names them, means ``intent`` of a subject as it stands in ``content``.

    Raises Invalid, MachinesDoNotSign, NotSigned."""
    proven = must_sign(unit, proof)
    name, method = proven.name, proven.method
    given = Given()
    given.choice("/subject_kind", subject_kind, SUBJECTS)
    given.choice("/intent", intent, INTENTS)
    given.choice("/method", method, METHODS)
    reason, name = given.text("/reason", reason, 300), given.text("/name", name, 80)
    given.done()
    made = Signature(
        id=unit.new_id(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        intent=intent,
        reason=reason,
        name=name,
        method=method,
        digest=digest(content),
        at=unit.now,
        by=unit.actor.id,
    )
    unit.session.add(made)
    unit.record("signed", subject_kind, subject_id, intent=intent, signature=made.id, method=method)
    unit.session.flush()
    return made


def of(unit: Unit, subject_kind: str, subject_id: str) -> list[Signature]:
    """Everything that people signed about one subject, oldest first."""
    return several(unit, subject_kind, [subject_id]).get(subject_id, [])


def several(unit: Unit, subject_kind: str, ids: list[str]) -> dict[str, list[Signature]]:
    """The same of several subjects, by id."""
    found: dict[str, list[Signature]] = {}
    query = select(Signature).where(Signature.subject_kind == subject_kind, Signature.subject_id.in_(ids))
    for each in unit.session.scalars(query.order_by(Signature.at, Signature.id)):
        found.setdefault(each.subject_id, []).append(each)
    return found


def holds_for(signature: Signature, content: Content) -> bool:
    """Whether this is what was signed, to the letter."""
    return signature.digest == digest(content)


def digest(content: Content) -> str:
    """SHA-256, hex; of a record its JSON with sorted keys and no blanks."""
    if not isinstance(content, bytes):
        content = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return hashlib.sha256(content).hexdigest()


def must_sign(unit: Unit, proof: Proof | None) -> Proof:
    """The proof that a person brought. Raises MachinesDoNotSign for whoever is none of PERSONS, NotSigned without a proof."""
    if unit.actor.kind not in PERSONS:
        raise MachinesDoNotSign(f"a {unit.actor.kind} cannot sign")
    if proof is None:
        raise NotSigned("nobody has proved who signs")
    return proof
