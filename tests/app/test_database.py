"""The engine: a connection that died while it lay idle is not handed out."""

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
