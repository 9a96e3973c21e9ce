"""What happened is told once: a fact that is told twice makes two letters, two events, two of everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import relay
from suppliers import certificates, rules
from tests.conftest import House
from tests.suppliers import shelf

READS = f"{certificates.uploads.on_paper_uploaded.__module__}.{certificates.uploads.on_paper_uploaded.__name__}"


def test_a_file_that_was_read_is_told_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the outbox, with the reader of files stood in for; the same file once more changes nothing."""
    read = relay.BY_NAME[READS]
    seen = certificates.Inspection(shelf.CLEAN)
    monkeypatch.setitem(relay.BY_NAME, READS, replace(read, before=lambda _unit, _fact: seen))
    who = shelf.supplier(house)
    for _ in range(2):
        with house.begin("supplier", supplier_id=who.id) as unit:
            upload = certificates.upload(unit, supplier_id=who.id, content=shelf.PDF, filename="证书.pdf")
        house.drain()
    assert house.told("PaperUploaded") == [{"upload_id": upload.id}]
    assert house.told("PaperRead") == [{"upload_id": upload.id}]


def test_a_row_of_the_brand_is_told_once_when_it_comes_and_once_when_it_ends(house: House) -> None:
    asks = {"market": "CN", "supplier_kinds": ["farm"], "categories": ["dairy"], "kinds": ["haccp"], "effective_from": house.now.date()}
    with house.begin("quality") as unit:
        row = rules.add_row(unit, **asks, citation="house rule 1", why="because we say so")
    assert house.told("RequirementChanged") == [{"row_id": row.id}]
    with house.begin("quality") as unit:
        rules.end_row(unit, row_id=row.id, last_day=house.now.date())
    assert house.told("RequirementChanged") == [{"row_id": row.id}] * 2
