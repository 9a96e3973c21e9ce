"""Suppliers, materials and papers as the tests of this package need them."""

from __future__ import annotations

from datetime import date
from typing import Any

from suppliers import certificates, directory
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
    "food_production": "SC11532139200465",
    "inspection_report": "JC-2026-1",
    "food_trade": "JY13301080111719",
}


def supplier(house: House, *, name: str = "溯源示例乳业有限公司", uscc: str = USCC, kind: str = "manufacturer", **begin: Any) -> Supplier:
    with house.begin("brand_admin", **begin) as unit:
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


def check(house: House, paper: Certificate, seen: dict[str, Any] = SIGNED, *, at: Any = None) -> Certificate:
    """Run the reaction, as if the child had seen ``seen``."""
    with house.begin("system", now=at) as unit:
        certificates.on_certificate_submitted(unit, CertificateSubmitted(certificate_id=paper.id), seen)
    with house.look() as unit:
        return certificates.get(unit, paper.id)
