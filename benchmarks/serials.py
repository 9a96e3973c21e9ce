"""Codes without rows: what an order of 10⁹ costs, and how fast serials are verified.

    python benchmarks/serials.py [--quick]

The house is the embedded one: an order goes through its use case and is committed durably. Peers
in the same run: a table with one row a code and a unique index (SQLite, one transaction, random serials as
such systems draw them), and FF1 as the standard writes it, one call a serial. One thread; orders and rows by the
clock, arithmetic by processor time.
Last line: order_1e9_seconds (slowest), order_growth_bytes (pages in use, an order),
verify_per_second, verify_one_us, and the peers' row_per_second, row_bytes, ff1_per_second.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

import numpy as np
import pysqlite3

from app.config import Settings
from app.database import Database
from app.house import open_database
from benchmarks.habit import arguments, emit, median, note
from kernel.ids import new_id
from kernel.orm import Brand
from kernel.unit import PLATFORM, Actor
from migrations.upgrade import upgrade
from traceability import codes, ff1, keys, products, seal

GTIN = "06901234567892"
BILLION = 10**9
AT_ONCE = 1_000_000
COUNTED = 50
"""Orders over which the growth is counted."""


def founded(home: str) -> tuple[Database, Actor, str]:
    """An embedded house with one brand and one product."""
    database = open_database(Settings(home=home).filled())
    upgrade(database.engine)
    with database.begin(PLATFORM) as unit:
        brand = Brand(id=new_id(unit.now), slug="bench", name="Bench", created_at=unit.now)
        unit.session.add(brand)
    actor = Actor("brand_admin", "bench", brand.id)
    with database.begin(actor) as unit:
        product = products.add(unit, gtin=GTIN, name_zh="水", name_en="Water", net_content="1 l", shelf_life_days=9)
    return database, actor, product.id


def order(database: Database, actor: Actor, product_id: str, reference: str) -> float:
    """Seconds until an order of a billion codes is accepted and durable."""
    began = time.perf_counter()
    with database.begin(actor) as unit:
        codes.order(unit, product_id=product_id, count=BILLION, reference=reference, formats=())
    return time.perf_counter() - began


def size(database: Database) -> int:
    """Bytes of the pages in use."""
    with database.engine.connect() as connection:
        pages, free, page = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * page


def verified(database: Database, actor: Actor, fields: np.ndarray, expected: int) -> float:
    """Serials a second: from letters to issued or not, under every key of the GTIN."""
    with database.look(actor) as unit:
        began = time.process_time()
        issued = keys.issued(unit, gtin=GTIN, fields=fields)
        seconds = time.process_time() - began
    if int(issued.sum()) != expected:
        raise SystemExit("a serial was judged wrongly")
    return len(fields) / seconds


def each(act: Callable[[str], object], serials: list[str]) -> float:
    """Seconds a call."""
    began = time.process_time()
    for serial in serials:
        act(serial)
    return (time.process_time() - began) / len(serials)


def rows(folder: str, count: int) -> tuple[float, float]:
    """A row a code: (rows a second, bytes a row)."""
    path = Path(folder) / "rows.db"
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE code (id INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE, order_id INTEGER, state TEXT)")
    serials = seal.seal_many(seal.new_key(), 0, count)
    began = time.perf_counter()
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO code (serial, order_id, state) VALUES (?, 1, 'allocated')", ((serial,) for serial in serials))
    connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return count / seconds, path.stat().st_size / count


def plain(key: bytes, serial: str) -> int:
    """A serial's counter by FF1 as the standard writes it."""
    digits = ff1.decrypt(key, 32, b"", [seal.ALPHABET.index(letter) for letter in serial])
    return sum(digit << (5 * place) for place, digit in enumerate(reversed(digits)))


def main() -> None:
    given = arguments(__doc__ or "")
    rounds = given.rounds or (3 if given.quick else 9)
    with tempfile.TemporaryDirectory() as folder:
        database, actor, product_id = founded(folder)
        seconds = [
            order(database, actor, product_id, f"first-{number}") for number in range(20)
        ]  # fills the page that every table begins with
        before = size(database)
        seconds += [order(database, actor, product_id, f"then-{number}") for number in range(COUNTED)]
        growth = (size(database) - before) / COUNTED
        note(f"orders of 10^9: {max(seconds):.4f} s at most, {growth:.0f} bytes each")
        with database.look(actor) as unit:
            key = keys.key(unit, GTIN, 1)
        issued = seal.letters(key, 7 * BILLION, AT_ONCE // 2)
        foreign = seal.letters(seal.new_key(), 0, AT_ONCE // 2)
        fields = np.concatenate((issued, foreign))
        some = [serial.decode() for serial in issued[:2000].view("S12").reshape(-1).tolist()]
        many, one, slow = [], [], []
        for number in range(rounds):
            many.append(verified(database, actor, fields, AT_ONCE // 2))
            one.append(each(lambda serial: seal.unseal(key, serial), some))
            slow.append(each(lambda serial: plain(key, serial), some))
            note(f"round {number + 1}: {many[-1]:,.0f} serials/s, {one[-1] * 1e6:.1f} us one")
        row_rate, row_bytes = rows(folder, 200_000 if given.quick else 1_000_000)
        database.engine.dispose()
    emit(
        peer="one row a code with a unique index, SQLite; FF1 one call a serial",
        rounds=rounds,
        order_1e9_seconds=round(max(seconds), 4),
        order_growth_bytes=round(growth),
        verify_per_second=round(median(many)),
        verify_one_us=median([value * 1e6 for value in one]),
        row_per_second=round(row_rate),
        row_bytes=round(row_bytes, 1),
        row_1e9_hours=round(BILLION / row_rate / 3600, 2),
        ff1_per_second=round(1 / median(slow)),
        verify_ratio=round(median(many) * median(slow), 1),
    )


if __name__ == "__main__":
    main()
