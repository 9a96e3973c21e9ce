"""Label files made here and now, for the command line: the worker's own steps, so that a file is made once whoever makes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from app.config import Settings
from app.house import inside, open_database
from kernel.errors import Invalid, Missing, flaw
from traceability import codes, printing


def print_labels(settings: Settings, path: Path, *, brand: str, reference: str, start: int = 1, **asked: Any) -> Iterator[tuple[int, int]]:
    """Ask for a file of an order (``asked`` as in ``printing.ask``), make what is missing of it, and write it to ``path``.

    ``start`` counts from 1, as people do. Yields (codes done, codes in all) after each part. Broken off,
    it goes on where it was. Raises Trouble.
    """
    database = open_database(settings)
    actor = inside(database, brand)
    with database.begin(actor) as unit:
        order = codes.by_reference(unit, reference)
        if order is None:
            raise Missing(f"no order {reference}")
        if not 1 <= start <= order.count:
            raise Invalid(errors=[flaw("/start", "range", f"must be a whole number from 1 to {order.count}", most=order.count)])
        job_id = printing.ask(unit, order_id=order.id, start=start - 1, **asked).id
    while True:
        with database.look(actor) as unit:
            yield printing.progress(printing.get(unit, job_id))
            fact = printing.wanted(unit, job_id)
            prepared = printing.render(unit, fact) if fact else {}
        if fact is None:
            break
        with database.begin(actor) as unit:
            printing.on_print_asked(unit, fact, prepared)
    with database.look(actor) as unit:
        _, content = printing.file(unit, job_id)
    part = path.with_name(path.name + ".part")
    with closing(content), part.open("wb") as out:
        shutil.copyfileobj(content, out, 1 << 20)
    part.replace(path)
