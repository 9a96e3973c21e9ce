"""Ten thousand suppliers with five papers each, judged anew on a day on which nothing changes and on one on which papers lapse."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from app.config import Settings
from app.database import Database
from app.house import open_database
from benchmarks.habit import note
from benchmarks.houses import postgres
from kernel.ids import new_id
from kernel.orm import Brand
from kernel.unit import PLATFORM, Actor, system
from migrations.upgrade import upgrade
from suppliers.certificates import calendar
from suppliers.checks import CHECKS, required_checks
from suppliers.models import Certificate, Supplier
from suppliers.requirements import soon
from suppliers.standing import Outcome, judge

KINDS = ("business_licence", "food_production", "food_trade", "organic", "gfsi_brcgs")
DAY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LAPSING = 100
"""One paper in so many ends on DAY."""


def figures(suppliers: int, *, kinds: tuple[str, ...] = ("sqlite", "postgres")) -> dict[str, Any]:
    """By database: seconds of a quiet day, of a day on which one in a hundred lapses, and how many moved; and of ``judge`` alone."""
    found: dict[str, Any] = {"papers": suppliers * len(KINDS), "judge_alone": _alone(suppliers * len(KINDS))}
    for kind in kinds:
        try:
            with house(kind) as (database, actor):
                found[kind] = _days(database, actor, suppliers)
        except (ImportError, OSError, RuntimeError) as trouble:
            note(f"{kind} is not there: {trouble}")
            found[kind] = None
    return found


@contextmanager
def house(kind: str) -> Iterator[tuple[Database, Actor]]:
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield _founded(Settings(home=folder, database_url=f"sqlite:///{folder}/papers.db").filled())
            return
        with postgres() as url:
            database, actor = _founded(Settings(home=folder, database_url=url).filled())
            try:
                yield database, actor
            finally:
                database.engine.dispose()


def _founded(settings: Settings) -> tuple[Database, Actor]:
    database = open_database(settings)
    upgrade(database.engine)
    with database.begin(PLATFORM) as unit:
        brand = Brand(id="0" * 26, slug="bench", name="Bench", created_at=unit.now)
        unit.session.add(brand)
    return database, system(brand.id)


def _days(database: Database, actor: Actor, suppliers: int) -> dict[str, float]:
    _fill(database, actor, suppliers)
    _rejudged(database, actor, DAY)  # whatever the first day still moves, the second does not
    moved, quiet = _rejudged(database, actor, DAY)
    if moved:
        raise SystemExit(f"{moved} papers moved on a quiet day")
    moved, lapsing = _rejudged(database, actor, DAY + timedelta(days=1))
    with database.look(actor) as unit:
        lapsed = unit.session.scalar(select(func.count()).where(Certificate.standing == "lapsed"))
    if lapsed != suppliers * len(KINDS) // LAPSING:
        raise SystemExit(f"{lapsed} papers lapsed")
    return {"quiet_seconds": round(quiet, 3), "lapsing_seconds": round(lapsing, 3), "moved": moved}


def _rejudged(database: Database, actor: Actor, at: datetime) -> tuple[int, float]:
    began = time.perf_counter()
    with database.begin(actor, now=at) as unit:
        moved = calendar.rejudge(unit)
    return moved, time.perf_counter() - began


def _fill(database: Database, actor: Actor, suppliers: int) -> None:
    today = DAY.date()
    for first in range(0, suppliers, 2000):
        with database.begin(actor, now=DAY - timedelta(days=30)) as unit:
            firms, papers = [], []
            for number in range(first, min(first + 2000, suppliers)):
                firms.append(
                    {
                        "id": new_id(unit.now),
                        "brand_id": actor.brand_id,
                        "name": f"供应商{number}",
                        "kind": "manufacturer",
                        "created_at": unit.now,
                    }
                )
                papers += [_paper(unit.now, actor, firms[-1]["id"], number * len(KINDS) + place, today) for place in range(len(KINDS))]
            unit.session.execute(insert(Supplier), firms)
            unit.session.execute(insert(Certificate), papers)


def _paper(at: datetime, actor: Actor, supplier_id: str, number: int, today: date) -> dict[str, Any]:
    kind = KINDS[number % len(KINDS)]
    until = today if number % LAPSING == 0 else today + timedelta(days=200 + number % 900)
    return {
        "id": new_id(at),
        "brand_id": actor.brand_id,
        "supplier_id": supplier_id,
        "kind": kind,
        "number": f"N{number}",
        "holder_name": "供应商",
        "valid_from": today - timedelta(days=900),
        "valid_until": until,
        "sha256": f"{number:064x}",
        "filename": "证书.pdf",
        "media_type": "application/pdf",
        "size": 1,
        "found": _found(number),
        "standing": "verified",
        "because": ["standing.all_passed"],
        "due_on": min(soon(kind, until, "CN"), until + timedelta(days=1)),
        "submitted_at": at,
        "submitted_by": "bench",
        "judged_at": at,
    }


def _found(number: int) -> dict[str, Any]:
    """What the checks said: 1,024 different ways to be fine."""
    chance = random.Random(number)
    varied = {name: chance.randrange(4) for name in ("scope", "host", "issuer", "provenance", "register")}
    return {name: ["passed", f"check.{name}.passed{varied.get(name, '')}", False] for name in CHECKS}


def _alone(papers: int) -> float:
    """Seconds of the pure rule for as many papers."""
    outcomes = {name: Outcome("passed", f"check.{name}.passed") for name in CHECKS}
    today, required = DAY.date(), required_checks("organic")
    began = time.perf_counter()
    for number in range(papers):
        until = today + timedelta(days=number % 900)
        judge(outcomes, required=required, valid_from=today, valid_until=until, decision=None, day=today, soon=until)
    return round(time.perf_counter() - began, 3)


if __name__ == "__main__":
    print(json.dumps(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)))
