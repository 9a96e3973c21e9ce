"""Checks of what lies around a paper: its twins, the register, the host behind its symbol."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.checks import FirmSeen, IssuerSeen, LookupSeen, Twin
from suppliers.checks.hosts import host_of, is_under, resembles
from tests.suppliers.specimen import DAY, LAB, OTHER, PDF, REPORT, UNSIGNED, ask, find

THEIRS = Twin("c1", False, "bytes", "verified")
PRINCIPAL: dict[str, Any] = {"holder_uscc": OTHER, "read": {}, "principals": (FirmSeen("别家", OTHER),)}


@pytest.mark.parametrize(
    ("twins", "changes", "expected"),
    [
        ((), {}, ("passed", "none")),
        ((THEIRS,), {}, ("inconclusive", "conflict")),
        ((THEIRS,), {"holder_uscc": OTHER, "read": {}}, ("failed", "bytes")),
        ((THEIRS,), PRINCIPAL, ("passed", "producers")),
        ((replace(THEIRS, standing="rejected"),), {}, ("passed", "none")),
        ((replace(THEIRS, standing="revoked"),), {}, ("inconclusive", "conflict")),
        ((replace(THEIRS, own=True),), {}, ("passed", "none")),
        ((Twin("c1", False, "number", "submitted", ("holder_name",)),), {}, ("inconclusive", "conflict")),
        ((Twin("c1", True, "number", "verified", ("valid_until",)),), {}, ("passed", "none")),
        ((Twin("c1", False, "number", "verified", ("issuer_name", "sha256")),), {}, ("inconclusive", "conflict")),
        ((Twin("c1", False, "number", "verified", ("issuer_name",)),), {"kind": "gfsi_brcgs"}, ("passed", "none")),
        ((Twin("c1", False, "report", "verified", ("number", "lots")),), {}, ("passed", "none")),
        ((Twin("c1", False, "number", "verified", ("sha256",)),), PRINCIPAL, ("passed", "producers")),
        ((Twin("c1", False, "number", "verified", ("sha256", "valid_until")),), PRINCIPAL, ("inconclusive", "conflict")),
    ],
)
def test_duplicate(twins: tuple[Twin, ...], changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("duplicate", twins=twins, **changes) == expected


CLAIM = Twin("c1", False, "number", "needs_person", ("valid_until",), proven=False)
SCAN: dict[str, Any] = {"reading": UNSIGNED}


@pytest.mark.parametrize(
    ("twins", "changes", "expected"),
    [
        ((CLAIM,), {}, ("passed", "unproven")),
        ((replace(CLAIM, how="bytes"),), {}, ("passed", "unproven")),
        ((CLAIM,), SCAN, ("inconclusive", "conflict")),
        ((CLAIM,), SCAN | {"lookups": (LookupSeen("gsxt", "valid", DAY),)}, ("passed", "unproven")),
        ((replace(CLAIM, proven=True),), {}, ("inconclusive", "conflict")),
        ((replace(CLAIM, proven=None),), {}, ("inconclusive", "conflict")),
        ((CLAIM, replace(CLAIM, certificate_id="c2", proven=True)), {}, ("inconclusive", "conflict")),
        ((replace(CLAIM, how="bytes"),), {"holder_uscc": OTHER, "read": {}}, ("failed", "bytes")),
    ],
)
def test_a_paper_that_only_claims_draws_no_other_into_doubt_that_is_vouched_for(
    twins: tuple[Twin, ...], changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert ask("duplicate", twins=twins, **changes) == expected


def test_another_suppliers_claim_of_other_lots_does_not_fail_a_signed_report() -> None:
    claim = Twin("c1", False, "report", "needs_person", ("lots",), proven=False)
    assert ask("reuse", REPORT, twins=(claim,)) == ("passed", "none")
    assert ask("reuse", REPORT, twins=(claim,), reading=UNSIGNED) == ("failed", "other_lots")
    assert ask("reuse", REPORT, twins=(replace(claim, own=True),)) == ("failed", "other_lots")


@pytest.mark.parametrize(
    ("twin", "expected"),
    [
        (Twin("c1", True, "number", "verified", ("lots",)), ("failed", "other_lots")),
        (Twin("c1", False, "number", "needs_person", ("lots", "products")), ("failed", "other_lots")),
        (Twin("c1", False, "report", "verified", ("lots", "sha256")), ("failed", "other_lots")),
        (Twin("c1", False, "report", "verified", ("lots", "sha256", "issuer_name")), ("passed", "none")),
        (Twin("c1", True, "report", "verified", ("lots", "number")), ("inconclusive", "same_results")),
        (Twin("c1", True, "report", "verified", ("number",)), ("passed", "none")),
        (Twin("c1", True, "number", "rejected", ("lots",)), ("passed", "none")),
    ],
)
def test_reuse(twin: Twin, expected: tuple[str, str]) -> None:
    assert ask("reuse", REPORT, twins=(twin,)) == expected
    assert ask("reuse", twins=(twin,)) == ("passed", "not_limited")


def asked(*answers: tuple[str, str, int]) -> tuple[LookupSeen, ...]:
    return tuple(LookupSeen(register, result, DAY - timedelta(days=ago), 90) for register, result, ago in answers)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lookups", "expected"),
    [
        (asked(), ("inconclusive", "not_asked")),
        (asked(("gsxt", "valid", 90)), ("passed", "valid")),
        (asked(("gsxt", "valid", 91)), ("inconclusive", "stale")),
        (asked(("gsxt", "valid", -1)), ("inconclusive", "not_asked")),
        (asked(("gsxt", "valid", 9), ("gsxt", "unreachable", 1)), ("passed", "valid")),
        (asked(("gsxt", "unreachable", 1)), ("inconclusive", "unreachable")),
        (asked(("gsxt", "valid", 9), ("gsxt", "revoked", 1)), ("failed", "revoked")),
        (asked(("gsxt", "revoked", 9), ("gsxt", "valid", 1)), ("passed", "valid")),
        (asked(("gsxt", "revoked", 400)), ("failed", "revoked")),
        (asked(("gsxt", "valid", 1), ("cnca", "suspended", 1)), ("failed", "suspended")),
        (asked(("gsxt", "invalid", 1)), ("failed", "invalid")),
        (asked(("gsxt", "not_found", 1), ("gsxt", "valid", 1)), ("failed", "not_found")),
    ],
)
def test_register(lookups: tuple[LookupSeen, ...], expected: tuple[str, str]) -> None:
    assert ask("register", lookups=lookups) == expected
    assert find("register", lookups=lookups).final is (expected[1] == "revoked")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.gsxt.gov.cn/x", ("passed", "listed")),
        ("扫码查询：http://spscxkcx.gsxt.gov.cn/SC1", ("passed", "listed")),
        ("HTTP://GSXT.GOV.CN./", ("passed", "listed")),
        ("www.gsxt.gov.cn", ("passed", "listed")),
        ("no link at all", ("passed", "no_link")),
        ("http://sc.example.invalid/SC1", ("inconclusive", "unknown")),
        ("http://218.94.1.2:8080/q", ("inconclusive", "unknown")),
        ("http://scjg.sh.gov.cn/", ("inconclusive", "unknown")),
        ("http://gsxt.gov.cn.example.com/", ("failed", "lookalike")),
        ("http://www.gsxt.gov.cn-query.com/", ("failed", "lookalike")),
        ("http://gsxt-gov.cn/", ("failed", "lookalike")),
        ("http://gsxt.com/", ("failed", "lookalike")),
        ("http://gsxtgov.cn/", ("failed", "lookalike")),
        ("http://gѕxt.gov.cn/", ("failed", "lookalike")),
        ("http://xn--gxt-cvd.gov.cn/", ("failed", "lookalike")),
        ("http://gsxt.gov.cn@example.com/", ("failed", "disguised")),
        ("http://gsxt.gov.cn\\@example.com/", ("passed", "listed")),
        ("http:///", ("failed", "disguised")),
        ("http://[::1", ("failed", "disguised")),
    ],
)
def test_host(text: str, expected: tuple[str, str]) -> None:
    assert ask("host", reading=PDF | {"symbols": [{"text": text, "page": 1}]}) == expected


@pytest.mark.parametrize(
    ("host", "known", "expected"),
    [
        ("cti-cert.com.tw", "cti-cert.com", False),
        ("cti-cart.com", "cti-cert.com", True),
        ("ctl-cert.com", "cti-cert.com", True),
        ("cticert.com", "cti-cert.com", True),
        ("iafcertsearch.com", "iafcertsearch.org", False),
        ("iafcertseach.org", "iafcertsearch.org", True),
        ("iafcertsearch.org.example.net", "iafcertsearch.org", True),
        ("g1obalgap.org", "globalgap.org", True),
        ("brcgs.example.com", "brcgs.com", False),
        ("food.cnca.cn", "cx.cnca.cn", False),
        ("绿色认证.cn", "cx.cnca.cn", False),
        ("sqfi.net", "sqfi.com", False),
    ],
)
def test_resemblance(host: str, known: str, expected: bool) -> None:
    assert resembles(host, known) is expected


def test_the_hosts_of_the_issuer_count_and_no_other_issuers() -> None:
    link = PDF | {"symbols": [{"text": "https://report.lab.example/q?no=1", "page": 1}]}
    lab, other = IssuerSeen(LAB, hosts=("lab.example",)), IssuerSeen("别家", hosts=("lab.example",))
    assert ask("host", REPORT, reading=link, issuers=(lab,)) == ("passed", "listed")
    assert ask("host", REPORT, reading=link, issuers=(other,)) == ("inconclusive", "unknown")


def test_one_wrong_symbol_among_good_ones_is_found() -> None:
    symbols = [{"text": f"http://{host}/", "page": 1} for host in ("gsxt.gov.cn", "sc.example", "gsxt.gov.cn.evil.example")]
    assert ask("host", reading=PDF | {"symbols": symbols}) == ("failed", "lookalike")


@given(st.text(max_size=80))
def test_no_link_however_odd_is_taken_for_another_host(text: str) -> None:
    host = host_of(f"http://{text}")
    assert host is None or host == host.lower()
    if host is not None and is_under(host, "gsxt.gov.cn"):
        assert "gsxt" in text.lower() or not text.isascii() or "%" in text or "xn--" in text.lower()
    assert resembles(host or "x", "gsxt.gov.cn") in (True, False)
