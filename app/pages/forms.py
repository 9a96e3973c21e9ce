"""What a form says when it cannot be done: one sentence for the whole, one for each wrong field.

It must not know any page. A page catches the Trouble of its use case, draws itself again with
``slips`` in it, and nobody who has typed something meets a bare error page.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.pages.look import amount, tell
from app.problems import status_of
from app.words import known
from kernel.errors import Invalid, Missing, Trouble, flaw

WHOLE = re.compile(r"\d{1,12}", re.ASCII)
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
NUMBER = re.compile(r"\d{1,6}([.,]\d{1,3})?", re.ASCII)

FROM_ZERO: Final = ("/start", "/positions")
"""Positions, which rooms below count from 0 and people from 1."""


@dataclass(frozen=True)
class Slips:
    """``fields``: name → sentence; ``others``: sentences that belong to no field of the form."""

    status: int = 200
    fields: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(field or nothing, sentence), as the summary above a form wants them."""
        return [("", text) for text in self.others] + list(self.fields.items())


NONE = Slips()


def slips(trouble: Trouble, fields: Collection[str]) -> Slips:
    """What a trouble says to the form with these fields."""
    if not isinstance(trouble, Invalid) or not trouble.errors:
        return Slips(status_of(trouble), {}, [sentence(trouble)])
    told = Slips(status_of(trouble))
    for wrong in trouble.errors:
        name = str(wrong["pointer"]).strip("/").partition("/")[0]
        if name in fields:
            told.fields.setdefault(name, flaw_words(wrong))
        else:
            told.others.append(flaw_words(wrong))
    return told


def refused(trouble: Trouble, url: str) -> Response:
    """Back to a page, with the reason on top: for forms of a single line, where nothing much is lost.

    What is not there, or not ours, has no page to go back to.
    """
    if isinstance(trouble, Missing):
        raise trouble
    wrong = trouble.errors if isinstance(trouble, Invalid) else []
    flash(flaw_words(wrong[0]) if wrong else sentence(trouble), "stop")
    return redirect(url, 303)


def sentence(trouble: Trouble) -> str:
    """A trouble in the reader's language."""
    code = f"problem.{trouble.code}"
    return tell(code, trouble.more) if known(code) else _("现在还不能这样做。请刷新页面，看看它现在的状态。")


def flaw_words(wrong: dict[str, Any]) -> str:
    """One flaw in the reader's language."""
    if wrong["rule"] == "range":
        wrong = wrong | _bounds(wrong)
    for code in (f"flaw.{wrong['rule']}", f"rule.{wrong['rule']}"):
        if known(code):
            return tell(code, wrong)
    return str(_("这一项不对，请再看一下。"))


def _bounds(wrong: dict[str, Any]) -> dict[str, str | None]:
    """From where to where, as people count: from 1 unless it says otherwise. Nothing where the flaw does not name its end."""
    least, most = wrong.get("least", 1), wrong.get("most")
    if most is None:
        return {"least": None, "most": None}
    if wrong["pointer"] in FROM_ZERO:
        most += 1
    return {"least": amount(least), "most": amount(most)}


def line(name: str) -> str:
    """What was typed into a field; nothing when the field is not there. Where there are two of a name, the last
    counts: a button that sets a field comes after it."""
    return (request.form.getlist(name) or [""])[-1]


def key(name: str) -> str:
    """The id in a field, or nothing. Raises Missing for what cannot be one: a database fails when it is asked for U+0000."""
    text = line(name).strip()
    if text and not (text.isascii() and text.isalnum()):
        raise Missing("nothing has such an id")
    return text


def plain(text: str) -> str:
    """A number as people type it without blanks and the commas between thousands (1,000.5). Any other comma stays, so that whoever reads
    the number refuses it: 12,5 is twelve and a half to one and a slip of the finger to another."""
    typed = re.sub(r"\s", "", text).replace("，", ",")
    return typed.replace(",", "") if THOUSANDS.fullmatch(typed) else typed


def whole(name: str) -> int:
    """A whole number as people type it (1,000). Raises Invalid, naming the field."""
    typed = plain(line(name))
    if not WHOLE.fullmatch(typed):
        raise Invalid(errors=[flaw(f"/{name}", "whole", "must be a whole number")])
    return int(typed)


def number(name: str) -> float:
    """A number with up to three decimals (5.5, 5,5). Raises Invalid, naming the field."""
    typed = line(name).strip()
    if not NUMBER.fullmatch(typed):
        raise Invalid(errors=[flaw(f"/{name}", "number", "must be a number")])
    return float(typed.replace(",", "."))


def uploaded(name: str) -> bytes:
    """The bytes of a file that was chosen; none when there is none."""
    upload = request.files.get(name)
    return upload.read() if upload else b""


def whole_or_none(name: str) -> int | None:
    """The same, or None when nothing was typed."""
    return whole(name) if line(name).strip() else None
