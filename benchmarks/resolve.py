"""Redirects and scans a second on PostgreSQL (and on SQLite), against a bare Flask "hello" under the same server.

    python benchmarks/resolve.py [--quick] [--rounds N] [--threads N]

Same Granian, same number of workers and threads, same load generator, rounds in turn.

* redirect: a plain request for an item's GS1 Digital Link, answered 307 with a fresh view. ``linked_ratio`` is the
  same for a product's link with a link type and a language to choose by.
* scan: the page that a redirect leads to. Each request brings its own fresh view, as a phone does, so each is counted:
  the code is unsealed, looked up and counted, copies are weighed, the scan is stored durably, and the page with verdict,
  story and papers is answered. ``pair_ratio`` counts redirect and page as the one scan that they are.
* scan_p99_ms: at half of the scan's own top rate, requests begun by the clock, whether or not earlier ones were answered.

PostgreSQL is the server named by SUYUAN_TEST_POSTGRES, else the one from the wheel. Last line: one JSON object.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

from app.config import Settings
from app.demo import house
from benchmarks.habit import arguments, emit, load, median, note, steady
from benchmarks.houses import hello, pages, postgres, views

COUNT = 5100
"""Codes ordered: as many items as a shelf would see."""


def main() -> None:
    given = arguments(__doc__ or "", threads=lambda parser: parser.add_argument("--threads", default=Settings().web_threads))
    rounds = given.rounds or (2 if given.quick else 5)
    seconds = 1.2 if given.quick else 5.0
    threads = str(given.threads)
    figures: dict[str, list[dict[str, float]]] = {}
    with ExitStack() as stack:
        plain = stack.enter_context(hello(threads))
        url = stack.enter_context(postgres())
        served = stack.enter_context(house(web_threads=threads, database_url=url))
        embedded = stack.enter_context(house(web_threads=threads))
        items = {"": pages(served, COUNT), "sqlite_": pages(embedded, COUNT)}
        gtin = items[""][0].split("/")[2]
        fresh = int(8000 * seconds) + 100
        rows: dict[str, tuple[str, Callable[[], list[str]], int]] = {
            "hello": (plain, lambda: ["/"] * 64, 200),
            "redirect": (served.url, lambda: items[""], 307),
            "linked": (served.url, lambda: [f"/01/{gtin}?linkType=gs1:pip", f"/01/{gtin}?linkType=gs1:defaultLink"] * 32, 307),
            "scan": (served.url, lambda: views(served, items[""], fresh), 200),
            "sqlite_scan": (embedded.url, lambda: views(embedded, items["sqlite_"], fresh), 200),
        }
        for name, (base, paths, status) in rows.items():
            load(base, paths(), seconds=1 if given.quick else 2, status=status)
            note(f"warm: {name}")
        for number in range(rounds):
            for name, (base, paths, status) in rows.items():
                figures.setdefault(name, []).append(load(base, paths(), seconds=seconds, status=status))
                note(f"round {number + 1} {name}: {figures[name][-1]}")
        top = median([row["requests"] for row in figures["scan"]])
        half = steady(served.url, views(served, items[""], int(top * seconds) + 100), seconds=seconds * 2, rate=top / 2)
        note(f"half the top rate: {half}")
    per_second = {name: median([row["requests"] for row in rows]) for name, rows in figures.items()}
    peer = [row["requests"] for row in figures["hello"]]
    ratios = {name: median([row["requests"] / hello for row, hello in zip(rows, peer, strict=True)]) for name, rows in figures.items()}
    emit(
        peer="Flask hello, Granian, same workers and threads",
        threads=int(threads),
        rounds=rounds,
        redirect_ratio=ratios["redirect"],
        linked_ratio=ratios["linked"],
        scan_ratio=ratios["scan"],
        sqlite_scan_ratio=ratios["sqlite_scan"],
        pair_ratio=round(1 / (1 / ratios["redirect"] + 1 / ratios["scan"]), 4),
        scan_p99_ms=round(half["p99_ms"], 2),
        redirects_per_second=per_second["redirect"],
        scans_per_second=per_second["scan"],
        sqlite_scans_per_second=per_second["sqlite_scan"],
        hello_per_second=per_second["hello"],
        errors=sum(row["errors"] for rows in figures.values() for row in rows) + half["errors"],
    )


if __name__ == "__main__":
    main()
