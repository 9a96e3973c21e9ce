"""What the gate says, in words: at the form of a delivery, and wherever it is asked why something may not come in."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.pages.look import tell
from app.words import say


def why(code: str) -> str:
    """``gate.unlisted``, or ``gate.<state>:<kind of paper>``, as a sentence."""
    state, _colon, kind = code.partition(":")
    return tell(state, {"paper": say(f"paper.{kind}")}) if kind else say(code)


def brings(per_lot: Iterable[Iterable[str]]) -> str:
    """What each lot brings along: papers of which any one will do stand together."""
    groups = (_(" 或 ").join(say(f"paper.{kind}") for kind in kinds) for kinds in per_lot)
    return str(_("、").join(groups))
