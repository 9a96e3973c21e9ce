"""Packs, addresses and keys through the JSON doors."""

from __future__ import annotations

import re

import pytest

from tests.app.conftest import Erp, flaw_of, trouble_of
from tests.factories.dairy import GTIN
from traceability import addresses, gs1
from traceability.seal import ALPHABET


@pytest.fixture
def order(erp: Erp) -> str:
    """Forty items on a lot."""
    made = erp.order(40)
    erp.post(f"/orders/{made}/prints")
    erp.post(f"/orders/{made}/activations", {"lot_id": erp.lot_id})
    return made


def test_items_go_into_cases_cases_onto_a_pallet_and_out_again(erp: Erp, order: str) -> None:
    assert trouble_of(erp.ask("POST", "/packs", {"kind": "case", "items": erp.links(order, 0, 1)})) == (409, "no-sscc-prefix")
    assert erp.ask("PUT", "/sscc-prefix", {"prefix": "6901234"}).json == {"prefix": "6901234", "next_reference": 0}
    first = erp.post("/packs", {"kind": "case", "ranges": [{"order_id": order, "start": 0, "count": 12}]})
    assert first["sscc"] == gs1.sscc(0, "6901234", 0)
    second = erp.post("/packs", {"kind": "case", "items": erp.links(order, 12, 2) + erp.links(order, 20, 1)})
    assert second["ranges"] == [{"order_id": order, "start": 12, "count": 2}, {"order_id": order, "start": 20, "count": 1}]
    pallet = erp.post("/packs", {"kind": "pallet", "children": [first["sscc"], second["sscc"]]})
    assert {case["sscc"] for case in erp.get(f"/packs/{pallet['sscc']}")["packs"]} == {first["sscc"], second["sscc"]}
    sold = erp.ask("POST", f"/orders/{order}/inactivations", {"start": 0, "count": 1, "reason": "sold"})
    assert (trouble_of(sold), sold.json["packs"]) == ((409, "still-packed"), [first["sscc"]])
    assert trouble_of(erp.ask("POST", f"/packs/{first['sscc']}/unpack", {})) == (409, "still-packed")
    erp.post(f"/packs/{pallet['sscc']}/unpack", {"children": [first["sscc"]]})
    left = erp.post(f"/packs/{first['sscc']}/unpack", {"ranges": [{"order_id": order, "start": 3, "count": 2}]})
    assert left["ranges"] == [{"order_id": order, "start": 0, "count": 3}, {"order_id": order, "start": 5, "count": 7}]
    assert erp.post(f"/packs/{first['sscc']}/unpack", {})["unpacked_at"]
    assert erp.ask("POST", f"/packs/{first['sscc']}/unpack", {}).status_code == 404


def test_a_pack_that_cannot_be_says_why(erp: Erp, order: str) -> None:
    erp.ask("PUT", "/sscc-prefix", {"prefix": "6901234"})
    free = erp.order(3)
    links = erp.links(order, 0, 2)
    assert flaw_of(erp.ask("POST", "/packs", {"kind": "case"})) == (422, "/items", "pack-holds")
    assert flaw_of(erp.ask("POST", "/packs", {"kind": "case", "items": [*links, links[0]]})) == (422, "/items", "twice")
    assert flaw_of(erp.ask("POST", "/packs", {"kind": "case", "items": [links[0], "no link"]})) == (422, "/items/1", "unknown-serial")
    assert flaw_of(erp.ask("POST", "/packs", {"kind": "case", "items": links, "sscc": "0" * 17 + "1"})) == (422, "/sscc", "sscc")
    assert trouble_of(erp.ask("POST", "/packs", {"kind": "case", "items": erp.links(free, 0, 1)})) == (409, "not-packable")
    beyond = {"kind": "case", "ranges": [{"order_id": order, "start": 39, "count": 2}]}
    assert flaw_of(erp.ask("POST", "/packs", beyond)) == (422, "/count", "range")
    assert erp.ask("GET", f"/packs/{gs1.sscc(0, '6901234', 0)}").status_code == 404, "nothing half done"


def test_addresses_are_added_used_and_kept_while_in_use(erp: Erp) -> None:
    compact = {"reference": "C-1", "product_id": erp.product_id, "count": 5, "scheme": "compact", "formats": []}
    assert trouble_of(erp.ask("POST", "/orders", compact)) == (409, "no-address")
    assert flaw_of(erp.ask("POST", "/code-addresses", {"name": "not a host"})) == (422, "/name", "address")
    assert flaw_of(erp.ask("POST", "/code-addresses", {"name": "x" * 121}))[:2] == (422, "/name")
    erp.post("/code-addresses", {"name": "/DY"})
    erp.post("/code-addresses", {"name": "S.CN"})
    assert [each["name"] for each in erp.get("/code-addresses")] == ["s.cn", "/DY"]
    made = erp.post("/orders", compact)
    assert (made["scheme"], made["inner"]) == ("compact", False)
    assert trouble_of(erp.ask("DELETE", "/code-addresses?name=s.cn")) == (409, "address-in-use")
    assert erp.ask("DELETE", "/code-addresses", query_string={"name": "/DY"}).status_code == 204
    assert [each["name"] for each in erp.get("/code-addresses")] == ["s.cn"]


def test_keys_are_told_by_name_and_rotated_never_shown(erp: Erp) -> None:
    missing = {"kind": "gs1", "gtin": GTIN, "reason": "年度轮换"}
    assert erp.ask("POST", "/serial-keys/rotations", missing).status_code == 404
    erp.order(7)
    (key,) = erp.get("/serial-keys")
    assert set(key) == {"kind", "gtin", "version", "issued", "created_at", "retired_at"}
    assert (key["kind"], key["gtin"], key["version"], key["issued"]) == ("gs1", GTIN, 1, 7)
    assert erp.post("/serial-keys/rotations", missing)["version"] == 2
    assert [(each["version"], each["retired_at"] is None) for each in erp.get("/serial-keys")] == [(2, True), (1, False)]
    assert erp.ask("POST", "/serial-keys/rotations", missing, key=erp.web.key("codes")).status_code == 403


def test_a_key_that_is_used_up_says_so(erp: Erp, monkeypatch: pytest.MonkeyPatch) -> None:
    from traceability import seal

    monkeypatch.setattr(seal, "SPACE", 100)
    erp.order(99)
    answer = erp.ask("POST", "/orders", {"reference": "more", "product_id": erp.product_id, "count": 2, "formats": []})
    assert (trouble_of(answer), answer.json["version"]) == ((409, "serials-used-up"), 1)
    assert len(erp.get("/orders")) == 1


def test_no_door_of_the_platform_can_become_a_short_name(erp: Erp) -> None:
    """A compact code at ``/desk/<serial>`` would be shadowed by the desk."""
    heads = {"/" + rule.rule.split("/")[1].upper() for rule in erp.web.app.url_map.iter_rules()}
    assert {head for head in heads if re.fullmatch(rf"/(?=.*[A-Z])[{ALPHABET}]{{2,8}}", head)} == addresses.KEPT
    assert trouble_of(erp.ask("POST", "/code-addresses", {"name": "/desk"})) == (409, "address-taken")
