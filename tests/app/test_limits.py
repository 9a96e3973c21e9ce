"""Limits against guessing: who is blocked, who is not, and for how long."""

from __future__ import annotations

import time

import pytest
from limits import RateLimitItemPerMinute

from app import limits
from app.limits import FEW, Guessers, network
from tests.app.conftest import Web


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::9", "2001:db8:1::/48"),
        ("2001:db8:1:ffff::1", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_an_address_has_a_network(address: str, found: str) -> None:
    assert network(address) == found


def test_who_guesses_too_often_waits_with_the_whole_network_and_nobody_else() -> None:
    guessers = Guessers(most="5 per 10 minutes")
    for _ in range(4):
        guessers.guessed("203.0.113.77")
    assert guessers.blocked("203.0.113.77") == 0
    guessers.guessed("203.0.113.78")
    assert 590 <= guessers.blocked("203.0.113.1") <= 600
    assert guessers.blocked("203.0.114.77") == 0


def test_waiting_ends_when_the_first_guess_is_long_enough_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    guessers = Guessers(most="2 per 10 minutes")
    guessers.guessed("203.0.113.77")
    guessers.guessed("203.0.113.77")
    assert guessers.blocked("203.0.113.77") > 0
    later = time.time() + 601
    monkeypatch.setattr(limits.time, "time", lambda: later)
    assert guessers.blocked("203.0.113.77") == 0


def test_a_search_spread_over_many_networks_blocks_each_sooner() -> None:
    guessers = Guessers(busy=RateLimitItemPerMinute(30))
    for host in range(30):
        guessers.guessed(f"198.51.{host}.1")
    for _ in range(FEW - 1):
        guessers.guessed("203.0.113.77")
    assert guessers.blocked("203.0.113.77") == 0
    guessers.guessed("203.0.113.77")
    assert 0 < guessers.blocked("203.0.113.77") <= limits.PAUSE
    assert guessers.blocked("198.51.0.1") == 0


def test_nobody_is_blamed_where_nobody_can_be_told_apart() -> None:
    guessers = Guessers(most="1 per minute")
    guessers.guessed("")
    assert guessers.blocked("") == 0


def test_a_scan_is_answered_when_the_counters_are_out_of_reach() -> None:
    guessers = Guessers("redis://127.0.0.1:1/0", most="1 per minute")
    guessers.guessed("203.0.113.77")
    assert guessers.blocked("203.0.113.77") == 0


def test_the_memory_of_the_blocked_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT", 3)
    guessers = Guessers()
    for host in range(9):
        guessers._block(f"198.51.{host}.0/24", time.time() - 1)
    assert len(guessers._until) <= 3


def test_every_rule_is_about_a_door_that_there_is(web: Web) -> None:
    doors = {(method, rule.endpoint) for rule in web.app.url_map.iter_rules() for method in rule.methods or ()}
    assert sorted(set(limits.RULES) - doors) == []


def test_reports_of_one_address_are_bounded(web: Web) -> None:
    answers = [web.client.post("/tell", data={"ticket": "x"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 3000
