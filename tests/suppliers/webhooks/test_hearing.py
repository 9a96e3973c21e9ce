"""What other systems are told of papers, and with which secret it is signed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import relay
from app.outside import RootKeyring
from kernel.errors import Missing, Refused
from suppliers import certificates, directory, gate, messages, rules, webhooks
from suppliers.facts import StandingChanged
from suppliers.models import Certificate, Supplier, WebhookDelivery
from suppliers.webhooks import signature
from suppliers.webhooks.addresses import secrets_of
from tests.conftest import House
from tests.suppliers import shelf
from tests.suppliers.webhooks.ears import READS, Ear, add, log, tell


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
        told = {row.body["data"]["standing"]: row.body["data"]["because"] for row in unit.session.scalars(select(WebhookDelivery))}
    assert told == {"verified": ["standing.all_passed"], "suspended": ["standing.suspended_by_person"]}


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
