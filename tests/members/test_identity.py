"""One-time codes: few, short-lived, posted once, judged without telling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.outside import RootKeyring
from kernel.audit import AuditEntry
from kernel.errors import Missing, Unavailable
from members import identity, phones
from members.facts import CodeAsked
from members.models import Challenge
from tests.conftest import House
from tests.members.people import E164, PHONE, ask, at_the_door, join, letters, wrong


def _prove(house: House, challenge_id: str, code: str, after: timedelta = timedelta(0)) -> identity.Proof:
    with at_the_door(house, house.now + after) as unit:
        return identity.prove(unit, challenge_id=challenge_id, code=code)


def test_the_code_comes_by_post_and_proves_the_phone_once(house: House) -> None:
    challenge_id, code = ask(house, "138 1234 5678")
    assert [(letter["to"], letter["key"]) for letter in letters(house)] == [(E164, challenge_id)]
    assert letters(house)[0]["text"].startswith("【岚牧乳业】")
    proof = _prove(house, challenge_id, f" {code[:3]} {code[3:]}")
    assert (proof.ok, proof.phone) == (True, E164)
    assert _prove(house, challenge_id, code) == identity.Proof(ok=False, tries_left=0)


def test_a_wrong_code_costs_a_try_that_stays_spent(house: House) -> None:
    challenge_id, code = ask(house)
    assert [_prove(house, challenge_id, wrong(code)).tries_left for _ in range(5)] == [4, 3, 2, 1, 0]
    assert _prove(house, challenge_id, code) == identity.Proof(ok=False, tries_left=0)


def test_expired_and_unknown_challenges_and_those_of_another_brand_answer_alike(house: House) -> None:
    challenge_id, code = ask(house)
    nothing = identity.Proof(ok=False, tries_left=0)
    assert _prove(house, challenge_id, code, after=timedelta(minutes=5)) == nothing
    assert _prove(house, "0" * 26, code) == nothing
    with house.begin("visitor", brand_id=house.other_brand_id) as unit:
        assert identity.prove(unit, challenge_id=challenge_id, code=code) == nothing
    assert _prove(house, challenge_id, code, after=timedelta(seconds=299)).ok


def test_a_number_gets_a_code_a_minute_and_five_a_day(house: House) -> None:
    for minute in range(5):
        ask(house, now=house.now + timedelta(minutes=minute))
        if minute == 0:
            with pytest.raises(identity.CodesTooOften) as caught, at_the_door(house, house.now + timedelta(seconds=45)) as unit:
                identity.ask_code(unit, phone=PHONE)
            assert caught.value.more == {"retry_after": 15}
    with pytest.raises(identity.CodesTooOften) as caught, at_the_door(house, house.now + timedelta(hours=23)) as unit:
        identity.ask_code(unit, phone=PHONE)
    assert caught.value.more == {"retry_after": 3600}
    ask(house, "13912345678")
    ask(house, now=house.now + timedelta(hours=24))


def test_who_asks_or_proves_many_times_at_once_succeeds_once(house: House) -> None:
    def ask_at_once(_n: int) -> bool:
        try:
            with at_the_door(house) as unit:
                return bool(identity.ask_code(unit, phone="13912345678"))
        except identity.CodesTooOften:
            return False

    challenge_id, code = ask(house)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask_at_once, range(4))) == 1
        assert sum(pool.map(lambda _n: _prove(house, challenge_id, code).ok, range(4))) == 1


def test_a_code_is_posted_once_and_forgotten_when_the_post_has_it(house: House) -> None:
    challenge_id, code = ask(house, language="en-GB")
    with house.begin("system") as unit:
        identity.on_code_asked(unit, CodeAsked(challenge_id), identity.post_code(unit, CodeAsked(challenge_id)))
    assert len(letters(house)) == 1
    assert "your code is" in letters(house)[0]["text"]
    with house.look() as unit:
        row = unit.session.scalar(select(Challenge))
        assert row.locked_code is None
        kept = row.matching + row.locked_phone + row.code_mac
    assert code.encode() not in kept
    assert b"13812345678" not in kept


def test_when_the_post_is_away_the_code_waits_for_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with at_the_door(house) as unit:
        challenge_id = identity.ask_code(unit, phone=PHONE)

    def away(_post: object, **_letter: str) -> None:
        raise Unavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(type(house.outside.post), "send", away)
        with pytest.raises(Unavailable), house.begin("system") as unit:
            identity.on_code_asked(unit, CodeAsked(challenge_id), identity.post_code(unit, CodeAsked(challenge_id)))
    with house.begin("system") as unit:
        identity.on_code_asked(unit, CodeAsked(challenge_id), identity.post_code(unit, CodeAsked(challenge_id)))
    assert [letter["key"] for letter in letters(house)] == [challenge_id]


def test_a_code_that_died_waiting_is_not_posted(house: House) -> None:
    with at_the_door(house) as unit:
        challenge_id = identity.ask_code(unit, phone=PHONE)
    with house.begin("system", now=house.now + timedelta(minutes=5)) as unit:
        identity.on_code_asked(unit, CodeAsked(challenge_id), identity.post_code(unit, CodeAsked(challenge_id)))
    assert letters(house) == []
    with house.look() as unit:
        assert unit.session.scalar(select(Challenge.locked_code)) is None


def test_the_trail_and_what_is_printed_hold_no_number(house: House) -> None:
    challenge_id, code = ask(house)
    proof = _prove(house, challenge_id, code)
    with house.look() as unit:
        trail = [
            (entry.verb, f"{entry.subject_id}{entry.detail}") for entry in unit.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        ]
    assert sorted(verb for verb, _ in trail) == ["code.asked", "code.posted", "code.proven"]
    assert "13812345678" not in repr(proof) + repr(trail)
    with pytest.raises(phones.NotAPhone), at_the_door(house) as unit:
        identity.ask_code(unit, phone="010-12345678")


def test_challenges_are_forgotten_when_no_limit_counts_them(house: House) -> None:
    ask(house)
    with house.begin("system", now=house.now + timedelta(hours=23)) as unit:
        assert identity.forget_old(unit) == 0
    with house.begin("system", now=house.now + timedelta(hours=24)) as unit:
        assert identity.forget_old(unit) == 1
    with house.look() as unit:
        assert unit.session.scalar(select(Challenge)) is None


def test_nobody_is_a_member_before_joining(house: House) -> None:
    with house.look() as unit, pytest.raises(Missing):
        identity.member(unit, "0" * 26)


def test_a_changed_root_key_finds_a_member_by_number_once_all_are_locked_anew(house: House) -> None:
    joined = join(house)
    new_root = "5a" * 32

    def found_under(ring: RootKeyring, *, rewrap: bool = False) -> tuple[str | None, str | None, int]:
        with house.begin("system") as unit:
            unit.outside = replace(unit.outside, keys=ring)
            moved = identity.rewrap(unit) if rewrap else 0
            return identity.member_of(unit, ring.mac(identity.PHONE, E164.encode())), identity.phone_of(unit, joined.member_id), moved

    both = RootKeyring(new_root, house.settings.root_key)
    assert found_under(both) == (None, E164, 0)
    assert found_under(both, rewrap=True) == (joined.member_id, E164, 1)
    assert found_under(RootKeyring(new_root), rewrap=True) == (joined.member_id, E164, 0)
