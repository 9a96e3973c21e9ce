"""``suyuan trace``: where a lot came from and what became of it, as a tree, as known on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import click

from app.config import Settings

if TYPE_CHECKING:
    from kernel.unit import Unit

DATES: Final = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
MARKS: Final = {"held": " !", "recalled": " X"}


@click.command()
@click.argument("lot")
@click.option("--brand", default="lanmu", show_default=True)
@click.option("--back", "direction", flag_value="back", help="Only what it came from.")
@click.option("--forward", "direction", flag_value="forward", help="Only what became of it.")
@click.option("--known", type=click.DateTime(DATES), help="As far as was known then, in the time of China.")
@click.option("--depth", type=click.IntRange(1), help="So many steps away at most.")
def trace(lot: str, brand: str, direction: str | None, known: datetime | None, depth: int | None) -> None:
    """Say where the lot with the code LOT came from and what became of it, with quantities. ! is on hold, X recalled."""
    from app.house import inside, open_database
    from kernel.given import CHINA
    from traceability import lots
    from traceability.events.flows import Window

    window = Window(known_at=known.replace(tzinfo=CHINA) if known else None)
    database = open_database(Settings.from_environment())
    with database.look(inside(database, brand)) as unit:
        start = lots.by_code(unit, lot)
        for line in _lines(unit, start, window, direction or "both", depth):
            click.echo(line)


def _lines(unit: Unit, start: Any, window: Any, direction: str, depth: int | None) -> Iterator[str]:
    from traceability import genealogy

    graph = genealogy.graph(unit, start.id, window, depth=depth)
    family = {each.id: each for each in graph.lots}
    back: dict[str, list[tuple[str, str]]] = {}
    forward: dict[str, list[tuple[str, str]]] = {}
    for edge in graph.edges:
        amount = f"{edge.quantity.normalize() + 0:,f} {edge.uom}"
        back.setdefault(edge.output, []).append((edge.input, amount))
        forward.setdefault(edge.input, []).append((edge.output, amount))
    yield f"{start.code}{MARKS.get(start.standing, '')}  {start.quantity.normalize() + 0:,f} {start.uom}"
    for name, title, steps in (("back", "made of", back), ("forward", "went into", forward)):
        if direction in ("both", name):
            yield f"{title}:" if start.id in steps else f"{title}: nothing"
            yield from _tree(start.id, steps, family, "  ", set())


def _tree(lot_id: str, steps: Mapping[str, list[tuple[str, str]]], family: Mapping[str, Any], indent: str, met: set[str]) -> Iterator[str]:
    """A line a lot, those beneath it set in; what was told before is named again without what is beneath it."""
    for other, amount in sorted(steps.get(lot_id, ()), key=lambda step: family[step[0]].code):
        lot, again = family[other], other in met and bool(steps.get(other))
        yield f"{indent}{lot.code}{MARKS.get(lot.standing, '')}  {amount}{'  …' if again else ''}"
        if not again:
            met.add(other)
            yield from _tree(other, steps, family, indent + "  ", met)
