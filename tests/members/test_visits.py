"""A visit is a scan with somebody behind it; the verdict needs nobody."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from kernel.unit import VISITOR
from members import consent, profile, visits
from members.models import Visit
from tests.conftest import House
from tests.members.goods import GTIN, shelf
from tests.members.people import join
from traceability.models import CodeRange


def _scan(house: House, serial: str, member_id: str | None = None, gtin: str = GTIN):  # type: ignore[no-untyped-def]
    with house.database.begin(VISITOR, now=house.now) as unit:
        return visits.record(unit, gtin=gtin, serial=serial, region="CN-3301", member_id=member_id)


def _visits(house: House) -> list[Visit]:
    with house.look() as unit:
        return list(unit.session.scalars(select(Visit)))


def test_a_members_scan_is_a_visit_and_a_strangers_is_only_a_scan(house: House) -> None:
    (serial, other) = shelf(house, L1=2)["L1"]
    member_id = join(house).member_id
    reading, visit = _scan(house, serial, member_id)
    assert (visit.member_id, visit.scan_id, visit.counter) == (member_id, reading.scan_id, reading.ref.counter)
    strangers, nothing = _scan(house, other)
    assert nothing is None
    assert strangers.verdict.kind == reading.verdict.kind
    assert [row.id for row in _visits(house)] == [visit.id]


def test_who_took_back_membership_or_left_or_is_nobody_here_leaves_no_visit(house: House) -> None:
    (serial,) = shelf(house, L1=1)["L1"]
    paused, gone = join(house).member_id, join(house, "13912345678").member_id
    with house.begin("member") as unit:
        consent.change(unit, member_id=paused, purpose="membership", given=False, language="zh", surface="my-page")
        profile.leave(unit, member_id=gone)
    for somebody in (paused, gone, "0" * 26):
        reading, visit = _scan(house, serial, somebody)
        assert visit is None
        assert reading.product.gtin == GTIN


def test_what_is_no_item_of_ours_is_no_visit(house: House) -> None:
    shelf(house, L1=1)
    member_id = join(house).member_id
    assert _scan(house, "AAAAAAAAAAAA", member_id)[1] is None
    assert _scan(house, "AAAAAAAAAAAA", member_id, gtin="06901234567908")[1] is None
    assert _visits(house) == []


def test_joining_adopts_the_scan_that_led_there_once(house: House) -> None:
    (serial,) = shelf(house, L1=1)["L1"]
    reading, _ = _scan(house, serial)
    first = join(house, scan_id=reading.scan_id)
    second = join(house, "13912345678", scan_id=reading.scan_id)
    assert (first.adopted, second.adopted) == (True, False)
    (visit,) = _visits(house)
    assert (visit.member_id, visit.scan_id, visit.at) == (first.member_id, reading.scan_id, house.now)


def test_scans_that_are_old_strange_or_of_no_item_are_not_adopted(house: House) -> None:
    serials = shelf(house, L1=1)
    (known, _), (unknown, _) = _scan(house, serials["L1"][0]), _scan(house, "AAAAAAAAAAAA")
    assert not join(house, now=house.now + timedelta(hours=24), scan_id=known.scan_id).adopted
    assert not join(house, "13912345671", scan_id=unknown.scan_id).adopted
    assert not join(house, "13912345672", scan_id="0" * 26).adopted
    assert _visits(house) == []


def test_a_scan_of_another_brand_is_not_adopted(house: House) -> None:
    (serial,) = shelf(house, L1=1)["L1"]
    reading, _ = _scan(house, serial)
    house.brand_id, house.other_brand_id = house.other_brand_id, house.brand_id
    assert not join(house, scan_id=reading.scan_id).adopted
    assert _visits(house) == []


def test_a_label_that_never_was_on_an_item_is_no_visit(house: House) -> None:
    (serial,) = shelf(house, L1=1)["L1"]
    member_id = join(house).member_id
    with house.begin() as unit:
        unit.session.execute(update(CodeRange).values(state="label_scrapped"))
    assert _scan(house, serial, member_id)[1] is None
    assert _visits(house) == []


def test_a_visit_is_known_by_its_scan_to_its_member_alone(house: House) -> None:
    (serial,) = shelf(house, L1=1)["L1"]
    members = [join(house, phone).member_id for phone in ("13800138001", "13912345678")]
    reading, _visit = _scan(house, serial, members[0])
    with house.look() as unit:
        assert [visits.is_kept(unit, member_id=each, scan_id=reading.scan_id) for each in members] == [True, False]
