"""Consent: appended, proving itself, as easy to take back as to give."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from kernel.audit import AuditEntry
from kernel.errors import Invalid, Missing
from members import consent
from tests.conftest import House
from tests.members.people import join


def _change(house: House, member_id: str, given: bool, *, after: timedelta = timedelta(0), **more: str) -> consent.Consent:
    said = {"purpose": "marketing", "language": "en", "surface": "my-page", **more}
    with house.begin("member", now=house.now + after) as unit:
        return consent.change(unit, member_id=member_id, given=given, **said)


def test_each_row_proves_the_very_words_that_were_shown(house: House) -> None:
    member_id = join(house).member_id
    with house.look() as unit:
        shown = {text.purpose: text for text in consent.shown(unit, language="zh-CN")}
        rows = consent.history(unit, member_id)
    assert {row.purpose: row.given for row in rows} == {"membership": True, "marketing": False}
    for row in rows:
        text = shown[row.purpose]
        assert "岚牧乳业" in text.text
        assert (row.text_version, row.text_sha256) == (text.version, sha256(text.text.encode()).hexdigest())
        assert (row.language, row.surface) == ("zh", "scan")


def test_the_newest_word_counts_even_at_the_same_moment_or_from_a_slow_clock(house: House) -> None:
    member_id = join(house).member_id
    _change(house, member_id, True)
    _change(house, member_id, False)
    _change(house, member_id, True, after=-timedelta(seconds=3))
    with house.look() as unit:
        assert consent.current(unit, member_id) == {"membership": True, "marketing": True}
        said = [row.given for row in consent.history(unit, member_id) if row.purpose == "marketing"]
    assert said == [False, True, False, True]


def test_saying_the_same_again_adds_nothing(house: House) -> None:
    member_id = join(house).member_id
    first = _change(house, member_id, True)
    assert _change(house, member_id, True, after=timedelta(days=1)).id == first.id
    with house.look() as unit:
        verbs = list(unit.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == member_id)))
    assert sorted(verbs) == ["consent.given", "member.joined"]


def test_newer_words_are_agreed_to_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    member_id = join(house, marketing=True).member_id
    newer = consent.texts.Wording("2027-01", "新", "New")
    monkeypatch.setitem(consent.texts.WORDINGS, "marketing", (*consent.texts.WORDINGS["marketing"], newer))
    again = _change(house, member_id, True)
    assert (again.text_version, again.text_sha256) == ("2027-01", sha256(b"New").hexdigest())


@pytest.mark.parametrize("wrong", [{"purpose": "sale"}, {"surface": "My page!"}, {"surface": "x" * 21}])
def test_unknown_purposes_and_surfaces_are_refused(house: House, wrong: dict[str, str]) -> None:
    member_id = join(house).member_id
    with pytest.raises(Invalid):
        _change(house, member_id, True, **wrong)


def test_a_stranger_has_no_switches(house: House) -> None:
    member_id = join(house).member_id
    with house.begin("member", brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        consent.change(unit, member_id=member_id, purpose="marketing", given=True, language="zh", surface="my-page")
