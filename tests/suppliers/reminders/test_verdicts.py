"""A supplier hears by letter that a paper was turned away, stopped, or waits for words of theirs: once for each change, never why."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.pages.proposals import OF_CHECKS
from kernel.unit import system
from suppliers import certificates
from suppliers.facts import StandingChanged
from suppliers.models import StandingChange, Supplier
from suppliers.reminders import verdicts
from tests.conftest import House
from tests.suppliers import shelf

BAD = "SC10531011200176"
"""A licence number whose check digit does not hold."""


@pytest.fixture
def dairy(house: House) -> Supplier:
    who = shelf.supplier(house)
    with house.begin("brand_admin") as unit:
        unit.session.get_one(Supplier, who.id).email = "papers@dairy.example"
    return who


def letters(house: House) -> list[dict[str, str]]:
    path = Path(house.settings.home) / "post.log"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def deliver(house: House, fact: StandingChanged | None = None) -> bool:
    """The newest change of a standing on its way, as the relay would bring it."""
    fact = fact or StandingChanged(**house.told("StandingChanged")[-1])
    with house.database.look(system(house.brand_id), now=house.now) as unit:
        posted = verdicts.post_letter(unit, fact)
    with house.begin("system") as unit:
        verdicts.on_standing_changed(unit, fact, posted)
    return posted


def turned_away(house: House, who: Supplier) -> str:
    return shelf.check(house, shelf.hand_in(house, who, number=BAD)).id


def test_a_paper_that_was_turned_away_makes_one_letter_with_its_page_and_nothing_of_what_it_says(house: House, dairy: Supplier) -> None:
    paper = turned_away(house, dairy)
    assert (deliver(house), deliver(house)) == (True, True)
    (letter,) = letters(house)
    assert letter["to"] == "papers@dairy.example"
    assert letter["text"].count(f"https://id.example/portal/papers/{paper}") == 2
    assert "食品生产许可证" in letter["subject"]
    assert "ood production" in letter["subject"]
    assert [word for word in (BAD, shelf.USCC, "证书.pdf", "check.") if word in letter["text"] + letter["subject"]] == []


def test_mended_and_turned_away_again_is_another_letter(house: House, dairy: Supplier) -> None:
    paper = turned_away(house, dairy)
    deliver(house)
    house.now += timedelta(minutes=5)
    with house.begin("supplier", supplier_id=dairy.id) as unit:
        words = shelf.words(dairy, number="SC10531011200177")
        assert certificates.submit(unit, **words).id == paper
    with house.look() as unit:
        shelf.check(house, certificates.get(unit, paper))
    assert deliver(house)
    assert len({letter["key"] for letter in letters(house)}) == 2


@pytest.mark.parametrize(("decision", "standing"), [("reject", "revoked"), ("suspend", "suspended")])
def test_what_a_person_stopped_makes_a_letter_too(house: House, dairy: Supplier, decision: str, standing: str) -> None:
    paper = shelf.check(house, shelf.hand_in(house, dairy))
    assert (paper.standing, deliver(house)) == ("verified", False)
    house.now += timedelta(seconds=1)  # ids of one moment have no order
    with house.begin() as unit:
        certificates.decide(unit, certificate_id=paper.id, decision=decision, reason="张三说的")
    assert house.told("StandingChanged")[-1]["standing"] == standing
    assert deliver(house)
    (letter,) = letters(house)
    assert "张三" not in json.dumps(letter, ensure_ascii=False)


def test_waiting_for_a_person_makes_one_only_where_the_supplier_can_help(house: House, dairy: Supplier) -> None:
    paper = shelf.check(house, shelf.hand_in(house, dairy), shelf.CLEAN)
    assert paper.standing == "needs_person"
    assert not deliver(house), "nobody vouches for it: that is the desk's to answer"
    with house.begin("system") as unit:
        changed = unit.session.scalars(select(StandingChange).order_by(StandingChange.place.desc())).first()
        assert changed is not None
        told = {"certificate_id": paper.id, "place": changed.place + 1, "standing": "needs_person", "at": unit.now, "by": "-"}
        unit.session.add(StandingChange(id=unit.new_id(), because=["check.scope.partly"], **told))
    assert deliver(house, StandingChanged(paper.id, dairy.id, "needs_person", "submitted", changed.place + 1))
    (letter,) = letters(house)
    assert "请看一下" in letter["subject"]


Make = Callable[[House, Supplier], Any]


def no_address(house: House, who: Supplier) -> None:
    with house.begin("brand_admin") as unit:
        unit.session.get_one(Supplier, who.id).email = None


def mended(house: House, who: Supplier) -> None:
    with house.begin("supplier", supplier_id=who.id) as unit:
        certificates.submit(unit, **shelf.words(who))


@pytest.mark.parametrize("make", [no_address, mended])
def test_no_letter_without_an_address_or_after_it_was_mended(house: House, dairy: Supplier, make: Make) -> None:
    turned_away(house, dairy)
    make(house, dairy)
    assert not deliver(house)
    assert letters(house) == []


def test_what_a_supplier_can_mend_is_what_the_page_lets_them_mend() -> None:
    assert {*OF_CHECKS, "agreement"} == verdicts.MENDABLE
