"""What every door needs: a unit of the running app, and who stands at the door."""

from __future__ import annotations

from typing import cast

from flask import current_app, g

from app.database import Database
from app.together import Together
from kernel.unit import VISITOR, Actor, Unit


def database() -> Database:
    return cast(Database, current_app.extensions["suyuan"])


def together() -> Together:
    """The running app's group commit."""
    return cast(Together, current_app.extensions["suyuan.together"])


def begin(actor: Actor | None = None) -> Unit:
    """A writing unit of whoever stands at the door."""
    return database().begin(actor or current_actor())


def look(actor: Actor | None = None) -> Unit:
    """A reading unit of whoever stands at the door."""
    return database().look(actor or current_actor())


def current_actor() -> Actor:
    """Set by the guard; a door without one serves nobody but visitors."""
    return cast(Actor, g.get("actor", VISITOR))
