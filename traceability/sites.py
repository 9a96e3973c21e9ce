"""Which region the places lie in that lots and events name.

A place is a name that people wrote at intake or on the line (岚牧一厂 收奶间); nothing else is known of it until the
brand says where it is, once for each name. Then the way of a lot can be drawn. It must not know lots' standing, scans or maps.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Missing
from kernel.unit import Unit
from traceability import regions
from traceability.given import Given
from traceability.models import Lot, Site

LONGEST: Final = 120


def put(unit: Unit, *, name: str, region: str) -> Site:
    """Say, or say anew, where a place is. ``region`` is a code of ``regions`` or a name that leads to one (杭州, 浙江杭州).
    Raises Invalid."""
    given = Given()
    name = given.text("/name", name, LONGEST)
    written = given.text("/region", region, LONGEST)
    code = regions.find(written)
    if written and code is None:
        given.wrong("/region", "region", "must be a region such as CN-3301, or a name that only one region has")
    given.done()
    site = _kept(unit, Site(id=unit.new_id(), name=name, region=str(code), added_at=unit.now))
    site.region = str(code)
    unit.record("site.put", "site", site.id, name=name, region=code)
    return site


def remove(unit: Unit, *, name: str) -> None:
    """Forget where a place is. Raises Missing."""
    site = unit.session.scalar(select(Site).where(Site.name == name.strip()))
    if site is None:
        raise Missing("no such place")
    unit.session.delete(site)
    unit.record("site.removed", "site", site.id, name=site.name)


def every(unit: Unit) -> list[Site]:
    """The places whose region is known, by name."""
    return list(unit.session.scalars(select(Site).order_by(Site.name)))


def region_of(unit: Unit, names: Collection[str]) -> dict[str, str]:
    """Name → region, for those of these places whose region is known."""
    if not names:
        return {}
    rows = unit.session.scalars(select(Site).where(Site.name.in_(sorted(names))))
    return {site.name: site.region for site in rows}


def nowhere(unit: Unit, *, most: int = 50) -> list[str]:
    """Places that lots name and whose region nobody has said, those of the newest lots first."""
    told = exists().where(Site.name == Lot.place, Site.brand_id == Lot.brand_id)
    newest = func.max(Lot.started_at)
    return list(unit.session.scalars(select(Lot.place).where(~told).group_by(Lot.place).order_by(newest.desc(), Lot.place).limit(most)))


def _kept(unit: Unit, site: Site) -> Site:
    """This row, or the one that there is of its name."""
    try:
        with unit.session.begin_nested():
            unit.session.add(site)
    except IntegrityError:
        return unit.session.scalars(select(Site).where(Site.name == site.name).with_for_update()).one()
    return site
