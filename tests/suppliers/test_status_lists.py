"""What issuers revoke: lists are kept, asked again, never rolled back, and move the papers that stand on them."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kernel.ports import Answer
from suppliers import trust
from suppliers.certificates import Inspection, status_lists
from suppliers.models import Certificate, StatusList
from tests.conftest import House
from tests.suppliers import shelf

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
URL = "https://status.example/1"


def a_list(set_bits: tuple[int, ...] = (), *, since: str = "2026-11-22T00:00:00Z", ttl: int | None = None) -> bytes:
    bits = bytearray(131_072 // 8)
    for bit in set_bits:
        bits[bit >> 3] |= 0x80 >> (bit & 7)
    subject: dict[str, Any] = {"type": "BitstringStatusList", "statusPurpose": "revocation"}
    subject["encodedList"] = "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    if ttl is not None:
        subject["ttl"] = ttl
    told = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", "BitstringStatusListCredential"]}
    return json.dumps({**told, "issuer": "did:web:status.example", "validFrom": since, "credentialSubject": subject}).encode()


class Away:
    """Somebody's web server: it answers what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []

    def fetch(self, url: str, most: int) -> Answer:
        self.asked.append(url)
        body = self.pages.get(url)
        return Answer(200, body=body) if body is not None and len(body) <= most else Answer()


@pytest.fixture
def away(house: House) -> Away:
    house.now = NOW
    server = Away()
    house.database.outside = replace(house.database.outside, web=server)
    return server


@pytest.fixture
def paper(house: House, away: Away) -> Certificate:
    """A paper that stands on the list at URL, which was fetched when it came in."""
    seen = shelf.SIGNED | {"credential": {"status": {"list": URL, "result": "active", "because": "credential.active"}}}
    row = shelf.hand_in(house, shelf.supplier(house))
    return shelf.check(house, row, Inspection(seen, shelf.read_as(row), lists={URL: a_list()}))


def ask(house: House, at: datetime) -> list[str]:
    """Let the chore run; the addresses that were asked."""
    with house.look("system", now=at) as unit:
        found = status_lists.ask(unit)
    with house.begin("system", now=at) as unit:
        status_lists.on_asked(unit, found)
    return sorted(found)


def kept(house: House) -> StatusList:
    with house.look() as unit:
        return unit.session.scalars(select(StatusList)).one()


def told(house: House) -> int:
    return len(house.told("CertificateSubmitted"))


def test_a_list_is_asked_again_within_a_minute_and_only_news_moves_papers(house: House, away: Away, paper: Certificate) -> None:
    assert paper.status_list == URL
    before = told(house)
    away.pages[URL] = a_list()
    assert ask(house, NOW + timedelta(seconds=10)) == []
    assert ask(house, NOW + timedelta(seconds=41)) == [URL]
    assert told(house) == before
    away.pages[URL] = a_list((7,), since="2026-11-22T05:00:00Z")
    assert ask(house, NOW + timedelta(seconds=90)) == [URL]
    assert told(house) == before + 1


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
    assert (kept(house).sha256, told(house)) == (None, before + 1)
    ask(house, NOW + timedelta(hours=26))
    assert told(house) == before + 1


def test_the_issuers_own_ttl_counts_within_bounds(house: House, away: Away, paper: Certificate) -> None:
    for hour, (ttl, seconds) in enumerate(((1, 20), (30_000, 30), (86_400_000, 40)), 1):
        away.pages[URL] = a_list(ttl=ttl, since=f"2026-11-22T0{hour}:00:00Z")
        at = kept(house).ask_at or NOW
        ask(house, at)
        assert kept(house).ask_at == at + timedelta(seconds=seconds)


def test_only_lists_and_identifiers_of_trusted_issuers_are_ever_fetched(house: House, away: Away) -> None:
    token = {"asks": {"dids": ["did:web:lab.example", "did:web:evil.example"], "lists": [URL, "https://evil.example/list"]}}
    with house.begin() as unit:
        trust.add_issuer(unit, name="示例检测", dids=["did:web:lab.example"], hosts=["status.example"])
    from suppliers.certificates import inspecting

    with house.look("system") as unit:
        allowed = inspecting._Allowed.of(trust.issuers(unit))
        allowed.documents(unit, token["asks"]["dids"], {})
        allowed.lists(unit, token["asks"]["lists"], {})
    assert away.asked == ["https://lab.example/.well-known/did.json", URL]
