"""The HTML doors. Each page is a guard, a shape in, one use case, a template out."""

from __future__ import annotations

from flask import Flask

from app.pages import (
    about,
    board,
    code_settings,
    compact,
    desk,
    fraud,
    imports,
    inspections,
    lane,
    link_tables,
    links,
    look,
    lots,
    member,
    moves,
    orders,
    packs,
    papers,
    portal,
    prints,
    reader,
    recalls,
    reports,
    resolve,
    scan,
    shipments,
    sites,
)

CODES = (imports.bp, orders.bp, prints.bp, moves.bp, inspections.bp, packs.bp, shipments.bp, sites.bp, code_settings.bp)
BLUEPRINTS = (
    scan.bp,
    about.bp,
    resolve.bp,
    compact.bp,
    reader.bp,
    member.bp,
    board.bp,
    desk.bp,
    lots.bp,
    fraud.bp,
    reports.bp,
    *CODES,
    links.bp,
    link_tables.bp,
    papers.bp,
    recalls.bp,
    portal.bp,
)


def install(app: Flask) -> None:
    look.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.wsgi_app = lane.Lane(app)  # type: ignore[method-assign]
