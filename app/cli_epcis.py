"""``suyuan epcis``: take documents of other people's events in, and put questions to the events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import click

from app.config import Settings
from kernel.errors import Invalid, Trouble, flaw

if TYPE_CHECKING:
    from app.database import Database
    from kernel.unit import Actor, Unit
    from traceability.events.documents import Document

brand_option = click.option("--brand", default="lanmu", show_default=True)
MEDIA_TYPES = {".xml": "application/xml", ".json": "application/ld+json", ".jsonld": "application/ld+json"}
AT_ONCE = 500
TRIES = 3
"""How often a part is tried when the database does not take it: it may have been a lock."""


@click.group()
def epcis() -> None:
    """EPCIS 2.0: capture documents of events, ask for events."""


@epcis.command()
@brand_option
@click.option("--proceed", is_flag=True, help="Take what is good; else a file with an error is left out whole.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def capture(brand: str, proceed: bool, files: tuple[Path, ...]) -> None:
    """Capture FILES, JSON or XML documents of EPCIS 2.0, at once and without the worker."""
    from app.house import inside, open_database

    database = open_database(Settings.from_environment())
    actor = inside(database, brand)
    errors: list[str] = []
    captured = 0
    with click.progressbar(files, label="files", show_pos=True) as bar:
        for path in bar:
            for ids, flaws in _captured(database, actor, path, proceed):
                captured += ids
                errors += [f"{path}{each['pointer'] and ':'}{each['pointer']}: {each['detail']} ({each['rule']})" for each in flaws]
    click.echo(f"{captured} events captured, {len(errors)} errors")
    for each in errors:
        click.echo(f"  {each}", err=True)
    if errors:
        raise click.exceptions.Exit(2)


def _captured(database: Database, actor: Actor, path: Path, proceed: bool) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """How many events of a file were captured, and what was wrong, step by step."""
    from traceability.events import capturing, documents, jobs

    behaviour = capturing.PROCEED if proceed else capturing.ROLLBACK
    try:
        document = documents.read(path.read_bytes(), MEDIA_TYPES.get(path.suffix.lower(), "application/json"))
    except Invalid as trouble:
        yield 0, trouble.errors
        return
    if not proceed and not document.good:
        yield 0, list(chain.from_iterable(document.flaws))
        return
    most = int(Settings.from_environment().epcis_most_events)
    if not proceed and (len(document.events) > most or jobs.things(document) > jobs.MOST_THINGS):
        yield 0, [flaw("", "too-large", f"more than {most} events or {jobs.MOST_THINGS} things at once: --proceed takes them in parts")]
        return
    for part in jobs.parts(document) if proceed else [document]:
        yield _part(database, actor, part, behaviour)


def _part(database: Database, actor: Actor, part: Document, behaviour: str) -> tuple[int, list[dict[str, Any]]]:
    """One transaction. Of what the database does not take, in the end, nothing is kept, and the next part has its turn."""
    from sqlalchemy.exc import DBAPIError

    from traceability.events import capturing
    from traceability.events.keeping import Unwritten

    for _ in range(TRIES):
        try:
            with database.begin(actor) as unit:
                outcome = capturing.capture(unit, part, behaviour=behaviour)
            return len(outcome.ids) + outcome.repeated, outcome.errors
        except (Unwritten, DBAPIError):
            continue
        except Trouble as trouble:
            return 0, [flaw(part.places[0] if part.places else "", trouble.code, trouble.detail or trouble.title)]
    return 0, [flaw(part.places[0] if part.places else "", "unwritten", f"the database did not take these {len(part.events)} events")]


@epcis.command()
@brand_option
@click.option("--form", default="Never_Translates", show_default=True, help="Of identifiers: Always_GS1_Digital_Link, Always_EPC_URN, …")
@click.option("--most", default=1000, show_default=True, type=click.IntRange(1), help="How many events at most.")
@click.argument("question", default="")
def query(brand: str, form: str, most: int, question: str) -> None:
    """Answer QUESTION, such as 'EQ_bizStep=shipping&GE_eventTime=2026-11-01T00:00:00Z', with a document on standard output."""
    from app.house import inside, open_database
    from traceability.events import export

    database = open_database(Settings.from_environment())
    with database.look(inside(database, brand)) as unit:
        told = export.tell(unit, _found(unit, question, most), form=form)
        click.echo(json.dumps(export.query_document(unit, told), ensure_ascii=False, indent=2))
    click.echo(f"{len(told)} events", err=True)


def _found(unit: Unit, question: str, most: int) -> list[Any]:
    """The first so many events that answer a question."""
    from traceability.events import asking, querying

    params: dict[str, object] = asking.gather(parse_qsl(question, keep_blank_values=True))
    found: list[Any] = []
    token: str | None = None
    while len(found) < most:
        cut = {"perPage": min(most - len(found), AT_ONCE), **({"nextPageToken": token} if token else {})}
        page = querying.find(unit, asking.read({**params, **cut}))
        found += page.events
        token = page.next_token
        if token is None:
            break
    return found[:most]
