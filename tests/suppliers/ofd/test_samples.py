"""Files that another implementation sealed, and what becomes of them when somebody changes them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from suppliers import ofd
from suppliers.ofd import ses
from suppliers.ofd.certificates import parse
from tests.conftest import shared_data
from tests.suppliers.ofd.workshop import packed, page, text, unpacked

AT = datetime(2021, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder() -> Path:
    return shared_data("certificates") / "ofd_ofdrw"


def look(content: bytes, *anchors: str, at: datetime = AT) -> dict[str, Any]:
    return ofd.look(content, anchors, at)


def pem(certificate: bytes) -> str:
    from asn1crypto import pem as armour

    return str(armour.armor("CERTIFICATE", certificate).decode())


def test_every_sample_opens(folder: Path) -> None:
    for path in sorted(folder.glob("*.ofd")):
        seen = look(path.read_bytes())
        assert (seen["trouble"], seen["pages"]) == (None, 1)
        assert any("OFD Reader&Writer" in line["text"] for line in seen["lines"])


@pytest.mark.parametrize("name", ["allprotected.ofd", "SESV4SignDoc.ofd"])
def test_seals_hold(folder: Path, name: str) -> None:
    seen = look((folder / name).read_bytes())
    (signature,) = seen["signatures"]
    assert (signature["intact"], signature["valid"], signature["covers_whole_file"], signature["level"]) == (True, True, True, "SES v4")
    assert (signature["signer_name"], signature["signer_org"]) == ("Test Certificate", "OFD R&W")
    assert not signature["trusted"]
    assert seen["uncovered"] == []


def test_trust_is_asked_of_the_moment_of_signing_and_of_now(folder: Path) -> None:
    anchors = []
    for name in ("allprotected.ofd", "SESV4SignDoc.ofd"):
        value = next(body for file, body in unpacked((folder / name).read_bytes()).items() if file.endswith("SignedValue.dat"))
        sealing = ses.sealing(value)
        anchors += [pem(sealing.certificate), pem(sealing.seal.maker)]
    sealed_in_time, sealed_too_late = ((folder / name).read_bytes() for name in ("allprotected.ofd", "SESV4SignDoc.ofd"))
    assert look(sealed_in_time, *anchors)["signatures"][0]["trusted"]
    assert not look(sealed_in_time, *anchors, at=datetime(2026, 6, 1, tzinfo=UTC))["signatures"][0]["trusted"]
    assert {"seal_not_in_force", "signer_not_in_force"} <= set(look(sealed_too_late, *anchors)["signatures"][0]["flaws"])


def test_a_certificate_that_is_no_authority_vouches_for_nobody(folder: Path) -> None:
    assert not look((folder / "allprotected.ofd").read_bytes(), (folder / "sign_cert.pem").read_text())["signatures"][0]["trusted"]


def test_unsigned_and_as_good_as_unsigned(folder: Path) -> None:
    for name, signals in (("helloworld.ofd", []), ("DigitalSign.ofd", ["ofd.bare_signature"])):
        seen = look((folder / name).read_bytes())
        assert seen["signatures"] == []
        assert [signal["name"] for signal in seen["signals"]] == signals


@pytest.mark.parametrize("name", ["allprotected.ofd", "SESV4SignDoc.ofd"])
def test_every_file_is_guarded(folder: Path, name: str) -> None:
    files = unpacked((folder / name).read_bytes())
    for file in files:
        if file.endswith("Signatures.xml"):
            continue
        seen = look(packed(files | {file: files[file] + b"\n"}))
        assert not any(signature["intact"] and signature["valid"] and signature["covers_whole_file"] for signature in seen["signatures"]), (
            file
        )
    seen = look(packed(files | {"Doc_0/Pages/Page_1/Content.xml": page(text("别的"))}))
    assert (seen["uncovered"], seen["signatures"][0]["covers_whole_file"]) == (["Doc_0/Pages/Page_1/Content.xml"], False)
    stripped = look(packed({file: body for file, body in files.items() if not file.endswith("Signatures.xml")}))
    assert stripped["signatures"] == []
    assert "ofd.seal_missing" in [signal["name"] for signal in stripped["signals"]]


def test_seals_of_three_shapes(folder: Path) -> None:
    for path in sorted(folder.glob("*.esl")):
        seal = ses.seal(path.read_bytes())
        maker = parse(seal.maker)
        assert maker
        assert any(maker.signed(message, seal.algorithm, seal.signature) for message in seal.messages), path.name
        assert seal.picture
        assert (seal.picture.kind, seal.picture.width) == ("PNG", 40.0)
        assert seal.permits(seal.signers[0])
        assert seal.permits(seal.maker) is False
