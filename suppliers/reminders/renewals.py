"""Which days of its renewal ladder each paper has behind it and before it: for reminders, the portal and a calendar.

A paper has a ladder when it is good or has lapsed, ends at all, belongs to the supplier and not to a lot, and has no
successor. A successor is a later paper of the same kind and place that is good, or is being looked at: whoever handed the new
one in has done their part and is not reminded. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from kernel.given import day_of
from kernel.unit import Unit
from suppliers import directory
from suppliers.certificates.succession import succeeds
from suppliers.models import Certificate, PaperReminder
from suppliers.reminders import ics
from suppliers.requirements import KINDS, ladder, market_of, words
from suppliers.standing import GOOD

LAPSED: Final = "lapsed"
"""The name of our own last step: the first day on which the paper no longer holds."""
OVER: Final = ("已经过期，请上传新证", "It has expired: upload the new one")
Told = tuple[str, str, date]
"""Paper, step and its day."""
ENDING: Final = (*GOOD, "lapsed")
COMING: Final = ("submitted", "needs_person")
"""Standings of a paper that may yet take the place of another."""


@dataclass(frozen=True)
class Step:
    """One day of a ladder. ``code``: the word that tells what to do. ``statutory``: the law or the scheme sets the day;
    ``opens``: from then on a renewal can be applied for, else until then. ``provisional``: a calendar that is not
    announced yet may move it. ``reminded``: it was told, by letter where there is an address."""

    name: str
    on: date
    code: str
    statutory: bool
    opens: bool
    provisional: bool
    reminded: bool


@dataclass(frozen=True)
class Renewal:
    """A paper that ends, with its steps, the earliest first. ``due``: the last step whose day has come; None before the first."""

    certificate: Certificate
    steps: list[Step]
    due: Step | None

    @property
    def next(self) -> Step | None:
        """The next day to come; None when all are past."""
        return next((step for step in self.steps if self.due is None or step.on > self.due.on), None)


def upcoming(unit: Unit, supplier_id: str) -> list[Renewal]:
    """The papers of a supplier that end and have no successor, by their last day. Raises Missing."""
    who = directory.supplier(unit, supplier_id)
    papers = list(unit.session.scalars(select(Certificate).where(Certificate.supplier_id == who.id).order_by(Certificate.id)))
    return renewals(papers, reminded(unit, [each.id for each in papers]), day_of(unit.now))


def renewals(papers: Sequence[Certificate], told: Collection[Told], today: date) -> list[Renewal]:
    """The same, of all papers of one supplier; ``told``: of ``reminded``."""
    ending = [each for each in papers if _ends(each) and not any(_comes_after(other, each) for other in papers)]
    found = [_renewal(each, told, today) for each in ending]
    return sorted(found, key=lambda each: (each.certificate.valid_until or date.max, each.certificate.id))


def reminded(unit: Unit, paper_ids: Iterable[str]) -> frozenset[Told]:
    """Paper, step and day of every reminder of these papers. The day belongs to it: when the end is mended, all is told anew."""
    known = select(PaperReminder.certificate_id, PaperReminder.rung, PaperReminder.due_on)
    rows = unit.session.execute(known.where(PaperReminder.certificate_id.in_(list(paper_ids)))).tuples()
    return frozenset((certificate_id, rung, due_on) for certificate_id, rung, due_on in rows)


def calendar_file(unit: Unit, supplier_id: str, *, language: str = "zh") -> str:
    """The days to come of all papers of a supplier as iCalendar (RFC 5545), in Chinese or English; those that the rules set ring."""
    who, chinese = directory.supplier(unit, supplier_id), language.startswith("zh")
    today = day_of(unit.now)
    days = []
    for each in upcoming(unit, who.id):
        paper, kind = each.certificate, KINDS[each.certificate.kind].name
        for step in each.steps:
            if step.on >= today:
                said = words().get(step.code, OVER)
                title = f"{kind.zh}：{said[0]}" if chinese else f"{kind.en}: {said[1]}"
                text = f"{kind.zh if chinese else kind.en} {paper.number}"
                days.append(ics.Day(f"{paper.id}-{step.name}@suyuan", step.on, title, text, alarm=step.statutory))
    return ics.written(days, name=f"{who.name} 资质到期" if chinese else f"{who.name}: papers that end", at=unit.now)


def _renewal(paper: Certificate, told: Collection[Told], today: date) -> Renewal:
    steps = [
        Step(
            each.name, each.due, each.code, each.statutory, each.name == "opens", each.provisional, (paper.id, each.name, each.due) in told
        )
        for each in ladder(paper.kind, paper.valid_until, market_of(paper.kind))
    ]
    if paper.valid_until is not None and paper.valid_until < date.max:
        after = paper.valid_until + timedelta(days=1)
        steps.append(Step(LAPSED, after, f"rung.{LAPSED}", False, False, False, (paper.id, LAPSED, after) in told))
    past = [step for step in steps if step.on <= today]
    return Renewal(paper, steps, past[-1] if past else None)


def _ends(paper: Certificate) -> bool:
    return paper.valid_until is not None and paper.standing in ENDING and paper.kind in KINDS and KINDS[paper.kind].scope == "supplier"


def _comes_after(other: Certificate, paper: Certificate) -> bool:
    """Whether ``other`` takes, or may yet take, the place of ``paper``."""
    return other.id != paper.id and other.standing in (*GOOD, *COMING) and succeeds(other, paper)
