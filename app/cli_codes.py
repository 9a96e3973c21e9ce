"""``suyuan codes``: order codes, see how they would be printed, how their books stand, and whether a sheet can be read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.config import Settings
from kernel.errors import Missing

if TYPE_CHECKING:
    from kernel.unit import Unit
    from traceability.models import CodeOrder, PrintJob

brand_option = click.option("--brand", default="lanmu", show_default=True)


@click.group()
def codes() -> None:
    """Codes: order them, plan their labels, read their books, inspect a printed sheet."""


@codes.command()
@brand_option
@click.option("--gtin", required=True, help="Of the product.")
@click.option("--count", required=True, type=int)
@click.option("--reference", required=True, help="Your own name of the order; the same again is the same order.")
@click.option("--scheme", default="gs1", show_default=True, help="gs1 (a GS1 Digital Link) or compact (a short link).")
@click.option("--inner", is_flag=True, help="With a second code under the cap.")
def order(brand: str, gtin: str, count: int, reference: str, scheme: str, inner: bool) -> None:
    """Order codes of a product; ./suyuan labels makes files of them."""
    from app.house import inside, open_database
    from traceability import codes, products

    database = open_database(Settings.from_environment())
    with database.begin(inside(database, brand)) as unit:
        product = products.by_gtin(unit, gtin)
        made = codes.order(unit, product_id=product.id, count=count, reference=reference, scheme=scheme, inner=inner, formats=())
        first = codes.links(unit, made.id, count=1)[0]
    _table({"order": made.id, "reference": made.reference, "product": product.name_zh, "count": f"{made.count:,}", "first": first})


@codes.command()
@brand_option
@click.option("--order", "reference", help="Of these codes; else of codes not ordered yet:")
@click.option("--scheme", default="gs1", show_default=True, help="gs1 or compact.")
@click.option("--host", help="Where they begin. Usual: the brand's own address.")
@click.option("--dpi", default=600, show_default=True, help="Of the printer.")
@click.option("--size", default=12.0, show_default=True, help="Of the symbol, in millimetres.")
@click.option("--gain", default=0.0, show_default=True, help="How far ink spreads beyond an edge, in millimetres.")
def plan(brand: str, reference: str | None, scheme: str, host: str | None, dpi: int, size: float, gain: float) -> None:
    """Say how codes would be printed, or what would work instead."""
    from app.house import inside, open_database
    from app.words import WORDS
    from traceability import printing
    from traceability.labels.planner import Wish

    database, wish = open_database(Settings.from_environment()), Wish(dpi=dpi, size_mm=size, gain_mm=gain)
    with database.look(inside(database, brand)) as unit:
        if reference is not None:
            found = printing.preview(unit, order_id=_order(unit, reference).id, wish=wish)
        else:
            found = printing.foresee(unit, scheme=scheme, host=host, wish=wish)
    _table(
        {
            "symbol": f"version {found.version}-{found.level}, {found.modules} modules, {found.mode}",
            "module": f"{found.dots} dots, {found.module_mm:.3f} mm",
            "size": f"{found.symbol_mm:.2f} mm, {found.pitch * found.module_mm:.2f} mm with {found.quiet} modules of quiet zone",
            "thinned": f"{found.thin} dots",
            "readable": f"{found.fitness:.0%}" + "".join(f"; {WORDS[f'fitness.{reason}'][1]}" for reason in found.reasons),
        }
    )


@codes.command()
@brand_option
@click.argument("reference")
def balance(brand: str, reference: str) -> None:
    """The books of the order REFERENCE."""
    from app.house import inside, open_database
    from traceability import balance

    database = open_database(Settings.from_environment())
    with database.look(inside(database, brand)) as unit:
        found = _order(unit, reference)
        books = balance.of(unit, found.id)
    _table({name: f"{many:,}" for name, many in asdict(books).items()} | {"closed": str(found.closed_at or "no")})


@codes.command()
@brand_option
@click.argument("picture", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("reference")
@click.option("--format", "kind", default="pdf", show_default=True, help="Of the file that was printed: pdf, png or svg.")
@click.option("--page", default=1, show_default=True, help="Of that file.")
@click.option("--scrap", is_flag=True, help="Scrap the bad labels.")
def check(brand: str, picture: Path, reference: str, kind: str, page: int, scrap: bool) -> None:
    """Compare PICTURE, a scanned sheet, with the order REFERENCE: grades A to F, and what is below C."""
    from app.house import inside, open_database
    from traceability import inspections

    database = open_database(Settings.from_environment())
    actor = inside(database, brand)
    with database.look(actor) as unit:
        job = _file(unit, _order(unit, reference), kind)
        report = inspections.inspect(unit, job_id=job.id, page=page, picture=picture.read_bytes())
    bad = report.bad()
    _table({grade or "unseen": str(many) for grade, many in report.counts().items()})
    _table({"below C": ", ".join(str(position + 1) for position in bad) or "none", "sharp": "yes" if report.sharp else "no"})
    if scrap and bad:
        with database.begin(actor) as unit:
            inspections.scrap_bad(unit, order_id=report.order_id, positions=bad)
        click.echo(f"{len(bad)} labels scrapped")


def _order(unit: Unit, reference: str) -> CodeOrder:
    from traceability import codes

    found = codes.by_reference(unit, reference)
    if found is None:
        raise Missing(f"no order {reference}")
    return found


def _file(unit: Unit, order: CodeOrder, kind: str) -> PrintJob:
    """The newest file of this kind."""
    from traceability import printing

    found = [job for job in printing.jobs(unit, order.id) if job.format == kind]
    if not found:
        raise Missing(f"no {kind} of order {order.reference} was made")
    return found[-1]


def _table(rows: dict[str, Any]) -> None:
    wide = max(map(len, rows))
    for name, value in rows.items():
        click.echo(f"  {name:<{wide}}  {value}")
