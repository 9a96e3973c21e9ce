"""A visitor becomes a member after a scan; a recall reaches exactly those who hold an item."""

from __future__ import annotations

import re

from app.demo import Home, Visitor, decide, join, make_lot, verdict_of, wait_for


def test_a_recall_is_told_once_to_each_holder_and_to_nobody_else(home: Home) -> None:
    lot, other = (
        make_lot(home, name="PEOPLE-1", minutes=40, count=20, bound=10),
        make_lot(home, name="PEOPLE-2", minutes=40, count=20, bound=10),
    )
    holder = join(home, lot.links[0], "+8613900000001")
    holder.get(home.here(lot.links[1]))
    join(home, other.links[0], "+8613900000002")
    before = len(home.letters())
    decide(home, home.machine.post("/recalls", {"lot_ids": [lot.lot_id], "reason": "封口不严", "advice": "请勿食用"})["id"])
    wait_for(lambda: home.letters()[before:])
    assert verdict_of(Visitor(home.url).get(home.here(lot.links[5]))) == "recalled"
    page = holder.get("/me")
    assert "PEOPLE-1" in page
    assert "封口不严" in page
    told = home.letters()[before:]
    assert [letter["to"] for letter in told] == ["+8613900000001"]


def test_a_wrong_code_costs_a_try_and_a_used_one_opens_nothing(home: Home) -> None:
    lot = make_lot(home, name="PEOPLE-3", minutes=40, count=20, bound=10)
    visitor = Visitor(home.url)
    visitor.get(home.here(lot.links[0]))
    before = len(home.letters())
    ask(visitor, "+8613900000003")
    letter = wait_for(lambda: home.letters()[before:])[-1]
    code = re.findall(r"\d{6}", letter["text"])[0]
    visitor.post("/join/code", code="000000" if code != "000000" else "111111")
    assert "/me/out" not in visitor.get("/me")
    visitor.get("/join/code")
    visitor.post("/join/code", code=code)
    assert "PEOPLE-3" in visitor.get("/me")
    thief = Visitor(home.url)
    thief.get(home.here(lot.links[1]))
    ask(thief, "+8613900000004")
    thief.post("/join/code", code=code)
    assert "PEOPLE-3" not in thief.get("/me")


def ask(visitor: Visitor, phone: str) -> None:
    visitor.post("/join/open", ticket=visitor.field("ticket"))
    visitor.post("/join", phone=phone, ticket=visitor.field("ticket"), membership="yes")


def test_whoever_is_not_signed_in_sees_no_members_page_and_leaving_forgets(home: Home) -> None:
    assert "/me/out" not in Visitor(home.url).get("/me")
    lot = make_lot(home, name="PEOPLE-4", minutes=40, count=20, bound=10)
    visitor = join(home, lot.links[0], "+8613900000005")
    assert "PEOPLE-4" in visitor.get("/me")
    visitor.post("/me/leave")
    assert "PEOPLE-4" not in visitor.get("/me")
    before = len(home.letters())
    decide(home, home.machine.post("/recalls", {"lot_ids": [lot.lot_id], "reason": "测试", "advice": "测试"})["id"])
    wait_for(lambda: verdict_of(Visitor(home.url).get(home.here(lot.links[2]))) == "recalled")
    assert [letter for letter in home.letters()[before:] if letter["to"] == "+8613900000005"] == []
