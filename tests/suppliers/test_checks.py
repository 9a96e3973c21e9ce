"""Every check of the table, and then each by its own cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from suppliers.checks import CHECKS, Finding, Paper, required_checks
from suppliers.checks.holder import nearness
from suppliers.reading import troubled
from suppliers.requirements import KINDS

DAY = date(2026, 11, 22)
SIGNED = {
    "intact": True,
    "valid": True,
    "trusted": True,
    "revoked": False,
    "revocation_known": True,
    "covers_whole_file": True,
    "modification": "none",
    "signer_name": "检验报告签章",
    "signer_org": "厦门示例检测技术有限公司",
    "level": "PAdES B-B",
    "signed_at": "2026-11-21T18:27:37+00:00",
    "unreadable": False,
}
PDF = {"kind": "pdf", "pages": 1, "signatures": [SIGNED], "revisions": 2, "active": [], "trouble": None}
PAPER = Paper(
    kind="food_production",
    number="SC11532139200465",
    holder_name="溯源示例乳业有限公司",
    holder_uscc=None,
    issuer_name="厦门示例检测技术有限公司",
    valid_from=date(2024, 7, 1),
    valid_until=date(2029, 6, 30),
    supplier_name="溯源示例乳业有限公司",
    supplier_uscc="91310112087994932F",
    media_type="application/pdf",
    reading=PDF,
)


def ask(name: str, **changes: Any) -> tuple[str, str]:
    finding = CHECKS[name].ask(replace(PAPER, **changes), DAY)
    return finding.result, finding.because.removeprefix(f"check.{name}.")


def signed(**changes: Any) -> dict[str, Any]:
    return PDF | {"signatures": [SIGNED | changes]}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_each_check_passes_a_good_paper_and_speaks_in_words_that_fit(name: str) -> None:
    assert ask(name)[0] == "passed"
    for reading in (PDF, troubled("child.timeout"), troubled("pdf.bomb"), {}):
        for kind in KINDS:
            finding = CHECKS[name].ask(replace(PAPER, kind=kind, number="?", reading=reading, valid_until=None), DAY)
            assert isinstance(finding, Finding)
            assert finding.result in ("passed", "failed", "inconclusive")
            assert finding.because.startswith(f"check.{name}.")
            assert len(finding.because) <= 60


@pytest.mark.parametrize("name", ["content", "signature"])
def test_bytes_that_were_not_seen_never_pass(name: str) -> None:
    for reading in ({}, troubled("child.crashed"), troubled("child.memory"), troubled("pdf.broken")):
        assert ask(name, reading=reading)[0] != "passed"


def test_only_numbers_with_a_known_rule_must_hold() -> None:
    assert "identifier" in required_checks("food_trade")
    assert "identifier" not in required_checks("organic")
    assert all({"content", "dates", "holder", "signature"} <= required_checks(kind) for kind in KINDS)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("passed", "good")),
        ({"valid_until": date(2026, 11, 22)}, ("passed", "lapsing")),
        ({"valid_until": date(2026, 11, 21)}, ("failed", "lapsed")),
        ({"valid_until": date(2024, 6, 30)}, ("failed", "reversed")),
        ({"valid_until": date(2034, 6, 30)}, ("failed", "span")),
        ({"valid_until": None}, ("failed", "no_end")),
        ({"valid_until": None, "kind": "business_licence"}, ("passed", "good")),
        ({"valid_until": None, "kind": "inspection_report"}, ("inconclusive", "no_end")),
        ({"kind": "inspection_report"}, ("inconclusive", "long")),
        ({"valid_from": date(2027, 1, 1)}, ("passed", "not_yet")),
        ({"valid_from": date(1900, 1, 1)}, ("failed", "absurd")),
        ({"valid_from": date.max, "valid_until": date.max}, ("failed", "absurd")),
        ({"valid_from": date.min, "valid_until": date.max}, ("failed", "absurd")),
    ],
)
def test_dates(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("dates", **changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"holder_uscc": "91310112087994932F", "holder_name": "别的名字"}, ("passed", "same_code")),
        ({"holder_uscc": "91310116052958608G"}, ("failed", "other_code")),
        ({"kind": "business_licence", "number": "91310116052958608G"}, ("failed", "other_code")),
        ({"holder_name": " 溯源示例乳业　有限责任公司"}, ("passed", "same_name")),
        ({"holder_name": "溯源（示例）乳业有限公司"}, ("passed", "same_name")),
        ({"holder_name": "溯源样例乳业有限公司"}, ("inconclusive", "near_name")),
        ({"holder_name": "示例北岸肉类加工有限公司"}, ("failed", "other_name")),
        ({"holder_name": "()"}, ("failed", "other_name")),
    ],
)
def test_holder(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("holder", **changes) == expected


def test_two_firms_are_not_near_because_both_are_limited() -> None:
    assert nearness("甲乙有限公司", "丙丁有限公司") == 0.0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"number": "SC11532139200466"}, ("failed", "check")),
        ({"number": "440524010025"}, ("failed", "old")),
        ({"kind": "food_trade", "number": "JY13301080111719"}, ("passed", "holds")),
        ({"kind": "business_licence", "number": "91350203M0001QAY9B"}, ("inconclusive", "outer")),
        ({"kind": "organic", "number": "anything"}, ("inconclusive", "no_rule")),
    ],
)
def test_identifier(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("identifier", **changes) == expected


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (PDF | {"signatures": []}, ("inconclusive", "unsigned")),
        (signed(intact=False), ("failed", "tampered")),
        (signed(valid=False), ("failed", "tampered")),
        (signed(modification="other"), ("failed", "changed")),
        (signed(modification="form"), ("failed", "changed")),
        (signed(modification="annotations"), ("failed", "changed")),
        (signed(modification="lta"), ("passed", "trusted")),
        (signed(revoked=True, trusted=False), ("failed", "revoked")),
        (signed(covers_whole_file=False), ("inconclusive", "not_whole")),
        (signed(trusted=False), ("inconclusive", "untrusted")),
        (signed(revocation_known=False), ("inconclusive", "revocation_unknown")),
        (signed(signer_org="另一家检测有限公司"), ("inconclusive", "other_issuer")),
        (signed(unreadable=True, intact=False), ("inconclusive", "unreadable")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SIGNED]}, ("passed", "trusted")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SIGNED | {"trusted": False}]}, ("inconclusive", "not_whole")),
        (PDF | {"signatures": [SIGNED | {"modification": "other"}, SIGNED]}, ("failed", "changed")),
        (PDF | {"signatures": [SIGNED, SIGNED | {"intact": False}]}, ("failed", "tampered")),
    ],
)
def test_signature(reading: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("signature", reading=reading) == expected


def test_a_signature_passes_only_when_the_paper_names_its_issuer() -> None:
    assert ask("signature", issuer_name=None) == ("inconclusive", "other_issuer")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"duplicate_of_other_supplier": True}, ("failed", "duplicate")),
        ({"reading": PDF | {"active": ["JavaScript"]}}, ("failed", "active")),
        ({"reading": PDF | {"signatures": [], "revisions": 2}}, ("inconclusive", "revised")),
        ({"reading": troubled("pdf.bomb")}, ("failed", "pdf.bomb")),
        ({"reading": troubled("child.memory")}, ("inconclusive", "child.memory")),
    ],
)
def test_content(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("content", **changes) == expected
