"""The whole house of some settings: one engine, one outside world, all reactions."""

from __future__ import annotations

from app.config import Settings
from app.database import Database, make_engine
from app.outside import make_outside
from app.wiring import reaction_names


def open_database(settings: Settings) -> Database:
    """What every process of the house begins with: web, worker, relay, command line."""
    return Database(make_engine(settings.database_url), outside=make_outside(settings), reactions=reaction_names)
