"""Joining and coming back are one act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel.errors import Invalid
from members import consent, enrolment
from members.models import Identity, Member
from tests.conftest import House
from tests.members.people import PHONE, ask, at_the_door, join, wrong

SAID = {"language": "zh", "surface": "scan"}


def _count(house: House, kind: type) -> int:
    with house.look() as unit:
        return unit.session.scalar(select(func.count()).select_from(kind))


def test_a_known_phone_comes_back_as_the_same_member_and_an_unticked_box_withdraws_nothing(house: House) -> None:
    first = join(house, marketing=True)
    again = join(house, "+86 138-1234-5678", now=house.now + timedelta(days=1))
    assert (first.new, again.new) == (True, False)
    assert first.member_id == again.member_id
    with house.look() as unit:
        assert consent.current(unit, first.member_id) == {"membership": True, "marketing": True}
        known = unit.session.scalar(select(Identity))
        assert (known.hint, known.proven_at) == ("78", house.now + timedelta(days=1))
    assert _count(house, Member) == 1


def test_a_wrong_code_makes_nobody_and_still_costs_a_try(house: House) -> None:
    challenge_id, code = ask(house)
    for left in (4, 3):
        with at_the_door(house) as unit:
            joined = enrolment.join(unit, challenge_id=challenge_id, code=wrong(code), consents={"membership": True}, **SAID)
        assert joined == enrolment.Joined(None, left, reason="join.wrong")
    with at_the_door(house) as unit:
        joined = enrolment.join(unit, challenge_id="0" * 26, code=code, consents={"membership": True}, **SAID)
    assert joined == enrolment.Joined(None, 0, reason="join.worn-out")
    assert _count(house, Member) == 0


@pytest.mark.parametrize("consents", [{}, {"membership": False}, {"membership": True, "sale": True}, {"membership": "yes"}])
def test_nobody_joins_without_agreeing_and_the_code_stays_good(house: House, consents: dict[str, bool]) -> None:
    challenge_id, code = ask(house)
    with pytest.raises(Invalid), at_the_door(house) as unit:
        enrolment.join(unit, challenge_id=challenge_id, code=code, consents=consents, **SAID)
    with at_the_door(house) as unit:
        assert enrolment.join(unit, challenge_id=challenge_id, code=code, consents={"membership": True}, **SAID).new


def test_one_phone_is_another_member_at_another_brand(house: House) -> None:
    mine = join(house).member_id
    house.brand_id, house.other_brand_id = house.other_brand_id, house.brand_id
    theirs = join(house, PHONE)
    assert theirs.new
    assert theirs.member_id != mine
