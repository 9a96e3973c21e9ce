"""Other systems hear of papers: signed, tried again, given up, sent once more; and nobody else hears anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel.errors import Invalid, Missing, Refused
from kernel.outbox import Delivery
from kernel.ports import Answer
from kernel.unit import PLATFORM
from suppliers import webhooks
from suppliers.webhooks import sending, signature
from tests.conftest import House
from tests.suppliers.webhooks.ears import URL, Ear, add, at_once, log, tell


def test_an_event_arrives_signed_and_once(house: House, ear: Ear) -> None:
    webhook, secret = add(house)
    assert tell(house, row_id="R1") == 1
    house.drain()
    house.drain()
    ((url, body, headers, raw),) = ear.heard
    assert (url, body["type"], body["data"]) == (URL, "requirement.changed", {"row_id": "R1"})
    assert body["timestamp"].endswith("Z")
    (row,) = log(house, webhook)
    assert (row.state, row.attempts, row.status, row.failure, headers["webhook-id"]) == ("sent", 1, 204, None, row.id)
    again = signature.headers(signature.read(secret), message=row.id, seconds=int(headers["webhook-timestamp"]), body=raw)
    assert again["webhook-signature"] == headers["webhook-signature"]


def test_only_what_was_asked_for_is_told_and_only_to_this_brand(house: House, ear: Ear) -> None:
    add(house, events=("supplier.message",))
    add(house, url="https://next.example/", brand_id=house.other_brand_id)
    assert tell(house) == 0
    assert tell(house, "supplier.message") == 1
    house.drain()
    assert [url for url, *_ in ear.heard] == [URL]
    with house.begin("system") as unit, pytest.raises(ValueError, match="no such event"):
        webhooks.tell_all(unit, "paper.eaten", {})


def test_nothing_is_told_of_what_did_not_happen(house: House, ear: Ear) -> None:
    webhook, _ = add(house)
    with pytest.raises(RuntimeError), house.begin("system") as unit:
        webhooks.tell_all(unit, "requirement.changed", {})
        raise RuntimeError
    house.drain()
    assert (ear.heard, log(house, webhook)) == ([], [])


def test_what_fails_is_tried_again_under_the_same_id_later_and_later_and_given_up(house: House, ear: Ear) -> None:
    webhook, _ = add(house)
    attempts = len(sending.PAUSES) + 1
    ear.say = [Answer(500), Answer(None), Answer(302), *[Answer(503)] * (attempts - 3)]
    tell(house)
    for attempt in range(1, attempts + 1):
        house.drain()
        (row,) = log(house, webhook)
        assert (row.attempts, row.state) == (attempt, "failed" if attempt == attempts else "waiting")
        if attempt < attempts:
            with house.database.look(PLATFORM) as unit:
                due = unit.session.scalars(select(Delivery.due_at)).one()
                assert row.tried_at is not None
                assert due - row.tried_at == timedelta(seconds=sending.PAUSES[attempt - 1])
        at_once(house)
    house.drain()
    assert len(ear.heard) == attempts
    assert len({headers["webhook-id"] for _, _, headers, _ in ear.heard}) == 1
    assert row.failure == "status 503"
    assert timedelta(days=3) <= timedelta(seconds=sum(sending.PAUSES)) <= timedelta(days=4)


def test_what_recovers_is_sent_and_the_failure_forgotten(house: House, ear: Ear) -> None:
    webhook, _ = add(house)
    ear.say = [Answer(None), Answer(200)]
    tell(house)
    house.drain()
    assert log(house, webhook)[0].failure == "no answer"
    at_once(house)
    house.drain()
    (row,) = log(house, webhook)
    assert (row.state, row.attempts, row.status, row.failure) == ("sent", 2, 200, None)


def test_an_address_inside_is_never_asked(house: House) -> None:
    """The house's own way out refuses it: nothing of this machine's network hears anything."""
    webhook, _ = add(house, url="https://169.254.169.254/latest/meta-data")
    tell(house)
    house.drain()
    (row,) = log(house, webhook)
    assert (row.state, row.status, row.failure) == ("waiting", None, "the address leads inside a network that is not asked")


def test_gone_ends_the_address(house: House, ear: Ear) -> None:
    webhook, _ = add(house)
    ear.say = [Answer(410)]
    tell(house)
    house.drain()
    assert log(house, webhook)[0].state == "failed"
    with house.look("brand_admin") as unit:
        assert webhooks.addresses(unit) == []
        assert [each.id for each in webhooks.addresses(unit, ended=True)] == [webhook.id]
    assert tell(house) == 0


def test_what_is_on_its_way_to_an_address_that_ends_is_dropped(house: House, ear: Ear) -> None:
    webhook, _ = add(house)
    tell(house)
    with house.begin("brand_admin") as unit:
        webhooks.end(unit, webhook_id=webhook.id)
        webhooks.end(unit, webhook_id=webhook.id)
    house.drain()
    (row,) = log(house, webhook)
    assert (ear.heard, row.state, row.failure) == ([], "failed", "the address was ended")
    with house.begin("brand_admin") as unit:
        for act in (lambda: webhooks.resend(unit, delivery_id=row.id), lambda: webhooks.ping(unit, webhook_id=webhook.id)):
            with pytest.raises(webhooks.AddressEnded):
                act()


def test_once_more_is_the_same_event(house: House, ear: Ear) -> None:
    webhook, _ = add(house)
    tell(house, row_id="R1")
    with house.begin("brand_admin") as unit, pytest.raises(webhooks.StillOnItsWay):
        webhooks.resend(unit, delivery_id=log(house, webhook)[0].id)
    house.drain()
    with house.begin("brand_admin") as unit:
        webhooks.resend(unit, delivery_id=log(house, webhook)[0].id)
    house.drain()
    assert len({(headers["webhook-id"], raw) for _, _, headers, raw in ear.heard}) == 1
    assert len(ear.heard) == 2


def test_a_ping_goes_to_one_address_whatever_it_listens_to(house: House, ear: Ear) -> None:
    webhook, _ = add(house, events=("paper.read",))
    add(house, url="https://other.example/")
    with house.begin("brand_admin") as unit:
        webhooks.ping(unit, webhook_id=webhook.id)
    house.drain()
    assert [(url, body["type"]) for url, body, _, _ in ear.heard] == [(URL, "webhook.ping")]


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://erp.example/", "href-https"),
        ("ftp://erp.example/", "url"),
        ("https://user:word@erp.example/", "url"),
        ("https://erp.example/#part", "url"),
        ("https://ERP.example/ blank", "url"),
        ("https://erp.example/" + "a" * 400, "url"),
        ("javascript:alert(1)", "url"),
        ("", "url"),
    ],
)
def test_an_address_that_nobody_should_be_told_at_is_refused(house: House, url: str, rule: str) -> None:
    with house.begin("brand_admin") as unit, pytest.raises(Invalid) as wrong:
        webhooks.add(unit, name="ERP", url=url)
    assert [(each["pointer"], each["rule"]) for each in wrong.value.errors] == [("/url", rule)]


def test_what_is_wrong_is_named_all_at_once(house: House) -> None:
    with house.begin("brand_admin") as unit, pytest.raises(Invalid) as wrong:
        webhooks.add(unit, name=" ", url="x", events=("paper.read", "paper.eaten"))
    assert {each["pointer"] for each in wrong.value.errors} == {"/name", "/url", "/events/1"}


def test_twenty_addresses_and_no_more(house: House) -> None:
    for number in range(20):
        add(house, url=f"https://erp.example/{number}")
    with pytest.raises(webhooks.TooManyAddresses):
        add(house)


@pytest.mark.parametrize("kind", ["supplier", "plant", "quality", "visitor"])
def test_whoever_is_no_keeper_adds_nothing(house: House, kind: str) -> None:
    with house.begin(kind) as unit, pytest.raises(Refused):
        webhooks.add(unit, name="ERP", url=URL)


def test_a_supplier_and_a_neighbour_see_no_address(house: House) -> None:
    webhook, _ = add(house)
    with house.look("supplier") as unit, pytest.raises(Refused):
        webhooks.addresses(unit)
    with house.look("brand_admin", brand_id=house.other_brand_id) as unit:
        assert webhooks.addresses(unit) == []
        with pytest.raises(Missing):
            webhooks.deliveries(unit, webhook_id=webhook.id)


def test_the_secret_lies_locked_and_is_locked_anew(house: House) -> None:
    webhook, secret = add(house)
    assert signature.read(secret) not in webhook.secret
    with house.begin("system") as unit:
        assert webhooks.rewrap(unit) == 0  # under the present root key already
