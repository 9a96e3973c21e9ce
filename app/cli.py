"""``suyuan``: the command line. Each command opens the same use cases as the pages and the API."""

from __future__ import annotations

import csv
import json
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli_codes import codes
from app.cli_epcis import epcis
from app.cli_goods import trace
from app.cli_keys import key
from app.cli_rebuild import rebuild
from app.config import Settings
from kernel.errors import Trouble

if TYPE_CHECKING:
    from app.database import Database
    from app.seed import Planted


class Household(click.Group):
    """Says trouble in two lines and ends with its exit code; keeps the commands in the order of use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Trouble as trouble:
            from app.problems import exit_code

            click.echo(f"{trouble.title}: {trouble.detail}" if trouble.detail else trouble.title, err=True)
            for each in getattr(trouble, "errors", []):
                click.echo(f"  {each['pointer']}: {each['detail']}", err=True)
            ctx.exit(exit_code(trouble))
        return None


@click.group(cls=Household)
def main() -> None:
    """Suyuan 溯源: from the supplier's paper to the consumer's scan, and back.

    \b
    First steps:  ./suyuan run    starts everything with a demo dairy
                  ./suyuan demo   tells the whole loop with a stop-watch
                  ./suyuan test   runs the tests
    """


@main.command()
@click.option("--lan", is_flag=True, help="Serve phones on this network over TLS.")
@click.option("--no-simulator", is_flag=True, help="Start without the line simulator.")
def run(lan: bool, no_simulator: bool) -> None:
    """Start web, worker and line simulator; plant the demo dairy when the database is empty."""
    from app import running

    settings = _embedded(Settings.from_environment())
    if lan:
        settings = running.on_the_lan(settings)
    database = _migrated(settings)
    planted = []

    def simulator() -> list[tuple[str, ...]]:
        return [] if no_simulator or not _gateway_key(settings) else [("simulate",)]

    children = running.start(settings, between=lambda: planted.append(_plant(settings, database)), extra=simulator)
    try:
        _welcome(settings, planted[0])
        sys.exit(running.watch(children, mailbox=Path(settings.home) / "post.log", say=click.echo))
    except KeyboardInterrupt:
        children.stop()
        sys.exit(0)


def _embedded(settings: Settings) -> Settings:
    """``run`` serves the simulator's MQTT by its own broker unless another is named, and prints codes for its own port."""
    telemetry = settings.telemetry_url or f"mqtt+embedded://127.0.0.1:{18830 + int(settings.port) - 8000}"
    public = settings.public_url
    if "PUBLIC_URL" not in os.environ:
        public = f"http://127.0.0.1:{settings.port}"
    return replace(settings, telemetry_url=telemetry, public_url=public)


def _migrated(settings: Settings) -> Database:
    from app.house import open_database
    from migrations.upgrade import upgrade

    database = open_database(settings)
    upgrade(database.engine)
    return database


def _plant(settings: Settings, database: Database) -> Planted | None:
    """The demo dairy when nothing is there; what was planted, or None."""
    from app import seed

    planted = seed.plant(settings, database) if seed.is_empty(database) else None
    if planted is not None:
        _keep(settings, "line-gateway", planted.device_key)
        _keep(settings, "demo-link", planted.scan_link)
    database.engine.dispose()
    return planted


def _keep(settings: Settings, name: str, value: str) -> None:
    path = Path(settings.home) / "keys" / name
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(value)


def _gateway_key(settings: Settings) -> str:
    path = Path(settings.home) / "keys" / "line-gateway"
    return path.read_text() if path.exists() else ""


def _welcome(settings: Settings, planted: Planted | None) -> None:
    from traceability.symbols import draw, make

    url = settings.public_url
    kept = Path(settings.home) / "keys" / "demo-link"
    if kept.exists():
        link = kept.read_text()
        click.echo(draw.terminal(make(link)))
        click.echo(f"  扫一瓶牛奶  scan a bottle    {link}")
    if planted is not None:
        for role, words in (
            ("plant", "车间看板  plant board     "),
            ("quality", "质量工作台  quality desk   "),
            ("brand_admin", "品牌工作台  brand desk     "),
            ("supplier", "供应商门户  supplier portal"),
        ):
            click.echo(f"  {words}  {url}{planted.logins[role]}")
        click.echo(f"  接口密钥  API key          {planted.api_key}")
        click.echo("  (登录链接只能用一次 · sign-in links work once; again: ./suyuan login quality@lanmu.example)")
    else:
        click.echo(f"  登录  sign in             {url}/login   (./suyuan login EMAIL makes a one-time link)")
    click.echo("  制造一次故障  make a fault    ./suyuan fault dip        停止  stop: Ctrl-C")


@main.command()
def demo() -> None:
    """Tell the whole loop on the command line, with a stop-watch, in a house of its own."""
    from app.demo import tell

    sys.exit(tell(click.echo))


@main.command()
def web() -> None:
    """The web server alone."""
    from app.running import serve_web

    serve_web(Settings.from_environment())


@main.command()
@click.option("--concurrency", default=2, show_default=True, help="Threads (embedded) or processes.")
def worker(concurrency: int) -> None:
    """The worker; with the embedded broker also relay, beat and telemetry."""
    from app.worker import run_worker

    run_worker(Settings.from_environment(), concurrency=concurrency)


@main.command()
def relay() -> None:
    """The relay alone: carries the outbox to the broker."""
    from app.worker import run_relay

    run_relay(Settings.from_environment())


@main.command()
def beat() -> None:
    """The clock alone; run exactly one."""
    from app.worker import run_beat

    run_beat(Settings.from_environment())


@main.command()
def telemetry() -> None:
    """The MQTT door alone."""
    from app.worker import run_telemetry

    run_telemetry(Settings.from_environment())


@main.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    from app.database import make_engine
    from migrations.upgrade import head, upgrade

    upgrade(make_engine(Settings.from_environment().database_url))
    click.echo(f"at {head()}")


@main.command()
@click.option("--line", default="L1", show_default=True)
@click.option("--seed", default=1, show_default=True)
def simulate(line: str, seed: int) -> None:
    """Play a dairy line into the telemetry door, one reading a second."""
    from app.simulate import simulate as play

    settings = Settings.from_environment()
    key = os.environ.get("GATEWAY_KEY") or _gateway_key(settings)
    if not key:
        raise click.ClickException("no key: set GATEWAY_KEY to a key with the scope telemetry")
    with suppress(KeyboardInterrupt):  # Ctrl-C reaches the whole house; the parent says the last word
        play(settings, line=line, key=key, seed=seed)


@main.command()
@click.argument("kind", type=click.Choice(["dip", "drift", "stuck", "silence"]))
@click.option("--tag", default="pasteuriser_outlet", show_default=True)
@click.option("--seconds", default=60, show_default=True)
def fault(kind: str, tag: str, seconds: int) -> None:
    """Ask the running simulator for a fault."""
    from app.simulate import ask_fault

    ask_fault(Settings.from_environment(), kind=kind, tag=tag, seconds=seconds)
    click.echo(f"{tag}: {kind} for {seconds} s")


@main.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--brand", default="lanmu", show_default=True)
@click.option("--line", required=True, help="Code of the line; it is added when it is not there.")
@click.option("--delimiter", default=";", show_default=True)
@click.option("--ignore", multiple=True, default=("anomaly", "changepoint"), help="Columns to leave out.")
def replay(path: Path, brand: str, line: str, delimiter: str, ignore: tuple[str, ...]) -> None:
    """Feed a CSV (first column a time, then one column a sensor) into the telemetry store."""
    from app.replay import replay_csv

    for done, total, counts in replay_csv(Settings.from_environment(), path, brand=brand, line=line, delimiter=delimiter, ignore=ignore):
        click.echo(f"\r  {done:>7} of {total} rows  {json.dumps(counts)}", nl=done == total)


@main.command()
@click.argument("reference")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--brand", default="lanmu", show_default=True)
@click.option("--format", "kind", help="pdf, csv, zpl, png or svg. Usual: the ending of PATH.")
@click.option("--face", default="outer", show_default=True, help="outer, inner, or both in a CSV.")
@click.option("--start", default=1, show_default=True, type=click.IntRange(1), help="Number of the first code, from 1.")
@click.option("--count", type=int, help="How many. Usual: to the end of the order.")
@click.option("--dpi", default=600, show_default=True, help="Of the printer.")
@click.option("--size", default=15.0, show_default=True, help="Of the symbol, in millimetres.")
@click.option("--gain", default=0.0, show_default=True, help="How far ink spreads beyond an edge, in millimetres.")
@click.option("--margin", default=8.0, show_default=True, help="Of the sheet, in millimetres.")
def labels(
    reference: str,
    path: Path,
    brand: str,
    kind: str | None,
    face: str,
    start: int,
    count: int | None,
    dpi: int,
    size: float,
    gain: float,
    margin: float,
) -> None:
    """Write the labels of the order REFERENCE into the file PATH."""
    from app.printer import print_labels
    from traceability.labels.planner import Wish

    asked = {"format": kind or path.suffix[1:], "face": face, "start": start, "count": count}
    wish = Wish(dpi=dpi, size_mm=size, gain_mm=gain, margin_mm=margin)
    steps = print_labels(Settings.from_environment(), path, brand=brand, reference=reference, wish=wish, **asked)
    done, total = next(steps)
    with click.progressbar(length=total, label=path.name) as bar:
        bar.update(done)
        for now, _ in steps:
            bar.update(now - done)
            done = now


main.add_command(codes)
main.add_command(trace)
main.add_command(epcis)
main.add_command(key)
main.add_command(rebuild)


@main.command()
@click.argument("email")
def login(email: str) -> None:
    """Make a one-time sign-in link for an account."""
    from app.auth import credentials
    from app.house import open_database
    from kernel.unit import PLATFORM

    settings = _embedded(Settings.from_environment())
    with open_database(settings).begin(PLATFORM) as unit:
        click.echo(f"{settings.public_url}/once/{credentials.make_link(unit, email=email)}")


@main.command()
def rewrap() -> None:
    """Lock everything under the present ROOT_KEY, after a change of it; from then on ROOT_KEY_OLD can be forgotten."""
    from sqlalchemy import select

    from app.house import open_database
    from kernel.orm import Brand
    from kernel.unit import PLATFORM, system
    from members import identity
    from suppliers import webhooks
    from traceability import keys
    from traceability.events import subscriptions

    database = open_database(Settings.from_environment())
    with database.look(PLATFORM) as unit:
        brands = unit.session.execute(select(Brand.id, Brand.slug).order_by(Brand.slug)).all()
    for brand_id, slug in brands:
        with database.begin(system(brand_id)) as unit:
            moved = keys.rewrap(unit), identity.rewrap(unit), subscriptions.rewrap(unit), webhooks.rewrap(unit)
            click.echo(f"{slug}: {moved[0]} serial keys, {moved[1]} members, {moved[2]} subscriptions, {moved[3]} webhooks")


@main.group()
def outbox() -> None:
    """Deliveries that failed for good: see them, try them again."""


@outbox.command("list")
def outbox_list() -> None:
    """Dead deliveries with their reason."""
    from sqlalchemy import select

    from app.house import open_database
    from kernel.outbox import Delivery
    from kernel.unit import PLATFORM

    with open_database(Settings.from_environment()).look(PLATFORM) as unit:
        rows = list(unit.session.scalars(select(Delivery).where(Delivery.state == "dead").order_by(Delivery.due_at)))
    for row in rows:
        click.echo(f"{row.id}  {row.reaction}  tries={row.tries}  {row.error}")
    click.echo(f"{len(rows)} dead")


@outbox.command("retry")
@click.argument("delivery_id")
def outbox_retry(delivery_id: str) -> None:
    """Try one again."""
    from app.house import open_database
    from kernel import outbox as box
    from kernel.unit import PLATFORM

    with open_database(Settings.from_environment()).begin(PLATFORM) as unit:
        revived = box.revive(unit.session, delivery_id, now=unit.now)
    click.echo("due now" if revived else "no such dead delivery")


@main.command()
@click.option("--csv", "as_csv", is_flag=True, help="Comma separated, for a sheet.")
def settings(as_csv: bool) -> None:
    """Every setting, its default and meaning."""
    from dataclasses import fields

    rows = [(f.metadata["name"], str(f.default), f.metadata["meaning"]) for f in fields(Settings)]
    if as_csv:
        csv.writer(sys.stdout).writerows(rows)
        return
    for name, default, meaning in rows:
        click.echo(f"{name}={default}\n    {meaning}")


@main.command("help")
@click.pass_context
def help_(ctx: click.Context) -> None:
    """This page."""
    click.echo(ctx.parent.get_help() if ctx.parent else "")


if __name__ == "__main__":
    main(prog_name="suyuan")
