"""What the limited child sees in signed, altered and hostile files, and that it can hurt nobody."""

from __future__ import annotations

import json
import struct
import subprocess
import zlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from suppliers import reading
from suppliers.checks import CHECKS, Paper
from suppliers.reading import documents, images, look, media_type_of
from tests.conftest import shared_data

ISSUER = "厦门示例检测技术有限公司"
CASES = {
    "unsigned.pdf": ("inconclusive", "unsigned", None),
    "good_B.pdf": ("passed", "trusted", "PAdES B-B"),
    "good_T.pdf": ("passed", "trusted", "PAdES B-T"),
    "good_LT.pdf": ("passed", "trusted", "PAdES B-LT"),
    "good_LTA.pdf": ("passed", "trusted", "PAdES B-LTA"),
    "signer_cert_expired_no_timestamp.pdf": ("inconclusive", "untrusted", "PAdES B-B"),
    "signer_cert_revoked.pdf": ("failed", "revoked", "PAdES B-B"),
    "tampered_byte.pdf": ("failed", "tampered", "PAdES B-B"),
    "appended_garbage.pdf": ("inconclusive", "not_whole", "PAdES B-B"),
    "annotation_added_after_signing.pdf": ("failed", "changed", "PAdES B-B"),
    "content_replaced_after_signing.pdf": ("failed", "changed", "PAdES B-B"),
    "unsigned_incremental_edit.pdf": ("inconclusive", "unsigned", None),
    "same_org_name_untrusted_root.pdf": ("inconclusive", "untrusted", "PAdES B-B"),
}


class Signed:
    """The synthetic set: its root, its revocation list, and the moment it was made."""

    def __init__(self) -> None:
        self.folder = shared_data("certificates") / "synthetic_pades"
        self.expected = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))
        self.at = datetime.fromisoformat(self.expected["generated_at"])
        self.anchors: list[tuple[str, bytes | None]] = [
            ((self.folder / "root.cert.pem").read_text(), (self.folder / "root.crl.der").read_bytes())
        ]

    def bytes(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


@pytest.fixture(scope="module")
def signed() -> Signed:
    return Signed()


def ask(name: str, seen: dict[str, Any]) -> tuple[str, str]:
    day = date(2026, 11, 22)
    paper = Paper("inspection_report", "1", "甲", None, ISSUER, day, day, "甲", "", "application/pdf", seen)
    finding = CHECKS[name].ask(paper, day)
    return finding.result, finding.because.removeprefix(f"check.{name}.")


@pytest.mark.parametrize("name", sorted(CASES))
def test_each_signed_case_gets_what_it_must(name: str, signed: Signed) -> None:
    (case,) = [case for case in signed.expected["cases"] if case["file"] == name]
    seen = documents.look(signed.bytes(name), signed.anchors, signed.at)
    result, because, level = CASES[name]
    assert (*ask("signature", seen), seen["trouble"]) == (result, because, None)
    assert len(seen["signatures"]) == case["signatures"]
    assert [each["level"] for each in seen["signatures"]] == ([level] if level else [])
    assert all(each["signer_org"] == ISSUER for each in seen["signatures"])


def test_all_given_cases_are_known(signed: Signed) -> None:
    assert {case["file"] for case in signed.expected["cases"]} == set(CASES)


def test_an_edit_before_any_signature_is_a_signal(signed: Signed) -> None:
    seen = documents.look(signed.bytes("unsigned_incremental_edit.pdf"), signed.anchors, signed.at)
    assert seen["revisions"] == 2
    assert ask("content", seen) == ("inconclusive", "revised")
    assert ask("content", documents.look(signed.bytes("unsigned.pdf"), [], signed.at)) == ("passed", "clean")


@pytest.mark.parametrize("name", ["good_B.pdf", "signer_cert_revoked.pdf"])
def test_without_a_revocation_list_nothing_is_vouched_for(name: str, signed: Signed) -> None:
    seen = documents.look(signed.bytes(name), [(signed.anchors[0][0], None)], signed.at)
    assert ask("signature", seen) == ("inconclusive", "revocation_unknown")


def test_a_revocation_list_that_ran_out_vouches_for_nothing(signed: Signed) -> None:
    later = signed.at.replace(year=signed.at.year + 1)
    assert ask("signature", documents.look(signed.bytes("good_B.pdf"), signed.anchors, later))[0] == "inconclusive"


def test_the_child_sees_the_same_as_we_do(signed: Signed) -> None:
    content = signed.bytes("good_LTA.pdf")
    assert look(content, anchors=signed.anchors, at=signed.at) == documents.look(content, signed.anchors, signed.at)


HOSTILE = {
    "bomb_under.png": "image.too_large",
    "flate2x.pdf": "pdf.bomb",
    "gifar.jpg": "file.archive",
    "hugepage.pdf": "pdf.page_size",
    "loop.pdf": "pdf.broken",
    "polyhtml.pdf": "file.unknown",
    "polyzip.pdf": "file.archive",
    "svg.svg": "file.unknown",
    "xxe_embedded.xml": "file.unknown",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_each_hostile_file_is_named_and_fails(name: str) -> None:
    seen = look((shared_data("certificates") / "malicious_minis" / name).read_bytes(), anchors=[], at=datetime.now(UTC))
    assert seen["trouble"] == HOSTILE[name]
    assert ask("content", seen)[0] == "failed"


def test_scripts_launches_and_attachments_are_named() -> None:
    content = (shared_data("certificates") / "malicious_minis" / "js.pdf").read_bytes()
    seen = look(content, anchors=[], at=datetime.now(UTC))
    assert seen["active"] == ["EmbeddedFile", "JavaScript", "Launch"]
    assert ask("content", seen) == ("failed", "active")


def test_files_that_broke_other_readers_break_nothing_here() -> None:
    for path in sorted((shared_data("certificates") / "pyhanko_pdfs").glob("*.pdf")):
        seen = documents.look(path.read_bytes(), [], datetime.now(UTC))
        assert json.loads(json.dumps(seen)) == seen
        assert ask("signature", seen)[0] != "passed", path.name


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is the catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))


PAGES = (b"<</Type/Pages/Count 1/Kids[3 0 R]>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>")


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        ((b"<</Type/Catalog/Pages 2 0 R>>", *PAGES), []),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]>>", *PAGES), []),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/#4aavaScript/#4a#53(app.alert\\(1\\))>>>>", *PAGES), ["JavaScript"]),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>", *PAGES, b"<</S 5 0 R/F(a)>>", b"/Launch"), ["Launch"]),
        ((b"<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA(x)/Fields[]>>>>", *PAGES), ["XFA"]),
    ],
)
def test_what_could_run_is_found_however_it_is_written(objects: tuple[bytes, ...], found: list[str]) -> None:
    seen = documents.look(pdf(*objects), [], datetime.now(UTC))
    assert (seen["trouble"], seen["pages"], seen["active"]) == (None, 1, found)


def png(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_photographs_are_read_and_damaged_ones_refused() -> None:
    photo = next((shared_data("certificates") / "synthetic_scans").glob("*photo.jpg")).read_bytes()
    assert images.look(photo, "image/jpeg")["trouble"] is None
    assert images.look(photo[: len(photo) // 200], "image/jpeg")["trouble"] == "image.broken"
    assert images.look(png(100, 100), "image/png")["trouble"] is None
    assert images.look(png(100, 100)[:-3], "image/png")["trouble"] == "image.broken"
    assert images.look(png(8000, 8000), "image/png")["trouble"] == "image.too_large"


def test_the_header_must_stand_at_the_first_byte() -> None:
    assert media_type_of(b"%PDF-1.7") == "application/pdf"
    assert media_type_of(b"\n%PDF-1.7") == ""
    assert media_type_of(b"") == ""


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("x = b' ' * (2 << 30)", "child.memory"),
        ("import os; os.abort()", "child.crashed"),
        ("raise SystemExit(0)", "child.crashed"),
        ("open('/tmp/suyuan-child', 'wb').write(b'x')", "child.crashed"),
        ("__import__('resource').setrlimit(__import__('resource').RLIMIT_CPU, (1, 2))\nwhile True: pass", "child.timeout"),
    ],
)
def test_whatever_happens_to_the_child_is_an_answer(code: str, trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child runs as it is, with ``code`` in the place where it would look at the bytes."""
    stand_in = "import suppliers.reading.__main__ as child\ndef look(content, header):\n"
    stand_in += "".join(f"    {line}\n" for line in code.splitlines()) + "child._look = look\nchild.main()\n"
    (tmp_path / "stand_in.py").write_text(stand_in)
    run = subprocess.run

    def run_stand_in(command: list[str], **options: Any) -> Any:
        return run([*command[:3], str(tmp_path / "stand_in.py")], **options)

    monkeypatch.setattr(reading.subprocess, "run", run_stand_in)
    assert look(b"%PDF-1.7", anchors=[], at=datetime.now(UTC))["trouble"] == trouble


def test_a_child_that_sleeps_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WALL_SECONDS", 0.01)
    assert look(b"%PDF-1.7", anchors=[], at=datetime.now(UTC))["trouble"] == "child.timeout"
