"""The benchmark of papers can fail: its verdicts, its reading of other people's labels, its tampering, and a turn over a folder."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks import certificates
from benchmarks.papers import expected, numbers, sets, tampering, verdicts
from benchmarks.papers.folders import Beside, Folders
from benchmarks.papers.seals import expected_of_ofd
from suppliers.reading import troubled
from tests.suppliers.credentials import making
from tests.suppliers.ofd import workshop
from tests.suppliers.reading import hostile
from tests.suppliers.specimen import PDF, SIGNED

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLEAN = troubled(None, "pdf") | {"pages": 1}


def word(reading: dict[str, Any], *believed: str) -> str:
    return verdicts.judged(reading, at=AT, believed=believed)[0]


def signed(**changes: Any) -> dict[str, Any]:
    return PDF | {"signatures": [SIGNED | changes]}


@pytest.mark.parametrize(
    ("reading", "right"),
    [
        (PDF, "verified"),
        (signed(signer_org=None, signer_name=None), "verified"),
        (signed(trusted=False), "intact"),
        (signed(revocation_known=False), "intact"),
        (signed(trusted=False, modification="lta") | {"changed": None}, "needs_person"),
        (signed(trusted=False, unreadable=True), "needs_person"),
        (signed(covers_whole_file=False), "needs_person"),
        (signed(intact=False), "rejected"),
        (signed(modification="form"), "rejected"),
        (signed(revoked=True), "rejected"),
        (PDF | {"changed": [{"page": 1, "share": 0.1, "box": [0, 0, 1, 1]}]}, "rejected"),
        (PDF | {"signals": [{"name": "pasted_patch"}]}, "needs_person"),
        (PDF | {"active": ["JavaScript"]}, "refused"),
        (CLEAN, "unsigned"),
        (CLEAN | {"signals": [{"name": "dss_without_signature"}]}, "needs_person"),
        (CLEAN | {"signals": [{"name": "empty_signature_field"}]}, "unsigned"),
        (CLEAN | {"revisions": 2, "changed": [{"page": 1}]}, "needs_person"),
        (troubled("pdf.bomb", "pdf"), "refused"),
        (troubled("child.timeout"), "refused"),
        ({}, "refused"),
    ],
)
def test_what_is_known_of_a_document(reading: dict[str, Any], right: str) -> None:
    assert word(reading) == right


@pytest.mark.parametrize(
    ("changes", "believed", "right"),
    [
        ({}, True, "verified"),
        ({}, False, "intact"),
        ({"issuer": "did:web:evil.example"}, True, "rejected"),
        ({"validUntil": "2025-02-01T00:00:00Z"}, True, "needs_person"),
        ({"credentialStatus": making.entry()}, True, "intact"),
        ({"validFrom": "yesterday"}, True, "rejected"),
    ],
)
def test_what_is_known_of_a_credential(changes: dict[str, Any], believed: bool, right: str) -> None:
    seen = making.seen(making.token(making.credential(**changes)))
    reading = troubled(None, "credential") | {"credential": seen}
    assert word(reading, *([making.ISSUER] if believed else [])) == right


@pytest.mark.parametrize(
    ("text", "words", "bad"),
    [
        ("intact, trusted under root.pem", {"verified"}, False),
        ("accept with the key below", {"verified"}, False),
        ("unsigned: route to human review", {"unsigned"}, False),
        ("digest mismatch: reject as tampered", {"rejected"}, True),
        ("does not cover the entire file: reject or re-review", {"rejected", "refused", "needs_person"}, True),
        ("chain not to a listed trust anchor: never show as verified", set(expected.ANY_BUT_VERIFIED), True),
        ("invalid", {"rejected", "refused"}, True),
        ("intact|verified", {"intact", "verified"}, False),
        ("needs_person", {"needs_person"}, True),
    ],
)
def test_labels_are_read(text: str, words: set[str], bad: bool) -> None:
    assert expected.read(text) == expected.Expected(frozenset(words), bad)


def test_a_label_that_says_nothing_is_not_judged() -> None:
    assert expected.read("a nice file") is None


def test_tampering_changes_what_was_signed_and_packing_anew_does_not() -> None:
    files = workshop.sealed(workshop.Signing())
    content = workshop.packed(files)
    beside = Beside(anchors=((workshop.ROOT.pem, None),), at=workshop.NOW)
    assert verdicts.of(tampering.packed(files), beside).holds
    attempts = list(tampering.attempts(content, "ofd", random.Random(1), 4))
    assert {each.covered for each in attempts} == {True, False}
    page = next(each for each in attempts if each.what == "a byte of Doc_0/Pages/Page_0/Content.xml")
    assert not verdicts.of(page.content, beside).holds
    assert expected_of_ofd(page.content) == expected.Expected(frozenset({"rejected", "refused"}), bad=True)
    whole = expected_of_ofd(content)
    assert whole is not None
    assert not whole.bad


def test_every_attempt_on_a_token_is_another_token() -> None:
    token = making.token(making.credential())
    attempts = list(tampering.attempts(token, "credential", random.Random(1), 6))
    assert len(attempts) > 10
    assert all(each.content != token for each in attempts)
    assert not any(making.seen(each.content)["proof"]["result"] == "passed" for each in attempts if each.covered)


def test_neighbours_of_a_number_differ_in_one_sign() -> None:
    near = list(numbers.neighbours("sc", "SC10531000000014"))
    assert len(near) == len(set(near)) == 14 * 9
    assert all(sum(a != b for a, b in zip(each, "SC10531000000014", strict=True)) == 1 for each in near)


def test_a_table_with_a_wrong_row_is_told(tmp_path: Path) -> None:
    table = tmp_path / "numbers.tsv"
    table.write_text("kind\tvalue\texpected\nsc\tSC10531000000014\tvalid\nsc\tSC10531000000015\tvalid\n")
    found = list(sets.judge(table, Beside(), lambda _content, _beside: pytest.fail("asked")))
    assert [each.right for each in found] == [True, False]


def test_a_turn_over_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.jwt").write_bytes(making.token(making.credential()))
    (tmp_path / "forged.jwt").write_bytes(making.token(making.credential(), making.signer()))
    (tmp_path / "did.json").write_text(json.dumps(making.did_document()))
    (tmp_path / "plain.pdf").write_bytes(hostile.drawn(hostile.stream(b"0 0 9 9 re f")))
    (tmp_path / "notes.php").write_bytes(b"<?php ?>")
    (tmp_path / "labels.tsv").write_text("good.jwt\tverified\nforged.jwt\trejected\nplain.pdf\tverified\n")
    monkeypatch.setattr("sys.argv", ["certificates", "--documents", str(tmp_path), "--only", "documents,tampering", "--at", AT.isoformat()])
    monkeypatch.setattr(certificates, "FLIPS", 1)
    certificates.main()
    *lines, last = capsys.readouterr().out.splitlines()
    said = dict(line.split("\t")[:3:2] for line in lines if not line.startswith("WRONG"))
    assert said.pop("did.json") == said.pop("labels.tsv") == "-"
    assert said == {"good.jwt": "verified", "forged.jwt": "rejected", "plain.pdf": "unsigned", "notes.php": "refused"}
    assert [line.split("\t")[2] for line in lines if line.startswith("WRONG")] == ["plain.pdf"]
    figures = json.loads(last)
    assert (figures["judged_right"], figures["judged_total"], figures["forged_accepted"], figures["crashes"]) == (2, 3, 0, 0)
    assert figures["tampering"]["tried"] > 3
    assert figures["tampering"]["held"] == 0


def test_what_lies_beside_a_file_is_found_by_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text(workshop.ROOT.pem)
    (tmp_path / "b.crl").write_bytes(workshop.ROOT.revokes(1))
    (tmp_path / "c.pem").write_text(workshop.SIGNER.pem)
    (tmp_path / "index.json").write_text(json.dumps({"generated_at": "2026-01-02T00:00:00+00:00", "cases": []}))
    beside = Folders().beside(tmp_path)
    assert beside.anchors == ((workshop.ROOT.pem, workshop.ROOT.revokes(1)),)
    assert beside.at == datetime(2026, 1, 2, tzinfo=UTC)
