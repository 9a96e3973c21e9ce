"""What a stranger may read of a paper that a lot leans on: how it stood when the lot was made, what became of it, what was checked.

It tells no more than ``traceability.disclosure`` lets through. What a check compared (names, numbers, places) stays with the staff and
the supplier: here each check is told as the question that was asked, and its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _

from app.pages.findings import Found
from app.pages.look import day, tell
from app.words import known, say
from kernel.given import day_of
from suppliers.checks import CHECKS
from suppliers.standing import GOOD
from traceability import disclosure
from traceability.passport import CheckSeen, Paper

RESULTS: Final = ("passed", "inconclusive", "failed")
NOT_CONCERNED: Final = frozenset(
    {
        "check.accreditation.not_asked",
        "check.binding.no_credential",
        "check.host.no_link",
        "check.lots.not_limited",
        "check.proof.no_credential",
        "check.reuse.not_limited",
        "check.scope.not_limited",
        "check.status.no_credential",
    }
)
"""Answers of checks that do not concern a paper of this kind: neither checked nor left unchecked."""
UNTOLD: Final = ("antivirus", "provenance")
"""Checks that protect the house, and say nothing of the goods."""
TONES: Final = {"superseded": "quiet", "verified": "good", "expiring": "good", "needs_person": "busy", "submitted": "busy"}


@dataclass(frozen=True)
class PaperTold:
    """A paper and what was found, by result: what was right, what could not be checked, what was wrong. ``facts``: the words on it
    that are for everybody, label and value. ``then``: (tone, sentence) of how it stood when the lot was made or came in;
    ``since``: the same of what has become of it, None when nothing has."""

    paper: Paper
    passed: list[Found]
    inconclusive: list[Found]
    failed: list[Found]
    facts: list[tuple[str, str]] = field(default_factory=list)
    then: tuple[str, str] | None = None
    since: tuple[str, str] | None = None
    shows_checks: bool = True


def paper_told(paper: Paper, *, made: bool = True) -> PaperTold:
    """``made``: the moment asked about is the one when the lot was made; else when it came in."""
    by_result: dict[str, list[Found]] = {result: [] for result in RESULTS}
    for each in paper.checked:
        if each.because in NOT_CONCERNED or each.name in UNTOLD:
            continue
        by_result.setdefault(each.result, by_result["inconclusive"]).append(_asked(each))
    return PaperTold(
        paper,
        by_result["passed"],
        by_result["inconclusive"],
        by_result["failed"],
        facts=list(_facts(disclosure.of(paper), paper.lot_codes)),
        then=_then(paper, "made" if made else "came"),
        since=_since(paper),
        shows_checks="checks" in disclosure.shown(paper.kind),
    )


def questions(papers: Iterable[PaperTold]) -> list[tuple[str, str]]:
    """(Name, question) of every check that these papers name, in the order in which a person reads them: told once for all."""
    named = {each.name: each.sentence for told in papers if told.shows_checks for each in (*told.failed, *told.passed, *told.inconclusive)}
    return [(say(f"check.{name}"), named[name]) for name in (*CHECKS, *(set(named) - set(CHECKS))) if named.get(name)]


def _asked(check: CheckSeen) -> Found:
    question = f"asked.{check.name}"
    return Found(check.name, check.result, check.because, say(question) if known(question) else "", [])


def _facts(public: Mapping[str, Any], lot_codes: Iterable[str]) -> Iterable[tuple[str, str]]:
    if "number_tail" in public:
        yield _("编号末几位"), public["number_tail"]
    if "issuer" in public:
        yield _("发证机关"), public["issuer"]
    if "issued_on" in public:
        yield _("签发日期"), day(public["issued_on"])
    if "valid_from" in public:
        yield (
            _("有效期"),
            f"{day(public['valid_from'])}–{_end(public['valid_until'])}" if "valid_until" in public else day(public["valid_from"]),
        )
    for name, label in (("scope", _("范围")), ("products", _("产品")), ("lots", _("供应商的批号")), ("accreditation", _("机构资质号"))):
        if name in public:
            value = public[name]
            yield label, value if isinstance(value, str) else _("、").join(value)
    yield _("对应批次"), _("、").join(lot_codes)


def _end(until: date | None) -> str:
    return day(until) if until else str(_("长期"))


def _then(paper: Paper, moment: str) -> tuple[str, str] | None:
    stood = paper.as_of
    if stood is None:
        return None
    if stood.good_then:
        return "good", say(f"asof.{moment}.good")
    if stood.then in ("submitted", "needs_person"):
        return "look", say(f"asof.{moment}.unchecked")
    if stood.then in (*GOOD, "superseded"):
        return "look", say(f"asof.{moment}.outside")
    return "stop", tell(f"asof.{moment}.fallen", {"standing": say(f"standing.{stood.then}")})


def _since(paper: Paper) -> tuple[str, str] | None:
    """What has become of it, when that is something else than it was."""
    stood = paper.as_of
    if stood is None or stood.since is None or stood.now == stood.then or (stood.now in GOOD and stood.then in GOOD):
        return None
    return TONES.get(stood.now, "stop"), tell(f"asof.now.{stood.now}", {"since": day_of(stood.since)})
