"""Lines between a supplier and the brand: each side its own, nobody another's, one letter until it is read."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kernel.errors import Invalid, Missing, Refused
from kernel.unit import system
from suppliers import messages
from suppliers.facts import MessageSaid
from suppliers.models import Supplier
from tests.conftest import House
from tests.suppliers import shelf


@pytest.fixture
def dairy(house: House) -> Supplier:
    who = shelf.supplier(house)
    with house.begin("brand_admin") as unit:
        unit.session.get_one(Supplier, who.id).email = "papers@dairy.example"
    return who


def say(house: House, who: Supplier, text: str, *, by: str = "quality", later: timedelta = timedelta(), **more: Any) -> str:
    """The id of what was said, its letter posted if there is one."""
    house.now += timedelta(seconds=1)  # ids of one moment have no order
    now = house.now + later
    with house.begin(by, now=now, **({"supplier_id": who.id} if by == "supplier" else {})) as unit:
        row = messages.say(unit, who.id, text, **more)
        fact = MessageSaid(row.id)
    with house.database.look(system(house.brand_id), now=now) as unit:
        posted = messages.post_letter(unit, fact)
    with house.begin("system", now=now) as unit:
        messages.on_message_said(unit, fact, posted)
    return fact.message_id


def letters(house: House) -> list[dict[str, str]]:
    path = Path(house.settings.home) / "post.log"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_both_sides_read_one_thread_newest_first(house: House, dairy: Supplier) -> None:
    first = say(house, dairy, "请补交检疫证明", by_name="王品控")
    second = say(house, dairy, "今天下午上传\n谢谢", by="supplier", by_name="李经理")
    for by in ("quality", "supplier"):
        with house.begin(by, supplier_id=dairy.id if by == "supplier" else None) as unit:
            said = messages.thread(unit, dairy.id)
            assert [(row.id, row.from_supplier, row.by_name) for row in said] == [(second, True, "李经理"), (first, False, "王品控")]
            assert [row.id for row in messages.thread(unit, dairy.id, limit=1)] == [second]
            assert [row.id for row in messages.thread(unit, dairy.id, before=second)] == [first]


def test_unread_is_what_the_other_side_said_and_nobody_read(house: House, dairy: Supplier) -> None:
    first = say(house, dairy, "一")
    say(house, dairy, "二")
    say(house, dairy, "三", by="supplier")
    with house.begin("supplier", supplier_id=dairy.id) as unit:
        assert (messages.unread(unit), messages.unread(unit, dairy.id)) == (2, 2)
        assert messages.mark_read(unit, dairy.id, first) == 1
        assert messages.unread(unit, dairy.id) == 1
        assert (messages.mark_read(unit, dairy.id), messages.mark_read(unit, dairy.id)) == (1, 0)
    with house.begin("quality") as unit:
        assert messages.unread_by_supplier(unit) == {dairy.id: 1}
        assert messages.mark_read(unit, dairy.id) == 1
        assert messages.unread(unit) == 0


def test_nobody_reads_or_writes_in_a_thread_that_is_not_theirs(house: House, dairy: Supplier) -> None:
    say(house, dairy, "一")
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    strangers: list[tuple[str, dict[str, Any]]] = [("supplier", {"supplier_id": other.id}), ("quality", {"brand_id": house.other_brand_id})]
    for kind, more in strangers:
        with house.begin(kind, **more) as unit:
            for act in (messages.thread, messages.unread, messages.mark_read):
                with pytest.raises(Missing):
                    act(unit, dairy.id)
            with pytest.raises(Missing):
                messages.say(unit, dairy.id, "hello")
            assert messages.unread_by_supplier(unit) == {}
    with house.begin("plant") as unit:
        for act in (messages.thread, messages.mark_read):
            with pytest.raises(Refused):
                act(unit, dairy.id)


def test_a_line_may_be_about_a_paper_of_this_supplier_and_of_no_other(house: House, dairy: Supplier) -> None:
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    mine, theirs = shelf.hand_in(house, dairy), shelf.hand_in(house, other)
    about = say(house, dairy, "编号不清楚", certificate_id=mine.id)
    say(house, dairy, "别的事")
    with house.begin("quality") as unit:
        assert [row.id for row in messages.thread(unit, dairy.id, certificate_id=mine.id)] == [about]
        for paper in (theirs.id, "nothing"):
            with pytest.raises(Missing):
                messages.say(unit, dairy.id, "x", certificate_id=paper)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001, "a\u202eb", "a\0b", 5])
def test_what_cannot_be_read_is_not_said(house: House, dairy: Supplier, text: Any) -> None:
    with house.begin("quality") as unit, pytest.raises(Invalid) as wrong:
        messages.say(unit, dairy.id, text)
    assert wrong.value.errors[0]["pointer"] == "/text"


def test_one_letter_until_it_is_read_and_never_the_words(house: House, dairy: Supplier) -> None:
    say(house, dairy, "秘密的话")
    say(house, dairy, "还有一句", later=timedelta(days=2))
    (letter,) = letters(house)
    assert letter["to"] == "papers@dairy.example"
    assert "/portal/messages" in letter["text"]
    assert "秘密" not in json.dumps(letters(house), ensure_ascii=False)
    with house.begin("supplier", supplier_id=dairy.id) as unit:
        messages.mark_read(unit, dairy.id)
    say(house, dairy, "第三句", later=timedelta(days=3))
    assert len(letters(house)) == 2


def test_whoever_is_there_and_writing_gets_no_letter(house: House, dairy: Supplier) -> None:
    say(house, dairy, "在吗", by="supplier")
    say(house, dairy, "在")
    assert letters(house) == []


def test_a_supplier_without_an_address_gets_none_and_the_brand_gets_none(house: House, dairy: Supplier) -> None:
    with house.begin("brand_admin") as unit:
        unit.session.get_one(Supplier, dairy.id).email = None
    say(house, dairy, "一")
    say(house, dairy, "二", by="supplier")
    assert letters(house) == []


def test_a_line_that_made_no_letter_silences_no_later_one(house: House, dairy: Supplier) -> None:
    """Answered while they were there, it was never posted about: the next day's line is."""
    say(house, dairy, "在吗", by="supplier")
    say(house, dairy, "在")
    assert letters(house) == []
    say(house, dairy, "第二天", later=timedelta(days=1))
    assert len(letters(house)) == 1
    say(house, dairy, "五天以后", later=timedelta(days=5))
    assert len(letters(house)) == 1, "one letter lies with them unread"
    with house.begin("quality") as unit:
        assert [row.posted_at is not None for row in messages.thread(unit, dairy.id)] == [False, True, False, False]


def test_an_address_that_comes_later_hears_of_the_next_line(house: House, dairy: Supplier) -> None:
    with house.begin("brand_admin") as unit:
        unit.session.get_one(Supplier, dairy.id).email = None
    say(house, dairy, "一")
    with house.begin("brand_admin") as unit:
        unit.session.get_one(Supplier, dairy.id).email = "papers@dairy.example"
    say(house, dairy, "二", later=timedelta(days=2))
    assert len(letters(house)) == 1
