"""What holds for every check of the table: a newcomer is tested before it has a test of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.checks import CHECKS, NEVER_REQUIRED, Finding, LookupSeen, Paper, Twin, required_checks
from suppliers.checks.content import TOO_LARGE, UNFIT
from suppliers.requirements import KINDS
from suppliers.standing import GOOD, REVOKED, SUSPENDED, TWO_PERSONS, Outcome, judge
from tests.suppliers.specimen import DAY, PAPER, PDF, REPORT, UNSIGNED, VC

GOOD_PAPERS = {"licence": PAPER, "report": REPORT, "credential": VC}
HOSTILE: list[Any] = [{}, UNSIGNED | {"trouble": "child.timeout"}, UNSIGNED | {"trouble": "pdf.bomb"}]
HOSTILE += [UNSIGNED | {name: value} for name in PDF for value in (None, "x", 7, [], ["x", None, 7], {"x": "y"}) if name != "trouble"]


def outcomes(paper: Paper) -> dict[str, Outcome]:
    findings = {name: check.ask(paper, DAY) for name, check in CHECKS.items()}
    return {name: Outcome(each.result, each.because, each.final) for name, each in findings.items()}


def standing(paper: Paper, **more: Any) -> str:
    given: dict[str, Any] = {"decision": None, "day": DAY, "soon": None}
    return judge(
        outcomes(paper), required=required_checks(paper.kind), valid_from=paper.valid_from, valid_until=paper.valid_until, **(given | more)
    ).standing


@pytest.mark.parametrize("paper", GOOD_PAPERS.values(), ids=GOOD_PAPERS)
def test_a_good_paper_is_verified_without_any_person(paper: Paper) -> None:
    assert standing(paper) == "verified"


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_check_answers_every_kind_and_every_reading_in_words_that_fit(name: str) -> None:
    for base in GOOD_PAPERS.values():
        for reading in (base.reading, *HOSTILE):
            for kind in (base.kind, *KINDS, "unheard_of"):
                finding = CHECKS[name].ask(replace(base, kind=kind, number="?", reading=reading, issuer_name=None), DAY)
                assert isinstance(finding, Finding)
                assert finding.result in ("passed", "failed", "inconclusive")
                assert finding.because.startswith(f"check.{name}.")
                assert len(finding.because) <= 60
                assert len(name) <= 30
                assert json.loads(json.dumps(finding.evidence)) == finding.evidence


@pytest.mark.parametrize("name", ["authenticity", "content", "signature", "provenance"])
def test_bytes_that_were_not_seen_never_pass(name: str) -> None:
    for trouble in ("child.crashed", "child.memory", "pdf.broken", "never.heard"):
        assert CHECKS[name].ask(replace(PAPER, reading=UNSIGNED | {"trouble": trouble}), DAY).result != "passed"
    assert CHECKS[name].ask(replace(PAPER, reading={}), DAY).result != "passed"


def test_what_is_required_depends_on_the_kind_only_by_its_number() -> None:
    assert "identifier" in required_checks("food_trade")
    assert "identifier" not in required_checks("inspection_report")
    assert all(required_checks(kind) >= frozenset(CHECKS) - NEVER_REQUIRED - {"identifier"} for kind in (*KINDS, "unheard_of"))


def test_nobody_alone_accepts_what_could_not_be_inspected() -> None:
    assert {f"check.content.{each}" for each in TOO_LARGE} <= TWO_PERSONS
    assert not TOO_LARGE & UNFIT
    for trouble in TOO_LARGE:
        paper = replace(PAPER, reading=UNSIGNED | {"trouble": trouble})
        assert standing(paper, decision="accept") not in GOOD


@pytest.mark.parametrize("trouble", sorted(UNFIT))
def test_what_no_paper_is_nobody_accepts(trouble: str) -> None:
    paper = replace(PAPER, reading=UNSIGNED | {"trouble": trouble})
    assert CHECKS["content"].ask(paper, DAY).because == f"check.content.{trouble}"
    assert standing(paper, decision="accept", overrides=frozenset(CHECKS)) == "rejected"


def test_what_the_issuer_took_back_is_told_under_the_words_that_standing_knows() -> None:
    told = {f"check.{name}.{word}" for name in ("status", "register") for word in ("revoked", "suspended")} | {"check.signature.revoked"}
    assert told == REVOKED | SUSPENDED


@pytest.mark.parametrize(
    "changes",
    [
        {"reading": UNSIGNED},
        {"reading": UNSIGNED | {"kind": "image"}},
        {"read": {}},
        {"issuers": ()},
        {"twins": (Twin("c", False, "number", "verified", ("valid_until",)),)},
        {"number": "SC11532139200466"},
        {"valid_until": date(2033, 6, 30)},
        {"holder_uscc": "91310116052958608G"},
    ],
)
def test_one_thing_wrong_is_enough(changes: dict[str, Any]) -> None:
    assert standing(replace(PAPER, **changes)) not in GOOD


def test_a_scan_is_good_only_by_a_register_or_a_person() -> None:
    scan = replace(PAPER, reading=UNSIGNED | {"kind": "image"}, media_type="image/jpeg")
    assert standing(scan) == "needs_person"
    assert standing(scan, decision="accept") == "verified"
    asked = LookupSeen("spscxkcx", "valid", DAY - timedelta(days=30), 180)
    assert standing(replace(scan, lookups=(asked,))) == "verified"
    assert standing(replace(scan, lookups=(replace(asked, fresh_days=29),))) == "needs_person"
    assert standing(replace(scan, lookups=(replace(asked, result="revoked"),)), decision="accept") == "revoked"


def test_words_typed_beside_a_genuine_signed_paper_do_not_lengthen_it() -> None:
    assert standing(replace(PAPER, valid_until=date(2029, 7, 1))) == "needs_person"
    assert standing(replace(PAPER, read=PAPER.read | {"valid_until": {}})) == "needs_person"


@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.dates(),
    st.none() | st.dates(),
    st.none() | st.dates(),
    st.lists(st.text(max_size=60), max_size=3),
    st.sampled_from(sorted(KINDS)),
)
def test_no_words_however_odd_make_a_check_raise(
    number: str, name: str, begin: date, end: date | None, issued: date | None, texts: list[str], kind: str
) -> None:
    symbols = [{"text": text, "page": 1, "format": "QRCode", "box": None} for text in (*texts, f"http://{name}/{number}")]
    paper = replace(
        PAPER,
        kind=kind,
        number=number,
        holder_name=name,
        issuer_name=name,
        valid_from=begin,
        valid_until=end,
        issued_on=issued,
        submitted_on=None,
        lots=tuple(texts),
        products=tuple(texts),
        site=name,
        scope=number,
        accreditation=number,
        reading=PDF | {"symbols": symbols, "meta": {"producer": name, "created": number}},
        read={field: {"value": number} for field in ("number", "holder_uscc", "valid_until", "lots", "products")},
    )
    for check in CHECKS.values():
        assert check.ask(paper, DAY).result in ("passed", "failed", "inconclusive")
