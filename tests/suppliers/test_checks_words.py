"""Checks of what stands on a paper: number, holder, dates, issuer, scope, site, lots, and what the machine read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from suppliers.checks import FirmSeen, IssuerSeen, LookupSeen, SiteSeen
from suppliers.checks.dates import later
from suppliers.checks.lots import LOTS_ASKED_SINCE
from suppliers.checks.names import fits, holds, nearness, steps_between
from suppliers.checks.scope import printed_classes
from tests.suppliers.specimen import (
    AUTHORITY,
    CAPS,
    DAY,
    DID,
    LAB,
    LIQUOR,
    MILK,
    OTHER,
    OWN,
    PAPER,
    PDF,
    READ,
    REPORT,
    REPORT_READ,
    TEA,
    UNSIGNED,
    VC,
    ask,
    find,
    without,
    words,
)


def page(*lines: str) -> dict[str, Any]:
    return {"reading": REPORT.reading | {"lines": [{"page": 1, "text": text, "box": None} for text in lines]}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("passed", "good")),
        ({"valid_until": DAY}, ("passed", "good")),
        ({"valid_until": DAY - timedelta(days=1)}, ("failed", "lapsed")),
        ({"valid_until": DAY - timedelta(days=1), "submitted_on": DAY - timedelta(days=1)}, ("passed", "good")),
        ({"valid_until": date(2024, 6, 30)}, ("failed", "reversed")),
        ({"valid_until": date(2029, 7, 1)}, ("passed", "good")),
        ({"valid_until": date(2029, 7, 2)}, ("failed", "span")),
        ({"valid_from": date(2026, 1, 1), "valid_until": date(2030, 12, 31)}, ("failed", "span")),
        ({"valid_until": None}, ("failed", "no_end")),
        ({"valid_until": None, "kind": "business_licence"}, ("passed", "good")),
        ({"valid_until": None, "kind": "inspection_report"}, ("passed", "good")),
        ({"valid_until": None, "kind": "unheard_of"}, ("inconclusive", "no_end")),
        ({"kind": "packaging_conformity"}, ("inconclusive", "long")),
        ({"valid_from": date(2027, 1, 1), "issued_on": None}, ("passed", "not_yet")),
        ({"issued_on": DAY + timedelta(days=1)}, ("failed", "issued_ahead")),
        ({"issued_on": date(2029, 7, 1)}, ("failed", "issued_after_end")),
        ({"valid_from": date(1900, 1, 1)}, ("failed", "absurd")),
        ({"valid_from": date.max, "valid_until": date.max}, ("failed", "absurd")),
        ({"valid_from": date.min, "valid_until": date.max}, ("failed", "absurd")),
    ],
)
def test_dates(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("dates", **changes) == expected


def test_months_later_end_where_the_month_ends() -> None:
    assert later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert later(date(2024, 12, 31), 60) == date(2029, 12, 31)
    assert later(date.max, 1) == date.max


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"holder_name": "别的名字"}, ("passed", "same_code")),
        ({"holder_uscc": OTHER, "read": {}}, ("failed", "other_code")),
        ({"holder_uscc": OTHER, "read": {}, "principals": (FirmSeen("别家", OTHER),)}, ("passed", "principal")),
        ({"holder_uscc": OTHER, "read": {}, "principals": (FirmSeen("别家", OTHER),), "kind": "food_trade"}, ("failed", "other_code")),
        ({"read": words("holder_uscc", OTHER)}, ("failed", "code_not_as_read")),
        ({"read": words("holder_uscc", OTHER[:-1] + "I")}, ("passed", "same_code")),
        ({"holder_uscc": None, "read": words("holder_uscc", OTHER)}, ("failed", "other_code")),
        ({"kind": "business_licence", "number": OTHER, "holder_uscc": None, "read": {}}, ("failed", "other_code")),
        ({"holder_uscc": None, "read": {}, "holder_name": " 溯源示例乳业　有限责任公司"}, ("passed", "same_name")),
        ({"holder_uscc": None, "read": {}, "holder_name": "Suyuan Dairy", "supplier_names": ("SUYUAN Dairy",)}, ("passed", "same_name")),
        ({"holder_uscc": None, "read": {}, "holder_name": "溯源样例乳业有限公司"}, ("inconclusive", "near_name")),
        ({"holder_uscc": None, "read": {}, "holder_name": "示例北岸肉类加工有限公司"}, ("failed", "other_name")),
        ({"holder_uscc": None, "read": {}, "holder_name": "()"}, ("failed", "other_name")),
    ],
)
def test_holder(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("holder", **changes) == expected


def test_a_credential_says_itself_whose_it_is() -> None:
    stranger = VC.reading | {"credential": VC.reading["credential"] | {"subject": {"id": f"urn:uscc:{OTHER}"}}}
    assert ask("holder", VC) == ("passed", "same_identifier")
    assert ask("holder", VC, reading=stranger, read=words("holder_uscc", OTHER, "document")) == ("failed", "other_code")
    assert ask("holder", VC, supplier_uscc=None, supplier_ids=(OTHER,), reading=stranger, read={})[0] == "passed"


def test_two_firms_are_not_near_because_both_are_limited() -> None:
    assert nearness("甲乙有限公司", "丙丁有限公司") == 0.0
    assert nearness("Alpha Ltd.", "Omega Ltd.") < 0.7


def test_a_pattern_of_the_trust_list_stands_for_something() -> None:
    assert fits("*市场监督管理局", "样本市市场监督管理局")
    assert not fits("*市场监督管理局", "市场监督管理局")
    assert not fits("*市场监督管理局", "样本市市场监督管理局有限公司")
    assert not fits("*", "任何人")


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xyz", 3), ("gsxt", "gxst", 1), ("a", "abcdef", 3)],
)
def test_steps(one: str, other: str, steps: int) -> None:
    assert steps_between(one, other, 2) == steps


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"number": "SC11532139200466"}, ("failed", "check")),
        ({"number": "440524010025"}, ("failed", "old")),
        ({"number": "SC19932139200465"}, ("failed", "category")),
        ({"number": "SC1"}, ("failed", "shape")),
        ({"kind": "food_trade", "number": "JY13301080111719"}, ("passed", "holds")),
        ({"kind": "business_licence", "number": "91350203M0001QAY9B"}, ("inconclusive", "outer")),
        ({"kind": "business_licence", "number": "91310112087994923F"}, ("failed", "organisation")),
        ({"kind": "inspection_report", "number": "anything"}, ("inconclusive", "no_rule")),
        ({"kind": "organic", "number": "anything"}, ("inconclusive", "unusual")),
        ({"kind": "gfsi_globalgap", "number": "4012345000008"}, ("failed", "check")),
    ],
)
def test_identifier(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("identifier", **changes) == expected


def test_repairs_are_proposed_and_the_symbol_confirms_one() -> None:
    misread = OWN.replace("1208", "7208")
    symbols = [{"text": f"http://gsxt.example/?uniscid={OWN}", "page": 1}]
    told = find("identifier", kind="business_licence", number=misread, holder_uscc=None, read={}, reading=PDF | {"symbols": symbols})
    assert told.result != "passed"
    assert told.evidence["repairs"] == [OWN]
    region = find("identifier", kind="business_licence", number="91999999MA0TEKT17N")
    assert region.result == "passed"
    assert region.evidence["flags"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"issuers": (IssuerSeen("市场监督管理局", names=("*市场监督管理局",)),)}, ("passed", "listed")),
        ({"issuers": (IssuerSeen(AUTHORITY, kinds=("organic",)),)}, ("inconclusive", "other_kind")),
        (
            {"issuers": (IssuerSeen(AUTHORITY, kinds=("organic",)), IssuerSeen("x", (AUTHORITY,), ("food_production",)))},
            ("passed", "listed"),
        ),
        ({"issuers": ()}, ("inconclusive", "unknown")),
        ({"issuers": (), "lookups": (LookupSeen("gsxt", "valid", DAY),)}, ("passed", "register")),
        ({"issuer_name": None, "read": without(READ, "issuer_name")}, ("inconclusive", "unnamed")),
        ({"read": without(READ, "issuer_name")}, ("passed", "listed")),
        ({"read": without(READ, "issuer_name"), "reading": UNSIGNED}, ("inconclusive", "unread")),
        ({"read": READ | words("issuer_name", "别的市市场监督管理局"), "reading": UNSIGNED}, ("inconclusive", "unread")),
        (
            {"read": without(READ, "issuer_name"), "reading": UNSIGNED, "lookups": (LookupSeen("gsxt", "valid", DAY),)},
            ("passed", "register"),
        ),
        ({"issuer_name": "样木市市场监督管理局"}, ("inconclusive", "near_name")),
    ],
)
def test_issuer(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("issuer", **changes) == expected


def test_a_credentials_issuer_is_known_by_identifier_and_never_by_name() -> None:
    assert ask("issuer", VC) == ("passed", "listed")
    other = VC.reading | {"credential": VC.reading["credential"] | {"issuer": "did:web:evil.example"}}
    assert ask("issuer", VC, reading=other)[0] == "inconclusive"
    assert ask("issuer", VC, issuers=(IssuerSeen("x", dids=(DID,), kinds=("organic",)),)) == ("inconclusive", "other_kind")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("passed", "holds")),
        ({"accreditation": "CMA 250099990002"}, ("inconclusive", "other")),
        ({"accreditation": "CNAS L1234；资质认定 CMA 250099990001"}, ("inconclusive", "unread")),
        ({"accreditation": "CNAS L1234；资质认定 CMA 250099990001"} | page("CNAS L1234", "(CMA) 2500 9999 0001"), ("passed", "holds")),
        ({"accreditation": None}, ("passed", "holds")),
        ({"accreditation": None, "read": without(REPORT_READ, "accreditation")}, ("inconclusive", "unnamed")),
        ({"read": without(REPORT_READ, "accreditation")}, ("inconclusive", "unread")),
        ({"read": without(REPORT_READ, "accreditation")} | page("CMA250099990001"), ("passed", "holds")),
        ({"read": without(REPORT_READ, "accreditation"), "lookups": (LookupSeen("cnca", "valid", DAY),)}, ("passed", "holds")),
        ({"issuers": ()}, ("inconclusive", "not_known")),
        ({"issuers": (), "lookups": (LookupSeen("cnca", "valid", DAY),)}, ("passed", "register")),
        ({"issuers": (IssuerSeen(LAB, accreditation="250099990001", accredited_until=date(2025, 4, 27)),)}, ("failed", "lapsed")),
        ({"issuers": (IssuerSeen(LAB, accreditation="250099990001", accredited_until=date(2025, 4, 28)),)}, ("passed", "holds")),
    ],
)
def test_accreditation(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("accreditation", REPORT, **changes) == expected
    assert ask("accreditation", PAPER) == ("passed", "not_asked")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("passed", "covers")),
        ({"materials": ()}, ("passed", "nothing_listed")),
        ({"materials": (CAPS,)}, ("passed", "nothing_listed")),
        ({"materials": (MILK,)}, ("inconclusive", "main_other")),
        ({"materials": (MILK,), "scope": "酒类；糕点"}, ("failed", "other_category")),
        ({"materials": (MILK, LIQUOR), "scope": "酒类；糕点"}, ("inconclusive", "partly")),
        ({"materials": (MILK, LIQUOR), "scope": "酒类、乳制品"}, ("inconclusive", "unread")),
        ({"materials": (MILK, LIQUOR), "scope": "酒类、乳制品", "lookups": (LookupSeen("gsxt", "valid", DAY),)}, ("passed", "covers")),
        ({"materials": (MILK, LIQUOR), "scope": "酒类、乳制品", "read": READ | words("scope", "酒类")}, ("inconclusive", "beyond")),
        (
            {"materials": (MILK, LIQUOR), "scope": "酒类、乳制品", "read": READ | words("scope", "乳制品[液体乳];酒类")},
            ("passed", "covers"),
        ),
        (
            {"materials": (MILK, LIQUOR), "scope": "酒类、乳制品", "read": READ | words("extra.品种明细", "酒类 乳制品")},
            ("passed", "covers"),
        ),
        ({"materials": (MILK, LIQUOR), "products": ("酒类", "乳制品")}, ("inconclusive", "unread")),
        ({"materials": (LIQUOR,), "scope": "酒类", "read": READ | words("scope", "糕点")}, ("inconclusive", "beyond")),
        ({"materials": (MILK,), "scope": "乳制品"}, ("inconclusive", "number_other_category")),
        ({"number": "?"}, ("inconclusive", "no_category")),
        ({"kind": "food_trade", "number": "JY13301080111719"}, ("passed", "not_limited")),
        ({"kind": "food_trade", "number": "JY23506230105266"}, ("inconclusive", "not_sale")),
        ({"kind": "business_licence"}, ("passed", "not_limited")),
    ],
)
def test_scope_of_a_licence(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("scope", **changes) == expected


def test_what_is_covered_is_told_by_material() -> None:
    evidence = find("scope", materials=(MILK, LIQUOR, CAPS), scope="酒类").evidence
    assert (evidence["covered"], evidence["uncovered"]) == (["liquor"], ["milk"])


def test_printed_categories_are_found_by_name_and_by_code() -> None:
    assert printed_classes("乳制品；饮料") == {"105", "106"}
    assert printed_classes("食用油、油脂及其制品") == {"102"}
    assert printed_classes("复配食品添加剂") == {"203"}
    assert printed_classes("0105 乳制品 118") == {"105", "118"}
    assert printed_classes("") == frozenset()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("passed", "covers")),
        ({"products": ("红茶",), "read": without(REPORT_READ, "products")}, ("inconclusive", "other_product")),
        ({"products": (), "read": without(REPORT_READ, "products")}, ("inconclusive", "no_products")),
        ({"products": ()}, ("passed", "covers")),
        ({"read": without(REPORT_READ, "products")}, ("inconclusive", "unread")),
        ({"read": REPORT_READ | words("products", "红茶")}, ("inconclusive", "beyond")),
        ({"products": ("GREEN TEA, 2026",), "read": REPORT_READ | words("products", "Green tea, 2026")}, ("passed", "covers")),
        ({"materials": ()}, ("passed", "nothing_listed")),
        ({"materials": (TEA, MILK)}, ("passed", "some")),
        ({"materials": (TEA, MILK), "products": ("明前绿茶", "生牛乳")}, ("inconclusive", "beyond")),
        ({"materials": (TEA, replace(MILK, claims=("organic",))), "kind": "organic"}, ("inconclusive", "partly")),
        ({"materials": (TEA, MILK), "kind": "organic"}, ("passed", "covers")),
    ],
)
def test_scope_by_products(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("scope", REPORT, **changes) == expected


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (None, ("passed", "not_named")),
        ("示例省样本市测试区演示路66号1幢", ("passed", "known")),
        ("样本市北岸区屠宰路1号", ("inconclusive", "unknown")),
        ("GLN 4012345000009", ("passed", "known")),
        ("GLN 4012345000016", ("inconclusive", "unknown")),
    ],
)
def test_site(site: str | None, expected: tuple[str, str]) -> None:
    known = SiteSeen("一厂", "示例省样本市测试区演示路66号", "4012345000009")
    read = READ | words("site", site) if site else READ
    assert ask("site", site=site, sites=(known,), read=read) == expected
    assert ask("site", sites=(known,), read=read) == expected
    assert ask("site", site=site, read=read)[0] == "passed"


def test_a_site_is_known_by_what_stands_on_the_paper_and_not_by_what_was_typed() -> None:
    known, typed = SiteSeen("一厂", "示例省样本市测试区演示路66号"), "演示路66号"
    other = READ | words("site", "样本市北岸区屠宰路1号") | words("extra.住所", "演示路66号")
    assert ask("site", site=typed, sites=(known,)) == ("inconclusive", "unread")
    assert ask("site", site=typed, sites=(known,), lookups=(LookupSeen("gsxt", "valid", DAY),)) == ("passed", "known")
    assert ask("site", site=typed, sites=(known,), read=other) == ("inconclusive", "unknown")
    assert find("agreement", site=typed, read=other).evidence["fields"] == ["site"]


def test_a_report_without_a_lot_proves_nothing_and_a_licence_is_not_limited_by_lots() -> None:
    assert ask("lots", REPORT) == ("passed", "named")
    assert ask("lots", REPORT, lots=(" ",)) == ("failed", "none")
    assert ask("lots", REPORT, lots=(), submitted_on=LOTS_ASKED_SINCE) == ("failed", "none")
    assert ask("lots", REPORT, lots=(), submitted_on=LOTS_ASKED_SINCE - timedelta(days=1)) == ("inconclusive", "none_asked")
    assert ask("lots", lots=("T-1",)) == ("passed", "not_limited")


def test_products_and_addresses_hold_each_other() -> None:
    assert holds("绿茶（鲜叶）", "绿茶")
    assert not holds("茶", "绿茶")
    assert not holds("", "绿茶")
