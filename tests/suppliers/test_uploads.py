"""A file comes in: kept once, read in the child, confirmed by a person, or refused and kept in quarantine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kernel.errors import Invalid, Missing
from suppliers import certificates
from suppliers.certificates import Inspection, uploads
from suppliers.facts import CertificateSubmitted, PaperUploaded
from suppliers.models import PaperUpload, Supplier
from suppliers.reading import troubled
from tests.conftest import House, shared_data
from tests.suppliers import shelf

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
FIELDS = {"number": {"value": "SC10531011200175", "from": "layer", "confidence": 1.0}}


@pytest.fixture
def who(house: House) -> Supplier:
    house.now = NOW
    return shelf.supplier(house)


def upload(house: House, who: Supplier, content: bytes = shelf.PDF, name: str = "许可证.pdf") -> PaperUpload:
    with house.begin("supplier", supplier_id=who.id) as unit:
        return certificates.upload(unit, supplier_id=who.id, content=content, filename=name)


def was_read(house: House, row: PaperUpload, seen: dict[str, Any], fields: dict[str, Any] | None = None) -> PaperUpload:
    with house.begin("system", now=NOW + timedelta(seconds=1)) as unit:
        uploads.on_paper_uploaded(unit, PaperUploaded(upload_id=row.id), Inspection(seen, fields or {}, ["ab" * 32]))
    with house.look() as unit:
        return uploads.get(unit, row.id)


def confirm(house: House, who: Supplier, row: PaperUpload, **changes: Any) -> Any:
    words = shelf.words(who, **changes)
    for name in ("content", "filename", "media_type"):
        words.pop(name)
    with house.begin("supplier", supplier_id=who.id) as unit:
        return certificates.submit(unit, **words, upload_id=row.id)


def test_a_file_is_kept_read_and_confirmed_into_a_paper(house: House, who: Supplier) -> None:
    row = upload(house, who)
    assert (row.state, row.filename, row.media_type) == ("waiting", "许可证.pdf", "application/pdf")
    assert house.told("PaperUploaded") == [{"upload_id": row.id}]
    row = was_read(house, row, shelf.SIGNED, FIELDS)
    assert (row.state, row.fields, row.pictures) == ("read", FIELDS, ["ab" * 32])
    paper = confirm(house, who, row)
    assert (paper.sha256, paper.upload_id, paper.fields, paper.pictures) == (row.sha256, row.id, FIELDS, ["ab" * 32])
    with house.look() as unit:
        assert uploads.get(unit, row.id).state == "confirmed"
        assert uploads.of_supplier(unit, who.id) == []
        inspection = certificates.inspect(unit, CertificateSubmitted(certificate_id=paper.id))
    assert inspection.reading == shelf.SIGNED  # what was just read is not read again


def test_the_same_bytes_are_one_upload_and_confirmed_twice_one_paper(house: House, who: Supplier) -> None:
    row = upload(house, who)
    assert upload(house, who, name="又一次.pdf").id == row.id
    assert len(house.told("PaperUploaded")) == 1
    was_read(house, row, shelf.CLEAN)
    first = confirm(house, who, row)
    assert confirm(house, who, row).id == first.id
    assert confirm(house, who, row, holder_name="改过的名字").id == first.id
    assert len(house.told("CertificateSubmitted")) == 2


@pytest.mark.parametrize("seen", [troubled("pdf.encrypted"), shelf.CLEAN | {"active": ["JavaScript"]}, troubled("child.memory")])
def test_what_cannot_be_inspected_or_runs_is_refused_and_kept(house: House, who: Supplier, seen: dict[str, Any]) -> None:
    row = was_read(house, upload(house, who), seen)
    assert row.state == "refused"
    with pytest.raises(certificates.UploadSettled):
        confirm(house, who, row)
    with house.look() as unit:
        assert [each.id for each in uploads.of_supplier(unit, who.id)] == [row.id]
        assert unit.outside.vault.get(row.sha256) == shelf.PDF


def test_a_file_put_aside_comes_back_when_it_is_handed_in_again(house: House, who: Supplier) -> None:
    row = was_read(house, upload(house, who), shelf.CLEAN)
    with house.begin("supplier", supplier_id=who.id) as unit:
        uploads.discard(unit, upload_id=row.id)
    with house.look() as unit:
        assert uploads.of_supplier(unit, who.id) == []
    assert upload(house, who).state == "read"
    confirm(house, who, row)
    with house.begin("supplier", supplier_id=who.id) as unit, pytest.raises(certificates.UploadSettled):
        uploads.discard(unit, upload_id=row.id)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", b"PK\x03\x04 nothing", b"%PDF-" + bytes(20 * 1024 * 1024)])
def test_what_is_no_paper_at_all_is_not_even_kept(house: House, who: Supplier, content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        upload(house, who, content)
    assert [error["pointer"] for error in caught.value.errors] == ["/file"]


def test_nobody_reaches_another_suppliers_uploads(house: House, who: Supplier) -> None:
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    row = was_read(house, upload(house, who), shelf.CLEAN)
    with house.begin("supplier", supplier_id=other.id) as unit:
        for act in (
            lambda: uploads.get(unit, row.id),
            lambda: uploads.discard(unit, upload_id=row.id),
            lambda: uploads.of_supplier(unit, who.id),
            lambda: certificates.upload(unit, supplier_id=who.id, content=shelf.PDF, filename="x"),
        ):
            with pytest.raises(Missing):
                act()
    with pytest.raises(Missing):
        confirm(house, other, row)
    with house.begin(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        uploads.get(unit, row.id)


def test_a_real_document_is_read_and_its_words_proposed(house: House, who: Supplier) -> None:
    content = (shared_data("certificates") / "synthetic_pades" / "good_B.pdf").read_bytes()
    row = upload(house, who, content)
    with house.look("system") as unit:
        inspection = uploads.read(unit, PaperUploaded(upload_id=row.id))
        assert unit.outside.vault.get(inspection.pictures[0]).startswith((b"\x89PNG", b"\xff\xd8\xff"))
    said = {name: field["value"] for name, field in inspection.fields.items()}
    assert (said["kind"], said["number"], said["lots"]) == ("inspection_report", "SYJC-2025-001234", "T-0417")
    assert inspection.reading["lines_from"] == "layer"
    assert date.fromisoformat(said["issued_on"]) == date(2025, 4, 28)
