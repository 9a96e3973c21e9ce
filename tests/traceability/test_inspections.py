"""From the file that was printed, over its picture, to the labels that are scrapped."""

from __future__ import annotations

import io
from typing import Final

import pytest
from PIL import Image
from sqlalchemy import select

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import a_batch, a_product
from tests.traceability.labels.some import pictures
from traceability import addresses, codes, inspections, moves, printing
from traceability.inspection import NotAPicture, SheetNotFound
from traceability.labels import layout, planner
from traceability.labels.layout import Sheet
from traceability.models import PrintJob, Product

WISH: Final = planner.Wish(size_mm=5.0, page_mm=(70.0, 60.0))


def _printed(house: House, count: int = 150, *, format: str = "png", face: str = "outer", wish: planner.Wish = WISH) -> PrintJob:
    """An order with a file of it that is made and printed."""
    with house.begin("brand_admin") as unit:
        addresses.add(unit, name="s.cn")
        product = a_product(unit)
        order = codes.order(unit, product_id=product.id, count=count, reference="PO-1", inner=face == "inner", formats=())
        job = printing.ask(unit, order_id=order.id, format=format, face=face, wish=wish)
    house.drain()
    with house.begin() as unit:
        moves.printed(unit, order_id=order.id)
    return job


def _cells(house: House, job: PrintJob) -> Sheet:
    with house.look() as unit:
        return layout.sheet(printing.roll(unit, job.id)[1])


def _scan(house: House, job: PrintJob, page: int, *places: int) -> bytes:
    """A page (from 1) as a scanner of 400 dpi writes it, after the symbols at these places were mostly painted over."""
    with house.look() as unit:
        file = printing.file(unit, job.id)[1]
        picture = pictures("png", file.read(), WISH.dpi)[page - 1].copy()
    cells = _cells(house, job)
    for place in places:
        left, top = cells.cell(place)
        near, far = (cells.plan.dots * (cells.plan.quiet + modules) for modules in (8, cells.plan.modules))
        picture.paste(255, (left + near, top + near, left + far, top + far))
    picture = picture.resize((picture.width * 2 // 3, picture.height * 2 // 3), Image.Resampling.LANCZOS).rotate(1.5, fillcolor=255)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def test_damaged_labels_of_a_page_are_found_and_scrapped_in_one_step(house: House) -> None:
    job = _printed(house)
    a_page = _cells(house, job).a_page
    picture = _scan(house, job, 2, 7, 20)
    with house.look() as unit:
        report = inspections.inspect(unit, job_id=job.id, page=2, picture=picture)
    assert [label.position for label in report.labels] == list(range(a_page, 2 * a_page))
    assert report.counts() == {"A": a_page - 2, "B": 0, "C": 0, "D": 0, "F": 2, "": 0}
    assert report.bad() == (a_page + 7, a_page + 20)
    assert report.stuck() == ()
    assert report.sharp
    with house.begin() as unit:
        move = inspections.scrap_bad(unit, order_id=job.order_id, positions=report.bad())
        assert (move.move, move.reason, move.note) == ("scrap", "unreadable", "sheet inspected: below C")
        after = inspections.inspect(unit, job_id=job.id, page=2, picture=picture)
    assert {label.position for label in after.labels if label.state == "label_scrapped"} == set(report.bad())
    assert (after.bad(), len(after.stuck())) == ((), 2)


def test_an_item_on_a_lot_is_told_but_not_offered_for_scrapping(house: House) -> None:
    job = _printed(house)
    picture = _scan(house, job, 1, 4, 5)
    with house.begin() as unit:
        lot = a_batch(unit, "L-1", unit.session.scalars(select(Product)).one())
        moves.commission(unit, order_id=job.order_id, lot_id=lot.id, start=5, count=10)
        report = inspections.inspect(unit, job_id=job.id, page=1, picture=picture)
        assert report.bad() == (4,)
        assert [(label.position, label.state) for label in report.stuck()] == [(5, "commissioned")]
        with pytest.raises(moves.CodesNotFree):
            inspections.scrap_bad(unit, order_id=job.order_id, positions=(4, 5))


def test_the_last_page_may_end_early_and_inner_codes_are_inspected_too(house: House) -> None:
    job = _printed(house, 70, face="inner")
    a_page = _cells(house, job).a_page
    pages = -(-70 // a_page)
    picture = _scan(house, job, pages)
    with house.look() as unit:
        report = inspections.inspect(unit, job_id=job.id, page=pages, picture=picture)
    assert [label.position for label in report.labels] == list(range((pages - 1) * a_page, 70))
    assert report.counts()["A"] == len(report.labels) > 0


def test_another_page_is_refused(house: House) -> None:
    job = _printed(house)
    picture = _scan(house, job, 2)
    with house.look() as unit, pytest.raises(SheetNotFound):
        inspections.inspect(unit, job_id=job.id, page=1, picture=picture)


def test_wrong_words_are_refused(house: House) -> None:
    job = _printed(house)
    with house.begin() as unit:
        with pytest.raises(Missing):
            inspections.inspect(unit, job_id="nothing", page=1, picture=b"")
        for page in (0, 99, True):
            with pytest.raises(Invalid) as raised:
                inspections.inspect(unit, job_id=job.id, page=page, picture=b"")
            assert raised.value.errors[0]["pointer"] == "/page"
        with pytest.raises(NotAPicture):
            inspections.inspect(unit, job_id=job.id, page=1, picture=b"hello")
        with pytest.raises(Invalid) as raised:
            inspections.scrap_bad(unit, order_id=job.order_id, positions=(1,), below="E")
        assert raised.value.errors[0]["pointer"] == "/below"


def test_a_file_without_pages_is_refused(house: House) -> None:
    job = _printed(house, format="csv")
    with house.look() as unit, pytest.raises(Invalid) as raised:
        inspections.inspect(unit, job_id=job.id, page=1, picture=b"")
    assert [(error["pointer"], error["rule"]) for error in raised.value.errors] == [("/job_id", "sheets")]


def test_a_page_with_more_labels_than_a_picture_can_show_is_refused(house: House) -> None:
    job = _printed(house, 30_000, format="pdf", wish=planner.Wish(size_mm=5.0, page_mm=(1200.0, 1200.0)))
    with house.look() as unit, pytest.raises(Invalid) as raised:
        inspections.inspect(unit, job_id=job.id, page=1, picture=b"")
    assert [(error["pointer"], error["rule"]) for error in raised.value.errors] == [("/page", "sheet-most")]
