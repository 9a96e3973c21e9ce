"""Documents of listed identifiers: kept while they are young enough to answer for a host that is down."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from kernel.ports import Answer
from suppliers import trust
from suppliers.certificates.inspecting import Inspection, look_at
from suppliers.models import TrustedIssuer
from tests.conftest import House
from tests.suppliers.credentials import making

DID = "did:web:lab.example"


def test_documents_of_listed_identifiers_are_kept_for_a_month_and_no_others(house: House) -> None:
    first, second = {"id": DID, "v": 1}, {"id": DID, "v": 2}
    with house.begin("system") as unit:
        issuer = trust.add_issuer(unit, name="示例检测", dids=[DID])
        trust.keep_documents(unit, {DID: first, "did:web:evil.example": {"id": "did:web:evil.example"}})
        assert trust.kept_documents(unit) == {DID: first}
    with house.begin("system", now=house.now + timedelta(days=20)) as unit:
        trust.keep_documents(unit, {DID: {"id": DID, "much": "x" * 70_000}})
        assert trust.kept_documents(unit, within=timedelta(minutes=5)) == {}
        trust.keep_documents(unit, {DID: second})
    with house.look(now=house.now + timedelta(days=49)) as unit:
        assert trust.kept_documents(unit) == {DID: second}
    with house.look(now=house.now + timedelta(days=51)) as unit:
        assert trust.kept_documents(unit) == {}
    with house.begin() as unit:
        trust.change_issuer(unit, issuer_id=issuer.id, name="示例检测", dids=[])
        assert trust.kept_documents(unit) == {}
        assert unit.session.get_one(TrustedIssuer, issuer.id).documents == {}


def test_a_document_that_is_kept_already_is_not_written_at_every_look(house: House) -> None:
    with house.begin("system") as unit:
        issuer = trust.add_issuer(unit, name="示例检测", dids=[DID])
        trust.keep_documents(unit, {DID: {"id": DID}})
    for minutes, kept_at in ((4, house.now), (6, house.now + timedelta(minutes=6))):
        with house.begin("system", now=house.now + timedelta(minutes=minutes)) as unit:
            trust.keep_documents(unit, {DID: {"id": DID}})
            assert unit.session.get_one(TrustedIssuer, issuer.id).documents[DID]["kept_at"] == kept_at.isoformat()


class Host:
    """The web server of the issuer: up or down."""

    up = True

    def fetch(self, url: str, most: int) -> Answer:
        assert url == "https://cab.example/.well-known/did.json"
        return Answer(200, body=json.dumps(making.DOCUMENTS[making.ISSUER]).encode()) if self.up else Answer()


def test_a_host_that_is_down_turns_nothing_for_a_month(house: House) -> None:
    host = Host()
    house.database.outside = replace(house.database.outside, web=host)  # type: ignore[arg-type]
    house.now = making.AT
    with house.begin("system") as unit:
        trust.add_issuer(unit, name="示例认证", dids=[making.ISSUER])
        paper = unit.outside.vault.put(making.token(making.credential()))

    def looked(at: datetime) -> Inspection:
        with house.look("system", now=at) as unit:
            return look_at(unit, paper, words=False)

    def proof(seen: Inspection) -> str:
        return str(seen.reading["credential"]["proof"]["result"])

    first = looked(making.AT)
    assert (proof(first), list(first.documents)) == ("passed", [making.ISSUER])
    with house.begin("system") as unit:
        trust.keep_documents(unit, first.documents)
    assert looked(making.AT + timedelta(minutes=4)).documents == {}  # not asked at every look
    assert list(looked(making.AT + timedelta(minutes=6)).documents) == [making.ISSUER]
    host.up = False
    down = looked(making.AT + timedelta(days=29))
    assert (proof(down), down.documents) == ("passed", {})
    assert proof(looked(making.AT + timedelta(days=31))) != "passed"
