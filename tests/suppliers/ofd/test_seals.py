"""Seals that hold, seals that do not, and what each leaves open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suppliers import ofd
from tests.suppliers.ofd.workshop import (
    MAKER,
    NOW,
    ROOT,
    SIGNER,
    Holder,
    Key,
    Seal,
    Signing,
    packed,
    page,
    plain,
    sealed,
    text,
)

STRANGER = Holder("别人", "样本市市场监督管理局")
KINDS = ("v1", "v4", "cms", "cms-attributes", "cms-digest")
Files = dict[str, bytes]


def look(files: Files, *, anchors: tuple[Any, ...] = (ROOT.pem,), at: datetime = NOW) -> dict[str, Any]:
    return ofd.look(packed(files), anchors, at)


def only(signing: Signing, **asked: Any) -> dict[str, Any]:
    (signature,) = look(sealed(signing), **asked)["signatures"]
    return dict(signature)


def good(signature: dict[str, Any]) -> bool:
    whole = all(signature[key] for key in ("intact", "valid", "trusted", "covers_whole_file"))
    return whole and signature["modification"] == "none" and not signature["unreadable"] and not signature["flaws"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_holds(kind: str) -> None:
    seen = look(sealed(Signing(kind)))
    (signature,) = seen["signatures"]
    assert good(signature)
    assert signature["scheme"] == ("ofd-seal" if kind.startswith("v") else "ofd-signature")
    assert signature["level"] == {"v1": "SES v1", "v4": "SES v4"}.get(kind, "GB/T 35275")
    assert (signature["signer_name"], signature["signer_org"]) == (SIGNER.common, SIGNER.organisation)
    assert signature["revocation_known"] is False
    assert (seen["uncovered"], seen["signals"], seen["trouble"]) == ([], [], None)


@pytest.mark.parametrize("kind", ["v1", "v4"])
@pytest.mark.parametrize(
    "change",
    [
        {"plain_numbers": True}, {"without_certificate": True}, {"without_algorithm": True},
        {"algorithm": "1.2.156.10197.1.301.1"}, {"method": "1.2.156.10197.1.401"},
        {"method": "SHA-256"}, {"covers_list": True}, {"stamp": False},
    ],
)  # fmt: skip
def test_ways_of_makers_that_are_all_right(kind: str, change: dict[str, Any]) -> None:
    assert good(only(Signing(kind, **change)))


def test_signers_named_by_digest() -> None:
    assert good(only(Signing(seal=Seal(by_digest=True))))
    other = only(Signing(seal=Seal(by_digest=True, listed=(MAKER,))))
    assert (other["valid"], other["flaws"][0]) == (False, "signer_not_in_seal")


# --- what was changed after sealing ------------------------------------------------------------

TAMPERED: dict[str, Callable[[Files], Any]] = {
    "a page": lambda files: files.update({"Doc_0/Pages/Page_0/Content.xml": page(text("别的"))}),
    "a page gone": lambda files: files.update({"Doc_0/Pages/Page_0/Content.xml": b""}),
    "the document": lambda files: files.update({"Doc_0/Document.xml": files["Doc_0/Document.xml"].replace(b"200 100", b"200 101")}),
    "the root": lambda files: files.update({"OFD.xml": files["OFD.xml"].replace(b"2026-04-25", b"2027-04-25")}),
    "the signature": lambda files: files.update({"Doc_0/Signs/Sign_0/Signature.xml": files["Doc_0/Signs/Sign_0/Signature.xml"] + b" "}),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", TAMPERED)
def test_content_changed_after_sealing(kind: str, what: str) -> None:
    files = sealed(Signing(kind))
    TAMPERED[what](files)
    seen = look(files)
    assert seen["trouble"] is not None or not seen["signatures"][0]["intact"] or not seen["signatures"][0]["valid"]
    assert not any(signature["trusted"] or signature["covers_whole_file"] for signature in seen["signatures"])


@pytest.mark.parametrize(
    "name",
    [
        "Doc_0/Pages/Page_9/Content.xml",
        "Doc_0/Res/x.png",
        "Doc_0/Tpls/Tpl_0/Content.xml",
        "Doc_0/Annots/Annotations.xml",
        "Doc_1/Document.xml",
        "x",
    ],
)
def test_a_file_added_after_sealing(name: str) -> None:
    seen = look(sealed(Signing()) | {name: page()})
    (signature,) = seen["signatures"]
    assert seen["uncovered"] == signature["uncovered"] == [name]
    assert (signature["intact"], signature["covers_whole_file"]) == (True, False)


def test_a_file_the_seal_left_out() -> None:
    seen = look(sealed(Signing(leaves_out=("Doc_0/Pages/Page_0/Content.xml", "OFD.xml"))))
    assert seen["uncovered"] == ["OFD.xml", "Doc_0/Pages/Page_0/Content.xml"]
    assert not seen["signatures"][0]["covers_whole_file"]


def test_a_second_document_nobody_sealed() -> None:
    files = plain(signed=True)
    files["OFD.xml"] = files["OFD.xml"].replace(
        b"</ofd:OFD>", b"<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    files["Doc_1/Document.xml"] = files["Doc_0/Document.xml"].replace(b"Pages/Page_0", b"Page_0")
    files["Doc_1/Page_0/Content.xml"] = page(text("别的"))
    seen = look(sealed(Signing(leaves_out=("Doc_1/Document.xml", "Doc_1/Page_0/Content.xml")), files=files))
    assert (seen["pages"], seen["uncovered"]) == (2, ["Doc_1/Document.xml", "Doc_1/Page_0/Content.xml"])
    assert not seen["signatures"][0]["covers_whole_file"]
    assert "ofd.second_document" in [signal["name"] for signal in seen["signals"]]


def test_the_copy_of_the_seal_is_another_one() -> None:
    files = sealed(Signing(leaves_out=("Doc_0/Signs/Sign_0/Seal.esl",)))
    assert good(look(files)["signatures"][0])
    files["Doc_0/Signs/Sign_0/Seal.esl"] = Seal(picture=b"another").raw
    seen = look(files)
    assert "other_seal_file" in seen["signatures"][0]["flaws"]
    assert not seen["signatures"][0]["covers_whole_file"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_changed_byte_goes_unseen(data: st.DataObject) -> None:
    files = sealed(Signing(data.draw(st.sampled_from(KINDS)), covers_list=True))
    name = data.draw(st.sampled_from(sorted(name for name in files if not name.endswith(".dat"))))  # its shell signs nothing
    at = data.draw(st.integers(0, len(files[name]) - 1))
    flipped = bytearray(files[name])
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    seen = look(files | {name: bytes(flipped)})
    assert not any(map(good, seen["signatures"])) or seen["trouble"]


# --- seals that were forged --------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_signed_with_another_key(kind: str) -> None:
    signature = only(Signing(kind, key=Key("thief")))
    assert (signature["valid"], signature["trusted"], signature["flaws"]) == (False, False, ["signature"])


def test_a_seal_on_another_document() -> None:
    files, other = sealed(Signing()), sealed(Signing(), files=plain(page(text("别的")), signed=True))
    value = "Doc_0/Signs/Sign_0/SignedValue.dat"
    assert not look(other | {value: files[value]})["signatures"][0]["intact"]


@pytest.mark.parametrize(
    ("change", "flaw", "valid"),
    [
        ({"signer": STRANGER}, "signer_not_in_seal", False),
        ({"signer": STRANGER, "seal": Seal(listed=(STRANGER,))}, "untrusted", True),
        ({"seal": Seal(maker=STRANGER)}, "maker_untrusted", True),
        ({"seal": Seal(maker_key=Key("thief"))}, "maker_signature", True),
        ({"seal": Seal(listed=())}, "signer_not_in_seal", True),
        ({"seal": Seal(ends=datetime(2025, 1, 1, tzinfo=UTC))}, "seal_not_in_force", True),
        ({"seal": Seal(begins=datetime(2026, 5, 20, tzinfo=UTC))}, "seal_not_in_force", True),
        ({"at": NOW + timedelta(days=30)}, "in_future", True),
        ({"at": datetime(2019, 1, 1, tzinfo=UTC)}, "signer_not_in_force", True),
    ],
)
@pytest.mark.parametrize("kind", ["v1", "v4"])
def test_what_is_not_trusted_says_why(kind: str, change: dict[str, Any], flaw: str, valid: bool) -> None:
    signature = only(Signing(kind, **change))
    assert flaw in signature["flaws"]
    assert (signature["valid"], signature["trusted"]) == (valid, False)


@pytest.mark.parametrize("change", [{"kind": "nonsense"}, {"method": "MD5"}, {"method": "SHA1"}, {"algorithm": "1.2.156.10197.1.502"}])
def test_what_says_nothing_is_unreadable(change: dict[str, Any]) -> None:
    signature = only(Signing(**change))
    assert signature["unreadable"]
    assert not any(signature[key] for key in ("intact", "valid", "trusted", "covers_whole_file"))


def test_a_weak_digest_does_not_hide_a_change() -> None:
    files = sealed(Signing(method="MD5")) | {"OFD.xml": plain(signed=True)["OFD.xml"] + b" "}
    (signature,) = look(files)["signatures"]
    assert (signature["intact"], signature["valid"], signature["unreadable"], signature["modification"]) == (False, False, False, "other")


# --- no seal -----------------------------------------------------------------------------------


def test_unsigned() -> None:
    seen = look(plain())
    assert (seen["signatures"], seen["signals"], seen["trouble"]) == ([], [], None)
    assert seen["uncovered"] == list(plain())


def test_two_numbers_without_a_certificate_are_no_signature() -> None:
    for plain_numbers in (False, True):
        seen = look(sealed(Signing("bare", plain_numbers=plain_numbers)))
        assert seen["signatures"] == []
        assert [signal["name"] for signal in seen["signals"]] == ["ofd.bare_signature"]
        assert "OFD.xml" in seen["uncovered"]


def test_a_seal_that_was_taken_away_leaves_traces() -> None:
    files = sealed(Signing())
    gone = {name: content for name, content in files.items() if "Signatures.xml" not in name}
    entry = {name: content for name, content in files.items() if "Sign_0" not in name}
    unnamed = files | {"OFD.xml": plain()["OFD.xml"]}
    for stripped, name in ((gone, "ofd.seal_missing"), (entry, "ofd.seal_missing"), (unnamed, "ofd.seal_removed")):
        seen = look(stripped)
        assert seen["signatures"] == []
        assert name in [signal["name"] for signal in seen["signals"]]


def test_a_stamp_without_a_seal() -> None:
    files = plain(more="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>")
    files["Doc_0/Annots/Annotations.xml"] = b'<Annotations><Page PageID="1"><FileLoc>P.xml</FileLoc></Page></Annotations>'
    files["Doc_0/Annots/P.xml"] = b'<PageAnnot><Annot ID="5" Type="Stamp"><Appearance Boundary="0 0 9 9"/></Annot></PageAnnot>'
    assert [(signal["name"], signal["page"]) for signal in look(files)["signals"]] == [("ofd.seal_removed", 1)]


# --- several seals -----------------------------------------------------------------------------


def test_two_seals_side_by_side() -> None:
    both = look(sealed(Signing(), Signing("v1")))["signatures"]
    assert [good(signature) for signature in both] == [True, True]
    assert {signature["level"] for signature in both} == {"SES v1", "SES v4"}


def test_a_second_seal_changes_the_list_that_the_first_one_covers() -> None:
    first, second = look(sealed(Signing(covers_list=True), Signing(covers_list=True)))["signatures"]
    assert (first["intact"], first["modification"], first["covers_whole_file"]) == (True, "form", False)
    assert good(second)
    later_does_not_answer = look(sealed(Signing(covers_list=True), Signing()))["signatures"]
    assert sorted(signature["intact"] for signature in later_does_not_answer) == [False, True]


def test_a_stranger_adds_a_seal() -> None:
    """Its picture can lie over any word: the genuine seal does not answer for the file any more, wherever it is listed."""
    own = Signing(signer=STRANGER, seal=Seal(maker=STRANGER, listed=(STRANGER,)))
    for order in ((Signing(), own), (own, Signing())):
        signatures = look(sealed(*order))["signatures"]
        genuine = next(signature for signature in signatures if signature["trusted"])
        assert len(signatures) == 2
        assert genuine["covers_whole_file"] is (order[0] is own)  # signed last, it covers the stranger's files itself
        assert not any(signature["trusted"] for signature in signatures if signature is not genuine)
    files = sealed(Signing(), own)
    entries = files["Doc_0/Signs/Signatures.xml"]
    files["Doc_0/Signs/Signatures.xml"] = entries.replace(b"Sign_0", b"Sign_X").replace(b"Sign_1", b"Sign_0").replace(b"Sign_X", b"Sign_1")
    assert not any(good(signature) for signature in look(files)["signatures"])


def test_a_trusted_seal_beside_a_broken_one() -> None:
    files = sealed(Signing(), replace(Signing(), key=Key("thief")))
    assert not any(signature["covers_whole_file"] for signature in look(files)["signatures"])


def test_no_anchor_no_trust() -> None:
    signature = only(Signing(), anchors=())
    assert (signature["intact"], signature["valid"], signature["trusted"], signature["covers_whole_file"]) == (True, True, False, True)
    assert signature["flaws"] == ["untrusted", "maker_untrusted"]
