"""The files of an order."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import update

from kernel.errors import Invalid, Missing, Unavailable
from kernel.outbox import Delivery
from kernel.unit import system
from tests.conftest import House
from tests.factories.dairy import a_product
from tests.traceability.labels.some import parts
from traceability import addresses, codes, faces, imports, moves, printable, printing
from traceability.facts import PrintAsked
from traceability.labels import FORMATS, Labels
from traceability.labels.planner import CannotBeRead, Wish
from traceability.models import CodeOrder, PrintJob, PrintPart


def _ordered(house: House, formats: tuple[str, ...] = ("pdf", "csv"), count: int = 5, **more: bool) -> CodeOrder:
    with house.begin("brand_admin") as unit:
        return codes.order(unit, product_id=a_product(unit).id, count=count, reference="PO-1", formats=formats, **more)  # type: ignore[arg-type]


def _react(house: House, fact: PrintAsked) -> None:
    """What the worker does: render in a unit that only reads, then note the result in another."""
    with house.database.look(system(house.brand_id)) as unit:
        prepared = printing.render(unit, fact)
    with house.database.begin(system(house.brand_id)) as unit:
        printing.on_print_asked(unit, fact, prepared)


def _jobs(house: House, order: CodeOrder) -> dict[str, PrintJob]:
    with house.look() as unit:
        return {job.format: job for job in printing.jobs(unit, order.id)}


def _content(house: House, job: PrintJob) -> bytes:
    with house.look() as unit:
        return printing.file(unit, job.id)[1].read()


def _parts(house: House, job: PrintJob) -> list[tuple[int, str]]:
    with house.look() as unit:
        rows = unit.session.query(PrintPart).filter_by(job_id=job.id).order_by(PrintPart.number)
        return [(row.number, row.vault_key) for row in rows]


def test_an_orders_files_hold_its_links_in_order(house: House) -> None:
    order = _ordered(house)
    assert {job.state for job in _jobs(house, order).values()} == {"waiting"}
    house.drain()
    jobs = _jobs(house, order)
    assert {job.state for job in jobs.values()} == {"ready"}
    rows, sheet = _content(house, jobs["csv"]), _content(house, jobs["pdf"])
    with house.look() as unit:
        expected = codes.links(unit, order.id)
    assert [row["link"] for row in csv.DictReader(io.StringIO(rows.decode()))] == expected
    page = pypdfium2.PdfDocument(sheet)[0].render(scale=600 / 72, grayscale=True).to_pil()
    assert sorted(symbol.text for symbol in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)) == sorted(expected)
    assert jobs["csv"].size == len(rows)
    assert printing.progress(jobs["csv"]) == (5, 5)


@pytest.mark.parametrize("format", FORMATS)
def test_a_large_file_is_made_part_by_part_and_is_the_one_that_is_made_at_once(house: House, format: str) -> None:
    order = _ordered(house, (), count={"csv": 220_000, "png": 12_500, "svg": 12_500}.get(format, 30_000))
    with house.begin() as unit:
        job = printing.ask(unit, order_id=order.id, format=format)
    house.drain()
    ready = _jobs(house, order)[format]
    numbers = [number for number, _ in _parts(house, ready)]
    assert len(numbers) > 1
    assert numbers == list(range(len(numbers)))
    assert (ready.id, ready.done) == (job.id, order.count)
    with house.look() as unit:
        _, roll = printing.roll(unit, job.id)
        labels = Labels(1, faces.serials(unit, order, first=order.first, count=order.count))
    assert _content(house, ready) == b"".join(parts(format, roll, labels))


def test_a_worker_that_dies_goes_on_with_its_part_and_doubles_nothing(house: House) -> None:
    order = _ordered(house, (), count=220_000)
    with house.begin() as unit:
        job = printing.ask(unit, order_id=order.id, format="csv")
    first, second = PrintAsked(job.id), PrintAsked(job.id, 1)
    with house.database.look(system(house.brand_id)) as unit:
        printing.render(unit, first)  # the vault has the part, and here the worker is killed
    assert _parts(house, job) == []
    _react(house, first)
    _react(house, second)
    before = _parts(house, job)
    _react(house, first)
    _react(house, second)
    assert _parts(house, job) == before
    assert len(before) == 2
    house.drain()
    done = _jobs(house, order)["csv"]
    assert (done.state, done.done) == ("ready", 220_000)
    lines = _content(house, done).splitlines()
    assert len(lines) == 220_001
    assert len(set(lines)) == len(lines)


def test_two_workers_with_one_part_keep_it_once(house: House) -> None:
    order = _ordered(house, ("csv",))
    job, fact = _jobs(house, order)["csv"], PrintAsked(_jobs(house, order)["csv"].id)
    with house.database.look(system(house.brand_id)) as unit:
        prepared = [printing.render(unit, fact), printing.render(unit, fact)]
    for one in prepared:
        with house.database.begin(system(house.brand_id)) as unit:
            printing.on_print_asked(unit, fact, one)
    assert len(_parts(house, job)) == 1
    assert _jobs(house, order)["csv"].done == 5


def test_what_was_told_before_there_were_parts_is_still_understood(house: House) -> None:
    order = _ordered(house, ("pdf",))
    with house.begin() as unit:
        job = unit.session.get_one(PrintJob, _jobs(house, order)["pdf"].id)
        job.plan, job.plan_key = {}, ""
    _react(house, PrintAsked.from_json({"job_id": job.id}))
    assert _jobs(house, order)["pdf"].state == "ready"


def test_printing_twice_is_printing_once(house: House) -> None:
    order = _ordered(house)
    house.drain()
    before = {name: (job.digest, job.ready_at) for name, job in _jobs(house, order).items()}
    for job in _jobs(house, order).values():
        _react(house, PrintAsked(job.id))
    assert {name: (job.digest, job.ready_at) for name, job in _jobs(house, order).items()} == before


def test_a_file_that_is_not_made_yet_is_not_there_yet(house: House) -> None:
    order = _ordered(house, ("csv",))
    with pytest.raises(printing.PrintNotReady), house.look() as unit:
        printing.file(unit, _jobs(house, order)["csv"].id)


def test_a_file_is_asked_for_later_once(house: House) -> None:
    order = _ordered(house, ())
    assert house.told("PrintAsked") == []
    for _ in range(2):
        with house.begin() as unit:
            job = printing.ask(unit, order_id=order.id, format="pdf", wish=Wish(size_mm=10))
    assert house.told("PrintAsked") == [{"job_id": job.id, "part": 0}]
    with house.begin() as unit:
        other = printing.ask(unit, order_id=order.id, format="pdf", wish=Wish(size_mm=5))
    assert other.id != job.id
    with pytest.raises(Invalid), house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="docx")


def test_a_portion_holds_its_own_codes_and_their_positions(house: House) -> None:
    order = _ordered(house, (), count=100)
    with house.begin() as unit:
        job = printing.ask(unit, order_id=order.id, format="csv", start=40, count=10)
    house.drain()
    rows = list(csv.DictReader(io.StringIO(_content(house, job).decode())))
    with house.look() as unit:
        assert [row["link"] for row in rows] == codes.links(unit, order.id, start=40, count=10)
    assert [int(row["position"]) for row in rows] == list(range(41, 51))


@pytest.mark.parametrize("span", [{"start": -1}, {"start": 100}, {"count": 0}, {"count": 101}, {"start": 1.5}])
def test_a_portion_outside_the_order_is_refused(house: House, span: dict[str, int]) -> None:
    order = _ordered(house, (), count=100)
    with pytest.raises(Invalid), house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="csv", **span)
    assert house.told("PrintAsked") == []


def test_a_very_large_order_is_printed_in_portions(house: House) -> None:
    order = _ordered(house, (), count=10**9)
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="csv")
    assert caught.value.errors[0]["rule"] == "print-most"
    with house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="csv", start=999_999_000)
    house.drain()
    assert _jobs(house, order)["csv"].state == "ready"


def test_files_come_with_small_orders_only(house: House) -> None:
    with pytest.raises(Invalid) as caught:
        _ordered(house, ("csv",), count=100_001)
    assert caught.value.errors[0]["rule"] == "formats-most"


def test_what_cannot_be_read_is_not_printed(house: House) -> None:
    order = _ordered(house, ())
    with pytest.raises(CannotBeRead), house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="pdf", wish=Wish(dpi=300, size_mm=5))
    with house.look() as unit:
        assert printing.preview(unit, order_id=order.id, wish=Wish(size_mm=5)).dots == 4
        assert printing.jobs(unit, order.id) == []


def test_inner_codes_have_a_sheet_of_their_own_and_a_column_beside_the_outer(house: House) -> None:
    with house.begin("brand_admin") as unit:
        addresses.add(unit, name="s.cn")
    order = _ordered(house, (), inner=True)
    with house.begin() as unit:
        for format, face in (("csv", "both"), ("pdf", "inner"), ("zpl", "outer")):
            printing.ask(unit, order_id=order.id, format=format, face=face)
    house.drain()
    jobs = _jobs(house, order)
    rows = list(csv.DictReader(io.StringIO(_content(house, jobs["csv"]).decode())))
    page = pypdfium2.PdfDocument(_content(house, jobs["pdf"]))[0].render(scale=600 / 72, grayscale=True).to_pil()
    assert sorted(symbol.text for symbol in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)) == sorted(
        row["inner"] for row in rows
    )
    assert len({row["inner"] for row in rows} | {row["link"] for row in rows}) == 10
    with pytest.raises(Invalid), house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="pdf", face="both")


def test_an_order_without_inner_codes_has_no_inner_files(house: House) -> None:
    order = _ordered(house, ())
    with pytest.raises(Missing), house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="pdf", face="inner")


def test_a_file_that_can_never_be_made_says_why_and_may_be_tried_again(house: House) -> None:
    order = _ordered(house, ("pdf",))
    with house.begin() as unit:
        job = unit.session.get_one(PrintJob, _jobs(house, order)["pdf"].id)
        good, job.plan = job.plan, {**job.plan, "page_mm": [15.0, 15.0], "dots": 30}
    house.drain()
    failed = _jobs(house, order)["pdf"]
    assert failed.state == "failed"
    assert (failed.failure or "").startswith("label-too-large")
    with house.begin() as unit:
        unit.session.get_one(PrintJob, job.id).plan = good
    with house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="pdf")
    house.drain()
    assert _jobs(house, order)["pdf"].state == "ready"


def test_a_file_that_nobody_makes_any_more_goes_on_when_it_is_asked_for_again(house: House) -> None:
    order = _ordered(house, (), count=220_000)
    with house.begin() as unit:
        job = printing.ask(unit, order_id=order.id, format="csv")
    _react(house, PrintAsked(job.id))
    with house.begin() as unit:
        unit.session.execute(update(Delivery).values(state="dead"))
    told = house.told("PrintAsked")
    later = datetime.now(UTC) + printing.STALLED
    for now in (later - timedelta(minutes=1), later, later + timedelta(minutes=1)):
        with house.begin(now=now) as unit:
            printing.ask(unit, order_id=order.id, format="csv")
    assert house.told("PrintAsked") == [*told, {"job_id": job.id, "part": 1}]
    assert _jobs(house, order)["csv"].state == "waiting"
    with house.begin() as unit:
        unit.session.execute(update(Delivery).values(due_at=house.now))
    house.drain()
    assert _jobs(house, order)["csv"].state == "ready"


@pytest.mark.parametrize("state", ["waiting", "failed"])
def test_nothing_is_made_of_codes_that_are_void_or_of_a_closed_order(house: House, state: str) -> None:
    order = _ordered(house, ("csv",))
    with house.begin() as unit:
        unit.session.get_one(PrintJob, _jobs(house, order)["csv"].id).state = state
        moves.void(unit, order_id=order.id, start=4, reason="lost")
    for format in ("csv", "pdf"):
        with pytest.raises(moves.CodesNotFree), house.begin() as unit:
            printing.ask(unit, order_id=order.id, format=format)
    with house.begin() as unit:
        unit.session.get_one(CodeOrder, order.id).closed_at = unit.now
    with pytest.raises(moves.OrderClosed), house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="csv")


def test_a_file_that_failed_is_not_made_once_its_labels_were_printed_otherwise(house: House) -> None:
    order = _ordered(house, ("csv",))
    with house.begin() as unit:
        unit.session.get_one(PrintJob, _jobs(house, order)["csv"].id).state = "failed"
        moves.printed(unit, order_id=order.id)
    with pytest.raises(printable.ReprintNeeded), house.begin() as unit:
        printing.ask(unit, order_id=order.id, format="csv")


def test_a_vault_that_does_not_answer_is_no_failure_of_the_file(house: House) -> None:
    order = _ordered(house, ("csv",))
    fact = PrintAsked(_jobs(house, order)["csv"].id)

    class Shut:
        def put(self, content: bytes) -> str:
            raise Unavailable("the vault does not answer")

    with pytest.raises(Unavailable), house.database.look(system(house.brand_id)) as unit:
        unit.outside = replace(unit.outside, vault=Shut())  # type: ignore[arg-type]
        printing.render(unit, fact)
    assert _jobs(house, order)["csv"].state == "waiting"


def test_another_brand_gets_nothing(house: House) -> None:
    order = _ordered(house, ("csv",))
    house.drain()
    job = _jobs(house, order)["csv"]
    with house.begin(brand_id=house.other_brand_id) as unit:
        assert printing.jobs(unit, order.id) == []
        with pytest.raises(Missing):
            printing.file(unit, job.id)
        with pytest.raises(Missing):
            printing.ask(unit, order_id=order.id, format="pdf")


@pytest.mark.parametrize(
    ("serials", "longest", "mode"), [(["A1", "B-22"], 4, "alphanumeric"), (["A1", "a/"], 4, "byte"), (["A/"], 4, "alphanumeric")]
)
def test_a_plan_of_serials_made_elsewhere_reads_none_of_them(
    house: House, monkeypatch: pytest.MonkeyPatch, serials: list[str], longest: int, mode: str
) -> None:
    with house.begin("brand_admin") as unit:
        order = imports.bring_in(unit, product_id=a_product(unit).id, reference="IMP-1", serials=serials)
    monkeypatch.setattr(faces, "serials", None)
    with house.look() as unit:
        plan = printing.preview(unit, order_id=order.id)
        assert (plan.text_length - len(faces.prefix(unit, order)), plan.mode) == (longest, mode)


def test_serials_made_elsewhere_are_printed_as_they_are(house: House) -> None:
    serials = ["AB-1", "a/b", "0123456789", "x" * 12]
    with house.begin("brand_admin") as unit:
        order = imports.bring_in(unit, product_id=a_product(unit).id, reference="IMP-1", serials=serials)
    with house.begin() as unit:
        for format in FORMATS:
            printing.ask(unit, order_id=order.id, format=format)
    house.drain()
    jobs = _jobs(house, order)
    assert {job.state for job in jobs.values()} == {"ready"}
    document = pypdfium2.PdfDocument(_content(house, jobs["pdf"]))
    page = document[0].render(scale=600 / 72, grayscale=True).to_pil()
    with house.look() as unit:
        expected = codes.links(unit, order.id)
        assert printing.preview(unit, order_id=order.id).mode == "byte"
    assert sorted(symbol.text for symbol in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)) == sorted(expected)
    text = document[0].get_textpage().get_text_range()
    assert all(f"(21){serial}" in text for serial in serials)
    assert [row["serial"] for row in csv.DictReader(io.StringIO(_content(house, jobs["csv"]).decode()))] == serials
