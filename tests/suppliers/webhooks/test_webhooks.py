"""Other systems hear of papers: signed, tried again, given up, sent once more; and nobody else hears anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app import relay
from app.outside import RootKeyring
from kernel.errors import Invalid, Missing, Refused
from kernel.outbox import Delivery
from kernel.ports import Answer
from kernel.unit import PLATFORM
from suppliers import certificates, directory, gate, messages, rules, webhooks
from suppliers.facts import StandingChanged
from suppliers.models import Certificate, Supplier, Webhook, WebhookDelivery
from suppliers.webhooks import sending, signature
from suppliers.webhooks.addresses import secrets_of
from tests.conftest import House
from tests.suppliers import shelf

READS = f"{certificates.uploads.on_paper_uploaded.__module__}.{certificates.uploads.on_paper_uploaded.__name__}"
URL = "https://erp.example/hooks/suyuan"
Say = Callable[[], Answer]


@dataclass
class Ear:
    """Another system. ``say``: what it answers; when there is no more, 204."""

    say: list[Answer] = field(default_factory=list)
    heard: list[tuple[str, dict[str, Any], Mapping[str, str], bytes]] = field(default_factory=list)

    def ask(self, url: str) -> Answer:
        raise AssertionError(url)

    def fetch(self, url: str, most: int) -> Answer:
        raise AssertionError(url)

    def tell(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.heard.append((url, json.loads(body), headers, body))
        return self.say.pop(0) if self.say else Answer(204)


@pytest.fixture
def ear(house: House) -> Ear:
    ear = Ear()
    house.database.outside = replace(house.database.outside, web=ear)
    return ear


def add(house: House, url: str = URL, events: tuple[str, ...] = (), **more: Any) -> tuple[Webhook, str]:
    with house.begin("brand_admin", **more) as unit:
        return webhooks.add(unit, name="ERP", url=url, events=events)


def tell(house: House, event: str = "requirement.changed", **data: Any) -> int:
    with house.begin("system") as unit:
        return webhooks.tell_all(unit, event, data)


def log(house: House, webhook: Webhook) -> list[WebhookDelivery]:
    with house.look("brand_admin") as unit:
        return webhooks.deliveries(unit, webhook_id=webhook.id)


def at_once(house: House) -> None:
    """What was put off is due now."""
    with house.database.begin(PLATFORM) as unit:
        unit.session.execute(update(Delivery).where(Delivery.state == "new").values(due_at=unit.now))


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


def fallen(house: House, who: Supplier) -> Certificate:
    """A paper that stood and was suspended: its trail says so, whatever the row says by now."""
    paper = shelf.check(house, shelf.hand_in(house, who))
    house.now += timedelta(seconds=1)  # ids of one moment have no order
    with house.begin() as unit:
        certificates.decide(unit, certificate_id=paper.id, decision="suspend", reason="先停一停")
    return paper


def test_a_changed_standing_says_what_may_be_delivered_now_and_nothing_personal(house: House, ear: Ear) -> None:
    add(house)
    who = shelf.supplier(house)
    with house.begin() as unit:
        milk = directory.add_material(unit, code="M1", name_zh="乳粉", name_en="Milk powder", category="dairy")
        directory.list_supply(unit, supplier_id=who.id, material_id=milk.id)
    paper = fallen(house, who)
    with house.begin("system") as unit:
        webhooks.on_standing_changed(unit, StandingChanged(**house.told("StandingChanged")[-1]))
    with house.look("brand_admin") as unit:
        (row,) = unit.session.scalars(select(WebhookDelivery).where(WebhookDelivery.event == "paper.standing_changed"))
    told = row.body["data"]
    assert (told["certificate_id"], told["supplier_id"], told["kind"]) == (paper.id, who.id, "food_production")
    assert (told["standing"], told["before"], told["because"]) == ("suspended", "verified", ["standing.suspended_by_person"])
    assert [(each["material_id"], each["open"]) for each in told["gates"]] == [(milk.id, False)]
    assert who.name not in json.dumps(row.body, ensure_ascii=False)
    assert paper.number not in json.dumps(row.body)


def test_a_change_that_is_heard_late_says_why_it_was_then(house: House, ear: Ear) -> None:
    add(house)
    paper = fallen(house, shelf.supplier(house))
    facts = [StandingChanged(**body) for body in house.told("StandingChanged")]
    with house.begin("brand_admin") as unit:
        unit.session.get_one(Certificate, paper.id).because = ["standing.lapsed"]
    for fact in facts:
        with house.begin("system") as unit:
            webhooks.on_standing_changed(unit, fact)
    with house.look("brand_admin") as unit:
        rows = unit.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)).all()
    told = [(row.body["data"]["standing"], row.body["data"]["because"]) for row in rows]
    assert told == [("verified", ["standing.all_passed"]), ("suspended", ["standing.suspended_by_person"])]


def test_nobody_listens_and_no_gate_is_asked(house: House, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    ended, _ = add(house)
    add(house, events=("supplier.message",))
    add(house, url="https://next.example/", brand_id=house.other_brand_id)
    with house.begin("brand_admin") as unit:
        webhooks.end(unit, webhook_id=ended.id)
    who = shelf.supplier(house)
    with house.begin() as unit:
        milk = directory.add_material(unit, code="M1", name_zh="乳粉", name_en="Milk powder", category="dairy")
        directory.list_supply(unit, supplier_id=who.id, material_id=milk.id)
    paper = fallen(house, who)

    def asked(*_: Any, **__: Any) -> None:
        raise AssertionError("nobody wants to know")

    monkeypatch.setattr(gate, "may", asked)
    with house.begin("system") as unit:
        webhooks.on_standing_changed(unit, StandingChanged(paper.id, who.id, "suspended", "verified"))
    assert log(house, ended) == []


def test_a_new_secret_signs_at_once_and_the_old_one_for_another_day(house: House, ear: Ear) -> None:
    webhook, old = add(house)
    with house.begin("brand_admin") as unit:
        new = webhooks.rotate(unit, webhook_id=webhook.id)
    assert new.startswith("whsec_")
    assert new != old
    tell(house)
    house.drain()
    _, _, headers, raw = ear.heard[-1]

    def signed(secret: str) -> str:
        more = {"message": headers["webhook-id"], "seconds": int(headers["webhook-timestamp"]), "body": raw}
        return signature.headers(signature.read(secret), **more)["webhook-signature"]

    assert headers["webhook-signature"].split(" ") == [signed(new), signed(old)]
    with house.begin("brand_admin") as unit:
        row = webhooks.get(unit, webhook.id)
        assert row.rotated_at is not None
        row.rotated_at -= timedelta(hours=24, seconds=1)
    tell(house)
    house.drain()
    _, _, headers, raw = ear.heard[-1]
    assert headers["webhook-signature"] == signed(new)


def test_a_second_new_secret_ends_the_first_old_one(house: House, ear: Ear) -> None:
    """Whoever lost a secret changes it twice."""
    webhook, leaked = add(house)
    with house.begin("brand_admin") as unit:
        between = webhooks.rotate(unit, webhook_id=webhook.id)
        last = webhooks.rotate(unit, webhook_id=webhook.id)
        known = [signature.written(each) for each in secrets_of(unit, webhooks.get(unit, webhook.id))]
    assert known == [last, between]
    assert leaked not in known


def test_only_a_keeper_changes_a_secret_and_only_of_a_living_address(house: House) -> None:
    webhook, _ = add(house)
    for kind, more, why in (("quality", {}, Refused), ("brand_admin", {"brand_id": house.other_brand_id}, Missing)):
        with house.begin(kind, **more) as unit, pytest.raises(why):
            webhooks.rotate(unit, webhook_id=webhook.id)
    with house.begin("brand_admin") as unit:
        webhooks.end(unit, webhook_id=webhook.id)
        with pytest.raises(webhooks.AddressEnded):
            webhooks.rotate(unit, webhook_id=webhook.id)


def test_both_secrets_are_locked_anew_and_the_old_one_forgotten_when_its_day_is_over(house: House) -> None:
    first, second = "11" * 32, "22" * 32
    house.database.outside = replace(house.database.outside, keys=RootKeyring(first))
    webhook, old = add(house)
    with house.begin("brand_admin") as unit:
        new = webhooks.rotate(unit, webhook_id=webhook.id)
    house.database.outside = replace(house.database.outside, keys=RootKeyring(second, first))
    with house.begin("system") as unit:
        assert (webhooks.rewrap(unit), webhooks.rewrap(unit)) == (2, 0)
    house.database.outside = replace(house.database.outside, keys=RootKeyring(second))
    with house.look("brand_admin") as unit:
        assert [signature.written(each) for each in secrets_of(unit, webhooks.get(unit, webhook.id))] == [new, old]
    house.now += timedelta(hours=24)
    with house.begin("system") as unit:
        assert webhooks.rewrap(unit) == 0
        assert webhooks.get(unit, webhook.id).secret_before is None


def test_a_message_is_heard_of_but_never_its_words(house: House, ear: Ear) -> None:
    add(house, events=("supplier.message",))
    who = shelf.supplier(house)
    with house.begin("supplier", supplier_id=who.id) as unit:
        messages.say(unit, who.id, "张三的电话是 13800000000", by_name="张三")
    house.drain()
    ((_, body, _, raw),) = ear.heard
    assert body["data"]["from_supplier"] is True
    assert "张三" not in raw.decode()


def test_a_file_and_a_row_of_the_brand_are_heard_of_as_they_come(house: House, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the outbox, with the reader of files stood in for."""
    read = relay.BY_NAME[READS]
    monkeypatch.setitem(
        relay.BY_NAME, READS, replace(read, before=lambda _unit, _fact: certificates.Inspection({"trouble": "pdf.encrypted"}))
    )
    add(house)
    who = shelf.supplier(house)
    with house.begin("supplier", supplier_id=who.id) as unit:
        upload = certificates.upload(unit, supplier_id=who.id, content=b"%PDF-1.7 locked", filename="张三.pdf")
    asks = {"market": "CN", "supplier_kinds": ["farm"], "categories": ["dairy"], "kinds": ["haccp"], "effective_from": house.now.date()}
    with house.begin("quality") as unit:
        row = rules.add_row(unit, **asks, citation="house rule 1", why="because we say so")
    house.drain()
    told = {body["type"]: body["data"] for _, body, _, _ in ear.heard}
    assert set(told) == {"paper.uploaded", "paper.read", "requirement.changed"}
    assert told["paper.read"] == {"upload_id": upload.id, "supplier_id": who.id, "state": "refused", "trouble": "pdf.encrypted"}
    assert (told["requirement.changed"]["row_id"], told["requirement.changed"]["kinds"]) == (row.id, ["haccp"])
    assert "张三" not in json.dumps(told, ensure_ascii=False)
