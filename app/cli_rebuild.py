"""``suyuan rebuild``: everything that follows from history, made anew from it."""

from __future__ import annotations

import click

from app.config import Settings


@click.command()
@click.option("--brand", help="Only this one, by its short name. Usual: all of them.")
def rebuild(brand: str | None) -> None:
    """Make every projection anew from what happened: traces, packs, places, states. Nobody else can write meanwhile."""
    from sqlalchemy import select

    from app.house import open_database
    from kernel.errors import Missing
    from kernel.orm import Brand
    from kernel.unit import PLATFORM, system
    from traceability import rebuilding

    database = open_database(Settings.from_environment())
    with database.look(PLATFORM) as unit:
        brands = unit.session.execute(select(Brand.id, Brand.slug).order_by(Brand.slug)).tuples().all()
    if brand is not None:
        brands = [each for each in brands if each[1] == brand]
        if not brands:
            raise Missing(f"there is no brand {brand}")
    for brand_id, slug in brands:
        with database.begin(system(brand_id)) as unit, Bars() as bars:
            done = rebuilding.rebuild(unit, progress=bars.tell)
        mended = done.packs + done.codes + done.lots
        click.echo(f"{slug}: {done.events} events; {mended} packs, shipments, runs of codes and lots stood otherwise before")


class Bars:
    """A progress bar for each thing that is being done, one after the other."""

    def __init__(self) -> None:
        self._bar: click.progressbar | None = None
        self._what, self._done = "", 0

    def __enter__(self) -> Bars:
        return self

    def tell(self, what: str, done: int, total: int) -> None:
        if what != self._what:
            self.__exit__()
            self._what, self._done = what, 0
            self._bar = click.progressbar(length=total, label=what)
            self._bar.__enter__()
        self._bar.update(done - self._done)
        self._done = done

    def __exit__(self, *_why: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
