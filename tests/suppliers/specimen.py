"""A paper that every check passes, and the readings of documents that checks are asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from suppliers.checks import CHECKS, Finding, IssuerSeen, MaterialSeen, Paper

DAY = date(2026, 11, 22)
OWN = "91310112087994932F"
OTHER = "91310116052958608G"
AUTHORITY = "样本市市场监督管理局"
LAB = "厦门示例检测技术有限公司"
SIGNED: dict[str, Any] = {
    "scheme": "pades",
    "intact": True,
    "valid": True,
    "trusted": True,
    "revoked": False,
    "revocation_known": True,
    "covers_whole_file": True,
    "modification": "none",
    "signer_name": "签章",
    "signer_org": AUTHORITY,
    "level": "PAdES B-B",
    "signed_at": "2026-11-21T18:27:37+00:00",
    "unreadable": False,
}
UNSIGNED: dict[str, Any] = {
    "kind": "pdf",
    "pages": 1,
    "signatures": [],
    "revisions": 1,
    "active": [],
    "trouble": None,
    "changed": None,
    "meta": {},
    "symbols": [],
    "signals": [],
    "credential": None,
    "scan": {"state": "clean", "name": None},
}
PDF = UNSIGNED | {"signatures": [SIGNED], "revisions": 2, "changed": []}
DID = "did:web:cab.example"
CREDENTIAL: dict[str, Any] = {
    "form": "jwt",
    "issuer": DID,
    "issuer_name": LAB,
    "subject": {"id": f"urn:uscc:{OWN}"},
    "proof": {"result": "passed", "because": "credential.proof_holds", "alg": "ES256", "key": f"{DID}#k1"},
    "binding": {"result": "passed", "because": "credential.issuer_key"},
    "status": {
        "result": "active",
        "because": "credential.status_active",
        "purpose": "revocation",
        "list": "https://cab.example/l",
        "index": 7,
    },
    "structure": [],
}


def words(name: str, value: str, source: str = "layer") -> dict[str, dict[str, Any]]:
    return {name: {"value": value, "raw": value, "page": 1, "box": None, "from": source, "confidence": 0.99, "repair": None}}


def without(read: dict[str, dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    return {each: said for each, said in read.items() if each != name}


def unsure(name: str, value: str) -> dict[str, dict[str, Any]]:
    return {name: words(name, value, "ocr")[name] | {"confidence": 0.6}}


READ = (
    words("kind", "food_production")
    | words("issuer_name", AUTHORITY)
    | words("number", "SC11532139200465")
    | words("holder_name", "溯源示例乳业有限公司")
    | words("holder_uscc", OWN)
    | words("valid_from", "2024-07-01")
    | words("valid_until", "2029-06-30")
)
MILK = MaterialSeen("milk", "生牛乳", "Raw milk", "dairy", ("105", "110", "128", "129"))
LIQUOR = MaterialSeen("liquor", "白酒", "Liquor", "alcohol", ("115",))
TEA = MaterialSeen("tea", "绿茶", "Green tea", "tea", ("114",), ("organic",))
CAPS = MaterialSeen("caps", "瓶盖", "Caps", "packaging")
PAPER = Paper(
    kind="food_production",
    number="SC11532139200465",
    holder_name="溯源示例乳业有限公司",
    holder_uscc=OWN,
    issuer_name=AUTHORITY,
    valid_from=date(2024, 7, 1),
    valid_until=date(2029, 6, 30),
    supplier_name="溯源示例乳业有限公司",
    supplier_uscc=OWN,
    media_type="application/pdf",
    reading=PDF,
    submitted_on=DAY,
    issued_on=date(2024, 7, 1),
    materials=(LIQUOR,),
    issuers=(
        IssuerSeen(AUTHORITY),
        IssuerSeen(LAB, names=("XM Sample Testing",), dids=(DID,), accreditation="CMA 250099990001", accredited_until=date(2028, 1, 1)),
    ),
    read=READ,
)
REPORT_READ = (
    words("kind", "inspection_report")
    | words("issuer_name", LAB)
    | words("number", "SYJC-2025-001234")
    | words("holder_uscc", OWN)
    | words("lots", "T-0417")
    | words("products", "明前绿茶")
    | words("accreditation", "CMA 250099990001")
)
REPORT = replace(
    PAPER,
    kind="inspection_report",
    number="SYJC-2025-001234",
    issuer_name=LAB,
    valid_from=date(2025, 4, 28),
    valid_until=None,
    issued_on=date(2025, 4, 28),
    lots=("T-0417",),
    products=("明前绿茶",),
    accreditation="CMA 250099990001",
    materials=(TEA,),
    reading=PDF | {"signatures": [SIGNED | {"signer_org": LAB}]},
    read=REPORT_READ,
)
VC = replace(
    PAPER,
    kind="conformity_credential",
    number="urn:uuid:1",
    issuer_name=LAB,
    media_type="application/vc+jwt",
    reading=UNSIGNED | {"kind": "credential", "credential": CREDENTIAL},
    read={
        name: each | {"from": "document"}
        for name, each in (READ | words("number", "urn:uuid:1")).items()
        if name in ("number", "holder_name", "holder_uscc", "valid_from", "valid_until")
    },
)


def find(name: str, paper: Paper = PAPER, **changes: Any) -> Finding:
    return CHECKS[name].ask(replace(paper, **changes), DAY)


def ask(name: str, paper: Paper = PAPER, **changes: Any) -> tuple[str, str]:
    """(result, the last part of the word)"""
    finding = find(name, paper, **changes)
    assert finding.because.startswith(f"check.{name}.")
    return finding.result, finding.because.removeprefix(f"check.{name}.")
