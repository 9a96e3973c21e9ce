"""Each step of a ladder is told once: by letter, to other systems, on the portal and in a calendar."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kernel.errors import Missing
from kernel.unit import system
from suppliers import reminders, requirements, webhooks
from suppliers.facts import ReminderWritten
from suppliers.models import Certificate, PaperReminder, Supplier, WebhookDelivery
from suppliers.reminders import writing
from suppliers.reminders.renewals import LAPSED
from tests.conftest import House
from tests.suppliers import shelf

END = date(2027, 6, 30)
STEPS = {step.name: step.due for step in requirements.ladder("food_production", END, "CN")}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


@pytest.fixture
def dairy(house: House) -> Supplier:
    house.now = noon(date(2026, 11, 22))
    who = shelf.supplier(house)
    with house.begin("brand_admin") as unit:
        unit.session.get_one(Supplier, who.id).email = "papers@dairy.example"
    return who


def a_paper(house: House, who: Supplier, *, standing: str = "verified", **changes: Any) -> str:
    """A paper that stands so, whatever the checks would say."""
    paper = shelf.hand_in(house, who, **{"valid_until": END, **changes})
    with house.begin("system") as unit:
        unit.session.get_one(Certificate, paper.id).standing = standing
    return paper.id


def on(house: House, day: date) -> list[str]:
    """The rungs told so far, after the chore of this day and the post."""
    house.now = noon(day)
    house.chore("remind of papers", now=house.now)
    deliver(house)
    with house.look() as unit:
        return [row.rung for row in unit.session.scalars(select(PaperReminder).order_by(PaperReminder.id))]


def deliver(house: House) -> None:
    """The letters only: what the checks would do is another room's."""
    for body in house.told("ReminderWritten"):
        fact = ReminderWritten(**body)
        with house.database.look(system(house.brand_id), now=house.now) as unit:
            posted = reminders.post_letter(unit, fact)
        with house.begin("system") as unit:
            reminders.on_reminder_written(unit, fact, posted)


def letters(house: House) -> list[dict[str, str]]:
    path = Path(house.settings.home) / "post.log"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_each_step_is_told_once_on_its_day(house: House, dairy: Supplier) -> None:
    a_paper(house, dairy)
    names = list(STEPS)
    assert on(house, STEPS[names[0]] - timedelta(days=1)) == []
    assert on(house, STEPS[names[0]]) == names[:1]
    assert on(house, STEPS[names[0]] + timedelta(days=1)) == names[:1]
    assert on(house, STEPS[names[1]]) == names[:2]
    assert on(house, STEPS[names[-1]]) == [*names[:2], names[-1]]
    assert on(house, END + timedelta(days=1)) == [*names[:2], names[-1], LAPSED]
    assert on(house, END + timedelta(days=200)) == [*names[:2], names[-1], LAPSED]
    sent = letters(house)
    assert [letter["to"] for letter in sent] == ["papers@dairy.example"] * 4
    assert shelf.NUMBERS["food_production"] in sent[0]["text"]


def test_a_paper_that_comes_late_makes_one_letter_and_not_one_for_each_step_past(house: House, dairy: Supplier) -> None:
    a_paper(house, dairy)
    assert on(house, STEPS["apply_by"]) == ["apply_by"]
    day = STEPS["apply_by"]
    assert f"最迟在{day.year}年{day.month}月{day.day}日当天提出" in letters(house)[0]["text"]


@pytest.mark.parametrize("standing", ["submitted", "needs_person", "rejected", "revoked", "suspended", "superseded"])
def test_a_paper_that_does_not_stand_reminds_nobody(house: House, dairy: Supplier, standing: str) -> None:
    a_paper(house, dairy, standing=standing)
    assert on(house, STEPS["apply_by"]) == []


@pytest.mark.parametrize(
    ("more", "silent"),
    [
        ({"standing": "verified"}, True),
        ({"standing": "submitted"}, True),
        ({"standing": "rejected"}, False),
        ({"site": "二厂", "standing": "verified"}, False),
        ({"kind": "business_licence", "standing": "verified"}, False),
    ],
)
def test_whoever_handed_the_new_one_in_is_not_reminded(house: House, dairy: Supplier, more: dict[str, Any], silent: bool) -> None:
    old = a_paper(house, dairy)
    a_paper(house, dairy, **{"valid_until": date(2032, 6, 30), "content": b"%PDF-1.7 the new one", **more})
    assert on(house, STEPS["apply_by"]) == ([] if silent else ["apply_by"])
    with house.look() as unit:
        assert (old in [each.certificate.id for each in reminders.upcoming(unit, dairy.id)]) is not silent


def test_a_paper_that_ended_long_ago_is_not_dug_out(house: House, dairy: Supplier) -> None:
    a_paper(house, dairy, standing="lapsed")
    assert on(house, END + timedelta(days=100)) == []
    assert on(house, END + timedelta(days=30)) == [LAPSED]


def test_without_an_address_the_portal_alone_knows(house: House, dairy: Supplier) -> None:
    with house.begin("brand_admin") as unit:
        unit.session.get_one(Supplier, dairy.id).email = None
    a_paper(house, dairy)
    assert on(house, STEPS["apply_by"]) == ["apply_by"]
    assert letters(house) == []
    with house.look() as unit:
        (found,) = reminders.upcoming(unit, dairy.id)
        assert unit.session.scalars(select(PaperReminder.to)).all() == [None]
    assert (found.due.name, found.due.reminded) == ("apply_by", True)  # type: ignore[union-attr]


def test_a_letter_on_its_way_is_kept_back_when_the_paper_was_renewed_meanwhile(house: House, dairy: Supplier) -> None:
    a_paper(house, dairy)
    house.now = noon(STEPS["apply_by"])
    house.chore("remind of papers", now=house.now)
    a_paper(house, dairy, valid_until=date(2032, 6, 30), content=b"%PDF-1.7 the new one")
    deliver(house)
    assert letters(house) == []


def test_other_systems_hear_of_it_without_number_or_name(house: House, dairy: Supplier) -> None:
    with house.begin("brand_admin") as unit:
        webhooks.add(unit, name="ERP", url="https://erp.example/", events=("paper.expiring",))
    paper = a_paper(house, dairy)
    on(house, STEPS["apply_by"])
    with house.begin("system") as unit:
        webhooks.on_reminder_written(unit, ReminderWritten(**house.told("ReminderWritten")[0]))
    with house.look() as unit:
        (row,) = unit.session.scalars(select(WebhookDelivery))
    told = {"rung": "apply_by", "due_on": STEPS["apply_by"].isoformat(), "valid_until": END.isoformat(), "standing": "verified"}
    assert row.body["data"] == {"certificate_id": paper, "supplier_id": dairy.id, "kind": "food_production", **told}


def test_upcoming_names_every_step_and_where_one_stands(house: House, dairy: Supplier) -> None:
    a_paper(house, dairy)
    a_paper(house, dairy, kind="business_licence", valid_until=None)
    house.now = noon(STEPS["apply_by"])
    with house.look() as unit:
        (found,) = reminders.upcoming(unit, dairy.id)
    assert {step.name: step.on for step in found.steps} == STEPS | {LAPSED: END + timedelta(days=1)}
    assert [step.name for step in found.steps if step.statutory] == ["apply_by"]
    assert (found.due.name, found.next.name) == ("apply_by", "urgent")  # type: ignore[union-attr]


def test_the_calendar_holds_the_days_to_come_and_rings_on_those_of_the_rules(house: House, dairy: Supplier) -> None:
    a_paper(house, dairy)
    house.now = noon(STEPS["apply_by"])
    with house.look() as unit:
        chinese, english = (reminders.calendar_file(unit, dairy.id, language=each) for each in ("zh", "en"))
    left = [name for name, day in STEPS.items() if day >= STEPS["apply_by"]]
    for text in (chinese, english):
        assert text.count("BEGIN:VEVENT") == len(left) + 1
        assert text.count("BEGIN:VALARM") == 1
        assert f"DTSTART;VALUE=DATE:{STEPS['apply_by']:%Y%m%d}" in text
    assert "SUMMARY:食品生产许可证：" in chinese.replace("\r\n ", "")
    titles = [line for line in english.replace("\r\n ", "").splitlines() if line.startswith("SUMMARY")]
    assert not any("\u4e00" <= letter <= "\u9fff" for title in titles for letter in title)


def test_a_supplier_sees_its_own_calendar_and_no_other(house: House, dairy: Supplier) -> None:
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    with house.begin("supplier", supplier_id=other.id) as unit, pytest.raises(Missing):
        reminders.upcoming(unit, dairy.id)
    with house.begin("quality", brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        reminders.calendar_file(unit, dairy.id)


def test_a_mended_end_has_its_steps_before_it_again(house: House, dairy: Supplier) -> None:
    paper = a_paper(house, dairy)
    assert on(house, STEPS["apply_by"]) == ["apply_by"]
    later = date(2028, 6, 30)
    again = {step.name: step.due for step in requirements.ladder("food_production", later, "CN")}
    with house.begin("system") as unit:
        unit.session.get_one(Certificate, paper).valid_until = later
    assert on(house, STEPS["apply_by"] + timedelta(days=1)) == ["apply_by"]
    with house.look() as unit:
        (found,) = reminders.upcoming(unit, dairy.id)
        assert not any(step.reminded for step in found.steps)
    assert on(house, again["apply_by"]) == ["apply_by", "apply_by"]
    with house.look() as unit:
        told = unit.session.scalars(select(PaperReminder.due_on).order_by(PaperReminder.id)).all()
    assert told == [STEPS["apply_by"], again["apply_by"]]


def test_a_letter_about_an_end_that_was_mended_meanwhile_is_kept_back(house: House, dairy: Supplier) -> None:
    paper = a_paper(house, dairy)
    house.now = noon(STEPS["apply_by"])
    house.chore("remind of papers", now=house.now)
    with house.begin("system") as unit:
        unit.session.get_one(Certificate, paper).valid_until = date(2028, 6, 30)
    deliver(house)
    assert letters(house) == []


def test_two_workers_at_once_make_one_reminder(house: House, dairy: Supplier, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked before the first had written: the key of the table stops it, and it goes on with the rest."""
    a_paper(house, dairy)
    house.now = noon(STEPS["apply_by"])
    with house.look("system") as unit:
        found = reminders.ripe(unit)
    house.chore("remind of papers", now=house.now)
    a_paper(house, dairy, kind="food_trade", content=b"%PDF-1.7 another")
    with house.look("system") as unit:
        found += reminders.ripe(unit)
    monkeypatch.setattr(writing, "reminded", lambda *_: frozenset())
    with house.begin("system") as unit:
        assert reminders.remind(unit, found) == len(found) - 1 == 1
    assert len(house.told("ReminderWritten")) == 2
