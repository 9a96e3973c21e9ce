"""From a recalled lot to exactly the people who hold it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel.errors import Missing, Unavailable
from kernel.unit import VISITOR
from members import profile, recalls, visits
from members.facts import NoticeWritten
from members.models import Notice
from tests.app.conftest import statements
from tests.conftest import House
from tests.factories.recalls import a_recall
from tests.members.goods import GTIN, lot_id, shelf
from tests.members.people import E164, join, letters
from traceability.facts import LotsRecalled


def _scan(house: House, member_id: str, *serials: str) -> None:
    for serial in serials:
        with house.database.begin(VISITOR, now=house.now) as unit:
            visits.record(unit, gtin=GTIN, serial=serial, member_id=member_id)


def _recall(house: House, *codes: str) -> LotsRecalled:
    ids = [lot_id(house, code) for code in codes]
    with house.begin() as unit:
        recall = a_recall(unit, lot_ids=ids, reason="杀菌温度不足", advice="请勿饮用，可到店退款")
        return LotsRecalled(recall_id=recall.id, lot_ids=ids)


def _hear(house: House, fact: LotsRecalled) -> int:
    with house.begin("system") as unit:
        return recalls.on_lots_recalled(unit, fact)


def _notices(house: House) -> dict[str, Notice]:
    with house.look() as unit:
        return {notice.member_id: notice for notice in unit.session.scalars(select(Notice))}


def test_each_holder_gets_one_notice_and_nobody_else_does(house: House) -> None:
    serials = shelf(house, L1=3, L2=2, L3=2)
    one, two, three, healthy = (join(house, f"1381234567{n}").member_id for n in range(4))
    _scan(house, one, serials["L1"][0], serials["L1"][0], serials["L1"][2])
    _scan(house, two, serials["L1"][0], serials["L2"][1])
    _scan(house, three, serials["L2"][0])
    _scan(house, healthy, *serials["L3"], *serials[""])
    fact = _recall(house, "L1", "L2")
    assert (_hear(house, fact), _hear(house, fact)) == (3, 0)
    found = _notices(house)
    assert {member: (notice.lot_code, notice.items) for member, notice in found.items()} == {
        one: ("L1", 2),
        two: ("L1, L2", 2),
        three: ("L2", 1),
    }
    assert (found[one].product_zh, found[one].product_en) == ("鲜牛奶", "Fresh milk")
    assert {body["notice_id"] for body in house.told("NoticeWritten")} == {notice.id for notice in found.values()}


def test_the_notice_is_posted_once_without_asking_for_marketing_consent(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    serials = shelf(house, L1=1)
    member_id = join(house, marketing=False).member_id
    _scan(house, member_id, *serials["L1"])
    _hear(house, _recall(house, "L1"))
    fact = NoticeWritten(_notices(house)[member_id].id)
    before = len(letters(house))

    def away(_post: object, **_letter: str) -> None:
        raise Unavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(type(house.outside.post), "send", away)
        with pytest.raises(Unavailable), house.begin("system") as unit:
            recalls.on_notice_written(unit, fact, recalls.post_notice(unit, fact))
    for _ in range(2):
        with house.begin("system") as unit:
            recalls.on_notice_written(unit, fact, recalls.post_notice(unit, fact))
    (letter,) = letters(house)[before:]
    assert (letter["to"], letter["key"]) == (E164, fact.notice_id)
    assert all(word in letter["text"] for word in ("岚牧乳业", "鲜牛奶", "L1", "杀菌温度不足", "请勿饮用"))
    notice = _notices(house)[member_id]
    assert notice.sent_at == house.now
    with house.look() as unit:
        assert recalls.told(unit, notice.recall_id) == 1


def test_who_left_is_not_written_to(house: House) -> None:
    serials = shelf(house, L1=1)
    early, late = join(house).member_id, join(house, "13912345678").member_id
    for member_id in (early, late):
        _scan(house, member_id, *serials["L1"])
    with house.begin("member") as unit:
        profile.leave(unit, member_id=early)
    _hear(house, _recall(house, "L1"))
    assert set(_notices(house)) == {late}
    with house.begin("member") as unit:
        profile.leave(unit, member_id=late)
    before = len(letters(house))
    with house.begin("system") as unit:
        recalls.on_notice_written(
            unit, NoticeWritten(_notices(house)[late].id), recalls.post_notice(unit, NoticeWritten(_notices(house)[late].id))
        )
    assert len(letters(house)) == before


def test_the_member_reads_his_own_notice_and_the_first_time_counts(house: House) -> None:
    serials = shelf(house, L1=1)
    mine, other = join(house).member_id, join(house, "13912345678").member_id
    _scan(house, mine, *serials["L1"])
    _hear(house, _recall(house, "L1"))
    with house.look() as unit:
        (notice,) = profile.notices(unit, mine)
    for hours in (1, 2):
        with house.begin("member", now=house.now + timedelta(hours=hours)) as unit:
            assert profile.read(unit, member_id=mine, notice_id=notice.id).read_at == house.now + timedelta(hours=1)
    with house.begin("member") as unit, pytest.raises(Missing):
        profile.read(unit, member_id=other, notice_id=notice.id)


def test_names_that_find_no_room_end_in_an_ellipsis() -> None:
    assert recalls._together(["L1", "L2", "L1"], 40) == "L1, L2"
    long = recalls._together([f"L2411-{n:02d}" for n in range(9)], 40)
    assert len(long) <= 40
    assert long.endswith("…")


def test_the_holders_of_many_lots_are_one_question(house: House) -> None:
    serials = shelf(house, L1=3, L2=2, L3=2)
    one, two = (join(house, f"1381234567{n}").member_id for n in range(2))
    _scan(house, one, serials["L1"][0], serials["L2"][1])
    _scan(house, two, serials["L1"][0])
    ids = [lot_id(house, code) for code in ("L1", "L2", "L3")]
    with house.look() as unit, statements(house) as seen:
        assert (recalls.holders(unit, ids), recalls.holders(unit, ids[1:]), recalls.holders(unit, ids[2:])) == (2, 1, 0)
    assert len(seen) == 3
