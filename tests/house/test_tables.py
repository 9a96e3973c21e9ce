"""Tables: every one behind the wall between brands, history that nothing can change, revisions in a line."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, delete, func, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from app.database import make_engine
from app.tables import metadata
from kernel.orm import Base, BrandOwned, Moment
from migrations.upgrade import configuration, downgrade, head, upgrade
from tests.conftest import House
from tests.house.tree import ROOT, every_subclass, import_all

OUTSIDE_THE_WALL = {
    "Brand": "it is the wall",
    "AuditEntry": "the platform's own acts belong to no brand",
    "ToldFact": "carried by the platform; the brand travels with it",
    "Delivery": "as the fact it delivers",
    "Account": "signing in is how a brand is found; only app/auth reads it",
    "ApiKey": "a key is how a machine's brand is found; only app/auth reads it",
    "OnceLink": "belongs to an account",
    "CodeAddress": "a scan of a compact code knows no brand until its address has named one",
    "AnchorOwner": "a request for links starts without a brand and finds it there",
    "GtinOwner": "a scan knows no brand until the GTIN has named one",
}
APPEND_ONLY = ("audit", "epcis_event", "consent", "standing_change", "signature", "recall_lot", "register_lookup")
VERSIONS = ROOT / "migrations" / "versions"


def test_every_mapped_class_stands_behind_the_wall_or_says_why_not() -> None:
    import_all()
    open_air = {kind.__name__ for kind in every_subclass(Base) if not issubclass(kind, BrandOwned)}
    assert open_air == set(OUTSIDE_THE_WALL)


def test_every_table_without_a_class_bears_its_brand_too() -> None:
    """``reading`` is a plain table for speed; its rows hang on a stream, which is behind the wall."""
    import_all()
    mapped = {kind.__table__.name for kind in every_subclass(Base)}
    assert set(metadata.tables) - mapped == {"reading"}


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_the_database_itself_refuses_to_change_history(house: House, name: str) -> None:
    table, engine = metadata.tables[name], house.database.engine
    on_postgres = engine.dialect.name == "postgresql"
    with engine.execution_options(writes=True).connect() as connection:
        # Only the triggers are tried: a row of plain values whose foreign keys nobody asks, never committed.
        connection.execute(text("SET session_replication_role = replica" if on_postgres else "PRAGMA defer_foreign_keys = ON"))
        connection.execute(insert(table).values({column.name: _plain(column) for column in table.columns}))
        if on_postgres:
            connection.execute(text("SET session_replication_role = DEFAULT"))
        for change in (update(table).values(brand_id="another"), delete(table)):
            with pytest.raises(DBAPIError, match="append only"), connection.begin_nested():
                connection.execute(change)
        assert connection.scalar(select(func.count()).select_from(table)) == 1
        connection.rollback()


@pytest.mark.parametrize(("state", "opens"), [("proposed", True), ("open", False)])
def test_the_database_itself_refuses_to_undo_a_recall(house: House, state: str, opens: bool) -> None:
    """What was only proposed may be decided; what is open stays as it is, and neither is ever deleted."""
    table = metadata.tables["recall"]
    with house.database.engine.execution_options(writes=True).connect() as connection:
        row = {column.name: _plain(column) for column in table.columns} | {"brand_id": house.brand_id, "state": state}
        connection.execute(insert(table).values(row))
        change = update(table).values(state="declined")
        if opens:
            with connection.begin_nested() as tried:
                connection.execute(change)
                tried.rollback()
        else:
            with pytest.raises(DBAPIError, match="recall is final"), connection.begin_nested():
                connection.execute(change)
        with pytest.raises(DBAPIError, match="recall is final"), connection.begin_nested():
            connection.execute(delete(table))
        assert connection.scalar(select(table.c.state)) == state
        connection.rollback()


def _plain(column: Column[Any]) -> Any:
    if isinstance(column.type, Moment):
        return datetime.now(UTC)
    if isinstance(column.type, JSON):
        return []
    return {str: "x", int: 1, bool: False, bytes: b"x", date: date(2026, 1, 1)}[column.type.python_type]


def test_revisions_stand_in_one_line_and_head_names_the_last() -> None:
    """Numbered without a gap, each on the one before; ``.head`` makes two branches collide in git."""
    script = ScriptDirectory.from_config(configuration())
    line = [revision.revision for revision in reversed(list(script.walk_revisions()))]
    assert [revision[:5] for revision in line] == [f"{number:04}_" for number in range(1, len(line) + 1)]
    assert sorted(path.stem for path in VERSIONS.glob("*.py") if path.name != "__init__.py") == line
    assert len(script.get_bases()) == len(script.get_heads()) == 1
    assert (ROOT / "migrations" / ".head").read_text().strip() == head() == line[-1]


def test_a_revision_knows_nothing_of_the_house_that_will_change_around_it() -> None:
    rooms = re.compile(r"^\s*(from|import) (app|kernel|suppliers|traceability|monitoring|members)\b", re.MULTILINE)
    assert [path.name for path in VERSIONS.glob("*.py") if rooms.search(path.read_text("utf-8"))] == []


def test_the_migrated_schema_is_what_the_models_say(house: House) -> None:
    with house.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        assert compare_metadata(context, metadata) == []


def test_every_revision_can_be_taken_back_and_laid_again(database_url: str) -> None:
    engine = make_engine(database_url)
    try:
        downgrade(engine)
        left = set(inspect(engine).get_table_names()) - {"alembic_version"}
        assert left == set()
        upgrade(engine)
        assert set(inspect(engine).get_table_names()) - {"alembic_version"} == set(metadata.tables)
        upgrade(engine)  # twice is once
    finally:
        engine.dispose()
