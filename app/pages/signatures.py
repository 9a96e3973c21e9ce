"""How a person puts their name to a decision at the desk.

They prove who they are first; then the decision and its signature become true together.
"""

from __future__ import annotations

from typing import Any

from app.auth.passwords import Proof, prove
from app.pages.forms import line
from kernel.unit import Unit
from traceability import lots, recalls, signing


def proved() -> Proof:
    """That the password in the form is that of the one who is signed in. Before any unit is begun: hashing takes its time.
    Raises NoPassword, WrongPassword, TooManyTries."""
    return prove(line("password"))


def sign_hold(unit: Unit, proof: Proof, hold: Any, intent: str, reason: str) -> None:
    """``intent`` is hold.place or hold.release."""
    content = {"hold": hold.id, "lot": lots.get(unit, hold.lot_id).uri, "state": hold.state, "reason": reason}
    signing.sign(unit, subject_kind="hold", subject_id=hold.id, intent=intent, reason=reason, **_who(proof), content=content)


def sign_recall(unit: Unit, proof: Proof, recall: Any, intent: str, reason: str) -> None:
    """``intent`` is recall.propose, recall.approve or recall.decline. What is signed are the words and every lot."""
    content = recalls.content(recall, recalls.get(unit, recall.id)[1])
    signing.sign(unit, subject_kind="recall", subject_id=recall.id, intent=intent, reason=reason, **_who(proof), content=content)


def _who(proof: Proof) -> dict[str, str]:
    return {"name": proof.name, "method": proof.method}
