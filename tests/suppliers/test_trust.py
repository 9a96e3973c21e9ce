"""Whom the brand believes: chosen by quality staff, for some kinds of papers, until a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.errors import Invalid, Missing, Refused
from suppliers import trust
from tests.conftest import House, shared_data


def test_only_certificates_become_anchors_and_only_quality_staff_add_them(house: House) -> None:
    folder = shared_data("certificates") / "synthetic_pades"
    pem, crl = (folder / "root.cert.pem").read_text(), (folder / "root.crl.der").read_bytes()
    with house.begin() as unit:
        trust.add_anchor(unit, name="示例根", pem=pem, crl=crl)
        assert [anchor.crl for anchor in trust.anchors(unit)] == [crl]
        with pytest.raises(Invalid) as caught:
            trust.add_anchor(unit, name="x", pem="not a certificate", crl=b"nor a list")
        assert [error["pointer"] for error in caught.value.errors] == ["/pem", "/crl"]
    with house.begin("plant") as unit, pytest.raises(Refused):
        trust.add_anchor(unit, name="示例根", pem=pem)


def test_a_root_and_an_issuer_end_and_stay_written_down(house: House) -> None:
    folder = shared_data("certificates") / "synthetic_pades"
    with house.begin() as unit:
        anchor = trust.add_anchor(unit, name="示例根", pem=(folder / "root.cert.pem").read_text())
        issuer = trust.add_issuer(
            unit, name="示例检测", kinds=["inspection_report"], hosts=["Lab.Example.com"], dids=["did:web:lab.example.com"]
        )
        assert issuer.hosts == ["lab.example.com"]
        trust.end_anchor(unit, anchor_id=anchor.id)
        trust.end_issuer(unit, issuer_id=issuer.id)
        assert (trust.anchors(unit), trust.issuers(unit)) == ([], [])
        assert [each.id for each in trust.anchors(unit, ended=True)] == [anchor.id]
        assert [each.ended_at for each in trust.issuers(unit, ended=True)] == [unit.now]
        with pytest.raises(Missing):
            trust.end_issuer(unit, issuer_id="x")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"names": ["a\x00"]}, "/names/0"),
        ({"kinds": ["diploma"]}, "/kinds/0"),
        ({"hosts": ["good.example", "https://x.example/"]}, "/hosts/1"),
        ({"hosts": ["127.0.0.1"]}, "/hosts/0"),
        ({"dids": ["did:web:a/b"]}, "/dids/0"),
        ({"uscc": "91350100M000100Y"}, "/uscc"),
        ({"accredited_until": "2026-01-01"}, "/accredited_until"),
        ({"names": ["x"] * 41}, "/names"),
    ],
)
def test_what_is_wrong_with_an_issuer_is_pointed_at(house: House, changes: dict[str, Any], pointer: str) -> None:
    good: dict[str, Any] = {"name": "示例检测", "accredited_until": date(2030, 1, 1)}
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        trust.add_issuer(unit, **(good | changes))
    assert [error["pointer"] for error in caught.value.errors] == [pointer]


def test_an_issuer_stands_on_the_list_once_and_only_by_quality(house: House) -> None:
    with house.begin() as unit:
        trust.add_issuer(unit, name="示例检测")
        with pytest.raises(trust.IssuerKnown):
            trust.add_issuer(unit, name="示例检测")
    for kind in ("supplier", "plant"):
        with house.begin(kind) as unit, pytest.raises(Refused):
            trust.add_issuer(unit, name="别的")


def by_trust(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Facts of one moment have no order."""
    return sorted(told, key=lambda body: bool(body["trusted"]))


def test_a_changed_issuer_has_the_new_words_alone_and_both_those_that_stand_and_those_that_wait_are_told(house: House) -> None:
    with house.begin() as unit:
        issuer = trust.add_issuer(unit, name="示例检测", kinds=["inspection_report"], hosts=["lab.example"], accreditation="CMA 1")
        trust.add_issuer(unit, name="另一家")
    later = house.now + timedelta(hours=1)
    before = len(house.told("TrustChanged"))
    with house.begin(now=later) as unit:
        changed = trust.change_issuer(unit, issuer_id=issuer.id, name="示例检测", names=["示例"], dids=["did:web:lab.example"])
        assert (changed.kinds, changed.hosts, changed.accreditation, changed.names) == ([], [], None, ["示例"])
        assert changed.added_at == later
    assert by_trust(house.told("TrustChanged")[before:]) == [{"trusted": False, "what": "issuer"}, {"trusted": True, "what": "issuer"}]
    with house.begin(now=later + timedelta(hours=1)) as unit:
        same = trust.change_issuer(unit, issuer_id=issuer.id, name="示例检测", names=["示例"], dids=["did:web:lab.example"])
        assert same.added_at == later
    assert len(house.told("TrustChanged")) == before + 2
    with house.begin() as unit:
        with pytest.raises(trust.IssuerKnown):
            trust.change_issuer(unit, issuer_id=issuer.id, name="另一家")
        with pytest.raises(Missing):
            trust.change_issuer(unit, issuer_id="x", name="y")
        with pytest.raises(Invalid):
            trust.change_issuer(unit, issuer_id=issuer.id, name="y", hosts=["https://x/"])
    with house.begin("supplier") as unit, pytest.raises(Refused):
        trust.change_issuer(unit, issuer_id=issuer.id, name="y")


def test_an_ended_issuer_is_not_changed_but_comes_back_with_new_words(house: House) -> None:
    with house.begin() as unit:
        issuer = trust.add_issuer(unit, name="示例检测", kinds=["inspection_report"])
        trust.end_issuer(unit, issuer_id=issuer.id)
        with pytest.raises(trust.IssuerEnded):
            trust.change_issuer(unit, issuer_id=issuer.id, name="示例检测")
    later = house.now + timedelta(days=1)
    with house.begin(now=later) as unit:
        again = trust.add_issuer(unit, name="示例检测", kinds=["haccp"])
        assert (again.id, again.kinds, again.ended_at, again.added_at) == (issuer.id, ["haccp"], None, later)
        assert [each.id for each in trust.issuers(unit)] == [issuer.id]
        with pytest.raises(trust.IssuerKnown):
            trust.add_issuer(unit, name="示例检测")
    assert [body["trusted"] for body in by_trust(house.told("TrustChanged"))] == [False, True, True]


def test_it_is_told_whether_an_issuer_or_a_root_is_believed(house: House) -> None:
    folder = shared_data("certificates") / "synthetic_pades"
    with house.begin() as unit:
        anchor = trust.add_anchor(unit, name="示例根", pem=(folder / "root.cert.pem").read_text())
        trust.end_anchor(unit, anchor_id=anchor.id)
    assert by_trust(house.told("TrustChanged")) == [{"trusted": False, "what": "anchor"}, {"trusted": True, "what": "anchor"}]


DID = "did:web:lab.example"


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://status.example/1", True),
        ("https://status.example:443/1", True),
        ("https://lab.example/list", True),
        ("http://status.example/1", False),
        ("https://status.example:8443/1", False),
        ("https://evil.example/1", False),
        ("https://status.example.evil.example/1", False),
        ("https://status.example@evil.example/1", False),
        ("https://user@status.example/1", False),
        ("https://STATUS.example/1", False),
        ("https://[status.example/1", False),
        ("https:///1", False),
        ("https://status.example/" + "x" * 400, False),
        ("", False),
    ],
)
def test_only_plain_addresses_on_hosts_of_the_list_may_be_fetched(house: House, url: str, may: bool) -> None:
    with house.begin() as unit:
        trust.add_issuer(unit, name="示例检测", dids=[DID], hosts=["status.example"])
        gone = trust.add_issuer(unit, name="别的", dids=["did:web:evil.example"])
        trust.end_issuer(unit, issuer_id=gone.id)
        reachable = trust.reachable(unit)
    assert reachable.may_fetch(url) is may
    assert reachable.document_url(DID) == "https://lab.example/.well-known/did.json"
    assert reachable.document_url("did:web:evil.example") is None
    assert reachable.document_url("did:key:z6Mk") is None
