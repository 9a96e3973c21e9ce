"""What issuers revoke: lists are kept, asked again, never rolled back, and move the papers that stand on them."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from kernel.ports import Answer
from suppliers import trust
from suppliers.certificates import Inspection, inspecting, status_lists
from suppliers.facts import StatusListsDue
from suppliers.models import Certificate, StatusList, Supplier
from tests.conftest import House
from tests.suppliers import shelf
from tests.suppliers.lists import URL, Away, a_list, entry, read

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def away(house: House) -> Away:
    house.now = NOW
    server = Away()
    house.database.outside = replace(house.database.outside, web=server)
    with house.begin() as unit:
        trust.add_issuer(unit, name=shelf.ISSUER, hosts=["status.example"])
    return server


@pytest.fixture
def paper(house: House, away: Away) -> Certificate:
    """A paper that stands on the list at URL, which was fetched when it came in."""
    return a_paper(house, shelf.supplier(house), lists={URL: a_list()})


def a_paper(
    house: House, who: Supplier, *entries: dict[str, Any], lists: dict[str, bytes] | None = None, at: Any = None, **words: Any
) -> Certificate:
    row = shelf.hand_in(house, who, at=at, **words)
    return shelf.check(house, row, Inspection(read(*(entries or (entry(),))), shelf.read_as(row), lists=lists or {}), at=at)


def ask(house: House, at: datetime) -> list[str]:
    """Let the chore run and its deliveries; the addresses that were asked for."""
    before = len(house.told("StatusListsDue"))
    with house.begin("system", now=at) as unit:
        status_lists.due(unit)
    urls: list[str] = []
    for body in house.told("StatusListsDue")[before:]:
        fact = StatusListsDue(**body)
        with house.look("system", now=at) as unit:
            found = status_lists.fetch(unit, fact)
        with house.begin("system", now=at) as unit:
            status_lists.on_status_lists_due(unit, fact, found)
        urls += found
    return sorted(urls)


def kept(house: House) -> StatusList:
    with house.look() as unit:
        return unit.session.scalars(select(StatusList)).one()


def status_of(house: House, paper: Certificate) -> dict[str, Any]:
    """As it was read, and held against what is known."""
    with house.look() as unit:
        reading = unit.session.get_one(Certificate, paper.id).reading
        assert reading is not None
        return dict(reading["credential"]["status"])


def told(house: House) -> list[str]:
    """The papers that are to be looked at, oldest first; what came of handing them in is not counted."""
    return [body["certificate_id"] for body in house.told("CertificateSubmitted")]


def second(n: float) -> datetime:
    return NOW + timedelta(seconds=n)


def test_a_list_is_asked_again_within_a_minute_and_only_news_moves_papers(house: House, away: Away, paper: Certificate) -> None:
    assert paper.status_list == URL
    before = told(house)
    away.pages[URL] = a_list()
    assert ask(house, second(10)) == []
    assert ask(house, second(41)) == [URL]
    assert told(house) == before
    away.pages[URL] = a_list((7,), since="2026-11-22T04:01:00Z")
    assert ask(house, second(90)) == [URL]
    assert told(house) == [*before, paper.id]


def test_an_older_list_or_one_from_the_future_never_takes_the_place_of_what_is_known(house: House, away: Away, paper: Certificate) -> None:
    known = kept(house).sha256
    for since, trouble in (("2026-11-21T00:00:00Z", "rollback"), ("2027-11-21T00:00:00Z", "future")):
        away.pages[URL] = a_list(since=since)
        ask(house, kept(house).ask_at or NOW)
        assert (kept(house).sha256, kept(house).trouble) == (known, trouble)


@pytest.mark.parametrize("page", [b"", b"<html>", b'{"a":1}', b"\x1f\x8b\x00", b"[" * 100_000])
def test_what_is_no_list_is_not_kept_and_a_silent_one_is_given_up_after_a_day(
    house: House, away: Away, paper: Certificate, page: bytes
) -> None:
    before = told(house)
    away.pages[URL] = page
    ask(house, NOW + timedelta(seconds=60))
    assert (kept(house).failures, kept(house).sha256 is None, told(house)) == (1, False, before)
    ask(house, NOW + timedelta(hours=25))
    assert (kept(house).sha256, told(house)) == (None, [*before, paper.id])
    ask(house, NOW + timedelta(hours=26))
    assert told(house) == [*before, paper.id]


def test_the_issuers_own_ttl_counts_within_bounds(house: House, away: Away, paper: Certificate) -> None:
    for hour, (ttl, seconds) in enumerate(((1, 20), (30_000, 30), (86_400_000, 40)), 1):
        away.pages[URL] = a_list(ttl=ttl, since=f"2026-11-22T00:0{hour}:00Z")
        at = kept(house).ask_at or NOW
        ask(house, at)
        assert kept(house).ask_at == at + timedelta(seconds=seconds)


def test_a_list_that_is_signed_at_every_request_moves_nobody_and_fills_no_vault(house: House, away: Away, paper: Certificate) -> None:
    before, known = told(house), kept(house).sha256
    for turn in range(1, 4):
        away.pages[URL] = a_list(since=f"2026-11-22T00:0{turn}:00Z", signed=str(turn))
        ask(house, second(60 * turn))
        assert kept(house).fetched_at == second(60 * turn)
    assert (told(house), kept(house).sha256) == (before, known)
    away.pages[URL] = a_list(since="2026-11-22T01:10:00Z", signed="much younger")
    ask(house, second(4500))
    assert told(house) == before
    assert kept(house).sha256 == sha256(away.pages[URL]).hexdigest()


def test_an_edition_takes_the_place_of_one_that_ends(house: House, away: Away, paper: Certificate) -> None:
    away.pages[URL] = a_list((9,), since="2026-11-22T00:01:00Z", until="2026-11-22T04:02:30Z")
    ask(house, second(41))
    before = told(house)
    away.pages[URL] = a_list((9,), since="2026-11-22T00:02:00Z", until="2026-11-22T09:00:00Z")
    ask(house, second(85))
    assert kept(house).sha256 == sha256(away.pages[URL]).hexdigest()
    assert told(house) == before


def test_only_papers_whose_own_bit_changed_are_looked_at_again(house: House, away: Away) -> None:
    who = shelf.supplier(house)
    one = a_paper(house, who, entry(7), lists={URL: a_list()})
    two = a_paper(house, who, entry(8), kind="business_licence")
    odd = a_paper(house, who, entry(9, purpose="message"), kind="food_trade")
    before = told(house)
    away.pages[URL] = a_list((8, 100), since="2026-11-22T00:01:00Z")
    ask(house, second(60))
    assert sorted(told(house)[len(before) :]) == sorted([two.id, odd.id])
    away.pages[URL] = a_list((8, 100), since="2026-11-22T00:02:00Z", purpose="suspension")
    ask(house, second(120))
    assert sorted(told(house)[len(before) + 2 :]) == sorted([one.id, two.id, odd.id])


def test_a_paper_on_two_lists_hears_of_both(house: House, away: Away) -> None:
    other = "https://status.example/2"
    who = shelf.supplier(house)
    lists = {URL: a_list(), other: a_list(purpose="suspension")}
    row = a_paper(house, who, entry(7), entry(3, url=other, purpose="suspension"), lists=lists)
    before = told(house)
    away.pages |= {URL: a_list(), other: a_list((3,), since="2026-11-22T00:01:00Z", purpose="suspension")}
    assert ask(house, second(60)) == [URL, other]
    assert told(house) == [*before, row.id]


def test_a_paper_read_before_it_was_confirmed_has_its_list_asked_at_once(house: House, away: Away) -> None:
    """Its reading comes from the upload and brings no bytes of a list."""
    row = a_paper(house, shelf.supplier(house))
    assert (kept(house).ask_at, kept(house).sha256, kept(house).fetched_at) == (NOW, None, NOW)
    before = told(house)
    away.pages[URL] = a_list((7,), since="2026-11-22T00:01:00Z")
    assert ask(house, second(1)) == [URL]
    assert told(house) == [*before, row.id]


def test_a_list_that_was_never_had_again_after_the_upload_is_given_up_too(house: House, away: Away) -> None:
    row = a_paper(house, shelf.supplier(house))
    before = told(house)
    ask(house, second(1))
    assert told(house) == before
    ask(house, NOW + timedelta(hours=25))
    assert told(house) == [*before, row.id]


def test_a_reading_that_leans_on_an_older_edition_than_the_kept_one_is_made_again(house: House, away: Away) -> None:
    who = shelf.supplier(house)
    a_paper(house, who, lists={URL: a_list()})
    away.pages[URL] = a_list((8,), since="2026-11-22T00:05:00Z")
    ask(house, second(60))
    before = told(house)
    late = a_paper(house, who, entry(8), kind="business_licence", at=second(70))
    assert told(house)[len(before) :] == [late.id, late.id]  # handed in, and looked at once more
    again = read(entry(8, since="2026-11-22T00:05:00Z"))
    shelf.check(house, late, Inspection(again, shelf.read_as(late)), at=second(80))
    assert told(house)[len(before) :] == [late.id, late.id]


@pytest.mark.parametrize("url", ["https://evil.example/1", "http://status.example/1", "https://status.example/" + "x" * 400])
def test_a_list_that_may_not_be_fetched_is_never_asked(house: House, away: Away, url: str) -> None:
    row = a_paper(house, shelf.supplier(house), entry(7, url=url, result="unknown"))
    assert row.status_list == (url if len(url) <= 400 else None)
    assert ask(house, second(60)) == []
    with house.look() as unit:
        assert unit.session.scalars(select(StatusList)).all() == []


def test_a_host_that_is_trusted_no_more_is_not_asked_and_its_lists_are_given_up(house: House, away: Away, paper: Certificate) -> None:
    with house.begin() as unit:
        issuer = trust.issuers(unit)[0]
        trust.change_issuer(unit, issuer_id=issuer.id, name=issuer.name)
    before = told(house)
    away.pages[URL] = a_list()
    ask(house, second(60))
    assert (away.asked, kept(house).trouble, told(house)) == ([], "refused", before)
    ask(house, NOW + timedelta(hours=25))
    assert (away.asked, told(house)) == ([], [*before, paper.id])


@pytest.mark.parametrize(
    ("since", "until", "trouble"),
    [
        ("2026-11-21T00:00:00Z", None, "rollback"),
        ("2027-11-21T00:00:00Z", None, "future"),
        (None, None, "rollback"),
        ("2026-11-22T00:00:01Z", "2026-11-22T00:00:02Z", "stale"),
    ],
)
def test_what_is_not_followed_counts_as_silence(
    house: House, away: Away, paper: Certificate, since: str | None, until: str | None, trouble: str
) -> None:
    before = told(house)
    away.pages[URL] = a_list(since=since, until=until)
    ask(house, NOW + timedelta(hours=23))
    assert (kept(house).trouble, told(house), kept(house).sha256 is None) == (trouble, before, False)
    ask(house, NOW + timedelta(hours=25))
    assert (kept(house).trouble, told(house), kept(house).sha256) == (trouble, [*before, paper.id], None)


def test_when_a_list_ends_by_its_own_word_its_papers_are_told(house: House, away: Away, paper: Certificate) -> None:
    away.pages[URL] = a_list(since="2026-11-22T01:00:00Z", until="2026-11-22T04:10:00Z")
    ask(house, second(60))
    before = told(house)
    away.pages.clear()
    ask(house, second(540))
    assert told(house) == before
    ask(house, second(601))
    assert (told(house), kept(house).sha256) == ([*before, paper.id], None)
    away.pages[URL] = a_list(since="2026-11-22T02:00:00Z")
    ask(house, second(700))
    assert told(house) == [*before, paper.id, paper.id]


def test_a_rolled_back_list_is_not_believed_even_after_it_was_given_up(house: House, away: Away, paper: Certificate) -> None:
    ask(house, NOW + timedelta(hours=25))
    assert kept(house).sha256 is None
    old = read(entry(since="2026-11-21T00:00:00Z"))
    shelf.check(house, paper, Inspection(old, shelf.read_as(paper), lists={URL: a_list(since="2026-11-21T00:00:00Z")}))
    assert status_of(house, paper)["because"] == "credential.status_rolled_back"
    assert kept(house).sha256 is None
    gone = read(entry(result="revoked", since="2026-11-21T00:00:00Z"))
    shelf.check(house, paper, Inspection(gone, shelf.read_as(paper)))
    assert status_of(house, paper)["result"] == "revoked"


@pytest.mark.parametrize("standing", ["lapsed", "superseded", "rejected", "suspended", "needs_person", "submitted", "revoked"])
def test_every_paper_hears_of_its_revocation_but_the_revoked(house: House, away: Away, paper: Certificate, standing: str) -> None:
    with house.begin("system") as unit:
        unit.session.get_one(Certificate, paper.id).standing = standing
    before = told(house)
    away.pages[URL] = a_list((7,), since="2026-11-22T00:01:00Z")
    ask(house, second(60))
    assert told(house) == before + [paper.id] * (standing != "revoked")


def test_a_paper_whose_list_could_not_tell_is_looked_at_with_a_new_edition_now_and_then(house: House, away: Away) -> None:
    row = a_paper(house, shelf.supplier(house), entry(result="unknown"))
    away.pages[URL] = a_list()
    ask(house, second(1))
    shelf.check(house, row, read(entry(result="unknown")), at=second(2))
    before = told(house)
    away.pages[URL] = a_list(since="2026-11-22T02:00:00Z", signed="anew")
    ask(house, second(60))
    assert told(house) == before
    away.pages[URL] = a_list(since="2026-11-22T04:00:00Z", signed="again")
    ask(house, second(1200))
    assert told(house) == [*before, row.id]


def test_two_turns_never_ask_the_same(house: House, away: Away, paper: Certificate) -> None:
    for _ in range(2):
        with house.begin("system", now=second(60)) as unit:
            status_lists.due(unit)
    assert len(house.told("StatusListsDue")) == 1
    assert kept(house).ask_at == second(100)


class Slow:
    """Lists that take their time; one never comes."""

    def fetch(self, url: str, most: int) -> Answer:
        time.sleep(20 if url.endswith("/0") else 0.1)
        return Answer(200, body=a_list())


def test_lists_are_fetched_side_by_side_and_the_slow_ones_left(house: House, away: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_lists, "LONGEST", 1.0)
    house.database.outside = replace(house.database.outside, web=Slow())  # type: ignore[arg-type]
    with house.begin("system") as unit:
        rows = [StatusList(id=unit.new_id(), url=f"https://status.example/{n}", failures=0, ask_at=NOW) for n in range(20)]
        unit.session.add_all(rows)
        ids = [row.id for row in rows]
    began = time.monotonic()
    with house.look("system") as unit:
        found = status_lists.fetch(unit, StatusListsDue(ids))
    assert time.monotonic() - began < 1.9
    assert [url for url, came in found.items() if came.trouble] == ["https://status.example/0"]
    assert len(found) == 20


def test_nothing_is_parsed_while_a_row_is_locked(house: House, away: Away, paper: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    away.pages[URL] = a_list((7,), since="2026-11-22T00:01:00Z")
    with house.look("system", now=second(60)) as unit:
        found = status_lists.fetch(unit, StatusListsDue([kept(house).id]))
    monkeypatch.setattr("suppliers.credentials.parsing.read", None)
    with house.begin("system", now=second(60)) as unit:
        status_lists.on_status_lists_due(unit, StatusListsDue([]), found)
    shelf.check(house, paper, Inspection(read(entry()), shelf.read_as(paper), lists={URL: a_list()}))
    assert kept(house).sha256 == sha256(away.pages[URL]).hexdigest()


def test_only_lists_and_identifiers_of_trusted_issuers_are_ever_fetched(house: House, away: Away) -> None:
    token = {"asks": {"dids": ["did:web:lab.example", "did:web:evil.example"], "lists": [URL, "https://evil.example/list"]}}
    with house.begin() as unit:
        trust.add_issuer(unit, name="示例检测", dids=["did:web:lab.example"], hosts=["status.example"])
    with house.look("system") as unit:
        reachable = trust.reachable(unit)
        inspecting._documents(unit, reachable, token["asks"]["dids"], {})
        inspecting._lists(unit, reachable, token["asks"]["lists"], {})
    assert away.asked == ["https://lab.example/.well-known/did.json", URL]
