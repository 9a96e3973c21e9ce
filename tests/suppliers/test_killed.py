"""kill -9 while a paper is read: the child in the middle of it, or the worker between reading and writing. Nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kernel import outbox
from kernel.outbox import Delivery
from kernel.unit import PLATFORM
from suppliers import certificates
from suppliers.models import CheckOutcome, PaperUpload, StandingChange, Supplier
from suppliers.reading import child
from tests.conftest import House
from tests.suppliers import shelf
from tests.suppliers.reading import hostile

PDF = hostile.drawn(hostile.stream(b"0 0 9 9 re f"))
ROOT = Path(__file__).parents[2]
WORKER = """
import os, signal, sys
from app import relay
from app.config import Settings
from app.house import open_database
from kernel import outbox
home, url = sys.argv[1:]
taken, take = [], outbox.take
def dying(session, delivery_id):
    taken.append(delivery_id)
    if taken.count(delivery_id) == 2:  # it was read, and nothing of that is written
        os.kill(os.getpid(), signal.SIGKILL)
    return take(session, delivery_id)
outbox.take = dying
relay.drain(open_database(Settings(home=home, database_url=url, public_url="https://id.example").filled()))
"""


@pytest.fixture
def who(house: House) -> Supplier:
    return shelf.supplier(house)


def upload(house: House, who: Supplier) -> PaperUpload:
    with house.begin("supplier", supplier_id=who.id) as unit:
        return certificates.upload(unit, supplier_id=who.id, content=PDF, filename="许可证.pdf")


def state(house: House, row: PaperUpload) -> tuple[str, str | None]:
    with house.look() as unit:
        row = certificates.uploads.get(unit, row.id)
        return row.state, (row.reading or {}).get("trouble")


def worker_dies(house: House) -> None:
    """A worker process that is killed when it has prepared its first delivery."""
    command = [sys.executable, "-c", WORKER, house.settings.home, house.settings.database_url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == -signal.SIGKILL, done.stderr


def waiting(house: House) -> int:
    with house.database.look(PLATFORM) as unit:
        return len(unit.session.scalars(select(Delivery.id)).all())


def next_worker(house: House) -> None:
    with house.database.begin(PLATFORM) as unit:
        outbox.reclaim(unit.session, now=datetime.now(UTC))
    house.drain()


def shot(paper: Any, real: Any = child._start) -> subprocess.Popen[bytes]:
    process: subprocess.Popen[bytes] = real(paper)
    time.sleep(0.15)  # it has begun, and is far from its end
    os.kill(process.pid, signal.SIGKILL)
    return process


def test_a_child_that_is_killed_is_an_answer_and_the_same_bytes_are_read_again(
    house: House, who: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = upload(house, who)
    with monkeypatch.context() as patched:
        patched.setattr(child, "_start", shot)
        house.drain()
    stopped, trouble = state(house, row)
    assert stopped == "refused"
    assert str(trouble).startswith("child.")
    with house.look() as unit:
        assert unit.outside.vault.get(row.sha256) == PDF
    assert upload(house, who).id == row.id
    house.drain()
    assert state(house, row) == ("read", None)
    assert upload(house, who).state == "read"
    assert len(house.told("PaperUploaded")) == 2
    assert waiting(house) == 0


def test_a_worker_killed_between_reading_and_writing_loses_and_doubles_nothing(house: House, who: Supplier) -> None:
    row = upload(house, who)
    worker_dies(house)
    assert state(house, row) == ("waiting", None)
    assert waiting(house) > 0
    next_worker(house)
    assert state(house, row) == ("read", None)
    assert house.told("PaperRead") == [{"upload_id": row.id}]
    assert waiting(house) == 0


def test_a_worker_killed_before_it_writes_what_the_checks_said_writes_no_half_of_it(house: House, who: Supplier) -> None:
    row = upload(house, who)
    house.drain()
    words = {name: value for name, value in shelf.words(who).items() if name not in ("content", "filename", "media_type")}
    with house.begin("supplier", supplier_id=who.id) as unit:
        paper = certificates.submit(unit, **words, upload_id=row.id)
    worker_dies(house)
    with house.look() as unit:
        assert certificates.get(unit, paper.id).judged_at is None
        assert certificates.outcomes(unit, paper.id) == []
    next_worker(house)
    with house.look() as unit:
        judged = certificates.get(unit, paper.id)
        names = unit.session.scalars(select(CheckOutcome.name).where(CheckOutcome.certificate_id == paper.id)).all()
        changes = unit.session.scalars(select(StandingChange.place).where(StandingChange.certificate_id == paper.id)).all()
    assert judged.judged_at is not None
    assert sorted(names) == sorted(set(names)) != []
    assert sorted(changes) == list(range(1, len(changes) + 1))
    assert len([each for each in house.told("StandingChanged") if each["certificate_id"] == paper.id]) == len(changes) == 1
    assert waiting(house) == 0
