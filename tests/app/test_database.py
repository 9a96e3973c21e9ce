"""The engine: a connection that died while it lay idle is not handed out, and the planner knows what to count on."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text

from app import database
from tests.conftest import House


def test_a_connection_that_died_idle_is_replaced_unseen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    if house.database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    monkeypatch.setattr(database, "IDLE", 0.05)
    with house.look() as unit:
        victim = unit.session.scalar(text("SELECT pg_backend_pid()"))
    killer = database.make_engine(house.settings.database_url)
    with killer.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": victim})
    killer.dispose()
    time.sleep(0.1)
    with house.look() as unit:
        assert unit.session.scalar(text("SELECT pg_backend_pid()")) != victim


def test_a_few_rows_are_fetched_by_their_key_and_not_out_of_all_of_the_brand(house: House) -> None:
    """SQLite's planner is told that a brand is no choice; else it would read every event of the house for two of them."""
    with house.look() as unit:
        connection = unit.session.connection()
        if connection.dialect.name != "sqlite":
            pytest.skip("PostgreSQL measures by itself")
        asked = "EXPLAIN QUERY PLAN SELECT * FROM epcis_event WHERE brand_id = 'B' AND id IN ('1', '2')"
        ((*_, plan),) = connection.exec_driver_sql(asked).all()
        assert plan.endswith("(id=?)")


def test_what_the_planner_counts_on_is_measured_again(house: House) -> None:
    with house.begin() as unit:
        database.keep_statistics(unit)
