"""Scan pages a second, on SQLite and on PostgreSQL, against a bare Flask "hello" under the same server.

    python benchmarks/scan.py [--quick]

Every request is a full scan: the code is unsealed, looked up and counted, the scan is stored
durably, and the page with verdict, story and papers is answered. Same Granian, same number of
workers and threads, same load generator, rounds in turn. PostgreSQL is the server named by
SUYUAN_TEST_POSTGRES, else the one from the wheel.
Last line: sqlite_ratio, postgres_ratio, p99_ms (of the slower of the two) and what they came from.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

from app.config import Settings
from app.demo import house
from benchmarks.habit import arguments, emit, load, median, note
from benchmarks.houses import hello, pages, postgres, views


def main() -> None:
    given = arguments(__doc__ or "", threads=lambda parser: parser.add_argument("--threads", default=Settings().web_threads))
    rounds = given.rounds or (2 if given.quick else 5)
    seconds = 1.8 if given.quick else 6
    count = 5100  # as many items as a shelf would see: one item asked a hundred times a second is another benchmark
    threads = str(given.threads)
    figures: dict[str, list[dict[str, float]]] = {"hello": [], "sqlite": [], "postgres": []}
    with (
        hello(threads) as plain,
        house(web_threads=threads) as embedded,
        postgres() as url,
        house(web_threads=threads, database_url=url) as served,
    ):
        items = {home.url: pages(home, count) for home in (embedded, served)}
        fresh = int(8000 * seconds)
        targets = {
            "hello": (plain, lambda: ["/"] * 64),
            "sqlite": (embedded.url, lambda: views(embedded, items[embedded.url], fresh)),
            "postgres": (served.url, lambda: views(served, items[served.url], fresh)),
        }
        for name, (base, paths) in targets.items():
            load(base, paths(), seconds=2)
            note(f"warm: {name}")
        for number in range(rounds):
            for name, (base, paths) in targets.items():
                figures[name].append(load(base, paths(), seconds=seconds))
                note(f"round {number + 1} {name}: {figures[name][-1]}")
    ratios = {
        name: [scan["requests"] / peer["requests"] for scan, peer in zip(figures[name], figures["hello"], strict=True)]
        for name in ("sqlite", "postgres")
    }
    emit(
        peer="Flask hello, Granian, same workers and threads",
        threads=int(threads),
        rounds=rounds,
        sqlite_ratio=median(ratios["sqlite"]),
        postgres_ratio=median(ratios["postgres"]),
        p99_ms=max(median([row["p99_ms"] for row in figures[name]]) for name in ("sqlite", "postgres")),
        hello_per_second=median([row["requests"] for row in figures["hello"]]),
        sqlite_per_second=median([row["requests"] for row in figures["sqlite"]]),
        postgres_per_second=median([row["requests"] for row in figures["postgres"]]),
        errors=sum(row["errors"] for rows in figures.values() for row in rows),
    )


if __name__ == "__main__":
    main()
