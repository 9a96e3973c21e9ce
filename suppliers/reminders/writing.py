"""Remind a supplier once for each step of a paper's ladder: a row, a letter by the post, an event for other systems.

Of several steps that are due at once only the last is told: a paper that comes in three weeks before its end makes one letter,
not three. A supplier without an address sees it on the portal; the row says that no letter went out.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import load_only

from kernel.given import day_of
from kernel.orm import Brand
from kernel.unit import Unit
from suppliers.facts import ReminderWritten
from suppliers.models import Certificate, PaperReminder, Supplier
from suppliers.reminders import letters
from suppliers.reminders.renewals import ENDING, LAPSED, Renewal, reminded, renewals
from suppliers.requirements import KINDS

KEPT_REMINDING: Final = timedelta(days=30)
"""So long after its end a paper that came in late is still worth a letter."""
AHEAD: Final = timedelta(days=400)
"""No ladder begins earlier."""
AT_ONCE: Final = 200
"""Suppliers whose papers are read together."""
_READ: Final = tuple(
    getattr(Certificate, name) for name in ("supplier_id", "kind", "number", "valid_until", "standing", "site", "products")
)


class Ripe(NamedTuple):
    """A step of a paper's ladder that has come and was not told yet."""

    certificate_id: str
    supplier_id: str
    rung: str
    due_on: date


def ripe(unit: Unit) -> list[Ripe]:
    """What is to be told today. It only reads, however many papers there are."""
    today = day_of(unit.now)
    near = Certificate.valid_until.between(today - KEPT_REMINDING - timedelta(days=1), today + AHEAD)
    asked = select(Certificate.supplier_id).where(Certificate.standing.in_(ENDING), near).distinct().order_by(Certificate.supplier_id)
    ids = unit.session.scalars(asked).all()
    found: list[Ripe] = []
    for at in range(0, len(ids), AT_ONCE):
        query = select(Certificate).options(load_only(*_READ)).where(Certificate.supplier_id.in_(ids[at : at + AT_ONCE]))
        papers = unit.session.scalars(query.order_by(Certificate.supplier_id, Certificate.id)).all()
        told = reminded(unit, [each.id for each in papers])
        for _, own in groupby(papers, key=lambda paper: paper.supplier_id):
            found += [Ripe(each.certificate.id, *_step(each)) for each in renewals(list(own), told, today) if _is_ripe(each, today)]
        unit.session.expunge_all()
    return found


def remind(unit: Unit, found: list[Ripe]) -> int:
    """Write a reminder for each of these steps (a chore); how many were new. Another worker may be at it at the same moment: each
    step is written, and told, by one of them."""
    emails = dict(unit.session.execute(select(Supplier.id, Supplier.email)).tuples().all())
    fresh: list[Ripe] = []
    for at in range(0, len(found), AT_ONCE):
        some = found[at : at + AT_ONCE]
        told = reminded(unit, [each.certificate_id for each in some])
        fresh += [each for each in some if (each.certificate_id, each.rung, each.due_on) not in told]
    return sum(_written(unit, each, emails.get(each.supplier_id)) for each in fresh)


def post_letter(unit: Unit, fact: ReminderWritten) -> bool:
    """Hand the letter to the post, before and outside the transaction that notes it; False when there is no address, or
    the paper has been renewed, or its end mended, meanwhile. The reminder's id is the letter's key, so that posting again is one letter."""
    row = unit.session.get_one(PaperReminder, fact.reminder_id)
    paper = unit.session.get_one(Certificate, row.certificate_id)
    who = unit.session.get_one(Supplier, paper.supplier_id)
    own = list(unit.session.scalars(select(Certificate).where(Certificate.supplier_id == who.id)))
    found = next((each for each in renewals(own, (), day_of(unit.now)) if each.certificate.id == paper.id), None)
    if row.to is None or found is None or not any((each.name, each.on) == (row.rung, row.due_on) for each in found.steps):
        return False
    brand = unit.session.get_one(Brand, row.brand_id).name
    letter = letters.ending(_ending(unit, found), brand=brand, supplier=who.name, portal=f"{unit.outside.public_url}/portal")
    to, key = row.to, row.id
    unit.rest()
    unit.outside.post.send(to=to, subject=letter.subject, text=letter.text, key=key)
    return True


def on_reminder_written(unit: Unit, fact: ReminderWritten, posted: bool) -> None:
    """Note whether a letter went out."""
    unit.record("paper.reminded" if posted else "paper.reminder_kept", "paper_reminder", fact.reminder_id)


def _written(unit: Unit, step: Ripe, to: str | None) -> bool:
    """Whether it was ours to write."""
    row = PaperReminder(id=unit.new_id(), certificate_id=step.certificate_id, rung=step.rung, due_on=step.due_on, at=unit.now, to=to)
    try:
        with unit.session.begin_nested():
            unit.session.add(row)
            unit.session.flush()
    except IntegrityError:
        return False
    unit.tell(ReminderWritten(row.id))
    return True


def _is_ripe(renewal: Renewal, today: date) -> bool:
    step = renewal.due
    return step is not None and not step.reminded and not (step.name == LAPSED and today - step.on > KEPT_REMINDING)


def _step(renewal: Renewal) -> tuple[str, str, date]:
    assert renewal.due is not None
    return renewal.certificate.supplier_id, renewal.due.name, renewal.due.on


def _ending(unit: Unit, renewal: Renewal) -> letters.Ending:
    paper, kind = renewal.certificate, KINDS[renewal.certificate.kind]
    assert paper.valid_until is not None
    statutory = [step for step in renewal.steps if step.statutory]
    opens = next((step.on for step in statutory if step.opens), None)
    apply_by = next((step.on for step in reversed(statutory) if not step.opens), None)
    return letters.Ending(
        kind_zh=kind.name.zh,
        kind_en=kind.name.en,
        number=paper.number,
        valid_until=paper.valid_until,
        opens=opens,
        apply_by=apply_by,
        today=day_of(unit.now),
    )
