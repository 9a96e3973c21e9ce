from __future__ import annotations

import pytest

from suppliers.extraction import propose
from suppliers.extraction.kinds import kind_of
from tests.suppliers.extraction.paper import line, rows


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("营 业 执 照", "business_licence"),
        ("食品生产许可证", "food_production"),
        ("食品经营许可证", "food_trade"),
        ("仅销售预包装食品备案", "food_trade_filing"),
        ("生鲜乳收购许可证", "raw_milk_purchase"),
        ("动物防疫条件合格证", "animal_epidemic_conditions"),
        ("动物检疫合格证明（产品B）", "quarantine"),
        ("肉品品质检验合格证", "meat_quality"),
        ("非洲猪瘟病毒检测报告", "asf_test"),
        ("出厂检验报告", "factory_report"),
        ("检验检测报告", "inspection_report"),
        ("TEST REPORT", "inspection_report"),
        ("承诺达标合格证", "produce_commitment"),
        ("入境货物检验检疫证明", "import_inspection"),
        ("有机产品认证证书", "organic"),
        ("检验检测机构资质认定证书", "cma_accreditation"),
        ("GLOBALG.A.P. CERTIFICATE", "gfsi_globalgap"),
        ("FSSC 22000 Certificate", "gfsi_fssc22000"),
        ("Certificate of inspection for import of organic products", "eu_coi"),
        ("Certificate pursuant to Article 35(1) of Regulation (EU) 2018/848", "eu_organic"),
    ],
)
def test_kinds_by_their_titles(title: str, kind: str) -> None:
    found = kind_of([line(title, 0.3, 0.05, high=0.06), line("名称", 0.1, 0.3), line("备注", 0.1, 0.4)])
    assert found is not None
    assert found[0] == kind


def test_no_title_no_kind() -> None:
    assert kind_of([line("你好", 0.1, 0.1)]) is None


def test_a_food_production_licence() -> None:
    lines = [
        line("食品生产许可证", 0.35, 0.05, high=0.06),
        *rows(
            ("生产者名称", "临江乳业有限公司"), ("社会信用代码", "91350100M000100Y43"), ("住所", "临江市西街1号"),
            ("生产地址", "临江市西街1号二幢"), ("食品类别", "乳制品；饮料"), ("许可证编号", "SC1O599999900213"), ("有效期至", "长期"),
        ),
        line("发证机关", 0.6, 0.8), line("2025年1月2日", 0.6, 0.85),
        line("临江市市场监督管理局行政许可专用章(1)", 0.65, 0.75, channel="seal"),
    ]  # fmt: skip
    fields = propose(lines, [{"page": 1, "format": "QRCode", "text": "http://sc.example.invalid/SC10599999900213", "box": None}])
    assert {name: fields[name]["value"] for name in fields if not name.startswith("extra.")} == {
        "kind": "food_production",
        "number": "SC1O599999900213",
        "holder_uscc": "91350100M000100Y43",
        "holder_name": "临江乳业有限公司",
        "issuer_name": "临江市市场监督管理局",
        "valid_until": "",
        "issued_on": "2025-01-02",
        "scope": "乳制品；饮料",
        "site": "临江市西街1号二幢",
    }
    assert fields["number"]["repair"] == "SC10599999900213"
    assert fields["extra.住所"]["value"] == "临江市西街1号"


def test_a_number_that_only_the_symbol_says() -> None:
    lines = [line("检验报告", 0.4, 0.05, high=0.06), *rows(("样品名称", "绿茶"), ("样品批号", "T-1、T-2"))]
    fields = propose(
        lines, [{"page": 1, "format": "QRCode", "text": "https://q.example.invalid/?no=SY-2025-0007", "box": [0.8, 0, 0.9, 0.1]}]
    )
    assert (fields["number"]["value"], fields["number"]["from"]) == ("SY-2025-0007", "symbol")
    assert fields["lots"]["value"] == "T-1;T-2"


def test_a_date_is_never_taken_for_the_office_above_it() -> None:
    fields = propose([*rows(("名称", "甲")), line("登记机关", 0.6, 0.8), line("2025年1月2日", 0.6, 0.84)])
    assert "issuer_name" not in fields
    assert fields["issued_on"]["value"] == "2025-01-02"


def test_an_english_certificate() -> None:
    lines = [
        line("CERTIFICATE", 0.4, 0.05, high=0.05), line("This is to certify that", 0.3, 0.12), line("Golden Mill Foods Ltd.", 0.3, 0.16),
        line("45 Mill Road, Leeds", 0.3, 0.195), line("complies with the requirements of FSSC 22000 version 6", 0.2, 0.25),
        *rows(("Certificate number", "FS-22-918"), ("Issue date", "20 January 2025"), ("Valid until", "14/01/2028"), start=0.32),
    ]  # fmt: skip
    fields = propose(lines, source="layer")
    wanted = {
        "kind": "gfsi_fssc22000",
        "number": "FS-22-918",
        "holder_name": "Golden Mill Foods Ltd.",
        "issued_on": "2025-01-20",
        "valid_until": "2028-01-14",
    }
    assert {name: fields[name]["value"] for name in wanted} == wanted
    assert fields["number"]["from"] == "layer"
