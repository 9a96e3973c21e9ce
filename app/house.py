"""The whole house of some settings: one engine, one outside world, all reactions."""

from __future__ import annotations

from sqlalchemy import select

from app.config import Settings
from app.database import Database, make_engine
from app.outside import make_outside
from app.wiring import reaction_names
from kernel.errors import Missing
from kernel.orm import Brand
from kernel.unit import PLATFORM, Actor, system


def open_database(settings: Settings) -> Database:
    """What every process of the house begins with: web, worker, relay, command line."""
    return Database(make_engine(settings.database_url), outside=make_outside(settings), reactions=reaction_names)


def inside(database: Database, slug: str) -> Actor:
    """The house itself inside the brand that is called so. Raises Missing."""
    with database.look(PLATFORM) as unit:
        brand_id = unit.session.scalar(select(Brand.id).where(Brand.slug == slug))
    if brand_id is None:
        raise Missing(f"no brand {slug}")
    return system(brand_id)
