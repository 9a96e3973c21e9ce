"""The resolver in front of its doors: what it asks the database, and how often."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from app import resolver as rooms
from app.resolver import Resolver
from tests.app.conftest import Web
from tests.factories.dairy import GTIN, a_product
from traceability import link_hosts, links
from traceability.gs1 import uri
from traceability.resolver.choosing import Lead, Wish


@pytest.fixture
def resolver(web: Web, monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """Of a house with one product, whose time stands still."""
    monkeypatch.setattr(rooms, "monotonic", lambda: 1000.0)
    with web.house.begin("brand_admin") as unit:
        a_product(unit)
        link_hosts.allow(unit, host="www.lanmu.example")
    return Resolver(web.house.database, public_url="https://id.example", secret_key="s" * 32)


def a_link(web: Web, thing: str) -> None:
    with web.house.begin("brand_admin") as unit:
        links.add(unit, thing=thing, link_type="pip", href="https://www.lanmu.example/x", title="x", is_default=True)


def led(resolver: Resolver, path: str) -> str:
    elements = uri.read(f"https://id.example/{path}").elements
    chosen = resolver.outcome(elements, Wish.of("", "", ""), scheme="https", host="id.example").chosen
    assert isinstance(chosen, Lead)
    return chosen.href


@pytest.fixture
def asked(web: Web) -> Any:
    """The statements about links since the test began."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM link" in statement.replace("\n", " ").replace("  ", " ") and "link_host" not in statement:
            said.append(statement)

    engine = web.house.database.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


def test_items_without_links_of_their_own_ask_once_a_second_together(
    web: Web, resolver: Resolver, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        assert led(resolver, f"01/{GTIN}/21/{number}").endswith(f"/see/{GTIN}/{number}")
        assert resolver.leads_to_page(GTIN)
    assert len(asked) == 2
    assert len(resolver._kept) == 1
    monkeypatch.setattr(rooms, "monotonic", lambda: 1001.1)
    assert resolver.leads_to_page(GTIN)
    assert len(asked) == 4


def test_an_item_with_a_link_of_its_own_goes_its_own_way(web: Web, resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    a_link(web, f"(01){GTIN}(21)7")
    a_link(web, f"(01){GTIN}(10)A")
    assert not resolver.leads_to_page(GTIN)
    assert led(resolver, f"01/{GTIN}/21/7") == "https://www.lanmu.example/x"
    assert led(resolver, f"01/{GTIN}/21/8").endswith(f"/see/{GTIN}/8")
    assert led(resolver, f"01/{GTIN}/10/A") == "https://www.lanmu.example/x"
    assert led(resolver, f"01/{GTIN}/10/B").endswith(f"/about/{GTIN}")
    monkeypatch.setattr(rooms, "MOST", 3)
    for number in range(20):
        led(resolver, f"01/{GTIN}/21/{number}")
        assert len(resolver._kept) <= 3


def test_what_is_nobodys_is_not_kept(resolver: Resolver) -> None:
    assert not resolver.leads_to_page("09506000134352")
    assert resolver._kept == {}
