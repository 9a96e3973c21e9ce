"""What a case is called and why it is one, in the reader's words.

It reads the evidence that the rooms of traceability wrote, leniently: what a later release no longer
writes, or writes otherwise, is left out and never breaks a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask_babel import format_datetime, format_timedelta

from app.pages.look import amount, language, tell
from app.words import known
from traceability import regions

TONES: Final = {"open": "look", "confirmed": "stop", "dismissed": "good", "done": "good"}
MOST_PLACES: Final = 4


def place(code: str | None) -> str:
    """A region by its short name; a dash when nobody knows."""
    return regions.name(code, language()) if code else "—"


def places(codes: Any) -> str:
    """Some regions in a row, the first few by name."""
    named = [place(str(code)) for code in codes or ()]
    more = tell("suspect.more", {"count": len(named) - MOST_PLACES}) if len(named) > MOST_PLACES else ""
    mark = ", " if language() == "en" else "、"
    return mark.join(named[:MOST_PLACES]) + more


def chance(probability: float | None) -> str:
    """A probability as one says it: never 100 %, since nobody can know."""
    if probability is None:
        return ""
    return f"> {amount(99.9)} %" if probability > 0.999 else f"{amount(round(probability * 100, 1 if probability >= 0.99 else 0))} %"


def why(kind: str, evidence: Mapping[str, Any]) -> list[str]:
    """Why it is suspected, one sentence a reason, the weightiest first."""
    told = _OF[kind](evidence) if kind in _OF else []
    reports = _number(evidence.get("reports"))
    if reports:
        told.append(tell("suspect.reports", {"count": reports}))
    return told


def _copied(evidence: Mapping[str, Any]) -> list[str]:
    told = []
    for each in evidence.get("reasons") or ():
        name, params = (each[0], each[1]) if isinstance(each, list | tuple) and len(each) == 2 else ("", {})
        if isinstance(params, Mapping) and known(f"suspect.{name}"):
            told.append(tell(f"suspect.{name}", params))
    return [sentence for sentence in told if "{" not in sentence]  # a value was not told


def _roll(evidence: Mapping[str, Any]) -> list[str]:
    return [tell("suspect.roll", {name: _number(evidence.get(name)) for name in ("spread", "items", "expected")})]


def _diverted(evidence: Mapping[str, Any]) -> list[str]:
    outside = evidence.get("outside") or {}
    told = [tell("suspect.diverted", {"customer": evidence.get("customer"), "allowed": places(evidence.get("allowed"))})]
    if outside:
        told.append(tell("suspect.outside", {"items": _number(evidence.get("items")), "places": places(outside)}))
    return told


def _guessing(evidence: Mapping[str, Any]) -> list[str]:
    looks, unknown, usual = (_number(evidence.get(name)) for name in ("looks", "unknown", "usual"))
    told = [tell("suspect.guessing", {"looks": looks, "unknown": unknown})]
    if usual is not None and looks:
        share = {"share": round(100 * float(unknown or 0) / float(looks), 1), "usual": round(100 * float(usual), 2)}
        told.append(tell("suspect.share", share))
    return told


_OF: Final = {"copied": _copied, "roll": _roll, "diverted": _diverted, "guessing": _guessing}


def _number(value: Any) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def gap(since: timedelta | None) -> str:
    """How long after the look before: 3 分钟, 5 days."""
    return str(format_timedelta(since)) if since is not None else "—"


def clock(at: datetime) -> str:
    """The hour and the minute, in the house's time zone."""
    return str(format_datetime(at, "HH:mm"))


_ADDRESS: Final = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,12}://|www\.)\S+")


def defused(text: str) -> str:
    """A stranger's text with its web addresses broken, so that nobody follows one by mistake: hxxp[:]//evil[.]example."""
    return _ADDRESS.sub(_broken, text)


def _broken(found: re.Match[str]) -> str:
    address = re.sub("(?i)^http", "hxxp", found[0])
    return address.replace("://", "[:]//").replace(".", "[.]")
