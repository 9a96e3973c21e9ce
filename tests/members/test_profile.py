"""The member's own page, and the way out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel.audit import AuditEntry
from kernel.errors import Missing
from kernel.unit import VISITOR
from members import consent, profile, visits
from members.models import Challenge, Consent, Identity, Visit
from tests.conftest import House
from tests.members.goods import GTIN, lot_id, shelf
from tests.members.people import join
from traceability import codes, holds


def _scan(house: House, member_id: str, serial: str, hours: int) -> None:
    with house.database.begin(VISITOR, now=house.now + timedelta(hours=hours)) as unit:
        visits.record(unit, gtin=GTIN, serial=serial, member_id=member_id)


def test_items_are_distinct_and_stand_as_they_stand_now(house: House) -> None:
    serials = shelf(house, L1=1, L2=1)
    member_id = join(house).member_id
    for serial, hours in ((serials["L1"][0], 0), (serials["L1"][0], 2), (serials["L2"][0], 1), (serials[""][0], 3)):
        _scan(house, member_id, serial, hours)
    lot = lot_id(house, "L2")
    with house.begin() as unit:
        holds.place(unit, lot_id=lot, cause="person", cause_id="case-1", reason="味道")
    with house.look() as unit:
        found = profile.items(unit, member_id)
        links = codes.links(unit, codes.orders(unit)[0].id)
    assert [(item.lot and item.lot.code, item.standing, item.times) for item in found] == [
        (None, "encoded", 1),
        ("L1", "clear", 2),
        ("L2", "held", 1),
    ]
    assert (found[1].first_at, found[1].last_at) == (house.now, house.now + timedelta(hours=2))
    assert found[1].product.name_zh == "鲜牛奶"
    assert [item.link for item in found] == [links[2], links[0], links[1]]


def test_what_we_know_is_told_without_the_number(house: House) -> None:
    serials = shelf(house, L1=1)
    member_id = join(house).member_id
    _scan(house, member_id, serials["L1"][0], 1)
    with house.look() as unit:
        told = {thing.what: (thing.value, thing.since) for thing in profile.known(unit, member_id)}
    assert told == {
        "phone": ("78", house.now),
        "language": ("zh", house.now),
        "consent.membership": (True, house.now),
        "consent.marketing": (False, house.now),
        "visits": (1, house.now + timedelta(hours=1)),
    }


def test_who_leaves_is_forgotten_except_for_the_proof_of_consent(house: House) -> None:
    serials = shelf(house, L1=1)
    stays, goes = join(house, "13912345678").member_id, join(house, marketing=True).member_id
    for member_id in (stays, goes):
        _scan(house, member_id, serials["L1"][0], 0)
    with house.begin("member") as unit:
        profile.leave(unit, member_id=goes)
    with house.look() as unit:
        assert set(unit.session.scalars(select(Visit.member_id))) == {stays}
        assert set(unit.session.scalars(select(Identity.member_id))) == {stays}
        assert unit.session.scalar(select(func.count()).select_from(Challenge)) == 1
        assert consent.current(unit, goes) == {"membership": False, "marketing": False}
        assert unit.session.scalar(select(func.count()).where(Consent.member_id == goes)) == 4
        assert "1381234" not in repr([(row.verb, row.subject_id, row.detail) for row in unit.session.scalars(select(AuditEntry))])
        for ask in (profile.items, profile.notices, profile.known):
            with pytest.raises(Missing):
                ask(unit, goes)
    with house.begin("member") as unit, pytest.raises(Missing):
        profile.leave(unit, member_id=goes)
    assert join(house, now=house.now + timedelta(days=1)).new
