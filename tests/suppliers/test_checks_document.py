"""Checks of the document itself: content, viruses, signatures and seals, credentials, how the file was made."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from suppliers.checks import IssuerSeen, LookupSeen
from suppliers.standing import TWO_PERSONS
from tests.suppliers.specimen import AUTHORITY, CREDENTIAL, DAY, DID, LAB, PAPER, PDF, SIGNED, UNSIGNED, VC, ask, find

UNDEFINED = {"because": "credential.structure.type_unknown", "at": "/type"}


def signed(**changes: Any) -> dict[str, Any]:
    return PDF | {"signatures": [SIGNED | changes]}


SELF_SIGNED = SIGNED | {"trusted": False, "revocation_known": False, "signer_org": "Nobody"}
SUPPLIERS = SIGNED | {"signer_org": "溯源示例乳业有限公司"}
FILLED = SIGNED | {"modification": "form"}
SEALED = SIGNED | {"scheme": "ofd-seal"}
STAMPED = PDF | {"changed": [{"page": 1, "share": 0.01, "box": None}]}


@pytest.mark.parametrize(
    ("reading", "expected", "final"),
    [
        (PDF, ("passed", "clean"), False),
        (PDF | {"active": ["JavaScript"]}, ("failed", "active"), True),
        (PDF | {"kind": "unknown"}, ("failed", "file.unknown"), True),
        (PDF | {"trouble": "pdf.bomb"}, ("inconclusive", "pdf.bomb"), False),
        (PDF | {"trouble": "child.memory"}, ("inconclusive", "child.memory"), False),
        (PDF | {"trouble": "pdf.encrypted"}, ("failed", "pdf.encrypted"), True),
        (PDF | {"trouble": "never.heard.of"}, ("failed", "unfit"), True),
        ({}, ("inconclusive", "child.crashed"), False),
        (UNSIGNED | {"kind": "ofd"}, ("passed", "clean"), False),
        (VC.reading | {"credential": CREDENTIAL | {"structure": [UNDEFINED]}}, ("inconclusive", "undefined"), False),
        (VC.reading | {"credential": CREDENTIAL | {"structure": [UNDEFINED, {"because": "x.y"}]}}, ("failed", "structure"), False),
        (VC.reading | {"credential": CREDENTIAL | {"structure": [{"because": "x.y", "at": "/type"}]}}, ("failed", "structure"), False),
    ],
)
def test_content(reading: dict[str, Any], expected: tuple[str, str], final: bool) -> None:
    assert ask("content", reading=reading) == expected
    assert find("content", reading=reading).final is final


@pytest.mark.parametrize(
    ("scan", "expected"),
    [
        ({"state": "clean", "name": None}, ("passed", "clean")),
        ({"state": "found", "name": "Eicar"}, ("failed", "found")),
        ({"state": "not_scanned", "name": None}, ("inconclusive", "not_scanned")),
        ({"state": "?"}, ("inconclusive", "not_scanned")),
        (None, ("inconclusive", "not_scanned")),
    ],
)
def test_antivirus(scan: object, expected: tuple[str, str]) -> None:
    assert ask("antivirus", reading=PDF | {"scan": scan}) == expected
    assert find("antivirus", reading=PDF | {"scan": scan}).final is (expected[0] == "failed")


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (UNSIGNED, ("inconclusive", "unsigned")),
        (signed(intact=False), ("failed", "tampered")),
        (signed(valid=False), ("failed", "tampered")),
        (signed(modification="other"), ("failed", "changed")),
        (signed(modification="form"), ("failed", "changed")),
        (signed(modification="annotations"), ("failed", "changed")),
        (signed(modification="lta"), ("passed", "trusted")),
        (signed(modification="lta") | {"changed": None}, ("inconclusive", "not_compared")),
        (PDF | {"changed": None}, ("passed", "trusted")),
        (PDF | {"changed": [{"page": 2, "share": 0.01, "box": None}]}, ("failed", "pixels")),
        (signed(revoked=True, trusted=False), ("failed", "revoked")),
        (signed(covers_whole_file=False), ("inconclusive", "not_whole")),
        (signed(trusted=False), ("inconclusive", "untrusted")),
        (signed(revocation_known=False), ("inconclusive", "revocation_unknown")),
        (signed(signer_org="另一家检测有限公司"), ("inconclusive", "other_issuer")),
        (signed(signer_org=None), ("inconclusive", "other_issuer")),
        (signed(signer_org=None, signer_name=AUTHORITY), ("inconclusive", "other_issuer")),
        (signed(signer_org=None, signer_name=AUTHORITY, scheme="ofd-seal"), ("passed", "trusted")),
        (signed(scheme="ofd-signature"), ("inconclusive", "bare")),
        (PDF | {"uncovered": ["Doc_0/Pages/Page_1/Content.xml"]}, ("inconclusive", "uncovered")),
        (signed(unreadable=True, intact=False), ("inconclusive", "unreadable")),
        (UNSIGNED | {"signals": [{"name": "unlisted_signature"}]}, ("inconclusive", "stripped")),
        (UNSIGNED | {"signals": [{"name": "ofd.seal_removed"}]}, ("inconclusive", "stripped")),
        (UNSIGNED | {"signals": [{"name": "empty_signature_field"}]}, ("inconclusive", "empty")),
        (UNSIGNED | {"signals": [{"name": "ofd.bare_signature"}]}, ("inconclusive", "bare")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SIGNED]}, ("passed", "trusted")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SIGNED], "changed": None}, ("inconclusive", "not_compared")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SIGNED], "changed": [{"page": 1}]}, ("inconclusive", "stamped_later")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SELF_SIGNED]}, ("failed", "changed")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SELF_SIGNED | {"covers_whole_file": False}]}, ("failed", "changed")),
        (PDF | {"signatures": [SIGNED | {"modification": "annotations"}, SUPPLIERS]}, ("failed", "changed")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SUPPLIERS]}, ("inconclusive", "filled_in")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SUPPLIERS], "changed": [{"page": 1}]}, ("inconclusive", "stamped_later")),
        (PDF | {"signatures": [SIGNED | {"modification": "form"}, SELF_SIGNED], "changed": [{"page": 1}]}, ("failed", "changed")),
        (STAMPED | {"signatures": [SUPPLIERS | {"modification": "form"}, SIGNED | {"alike": True}]}, ("passed", "trusted")),
        (STAMPED | {"signatures": [SUPPLIERS | {"modification": "form"}, SIGNED | {"alike": None}]}, ("inconclusive", "stamped_later")),
        (STAMPED | {"signatures": [FILLED | {"alike": False}, SUPPLIERS | {"alike": True}]}, ("inconclusive", "stamped_later")),
        (STAMPED | {"signatures": [SIGNED | {"alike": False}]}, ("failed", "pixels")),
        (PDF | {"signatures": [SEALED | {"modification": "form"}, SEALED | {"trusted": False}]}, ("inconclusive", "filled_in")),
        (PDF | {"signatures": [SIGNED | {"modification": "other"}, SIGNED]}, ("failed", "changed")),
        (PDF | {"signatures": [SIGNED, SIGNED | {"intact": False}]}, ("failed", "tampered")),
    ],
)
def test_signature(reading: dict[str, Any], expected: tuple[str, str]) -> None:
    finding = find("signature", reading=reading)
    assert (finding.result, finding.because) == (expected[0], f"check.signature.{expected[1]}")
    assert finding.final is (finding.result == "failed")


def test_the_signer_may_bear_any_name_that_the_trust_list_gives_the_issuer_but_no_pattern() -> None:
    lab = signed(signer_org="XM Sample Testing")
    assert ask("signature", reading=lab, issuer_name=LAB) == ("passed", "trusted")
    assert ask("signature", reading=lab, issuer_name=None) == ("inconclusive", "other_issuer")
    pattern = (IssuerSeen("监管部门", names=("*市场监督管理局",)),)
    other_town = signed(signer_org="别的市市场监督管理局")
    assert ask("signature", reading=other_town, issuers=pattern) == ("inconclusive", "other_issuer")


def credential(**changes: Any) -> dict[str, Any]:
    return VC.reading | {"credential": CREDENTIAL | changes}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("passed", "holds")),
        ({"proof": {"result": "failed", "because": "credential.signature"}}, ("failed", "broken")),
        ({"proof": {"result": "inconclusive", "because": "credential.key_unknown"}}, ("inconclusive", "not_checked")),
        ({"proof": {}}, ("inconclusive", "not_checked")),
        ({"proof": None}, ("inconclusive", "not_checked")),
        ({"form": "unsigned"}, ("inconclusive", "unsigned")),
    ],
)
def test_proof(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("proof", VC, reading=credential(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("passed", "holds")),
        ({"binding": {"result": "failed"}}, ("failed", "other_key")),
        ({"binding": {"result": "inconclusive"}}, ("inconclusive", "unknown")),
        ({"binding": None}, ("inconclusive", "unknown")),
        ({"issuer": "did:web:stranger.example"}, ("inconclusive", "unlisted")),
        ({"issuer": None}, ("inconclusive", "unlisted")),
    ],
)
def test_binding(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("binding", VC, reading=credential(**changes)) == expected
    assert ask("binding", VC, issuers=(IssuerSeen("x", dids=(DID,), kinds=("organic",)),)) == ("inconclusive", "other_kind")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"result": "active"}, ("passed", "clear")),
        ({"result": "revoked", "purpose": "revocation"}, ("failed", "revoked")),
        ({"result": "suspended", "purpose": "suspension"}, ("failed", "suspended")),
        ({"result": "failed", "purpose": "suspension"}, ("failed", "suspended")),
        ({"result": "failed", "purpose": None}, ("failed", "revoked")),
        ({"result": "unknown", "because": "credential.status_stale", "list": "https://cab.example/l"}, ("inconclusive", "unknown")),
        ({"result": "unknown", "because": "credential.status_entry", "list": None}, ("inconclusive", "unknown")),
        ({"result": "unknown", "because": "credential.status_none"}, ("inconclusive", "none")),
        (None, ("inconclusive", "none")),
    ],
)
def test_status(status: object, expected: tuple[str, str]) -> None:
    assert ask("status", VC, reading=credential(status=status)) == expected


def test_a_credential_of_a_month_needs_no_list_but_one_that_names_a_list_is_asked_there() -> None:
    month = {"valid_from": date(2026, 11, 1), "valid_until": date(2026, 12, 1)}
    none, stale = {"result": "unknown", "because": "credential.status_none"}, {"result": "unknown", "because": "credential.status_entry"}
    assert ask("status", VC, reading=credential(status=none), **month) == ("passed", "short_lived")
    assert ask("status", VC, reading=credential(status=stale), **month) == ("inconclusive", "unknown")
    assert ask("status", PAPER) == ("passed", "no_credential")


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (PDF, "signature"),
        (VC.reading, "credential"),
        (credential(binding={"result": "inconclusive"}), "unvouched"),
        (credential(proof={"result": "inconclusive"}), "unvouched"),
        (UNSIGNED, "unvouched"),
        (signed(trusted=False), "unvouched"),
    ],
)
def test_authenticity(reading: dict[str, Any], expected: str) -> None:
    assert ask("authenticity", VC if reading.get("credential") else PAPER, reading=reading)[1] == expected


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (UNSIGNED, "register"),
        (signed(trusted=False), "register"),
        (signed(intact=False), "unvouched"),
        (signed(covers_whole_file=False), "unvouched"),
        (UNSIGNED | {"signals": [{"name": "unlisted_signature"}]}, "unvouched"),
        (UNSIGNED | {"trouble": "child.timeout"}, "unvouched"),
    ],
)
def test_a_register_vouches_for_a_scan_but_not_for_a_signature_that_was_tampered_with(reading: dict[str, Any], expected: str) -> None:
    assert ask("authenticity", reading=reading, lookups=(LookupSeen("gsxt", "valid", DAY),))[1] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("passed", "plain")),
        ({"revisions": 2}, ("inconclusive", "doubtful")),
        ({"changed": [{"page": 1}]}, ("inconclusive", "doubtful")),
        ({"signals": [{"name": "pasted_patch", "page": 1, "strength": 2.75}]}, ("inconclusive", "doubtful")),
        ({"signals": [{"name": "something_new"}]}, ("passed", "minor")),
        ({"meta": {"producer": "Adobe Photoshop 25"}}, ("passed", "minor")),
        ({"meta": {"producer": "Microsoft Word"}}, ("passed", "plain")),
        ({"meta": {"created": "2025-01-01T00:00:00Z", "modified": "2025-03-01T00:00:00+08:00"}}, ("passed", "minor")),
        ({"meta": {"created": "2025-01-01", "modified": "2025-03-01", "creator": "GIMP"}}, ("inconclusive", "doubtful")),
        ({"meta": {"created": "yesterday", "modified": None}}, ("passed", "plain")),
        ({"signals": [{"name": "empty_signature_field"}]}, ("passed", "plain")),
    ],
)
def test_provenance(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("provenance", reading=UNSIGNED | changes) == expected


def test_a_signature_answers_for_the_bytes_and_not_for_what_the_page_shows() -> None:
    assert ask("provenance", reading=PDF | {"revisions": 5}) == ("passed", "plain")
    assert ask("provenance", reading=PDF | {"signals": [{"name": "pasted_patch"}]}) == ("inconclusive", "doubtful")
    assert ask("provenance", reading=PDF | {"revisions": 5, "signatures": [SIGNED | {"intact": False}]}) == ("inconclusive", "doubtful")


def test_a_signature_that_anybody_could_have_put_there_answers_for_nothing() -> None:
    meta = {"producer": "Adobe Photoshop 25", "created": "2025-01-01", "modified": "2025-03-01"}
    edited = PDF | {"signatures": [SELF_SIGNED], "meta": meta}
    assert ask("provenance", reading=edited) == ("inconclusive", "doubtful")
    assert ask("provenance", reading=PDF | {"signatures": [SELF_SIGNED], "revisions": 3}) == ("inconclusive", "doubtful")
    assert ask("provenance", reading=PDF | {"signatures": [SELF_SIGNED], "revisions": 2}) == ("passed", "plain"), "signing saves once"


def test_what_was_filled_in_after_the_issuer_signed_nobody_accepts_alone() -> None:
    filled = PDF | {"signatures": [SIGNED | {"modification": "form"}, SUPPLIERS]}
    assert find("signature", reading=filled).because in TWO_PERSONS
    assert find("signature", reading=filled | {"changed": [{"page": 1}]}).because in TWO_PERSONS
    assert ask("authenticity", reading=filled, lookups=(LookupSeen("gsxt", "valid", DAY),))[1] == "unvouched"
