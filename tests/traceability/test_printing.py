"""The files of an order."""

from __future__ import annotations

import csv
import io

import pytest

from kernel.errors import Invalid, Missing
from kernel.unit import system
from tests.conftest import House
from tests.factories.dairy import a_product
from traceability import codes, printing
from traceability.facts import PrintAsked
from traceability.models import CodeOrder, PrintJob


def _ordered(house: House, formats: tuple[str, ...] = ("pdf", "csv"), count: int = 5) -> CodeOrder:
    with house.begin("brand_admin") as unit:
        return codes.order(unit, product_id=a_product(unit).id, count=count, reference="PO-1", formats=formats)


def _print(house: House) -> None:
    """What the worker does: render in a unit that only reads, then note the result in another."""
    for body in house.told("PrintAsked"):
        fact = PrintAsked(**body)
        with house.database.look(system(house.brand_id)) as unit:
            prepared = printing.render(unit, fact)
        with house.database.begin(system(house.brand_id)) as unit:
            printing.on_print_asked(unit, fact, prepared)


def _jobs(house: House, order: CodeOrder) -> dict[str, PrintJob]:
    with house.look() as unit:
        return {job.format: job for job in printing.jobs(unit, order.id)}


def test_an_orders_files_hold_its_links_in_order(house: House) -> None:
    order = _ordered(house)
    assert {job.state for job in _jobs(house, order).values()} == {"waiting"}
    _print(house)
    jobs = _jobs(house, order)
    assert {job.state for job in jobs.values()} == {"ready"}
    with house.look() as unit:
        _, sheet = printing.file(unit, jobs["pdf"].id)
        job, rows = printing.file(unit, jobs["csv"].id)
        assert [row["link"] for row in csv.DictReader(io.StringIO(rows.decode()))] == codes.links(unit, order.id)
    assert sheet.startswith(b"%PDF")
    assert job.size == len(rows)


def test_printing_twice_is_printing_once(house: House) -> None:
    order = _ordered(house)
    _print(house)
    before = {name: (job.vault_key, job.ready_at) for name, job in _jobs(house, order).items()}
    _print(house)
    assert {name: (job.vault_key, job.ready_at) for name, job in _jobs(house, order).items()} == before


def test_a_file_that_is_not_made_yet_is_not_there_yet(house: House) -> None:
    order = _ordered(house, ("csv",))
    with pytest.raises(printing.PrintNotReady), house.look() as unit:
        printing.file(unit, _jobs(house, order)["csv"].id)


def test_a_file_is_asked_for_later_once(house: House) -> None:
    order = _ordered(house, ())
    assert house.told("PrintAsked") == []
    for _ in range(2):
        with house.begin() as unit:
            job = printing.ask(unit, order_id=order.id, format="csv")
    assert house.told("PrintAsked") == [{"job_id": job.id}]
    with pytest.raises(Invalid), house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="docx")


def test_no_file_is_made_of_a_very_large_order(house: House) -> None:
    order = _ordered(house, (), count=100_001)
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="csv")
    assert caught.value.errors[0]["rule"] == "formats-most"


def test_another_brand_gets_nothing(house: House) -> None:
    order = _ordered(house, ("csv",))
    _print(house)
    job = _jobs(house, order)["csv"]
    with house.begin(brand_id=house.other_brand_id) as unit:
        assert printing.jobs(unit, order.id) == []
        with pytest.raises(Missing):
            printing.file(unit, job.id)
        with pytest.raises(Missing):
            printing.ask(unit, order_id=order.id, format="pdf")
