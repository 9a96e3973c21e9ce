"""Journeys go through the real doors of real processes, in the words of the house plan.

SUYUAN_TEST_POSTGRES, SUYUAN_TEST_BROKER and SUYUAN_TEST_MQTT move them into the services
world: the same stories on PostgreSQL, a real broker and a real MQTT broker.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from app import demo

ARTEFACTS = Path(os.environ.get("SUYUAN_ARTEFACTS", Path(__file__).parents[2] / "artefacts"))
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def world() -> Iterator[dict[str, str]]:
    """Settings of the world that was asked for, with a database and a queue of their own."""
    given = {"telemetry_url": f"mqtt+embedded://127.0.0.1:{demo.free_port()}"}
    if os.environ.get("SUYUAN_TEST_BROKER"):
        given |= {"broker_url": os.environ["SUYUAN_TEST_BROKER"], "queue": "journeys-" + uuid.uuid4().hex[:10]}
    if os.environ.get("SUYUAN_TEST_MQTT"):
        given["telemetry_url"] = os.environ["SUYUAN_TEST_MQTT"]
    server = os.environ.get("SUYUAN_TEST_POSTGRES")
    if not server:
        yield given
        return
    name = "journeys_" + uuid.uuid4().hex[:10]
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield {**given, "database_url": make_url(server).set(database=name).render_as_string(hide_password=False)}
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="module")
def home() -> Iterator[demo.Home]:
    """A running house with the demo dairy, for one story."""
    with world() as given, demo.house(**given) as home:
        yield home


@pytest.fixture(scope="session")
def artefacts() -> Path:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS
