"""Whom the brand believes: chosen by quality staff, for some kinds of papers, until a day."""

from __future__ import annotations

from datetime import date
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
        issuer = trust.add_issuer(unit, name="示例检测", kinds=["inspection_report"], hosts=["Lab.Example.com"], dids=["did:web:lab.example.com"])
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
