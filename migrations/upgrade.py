"""Bring a database to the newest revision; used by ``suyuan migrate``, ``suyuan run`` and the tests."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    with engine.execution_options(writes=True).begin() as connection:
        command.upgrade(configuration(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    with engine.execution_options(writes=True).begin() as connection:
        command.downgrade(configuration(connection), revision)


def head() -> str:
    (revision,) = ScriptDirectory.from_config(configuration()).get_heads()
    return revision
