"""Suppliers, materials and papers as the tests of this package need them."""

from __future__ import annotations

from datetime import date
from typing import Any

from suppliers import certificates, directory, trust
from suppliers.facts import CertificateSubmitted
from suppliers.models import Certificate, Supplier
from tests.conftest import House

USCC = "91310112087994932F"
OTHER_USCC = "91310116052958608G"
ISSUER = "样本市市场监督管理局"
PDF = b"%PDF-1.7 made for a test "
TRUSTED = {
    "intact": True,
    "valid": True,
    "trusted": True,
    "revoked": False,
    "revocation_known": True,
    "covers_whole_file": True,
    "modification": "none",
    "signer_name": "签章",
    "signer_org": ISSUER,
    "level": "PAdES B-B",
    "signed_at": None,
    "unreadable": False,
}
CLEAN: dict[str, Any] = {"kind": "pdf", "pages": 1, "signatures": [], "revisions": 1, "active": [], "trouble": None}
SIGNED: dict[str, Any] = CLEAN | {"signatures": [TRUSTED]}
NUMBERS = {
    "business_licence": USCC,
    "food_production": "SC10531011200175",
    "inspection_report": "JC-2026-1",
    "food_trade": "JY13301080111719",
}


def supplier(house: House, *, name: str = "溯源示例乳业有限公司", uscc: str = USCC, kind: str = "manufacturer", **begin: Any) -> Supplier:
    """A supplier, and the trust list that knows ISSUER."""
    with house.begin("brand_admin", **begin) as unit:
        if not trust.issuers(unit):
            trust.add_issuer(unit, name=ISSUER)
        return directory.add_supplier(unit, name=name, uscc=uscc, kind=kind)


def words(who: Supplier, **changes: Any) -> dict[str, Any]:
    """A paper's words and bytes, as a supplier would hand them in."""
    kind = changes.get("kind", "food_production")
    return {
        "supplier_id": who.id,
        "kind": kind,
        "number": NUMBERS[kind],
        "holder_name": who.name,
        "holder_uscc": who.uscc,
        "issuer_name": ISSUER,
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2030, 12, 31),
        "content": PDF + kind.encode(),
        "filename": "证书.pdf",
        "media_type": "application/pdf",
    } | changes


def hand_in(house: House, who: Supplier, *, at: Any = None, **changes: Any) -> Certificate:
    with house.begin("supplier", supplier_id=who.id, now=at) as unit:
        return certificates.submit(unit, **words(who, **changes))


def read_as(paper: Certificate) -> dict[str, Any]:
    """What the machine reads on a paper that says just what was typed."""
    words = {name: getattr(paper, name) for name in ("number", "holder_name", "holder_uscc", "valid_from", "valid_until")}
    words |= {name: getattr(paper, name) for name in ("kind", "issuer_name", "site", "scope", "accreditation") if getattr(paper, name)}
    words |= {"lots": ";".join(paper.lots or ()), "products": ";".join(paper.products or ())}
    said = {name: "" if value is None else value.isoformat() if isinstance(value, date) else value for name, value in words.items()}
    return {name: {"value": value, "from": "layer", "confidence": 1.0} for name, value in said.items()}


def check(house: House, paper: Certificate, seen: dict[str, Any] | certificates.Inspection = SIGNED, *, at: Any = None) -> Certificate:
    """Run the reaction, as if the child had seen ``seen``."""
    inspection = seen if isinstance(seen, certificates.Inspection) else certificates.Inspection(seen, read_as(paper))
    with house.begin("system", now=at) as unit:
        certificates.on_certificate_submitted(unit, CertificateSubmitted(certificate_id=paper.id), inspection)
    with house.look() as unit:
        return certificates.get(unit, paper.id)
