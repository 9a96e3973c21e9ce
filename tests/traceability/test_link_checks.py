"""Whether links still lead somewhere: asked by the outbox, marked, never ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app import asking
from kernel.ports import Answer
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import link_checks, link_hosts, links
from traceability.facts import LinksDue

WWW = "https://www.lanmu.example"


class Weather:
    """A web that answers as it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def ask(self, url: str) -> Answer:
        self.asked.append(url)
        return self.answers.get(url, Answer(200))


@pytest.fixture
def web(house: House) -> Weather:
    weather = Weather()
    house.database.outside = replace(house.database.outside, web=weather)
    with house.begin() as unit:
        a_product(unit)
        link_hosts.allow(unit, host="www.lanmu.example")
    return weather


def a_link(house: House, path: str, title: str = "x") -> str:
    with house.begin() as unit:
        return links.add(unit, thing=GTIN, link_type="pip", href=f"{WWW}{path}", title=title).id


def a_day(house: House, day: int = 0) -> None:
    """The chore and what comes of it; on a later day all that was checked lies back so much further."""
    with house.begin("system") as unit:
        for link in links.every(unit):
            link.checked_at = link.checked_at and link.checked_at - timedelta(days=day)
        unit.session.flush()
        link_checks.due(unit)
    house.drain()


@pytest.mark.parametrize(
    ("answer", "health", "failures"),
    [
        (Answer(200), "ok", 0),
        (Answer(206), "ok", 0),
        (Answer(200, "https://www.lanmu.example/new"), "moved", 0),
        (Answer(404), "gone", 1),
        (Answer(410), "gone", 1),
        (Answer(404, "https://www.lanmu.example/new"), "gone", 1),
        (Answer(500), "500", 1),
        (Answer(302), "302", 1),
        (Answer(403), "403", 0),
        (Answer(429), "429", 0),
        (Answer(), "unreachable", 1),
        (Answer(refused=True), "refused", 1),
    ],
)
def test_what_an_answer_means(house: House, web: Weather, answer: Answer, health: str, failures: int) -> None:
    link_id = a_link(house, "/a")
    web.answers[f"{WWW}/a"] = answer
    a_day(house)
    with house.look() as unit:
        link = links.get(unit, link_id)
        assert (link.health, link.failures, link.ended_at) == (health, failures, None)
        assert link.checked_at is not None
        assert link_checks.findings(unit, [link_id])[link_id]["location"] == answer.location


def test_failures_are_counted_in_a_row_and_only_news_is_history(house: House, web: Weather) -> None:
    link_id = a_link(house, "/a")
    web.answers[f"{WWW}/a"] = Answer(503)
    for _ in range(3):
        a_day(house, 1)
    with house.look() as unit:
        assert [link.id for link in links.every(unit, health="broken")] == [link_id]
        assert [each.change for each in links.history(unit, link_id)] == ["checked", "added"]
    del web.answers[f"{WWW}/a"]
    a_day(house, 1)
    with house.look() as unit:
        assert links.get(unit, link_id).failures == 0
        assert [each.document.get("health") for each in links.history(unit, link_id)] == ["ok", "503", None]


def test_each_is_asked_once_a_day_and_each_address_once(house: House, web: Weather) -> None:
    a_link(house, "/a")
    a_link(house, "/a", "y")
    with house.begin() as unit:
        links.add(unit, thing=GTIN, link_type="faqs", href="https://id.example/own", title="ours")
        ended = links.add(unit, thing=GTIN, link_type="faqs", href=f"{WWW}/ended", title="ended")
        links.end(unit, link_id=ended.id)
    a_day(house)
    a_day(house)
    assert web.asked == [f"{WWW}/a"]
    a_day(house, 1)
    assert web.asked == [f"{WWW}/a"] * 2


def test_many_are_told_in_portions(house: House, web: Weather) -> None:
    with house.begin() as unit:
        for place in range(link_checks.AT_ONCE + 1):
            links.add(unit, thing=GTIN, link_type="pip", href=f"{WWW}/{place}", title="x")
    a_day(house)
    assert sorted(len(each["link_ids"]) for each in house.told("LinksDue")) == [1, link_checks.AT_ONCE]
    assert len(web.asked) == link_checks.AT_ONCE + 1


def test_a_link_changed_meanwhile_waits_for_its_own_check(house: House, web: Weather) -> None:
    link_id = a_link(house, "/a")
    web.answers[f"{WWW}/a"] = Answer(404)

    def change(url: str) -> Answer:
        with house.begin() as unit:
            links.change(unit, link_id=link_id, link_type="pip", href=f"{WWW}/b", title="x")
        return Answer(404)

    web.ask = change  # type: ignore[method-assign]
    a_day(house)
    with house.look() as unit:
        link = links.get(unit, link_id)
        assert (link.href, link.health, link.checked_at) == (f"{WWW}/b", None, None)


def test_a_new_address_was_never_checked(house: House, web: Weather) -> None:
    link_id = a_link(house, "/a")
    web.answers[f"{WWW}/a"] = Answer(404)
    a_day(house)
    with house.begin() as unit:
        links.change(unit, link_id=link_id, link_type="pip", href=f"{WWW}/a", title="other words")
        assert links.get(unit, link_id).health == "gone"
        links.change(unit, link_id=link_id, link_type="pip", href=f"{WWW}/b", title="other words")
        link = links.get(unit, link_id)
        assert (link.health, link.failures, link.checked_at) == (None, 0, None)


def test_nothing_is_held_while_others_are_asked(house: House, web: Weather) -> None:
    link_id = a_link(house, "/a")
    held: list[bool] = []

    def ask(_url: str) -> Answer:
        held.append(unit.session.in_transaction())
        return Answer(200)

    web.ask = ask  # type: ignore[method-assign]
    with house.look() as unit:
        assert link_checks.fetch(unit, LinksDue([link_id])) == {f"{WWW}/a": Answer(200)}
    assert held == [False]
    with house.begin() as unit, pytest.raises(RuntimeError):
        unit.rest()


def test_a_portion_ends_long_before_its_lease() -> None:
    assert -(-link_checks.AT_ONCE // link_checks.THREADS) * asking.SECONDS <= 40
