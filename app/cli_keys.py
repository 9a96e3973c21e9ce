"""``suyuan key``: keys of machines, made, listed and taken back."""

from __future__ import annotations

import click

from app.auth import credentials
from app.config import Settings

brand_option = click.option("--brand", default="lanmu", show_default=True)


@click.group()
def key() -> None:
    """Keys by which machines (ERP, WMS, other EPCIS repositories) come in."""


@key.command()
@brand_option
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(credentials.SCOPES), help="One for each door.")
@click.argument("name")
def add(brand: str, scopes: tuple[str, ...], name: str) -> None:
    """Make a key for the machine NAME. It is shown now and never again."""
    from app.house import inside, open_database

    database = open_database(Settings.from_environment())
    with database.begin(inside(database, brand)) as unit:
        made = credentials.add_key(unit, name=name, scopes=list(scopes))
    click.echo(made)


@key.command("list")
@brand_option
def list_(brand: str) -> None:
    """The keys that are live: id, beginning, scopes and name."""
    from app.house import inside, open_database

    database = open_database(Settings.from_environment())
    with database.look(inside(database, brand)) as unit:
        for row in credentials.keys(unit):
            click.echo(f"{row.id}  {row.prefix}…  {','.join(row.scopes)}  {row.name}")


@key.command()
@brand_option
@click.argument("key_id")
def revoke(brand: str, key_id: str) -> None:
    """Take a key back, for good: whoever uses it is refused from now on."""
    from app.house import inside, open_database

    database = open_database(Settings.from_environment())
    with database.begin(inside(database, brand)) as unit:
        credentials.revoke_key(unit, key_id=key_id)
    click.echo(f"{key_id} is revoked")
