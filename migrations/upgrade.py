"""Bring a database to the newest revision; used by ``suyuan migrate``, ``suyuan run`` and the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent


class RowsCutOff(RuntimeError):
    """After the revision some rows point at rows that are not there. Nothing was changed; the message names the tables."""


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """All or nothing. Raises RowsCutOff."""
    with _begin(engine) as connection:
        command.upgrade(configuration(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """All or nothing. Raises RowsCutOff, and what a revision raises that cannot be taken back."""
    with _begin(engine) as connection:
        command.downgrade(configuration(connection), revision)


def head() -> str:
    (revision,) = ScriptDirectory.from_config(configuration()).get_heads()
    return revision


@contextmanager
def _begin(engine: Engine) -> Iterator[Connection]:
    """One transaction. SQLite changes a table by building it anew, so while it lasts no foreign key is asked after;
    before it is committed all of them are, when anything was changed."""
    with engine.execution_options(writes=True).connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        _foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                before = _revision(connection)
                yield connection
                if _revision(connection) != before:
                    _nothing_cut_off(connection)
                    _one_brand_is_no_choice(connection)
        finally:
            _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    """Past SQLAlchemy, which would begin a transaction first: inside one this does nothing."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={state}")
    cursor.close()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _nothing_cut_off(connection: Connection) -> None:
    found = {f"{table} → {parent}" for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if found:
        raise RowsCutOff(f"rows would point at rows that are not there: {', '.join(sorted(found))}")


def _one_brand_is_no_choice(connection: Connection) -> None:
    """Tell SQLite's planner what it cannot know of empty tables. Without statistics it takes any equality for ten rows, so that it would
    rather read all rows of a brand (most houses have one) than fetch a few by their key. What is measured later takes the place of this."""
    connection.exec_driver_sql("PRAGMA analysis_limit=400")
    connection.exec_driver_sql("ANALYZE")
    known = set(connection.exec_driver_sql("SELECT idx FROM sqlite_stat1").scalars())
    listed = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    for index, table in connection.exec_driver_sql(listed).all():
        columns = [row[2] for row in connection.exec_driver_sql(f'PRAGMA index_info("{index}")')]
        if columns[0] == "brand_id" and index not in known:
            rows = " ".join(["1000000", "1000000", *("10" for _ in columns[1:])])
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, index, rows))
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # reads what was written
