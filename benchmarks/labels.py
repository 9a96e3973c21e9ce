"""Label sheets against segno, the memory of a million codes, and whether every symbol is read.

    python benchmarks/labels.py [--quick] [--rounds N]

The sheet is A4 at 600 dpi with 33 x 47 symbols of 5 mm (GS1 Digital Link in upper case, version 3-M).
The peer makes the same symbols with segno and writes them into one page with segno's own lines, as
its PDF writer does for a single symbol: once with its automatic mask, once with the mask given.
CPU time, one thread, rounds interleaved, median of the rounds' ratios.

The memory is that of a fresh worker process that makes the PDF and the CSV of an order through the outbox.
The sheet that is read back is rasterised at 600 dpi and every cell is given to zxing-cpp.
"""

from __future__ import annotations

import json
import resource
import secrets
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.habit import ROOT, arguments, emit, median, note

PREFIX = "HTTPS://ID.EXAMPLE.CN/01/06901234567892/21/"
GTIN = "06901234567892"
MASK = 3
COUNT = 1_000_000


def main() -> None:
    if sys.argv[1:2] == ["worker"]:
        work(sys.argv[2])
        return
    given = arguments("Label sheets against segno, memory, and reading back")
    rounds = given.rounds or (1 if given.quick else 5)
    figures = sheets(rounds)
    note("a worker makes a million labels")
    figures |= memory(COUNT)
    note("reading a sheet")
    emit(**figures, **reading(), rounds=rounds)


def the_roll(count: int) -> Any:
    from traceability.labels import Roll, planner

    wish = planner.Wish(size_mm=5, margin_mm=1.2)
    plan = planner.plan(wish, text_length=len(PREFIX) + 12, mode="alphanumeric")
    return Roll(count, GTIN, PREFIX, (f"(01){GTIN}", "(21)"), plan=plan)


def the_sheet() -> tuple[Any, Any]:
    """A roll of one full page, and its codes."""
    from traceability import seal
    from traceability.labels import Labels, layout

    roll = the_roll(layout.sheet(the_roll(1)).a_page)
    return roll, Labels(1, seal.letters(secrets.token_bytes(32), 0, roll.count).view("S12").reshape(-1))


def ours(roll: Any, labels: Any) -> bytes:
    from traceability.labels import FORMATS, Made

    content, told = FORMATS["pdf"].part(roll, 0, labels)
    return bytes(content + FORMATS["pdf"].tail(roll, [Made(len(content), told)]))


def sheets(rounds: int) -> dict[str, Any]:
    """Seconds of CPU for the same sheet, ours and the peer's two ways."""
    from traceability.labels import FORMATS, Labels

    roll, labels = the_sheet()
    texts = [PREFIX + serial.decode() for serial in labels.serials.tolist()]
    many, rows = 10, Labels(1, labels.serials[[0] * 100_000])
    ours(roll, labels)
    chosen, fixed, csv_rows, seconds = [], [], [], []
    for number in range(1, rounds + 1):
        note(f"round {number} of {rounds}")
        us = timed(lambda: [ours(roll, labels) for _ in range(many)]) / many
        seconds.append(us)
        chosen.append(timed(lambda: peer(roll, texts, None)) / us)
        fixed.append(timed(lambda: peer(roll, texts, MASK)) / us)
        csv_rows.append(100_000 / timed(lambda: FORMATS["csv"].part(roll, 1, rows)))
    return {
        "pdf_ratio": median(chosen),
        "pdf_ratio_fixed_mask": median(fixed),
        "pdf_us_per_symbol": round(median(seconds) / roll.count * 1e6, 2),
        "pdf_bytes_per_symbol": round(len(ours(roll, labels)) / roll.count, 1),
        "csv_rows_per_second": round(median(csv_rows)),
    }


def timed(act: Any) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def peer(roll: Any, texts: list[str], mask: int | None) -> bytes:
    """The same page by segno: its symbols, its lines, one compressed stream."""
    import segno
    from segno.utils import matrix_to_lines

    from traceability.labels import layout

    cells = layout.sheet(roll)
    scale = 72 / cells.plan.dpi
    out = [f"{scale:f} 0 0 {scale:f} 0 0 cm 1 w"]
    for place, text in enumerate(texts):
        symbol = segno.make(text, version=3, error="M", mask=mask, boost_error=False, micro=False)
        x, y = cells.cell(place)
        quiet, dots = cells.plan.quiet * cells.plan.dots, cells.plan.dots
        out.append(f"q {dots} 0 0 {dots} {x + quiet} {cells.height - y - quiet} cm")
        out += [f"{x1} {y1} m {x2} {y2} l" for (x1, y1), (x2, y2) in matrix_to_lines(symbol.matrix, 0, -0.5, incby=-1)]
        out.append("S Q")
    return zlib.compress("\n".join(out).encode())


def memory(count: int) -> dict[str, Any]:
    """Peak of a fresh process that drains the outbox of an order's PDF and CSV; the order is made here."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from app.config import Settings
    from app.house import open_database
    from kernel.ids import new_id
    from kernel.orm import Brand
    from kernel.unit import PLATFORM, Actor
    from migrations.upgrade import upgrade
    from tests.factories.dairy import a_product
    from traceability import codes, printing
    from traceability.labels import planner

    with tempfile.TemporaryDirectory(prefix="suyuan-labels-") as home:
        settings = replace(Settings(home=home, public_url="https://id.example.cn").filled())
        database = open_database(settings)
        upgrade(database.engine)
        brand = new_id(datetime.now(UTC))
        with database.begin(PLATFORM) as unit:
            unit.session.add(Brand(id=brand, slug="bench", name="bench", created_at=unit.now))
        with database.begin(Actor("brand_admin", "bench", brand)) as unit:
            order = codes.order(unit, product_id=a_product(unit).id, count=count, reference="1", formats=())
            for name in ("pdf", "csv"):
                printing.ask(unit, order_id=order.id, format=name, wish=planner.Wish(size_mm=5, margin_mm=1.2))
        database.engine.dispose()
        done = subprocess.run([sys.executable, __file__, "worker", home], capture_output=True, text=True, check=True, cwd=ROOT)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if found["codes"] != [count, count]:
        raise SystemExit(f"the worker made {found['codes']} of {count}")
    return {"count": count, **{name: value for name, value in found.items() if name != "codes"}}


def work(home: str) -> None:
    """The worker: everything that waits in the outbox, and what it took."""
    from sqlalchemy import select

    from app.config import Settings
    from app.house import open_database
    from app.relay import drain
    from kernel.unit import PLATFORM
    from traceability.models import PrintJob

    database = open_database(Settings(home=home, public_url="https://id.example.cn").filled())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, cpu = time.perf_counter(), time.process_time()
    drain(database)
    with database.look(PLATFORM) as unit:
        jobs = list(unit.session.scalars(select(PrintJob).where(PrintJob.state == "ready").order_by(PrintJob.format)))
    emit(
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        idle_mb=round(before, 1),
        million_seconds=round(time.perf_counter() - began, 1),
        million_cpu_seconds=round(time.process_time() - cpu, 1),
        codes=[job.done for job in jobs],
        csv_mb=round((jobs[0].size or 0) / 1e6, 1),
        pdf_mb=round((jobs[-1].size or 0) / 1e6, 1),
    )


def reading() -> dict[str, int]:
    """How many cells of a rasterised sheet hold exactly the link they should."""
    import pypdfium2
    import zxingcpp

    from traceability.labels import layout

    roll, labels = the_sheet()
    cells = layout.sheet(roll)
    page = pypdfium2.PdfDocument(ours(roll, labels))[0].render(scale=cells.plan.dpi / 72, grayscale=True).to_pil()
    side = cells.across * cells.plan.dots
    right: set[str] = set()
    for place, serial in enumerate(labels.serials.tolist()):
        x, y = cells.cell(place)
        found = zxingcpp.read_barcodes(page.crop((x, y, x + side, y + side)), formats=zxingcpp.BarcodeFormat.QRCode)
        if [symbol.text for symbol in found] == [PREFIX + serial.decode()]:
            right.add(found[0].text)
    return {"decoded": len(right), "total": roll.count}


if __name__ == "__main__":
    main()
