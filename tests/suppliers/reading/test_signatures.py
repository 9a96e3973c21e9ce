"""Who signed, and was anything changed since: the given set, and attacks that leave every signed byte as it was."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.conftest import shared_data
from tests.suppliers.reading.signed import Signed, signed_set, trusted

ISSUER = "厦门示例检测技术有限公司"
LEVELS = {"good_B.pdf": "PAdES B-B", "good_T.pdf": "PAdES B-T", "good_LT.pdf": "PAdES B-LT", "good_LTA.pdf": "PAdES B-LTA"}
FAULTS: dict[str, dict[str, Any]] = {
    "signer_cert_expired_no_timestamp.pdf": {"intact": True, "trusted": False, "revoked": False},
    "signer_cert_revoked.pdf": {"intact": True, "trusted": False, "revoked": True},
    "tampered_byte.pdf": {"intact": False, "trusted": False},
    "appended_garbage.pdf": {"intact": True, "covers_whole_file": False},
    "annotation_added_after_signing.pdf": {"intact": True, "modification": "other"},
    "content_replaced_after_signing.pdf": {"intact": True, "modification": "other"},
    "same_org_name_untrusted_root.pdf": {"intact": True, "trusted": False, "signer_org": ISSUER},
}


@pytest.fixture(scope="module")
def signed() -> Signed:
    return signed_set()


@pytest.mark.parametrize("name", sorted(LEVELS))
def test_each_good_one_is_believed_at_its_level(name: str, signed: Signed) -> None:
    reading = signed.look(signed.bytes(name))
    assert trusted(reading)
    assert reading["signals"] == []
    (entry,) = reading["signatures"]
    assert (entry["scheme"], entry["level"], entry["signer_org"], entry["unreadable"]) == ("pades", LEVELS[name], ISSUER, False)
    assert entry["signed_at"].startswith("2026-11-21T")


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_each_bad_one_is_told_by_what_is_wrong_with_it(name: str, signed: Signed) -> None:
    reading = signed.look(signed.bytes(name))
    assert not trusted(reading)
    (entry,) = reading["signatures"]
    assert {key: entry[key] for key in FAULTS[name]} == FAULTS[name]


def test_all_given_cases_are_known(signed: Signed) -> None:
    assert {case["file"] for case in signed.expected["cases"]} == {*LEVELS, *FAULTS, "unsigned.pdf", "unsigned_incremental_edit.pdf"}


def test_what_looks_different_is_shown_where_it_does(signed: Signed) -> None:
    for name in ("content_replaced_after_signing.pdf", "unsigned_incremental_edit.pdf"):
        (place,) = signed.look(signed.bytes(name))["changed"]
        left, top, right, bottom = place["box"]
        assert place["page"] == 1
        assert 0 < place["share"] < 0.01
        assert 0.2 < left < right < 0.5
        assert 0.25 < top < bottom < 0.35
    assert signed.look(signed.bytes("unsigned_incremental_edit.pdf"))["revisions"] == 2
    assert signed.look(signed.bytes("unsigned.pdf"))["changed"] == []


@pytest.mark.parametrize("name", ["good_B.pdf", "signer_cert_revoked.pdf"])
def test_without_a_revocation_list_nothing_is_vouched_for(name: str, signed: Signed) -> None:
    (entry,) = signed.look(signed.bytes(name), anchors=[(signed.anchors[0][0], None)])["signatures"]
    assert (entry["trusted"], entry["revocation_known"]) == (True, False)


def test_a_list_in_the_document_vouches_when_a_believed_root_signed_it(signed: Signed) -> None:
    assert trusted(signed.look(signed.bytes("good_LT.pdf"), anchors=[(signed.anchors[0][0], None)]))
    assert not trusted(signed.look(signed.bytes("good_LT.pdf"), anchors=[]))


def test_a_revocation_list_that_ran_out_vouches_for_nothing(signed: Signed) -> None:
    later = signed.at.replace(year=signed.at.year + 1)
    (entry,) = signed.look(signed.bytes("good_B.pdf"), at=later)["signatures"]
    assert not entry["revocation_known"]


def _shadow(content: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page = writer.root["/Pages"]["/Kids"][0]
    writer.update_container(page)
    assert isinstance(page, generic.DictionaryObject)
    return page


def _hide(writer: IncrementalPdfFileWriter) -> None:
    """A white rectangle over a word of the page."""
    page = _page(writer)
    cover = writer.add_object(generic.StreamObject(stream_data=b"q 1 1 1 rg 150 540 200 60 re f Q"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), cover])


def _replace(writer: IncrementalPdfFileWriter) -> None:
    """The whole content is another."""
    page = _page(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 1 rg 100 100 300 300 re f"))


def _another_page(writer: IncrementalPdfFileWriter) -> None:
    """The catalogue leads to other pages (hide and replace)."""
    first = _page(writer)
    words = {pdf_name("/Type"): pdf_name("/Page"), pdf_name("/MediaBox"): first["/MediaBox"]}
    page = generic.DictionaryObject(words)
    pages = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Pages"), pdf_name("/Count"): generic.NumberObject(1)})
    reference = writer.add_object(pages)
    page["/Parent"] = reference
    pages["/Kids"] = generic.ArrayObject([writer.add_object(page)])
    writer.root["/Pages"] = reference
    writer.update_root()


def _note(writer: IncrementalPdfFileWriter) -> None:
    """A free text over the page (EAA: evil annotation)."""
    page = _page(writer)
    look = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject([generic.NumberObject(each) for each in (0, 0, 200, 60)]),
        },
        stream_data=b"1 0 0 rg 0 0 200 60 re f",
    )
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/F"): generic.NumberObject(4),
            pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(each) for each in (150, 540, 350, 600)]),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)}),
        }
    )
    before = [page["/Annots"].raw_get(index) for index in range(len(page["/Annots"]))] if "/Annots" in page else []
    page["/Annots"] = generic.ArrayObject([*before, writer.add_object(note)])


@pytest.mark.parametrize("change", [_hide, _replace, _another_page, _note])
@pytest.mark.parametrize("name", ["good_B.pdf", "good_LTA.pdf"])
def test_what_is_laid_over_a_signed_page_never_comes_out_clean(name: str, change: Any, signed: Signed) -> None:
    reading = signed.look(_shadow(signed.bytes(name), change))
    assert not trusted(reading)
    assert [each["page"] for each in reading["changed"]] == [1], "the pixels tell it whatever the objects say"
    assert reading["signatures"][0]["modification"] not in ("none", "lta")


def _forged(content: bytes) -> dict[str, bytes]:
    """Universal signature forgery and signature wrapping: the signature is taken away from what it signs (pdf-insecurity.org)."""
    ranges = re.search(rb"/ByteRange\s*\[([^\]]*)\]", content)
    assert ranges is not None
    span, old = ranges.span(), ranges[0]

    def instead(new: bytes) -> bytes:
        return content[: span[0]] + new.ljust(len(old))[: len(old)] + content[span[1] :]

    zero, begin, after, rest = (int(each) for each in ranges[1].split())
    evil = b"\n9999 0 obj\n<</Type/Catalog>>\nendobj\n"
    return {
        "no range": instead(b""),
        "range of nothing": instead(b"/ByteRange [0 0 0 0]"),
        "negative range": instead(b"/ByteRange [0 -1 -1 -1]"),
        "null": instead(b"/ByteRange null"),
        "no contents": content.replace(b"/Contents <", b"/Xontents <", 1) if b"/Contents <" in content else instead(b""),
        "moved": content[:after] + evil + content[after:],
        "wrapped": instead(b"/ByteRange [%d %d %d %d]" % (zero, begin, after + 1, rest - 1)),
        "cut": content[: after + rest // 2],
    }


@pytest.mark.parametrize("attack", ["no range", "range of nothing", "negative range", "null", "no contents", "moved", "wrapped", "cut"])
def test_a_signature_that_signs_something_else_never_comes_out_clean(attack: str, signed: Signed) -> None:
    assert not trusted(signed.look(_forged(signed.bytes("good_B.pdf"))[attack]))


def _without_value(writer: IncrementalPdfFileWriter) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    del field["/V"]
    writer.update_container(field)


def _without_form(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/AcroForm"]
    writer.update_root()


@pytest.mark.parametrize(
    ("name", "change", "signals"),
    [
        ("good_B.pdf", _without_value, {"empty_signature_field", "unlisted_signature"}),
        ("good_LT.pdf", _without_value, {"empty_signature_field", "unlisted_signature", "dss_without_signature"}),
        ("good_LTA.pdf", _without_form, {"unlisted_signature", "dss_without_signature"}),
        ("good_B.pdf", _without_form, {"unlisted_signature"}),
    ],
)
def test_a_signature_that_was_taken_out_is_missed(name: str, change: Any, signals: set[str], signed: Signed) -> None:
    reading = signed.look(_shadow(signed.bytes(name), change))
    assert reading["signatures"] == []
    assert {each["name"] for each in reading["signals"]} == signals


def test_nothing_unknown_comes_out_signed() -> None:
    signed = signed_set()
    for path in sorted((shared_data("certificates") / "pyhanko_pdfs").glob("*.pdf")):
        assert not trusted(signed.look(path.read_bytes())), path.name


def test_what_a_second_signature_shows_is_seen_from_the_first_and_the_last_answers_for_itself(signed: Signed) -> None:
    twice = (shared_data("certificates") / "pyhanko_pdfs" / "minimal-two-fields-signed-twice.pdf").read_bytes()
    reading = signed.look(twice)
    assert [(each["modification"], each["alike"]) for each in reading["signatures"]] == [("form", False), ("none", True)]
    assert [each["page"] for each in reading["changed"]] == [1], "the stamp of the second"
    (first, _) = signed.look(_shadow(twice, _replace))["signatures"]
    assert first["modification"] == "other"
    replaced = signed.look(_shadow(twice, _replace))
    assert replaced["changed"] != []
    assert [each["alike"] for each in replaced["signatures"]] == [False, False]
