"""Suppliers, trust and requirements on the desk, and what everybody may read of them, through the real doors."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask.testing import FlaskClient

from app.auth import colleagues
from suppliers import certificates, directory, messages, requirements, rules, trust
from suppliers.models import Supplier
from tests.app.conftest import Web, statements
from tests.suppliers import shelf

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
FIRM = {"name": "新示例乳业有限公司", "kind": "manufacturer", "market": "CN", "country": "CN", "uscc": shelf.OTHER_USCC}


@pytest.fixture
def desk(web: Web) -> FlaskClient:
    web.house.now = NOW
    return web.sign_in("quality")


@pytest.fixture
def dairy(web: Web, desk: FlaskClient) -> Supplier:
    """A dairy listed for milk powder."""
    who = shelf.supplier(web.house)
    with web.house.begin() as unit:
        powder = directory.add_material(unit, code="M1", name_zh="乳粉", name_en="Milk powder", category="dairy")
        directory.list_supply(unit, supplier_id=who.id, material_id=powder.id)
    return who


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def test_an_empty_house_teaches_and_the_first_supplier_is_added(web: Web, desk: FlaskClient) -> None:
    assert "还没有供应商" in get(desk, "/desk/suppliers")
    answer = web.post(desk, "/desk/suppliers", FIRM)
    assert answer.status_code == 303
    assert "还没有登记它供应什么" in get(desk, answer.location)


def test_a_wrong_code_is_told_at_its_field_and_nothing_typed_is_lost(web: Web, desk: FlaskClient) -> None:
    answer = web.post(desk, "/desk/suppliers", FIRM | {"uscc": shelf.OTHER_USCC[:-1] + "A"})
    assert answer.status_code == 422
    assert 'id="uscc-error"' in answer.text
    assert FIRM["name"] in answer.text
    abroad = {"name": "Kiwi Milk", "kind": "farm", "market": "CN", "country": "nz", "uscc": "", "gln": "9429300000003"}
    answer = web.post(desk, "/desk/suppliers", abroad)
    assert answer.status_code in (303, 422)
    assert answer.status_code == 303 or 'id="gln-error"' in answer.text


def test_the_list_tells_what_is_open_the_score_and_what_ends_next(web: Web, desk: FlaskClient, dairy: Supplier) -> None:
    shelf.check(web.house, shelf.hand_in(web.house, dairy, valid_until=date(2027, 1, 1)))
    page = get(desk, "/desk/suppliers")
    assert dairy.name in page
    assert "1 样" in page
    assert "2027年1月1日" in page
    assert "没有符合的供应商" in get(desk, "/desk/suppliers?q=nobody")
    head, row = csv.reader(StringIO(desk.get("/desk/suppliers/list.csv").text.removeprefix("\ufeff")))
    assert dict(zip(head, row, strict=True)) | {"open": "1", "next_end": "2027-01-01"} == dict(zip(head, row, strict=True))


@pytest.mark.parametrize("sort", ["name", "-name", "score", "-score", "open", "end", "-end", "nonsense"])
def test_the_list_is_sorted_by_the_address(desk: FlaskClient, dairy: Supplier, sort: str) -> None:
    assert dairy.name in get(desk, f"/desk/suppliers?sort={sort}")


def test_the_list_costs_as_few_statements_for_many_as_for_one(web: Web, desk: FlaskClient, dairy: Supplier) -> None:
    get(desk, "/desk/suppliers")
    with statements(web.house) as few:
        get(desk, "/desk/suppliers")
    with web.house.begin("brand_admin") as unit:
        for place in range(30):
            unit.session.add(Supplier(id=unit.new_id(), name=f"示例{place}", kind="farm", lei=None, country="DE", created_at=unit.now))
    with statements(web.house) as many:
        assert "示例29" in get(desk, "/desk/suppliers")
    assert len(many) == len(few)


def test_one_supplier_says_whether_its_goods_may_come_in_and_why_not(web: Web, desk: FlaskClient, dairy: Supplier) -> None:
    page = get(desk, f"/desk/suppliers/{dairy.id}")
    assert "不能收" in page
    assert "缺营业执照" in page
    shelf.check(web.house, shelf.hand_in(web.house, dairy, kind="business_licence", valid_until=None))
    shelf.check(web.house, shelf.hand_in(web.house, dairy))
    page = get(desk, f"/desk/suppliers/{dairy.id}")
    assert "可以收" in page
    assert '<b class="points-of">' in page


def test_places_and_materials_are_added_and_slips_keep_what_was_typed(web: Web, desk: FlaskClient, dairy: Supplier) -> None:
    here = f"/desk/suppliers/{dairy.id}"
    assert web.post(desk, f"{here}/sites", {"site_name": "一号厂", "address": "示例路 1 号"}, page=here).status_code == 303
    wrong = web.post(desk, f"{here}/sites", {"site_name": "", "address": "示例路 2 号"}, page=here)
    assert (wrong.status_code, 'id="site_name-error"' in wrong.text, "示例路 2 号" in wrong.text) == (422, True, True)
    new = {"code": "CREAM", "name_zh": "稀奶油", "name_en": "Cream", "category": "dairy", "claims": "organic"}
    assert web.post(desk, f"{here}/materials", new, page=here).status_code == 303
    page = get(desk, here)
    assert ["一号厂" in page, "CREAM" in page] == [True, True]
    again = web.post(desk, f"{here}/materials", new, page=here)
    assert again.status_code == 409
    with web.house.look() as unit:
        assert [each.claims for each in directory.supplied_by(unit, dairy.id) if each.code == "CREAM"] == [["organic"]]


def test_people_are_invited_and_sent_away_and_messages_are_read(web: Web, desk: FlaskClient, dairy: Supplier) -> None:
    here = f"/desk/suppliers/{dairy.id}"
    web.post(desk, f"{here}/colleagues", {"name": "王", "email": "w@dairy.example"}, page=here)
    with web.house.look() as unit:
        (one,) = colleagues.listed(unit, supplier_id=dairy.id)
    assert "已邀请" in get(desk, here)
    web.post(desk, f"{here}/colleagues/{one.id}/end", page=here)
    assert "已停用" in get(desk, here)
    with web.house.begin("supplier", supplier_id=dairy.id) as unit:
        messages.say(unit, dairy.id, "证照已更新 <b>", by_name="王")
    assert "1 条新消息" in get(desk, "/desk/suppliers")
    assert "证照已更新 &lt;b&gt;" in get(desk, here)
    assert "条新消息" not in get(desk, "/desk/suppliers")
    web.post(desk, f"{here}/messages", {"text": "收到，谢谢"}, page=here)
    assert "收到，谢谢" in get(desk, here)
    paper = shelf.check(web.house, shelf.hand_in(web.house, dairy))
    assert web.post(desk, f"{here}/messages", {"text": "x", "paper": "\0"}, page=here).status_code == 404
    assert web.post(desk, f"{here}/materials", {"material_id": "\0"}, page=here).status_code == 404
    answer = web.post(desk, f"{here}/messages", {"text": "请补一页", "paper": paper.id}, page=here)
    assert answer.location.startswith(f"/desk/papers/{paper.id}")
    assert "请补一页" in get(desk, f"/desk/papers/{paper.id}")


def a_root() -> tuple[str, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Root")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=900))
    crl = x509.CertificateRevocationListBuilder().issuer_name(name).last_update(NOW).next_update(NOW + timedelta(days=30))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    return pem, crl.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_the_trust_list_teaches_and_takes_issuers_and_roots(web: Web, desk: FlaskClient) -> None:
    here = "/desk/trust"
    assert "名单是空的" in get(desk, here)
    form = {
        "name": "*市场监督管理局",
        "names": "样本市局\n样本区局",
        "kinds": ["business_licence"],
        "hosts": "zwfw.samr.gov.cn",
        "dids": "",
    }
    assert web.post(desk, f"{here}/issuers", form, page=here).status_code == 303
    with web.house.look() as unit:
        (issuer,) = trust.issuers(unit)
    assert (issuer.names, issuer.kinds, issuer.hosts) == (["样本市局", "样本区局"], ["business_licence"], ["zwfw.samr.gov.cn"])
    wrong = web.post(desk, f"{here}/issuers", form | {"name": "另一家", "hosts": "not a host"}, page=here)
    assert (wrong.status_code, 'id="hosts-error"' in wrong.text) == (422, True)
    web.post(desk, f"{here}/issuers/{issuer.id}/end", page=here)
    assert "已移出的 1 家" in get(desk, here)
    pem, crl = a_root()
    root = {"anchor_name": "示例根", "pem_file": (BytesIO(pem.encode()), "root.pem"), "crl": (BytesIO(crl), "root.crl")}
    assert web.post(desk, f"{here}/anchors", root, page=here, content_type="multipart/form-data").status_code == 303
    page = get(desk, here)
    assert ["CN=Example Root" in page, "国际算法" in page, "有吊销列表" in page] == [True, True, True]
    bad = web.post(desk, f"{here}/anchors", {"anchor_name": "坏根", "pem": "-----BEGIN"}, page=here)
    assert (bad.status_code, 'id="pem-error"' in bad.text) == (422, True)
    with web.house.look() as unit:
        (anchor,) = trust.anchors(unit)
    web.post(desk, f"{here}/anchors/{anchor.id}/end", page=here)
    assert "不再信任的 1 个" in get(desk, here)


ROW = {
    "market": "CN",
    "supplier_kinds": ["manufacturer"],
    "categories": ["dairy"],
    "kinds": ["haccp"],
    "citation": "品牌手册 3.2",
    "why": "乳制品供应商须有 HACCP",
    "effective_from": "2027-01-01",
}


def test_a_row_is_rehearsed_before_it_is_kept_and_ended_after(web: Web, desk: FlaskClient, dairy: Supplier) -> None:
    here = "/desk/requirements"
    for kind, until in (("business_licence", None), ("food_production", date(2030, 1, 1))):
        shelf.check(web.house, shelf.hand_in(web.house, dairy, kind=kind, valid_until=until))
    tried = web.post(desk, f"{here}/rows", ROW | {"try": "1"}, page=here)
    assert tried.status_code == 200
    assert "1 处会关上" in tried.text
    assert 'value="品牌手册 3.2"' in tried.text
    with web.house.look() as unit:
        assert rules.rows(unit) == []
    assert web.post(desk, f"{here}/rows", ROW, page=here).status_code == 303
    with web.house.look() as unit:
        (row,) = rules.rows(unit)
    assert "1 处会关上" in get(desk, f"{here}?day=2027-01-01&row={row.id}")
    assert "没有变化" in get(desk, f"{here}?day=2026-12-31&row={row.id}")
    assert desk.get(f"{here}?day=2026-12-31&row=nobody").status_code == 404
    assert desk.get(f"{here}?day=soon").status_code == 422
    web.post(desk, f"{here}/rows/{row.id}/end", {"last_day": "2026-12-31"}, page=here)
    assert "没有变化" in get(desk, f"{here}?day=2027-01-02")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"categories": []}, "categories"),
        ({"effective_from": "soon"}, "effective_from"),
        ({"kinds": ["haccp", "inspection_report"]}, "kinds"),
    ],
)
def test_a_slip_in_a_row_is_told_at_its_field(web: Web, desk: FlaskClient, changes: dict[str, Any], field: str) -> None:
    answer = web.post(desk, "/desk/requirements/rows", ROW | changes, page="/desk/requirements")
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_a_row_of_the_house_is_dropped_and_the_matrix_says_so(web: Web, desk: FlaskClient, dairy: Supplier) -> None:
    with web.house.look() as unit:
        asked = rules.asked(unit, dairy, directory.supplied_by(unit, dairy.id)[0], NOW.date())
        production = next(each for each in asked if "food_production" in each.kinds)
    form = ROW | {"kinds": [], "drops": production.id, "effective_from": "2026-11-22"}
    assert web.post(desk, "/desk/requirements/rows", form, page="/desk/requirements").status_code == 303
    page = get(desk, "/desk/requirements?market=CN&supplier_kind=manufacturer&category=dairy")
    assert "品牌从 2026-11-22 起不要求" in page
    assert "缺食品生产许可证" not in get(desk, f"/desk/suppliers/{dairy.id}")


def test_everybody_reads_the_matrix_without_a_brands_rows(web: Web, desk: FlaskClient) -> None:
    with web.house.begin() as unit:
        words = {name: value for name, value in ROW.items() if name != "effective_from"}
        rules.add_row(unit, **words, effective_from=date(2026, 1, 1))
    stranger = web.app.test_client()
    page = stranger.get("/requirements?market=CN&supplier_kind=farm&category=dairy")
    assert page.status_code == 200
    assert "生鲜乳收购许可证" in page.text
    assert ROW["why"] not in stranger.get("/requirements").text
    assert "Raw milk purchase permit" in stranger.get("/requirements?market=CN&supplier_kind=farm&lang=en").text
    answer = stranger.get("/requirements.json?market=EU")
    assert answer.json["version"] == requirements.rules_version()
    assert {row["market"] for row in answer.json["rows"]} == {"EU"}
    assert "public" in answer.headers["Cache-Control"]
    assert stranger.get("/requirements.json?market=EU", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert stranger.get("/requirements.json?market=US").headers["ETag"] != answer.headers["ETag"]
    assert stranger.get("/requirements?market=%00&category=nonsense").status_code == 200
    assert "/requirements" in stranger.get("/login").text


def test_a_supplier_and_the_plant_find_no_door_here(web: Web, dairy: Supplier) -> None:
    for role, more in (("supplier", {"supplier_id": dairy.id}), ("plant", {})):
        client = web.sign_in(role, **more)
        for path in (
            "/desk/papers",
            "/desk/suppliers",
            "/desk/trust",
            "/desk/requirements",
            f"/desk/suppliers/{dairy.id}",
            "/desk/papers.csv",
        ):
            assert client.get(path).status_code == 403, (role, path)


def test_what_was_overdue_is_told_of_todays_paper(web: Web, desk: FlaskClient, dairy: Supplier) -> None:
    paper = shelf.check(web.house, shelf.hand_in(web.house, dairy, valid_until=date(2026, 12, 20)))
    with web.house.look() as unit:
        assert certificates.get(unit, paper.id).standing == "expiring"
    assert "2026年12月20日" in get(desk, f"/desk/suppliers/{dairy.id}")
