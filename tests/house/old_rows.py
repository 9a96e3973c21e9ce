"""Rows of a house in use at its first revision, by table, in the order in which they lean on each other."""

from __future__ import annotations

from typing import Any

AT = "2026-03-01 08:00:00+00:00"
GTIN = "06901234567892"
FILE = "ab" * 32
OLD: dict[str, list[dict[str, Any]]] = {
    "brand": [{"id": "B", "slug": "lanmu", "name": "岚牧乳业", "created_at": AT}],
    "product": [
        {
            "id": "P", "gtin": GTIN, "name_zh": "鲜牛奶", "name_en": "Milk", "net_content": "1 L", "shelf_life_days": 7,
            "category": "milk", "created_at": AT, "brand_id": "B",
        }
    ],
    "lot": [
        {
            "id": "L", "code": "L-1", "kind": "product", "product_id": "P", "quantity": 50, "uom": "EA", "place": "一号线",
            "started_at": AT, "state": "open", "standing": "good", "revision": 1, "brand_id": "B",
        }
    ],
    "serial_key": [
        {"id": "K", "gtin": GTIN, "version": 1, "locked": b"key", "next_counter": 90, "created_at": AT, "brand_id": "B"}
    ],
    "code_order": [
        {
            "id": "O", "reference": "PO-1", "product_id": "P", "gtin": GTIN, "key_version": 1, "first": 40, "count": 50,
            "ordered_at": AT, "ordered_by": "q", "brand_id": "B",
        }
    ],
    "code_range": [
        {"id": name, "order_id": "O", "gtin": GTIN, "key_version": 1, "first": first, "last": last, "state": state,
         "lot_id": lot, "brand_id": "B"}
        for name, first, last, state, lot in (
            ("R1", 40, 49, "encoded", None), ("R2", 50, 69, "commissioned", "L"), ("R3", 70, 79, "void", "L"), ("R4", 80, 89, "void", None),
        )
    ],
    "print_job": [
        {"id": "J1", "order_id": "O", "format": "csv", "state": "waiting", "asked_at": AT, "brand_id": "B"},
        {
            "id": "J2", "order_id": "O", "format": "pdf", "state": "ready", "vault_key": FILE, "size": 900, "asked_at": AT,
            "ready_at": AT, "brand_id": "B",
        },
    ],
    "scan": [
        {"id": "S", "gtin": GTIN, "key_version": 1, "counter": 51, "lot_id": "L", "verdict": "genuine", "place": "CN-3301", "at": AT,
         "brand_id": "B"}
    ],
    "item_scans": [
        {"gtin": GTIN, "key_version": 1, "counter": 51, "times": 1, "first_place": "CN-3301", "first_at": AT, "last_at": AT,
         "brand_id": "B"}
    ],
    "supplier": [
        {"id": "F", "name": "青原牧场", "uscc": "91150100MA0N000010", "kind": "farm", "market": "CN", "email": None, "created_at": AT,
         "brand_id": "B"}
    ],
    "material": [{"id": "MM", "code": "MILK", "name_zh": "生乳", "name_en": "Raw milk", "category": "dairy", "brand_id": "B"}],
    "supply": [{"id": "SU", "supplier_id": "F", "material_id": "MM", "brand_id": "B"}],
    "trust_anchor": [{"id": "TA", "name": "根", "pem": "-----BEGIN CERTIFICATE-----", "crl": b"\x30\x00", "added_at": AT, "brand_id": "B"}],
    "certificate": [
        {"id": f"C-{standing}", "supplier_id": "F", "kind": kind, "number": "1", "holder_name": "青原牧场", "valid_from": "2026-01-01",
         "issuer_name": issuer, "valid_until": "2027-01-01", "sha256": standing.ljust(64, "0"), "filename": "paper.pdf",
         "media_type": "application/pdf", "size": 9, "reading": "{}", "standing": standing, "because": "[]", "submitted_at": AT,
         "submitted_by": "s", "judged_at": None if standing == "unverified" else AT, "brand_id": "B"}
        for kind, standing, issuer in (
            ("business_licence", "accepted", " 青原市  市场监督管理局"), ("organic", "lapsing", "青原市 市场监督管理局"),
            ("quarantine", "unverified", "没人信的"), ("food_trade", "revoked", "也没人信的"), ("inspection_report", "lapsed", None),
            ("food_production", "rejected", " "),
        )
    ],
    "check_outcome": [
        {"id": f"O-{paper}-{name}", "certificate_id": paper, "name": name, "result": result, "because": because, "evidence": "{}",
         "at": AT, "brand_id": "B"}
        for paper, name, result, because in (
            ("C-accepted", "dates", "passed", "check.dates.good"), ("C-accepted", "holder", "passed", "check.holder.same"),
            ("C-rejected", "dates", "failed", "check.dates.order"), ("C-rejected", "content", "inconclusive", "check.content.scan"),
        )
    ],
    "standing_change": [
        {"id": id, "certificate_id": paper, "standing": standing, "because": "[]", "decision": decision, "note": None, "at": at,
         "by": "q", "brand_id": "B"}
        for id, paper, standing, decision, at in (
            ("S3", "C-accepted", "unverified", None, AT), ("S1", "C-accepted", "accepted", "accept", "2026-03-01 09:00:00+00:00"),
            ("S2", "C-lapsing", "lapsing", None, AT), ("S5", "C-revoked", "accepted", None, AT),
            ("S4", "C-revoked", "unverified", None, AT),
            ("S6", "C-revoked", "revoked", "revoke", AT),
        )
    ],
}  # fmt: skip
UNLIKE = ("valid_from", "valid_until", "because", "evidence", "reading")
"""Days and documents, for which as for moments each database has its own."""
