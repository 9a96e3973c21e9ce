"""Several people of one supplier: invited, listed, sent away, and nobody reaches anybody else's."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.auth import colleagues, credentials
from app.auth.colleagues import Colleague, EmailTaken, LastColleague, TakenByTheBrand, TooManyColleagues
from app.auth.models import Account, OnceLink
from kernel.errors import Invalid, Missing, Refused
from kernel.unit import PLATFORM, Unit
from suppliers import directory
from tests.app.conftest import Web
from tests.conftest import House
from tests.suppliers.shelf import OTHER_USCC, USCC

EMAIL = "li@dairy.example"


@pytest.fixture
def dairy(house: House) -> str:
    """A supplier with one person, ``boss@dairy.example``."""
    return firm(house, "草原乳业", USCC, "boss@dairy.example")


def firm(house: House, name: str, uscc: str, email: str, **more: Any) -> str:
    with house.begin("brand_admin", **more) as unit:
        supplier = directory.add_supplier(unit, name=name, uscc=uscc, kind="manufacturer")
        credentials.add_account(unit, email=email, name="老板", role="supplier", supplier_id=supplier.id)
        return str(supplier.id)


def one(house: House, supplier_id: str, **more: Any) -> Unit:
    """A writing unit of somebody of this supplier."""
    return house.begin("supplier", supplier_id=supplier_id, **more)


def invite(house: House, supplier_id: str, email: str = EMAIL, by: str = "supplier") -> Colleague:
    with one(house, supplier_id) if by == "supplier" else house.begin(by) as unit:
        return colleagues.invite(unit, supplier_id=supplier_id, email=email, name="李经理")


def listed(house: House, supplier_id: str) -> dict[str, Colleague]:
    with house.begin("quality") as unit:
        return {each.email: each for each in colleagues.listed(unit, supplier_id=supplier_id)}


def letters(house: House) -> list[dict[str, str]]:
    path = Path(house.settings.home) / "post.log"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def link(letter: dict[str, str]) -> str:
    found = re.search(r"https://id\.example(/once/\S+)", letter["text"])
    assert found
    return found[1]


def test_whoever_is_invited_signs_in_once_by_the_letter_and_at_their_own_portal(web: Web, dairy: str) -> None:
    invite(web.house, dairy, " Li@Dairy.example ")
    web.house.drain()
    (letter,) = letters(web.house)
    assert (letter["to"], "草原乳业" in letter["text"]) == (EMAIL, True)
    browser = web.app.test_client()
    answer = browser.get(link(letter))
    assert answer.headers["Location"].endswith("/portal")
    assert browser.get("/account/password").status_code == 200
    assert "/login" in web.app.test_client().get(link(letter)).headers["Location"]


def test_the_link_lies_nowhere_but_in_the_letter(house: House, dairy: str) -> None:
    invite(house, dairy)
    house.drain()
    token = link(letters(house)[0]).removeprefix("/once/")
    with house.database.look(PLATFORM) as unit:
        kept = [row.sha256 for row in unit.session.scalars(select(OnceLink))]
    assert len(kept) == 1
    assert token not in json.dumps([kept, house.told()])


def test_a_letter_goes_by_the_way_of_a_link_that_ends(house: House, dairy: str) -> None:
    invite(house, dairy)
    house.drain()
    token = link(letters(house)[0]).removeprefix("/once/")
    with house.database.look(PLATFORM) as unit:
        ends = unit.session.scalars(select(OnceLink.expires_at)).one()
    with house.database.begin(PLATFORM, now=ends + timedelta(seconds=1)) as unit:
        assert credentials.use_link(unit, token) is None


def test_all_of_a_firm_are_listed_and_nobody_of_another(house: House, dairy: str) -> None:
    firm(house, "另一家", OTHER_USCC, "boss@other.example")
    firm(house, "隔壁", USCC, "boss@next.example", brand_id=house.other_brand_id)
    invite(house, dairy)
    found = listed(house, dairy)
    assert set(found) == {"boss@dairy.example", EMAIL}
    assert (found[EMAIL].active, found[EMAIL].invited, found[EMAIL].is_me) == (True, True, False)


def test_strangers_find_no_colleague_and_staff_without_a_say_are_refused(house: House, dairy: str) -> None:
    boss = listed(house, dairy)["boss@dairy.example"].id
    other = firm(house, "另一家", OTHER_USCC, "boss@other.example")
    neighbour = house.other_brand_id
    for kind, more in (("supplier", {"supplier_id": other}), ("supplier", {}), ("quality", {"brand_id": neighbour})):
        with house.begin(kind, **more) as unit:
            for act in acts(unit, dairy, boss):
                with pytest.raises(Missing):
                    act()
    with house.begin("brand_admin", brand_id=neighbour) as unit:
        for act in acts(unit, dairy, boss):
            with pytest.raises(Missing):
                act()
    for kind in ("plant", "machine", "visitor", "member"):
        with house.begin(kind) as unit:
            for act in acts(unit, dairy, boss):
                with pytest.raises(Refused):
                    act()
    assert listed(house, dairy)["boss@dairy.example"].active


def acts(unit: Unit, supplier_id: str, account_id: str) -> tuple[Any, ...]:
    return (
        lambda: colleagues.listed(unit, supplier_id=supplier_id),
        lambda: colleagues.invite(unit, supplier_id=supplier_id, email="x@y.example", name="x"),
        lambda: colleagues.take_away(unit, supplier_id=supplier_id, account_id=account_id),
    )


def test_an_account_of_somebody_else_is_not_there_to_be_taken_away(house: House, dairy: str) -> None:
    """Not one of another supplier, not one of the brand's own staff, not one of another brand."""
    other = firm(house, "另一家", OTHER_USCC, "boss@other.example")
    with house.begin("brand_admin") as unit:
        staff = credentials.add_account(unit, email="qc@brand.example", name="品控", role="quality").id
    foreign = firm(house, "隔壁", USCC, "boss@next.example", brand_id=house.other_brand_id)
    with house.begin("brand_admin", brand_id=house.other_brand_id) as unit:
        (far,) = colleagues.listed(unit, supplier_id=foreign)
    near = listed(house, other)["boss@other.example"]
    for kind, more in (("supplier", {"supplier_id": dairy}), ("brand_admin", {})):
        for target in (near.id, staff, far.id, "nobody"):
            with house.begin(kind, **more) as unit, pytest.raises(Missing):
                colleagues.take_away(unit, supplier_id=dairy, account_id=target)
    with house.database.look(PLATFORM) as unit:
        assert all(unit.session.scalars(select(Account.active)))


@pytest.mark.parametrize("email", ["boss@other.example", "qc@brand.example", "boss@next.example", "QC@brand.example"])
def test_an_address_that_signs_in_for_somebody_else_cannot_be_invited(house: House, dairy: str, email: str) -> None:
    firm(house, "另一家", OTHER_USCC, "boss@other.example")
    firm(house, "隔壁", USCC, "boss@next.example", brand_id=house.other_brand_id)
    with house.begin("brand_admin") as unit:
        credentials.add_account(unit, email="qc@brand.example", name="品控", role="quality")
    with pytest.raises(EmailTaken) as trouble:
        invite(house, dairy, email)
    assert trouble.value.more == {}
    house.drain()
    assert letters(house) == []


def test_access_ends_at_once_with_sessions_and_links(web: Web, dairy: str) -> None:
    house = web.house
    invite(house, dairy)
    house.drain()
    browser = web.app.test_client()
    browser.get(link(letters(house)[0]))
    assert browser.get("/account/password").status_code == 200
    invite(house, dairy)  # another letter, whose link is not used yet
    house.drain()
    account = listed(house, dairy)[EMAIL]
    for _ in range(2):
        with one(house, dairy) as unit:
            assert not colleagues.take_away(unit, supplier_id=dairy, account_id=account.id).active
    assert browser.get("/account/password", headers={"Accept": "application/json"}).status_code == 401
    assert "/login" in web.app.test_client().get(link(letters(house)[1])).headers["Location"]


def test_a_letter_on_its_way_brings_no_link_to_whoever_lost_access(house: House, dairy: str) -> None:
    account = invite(house, dairy)
    with one(house, dairy) as unit:
        colleagues.take_away(unit, supplier_id=dairy, account_id=account.id)
    house.drain()
    assert letters(house) == []


def test_somebody_must_stay_but_the_brand_may_send_the_last_one_away(house: House, dairy: str) -> None:
    boss = listed(house, dairy)["boss@dairy.example"].id
    with one(house, dairy) as unit, pytest.raises(LastColleague):
        colleagues.take_away(unit, supplier_id=dairy, account_id=boss)
    with house.begin("quality") as unit:
        colleagues.take_away(unit, supplier_id=dairy, account_id=boss)
    assert not listed(house, dairy)["boss@dairy.example"].active


def test_what_a_colleague_took_a_colleague_gives_back_what_the_brand_took_only_the_brand(house: House, dairy: str) -> None:
    house.now -= timedelta(minutes=1)
    account = invite(house, dairy)
    with one(house, dairy) as unit:
        colleagues.take_away(unit, supplier_id=dairy, account_id=account.id)
    assert invite(house, dairy).active
    house.now += timedelta(seconds=1)  # what is written in one moment has no order
    with house.begin("brand_admin") as unit:
        colleagues.take_away(unit, supplier_id=dairy, account_id=account.id)
    with pytest.raises(TakenByTheBrand):
        invite(house, dairy)
    assert not listed(house, dairy)[EMAIL].active
    assert invite(house, dairy, by="quality").active


def test_twenty_accounts_and_no_more(house: House, dairy: str) -> None:
    for number in range(19):
        invite(house, dairy, f"{number}@dairy.example")
    with pytest.raises(TooManyColleagues):
        invite(house, dairy)


@pytest.mark.parametrize(
    ("email", "name", "places"),
    [
        ("li", "李", {"/email"}),
        ("", " ", {"/email", "/name"}),
        ("a@b", "李", {"/email"}),
        ("a b@c.example", "李", {"/email"}),
        ("a@b.example\r\nBcc: c@d.example", "李", {"/email"}),
        ("a@b.example", "李\r\nBcc: c@d.example", {"/name"}),
        ("x" * 120 + "@b.example", "李", {"/email"}),
        (None, 5, {"/email", "/name"}),
    ],
)
def test_what_is_wrong_is_named_and_nobody_is_invited(house: House, dairy: str, email: Any, name: Any, places: set[str]) -> None:
    with one(house, dairy) as unit, pytest.raises(Invalid) as wrong:
        colleagues.invite(unit, supplier_id=dairy, email=email, name=name)
    assert {each["pointer"] for each in wrong.value.errors} == places
    assert set(listed(house, dairy)) == {"boss@dairy.example"}
