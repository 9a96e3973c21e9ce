"""The HTML doors. Each page is a guard, a shape in, one use case, a template out."""

from __future__ import annotations

from flask import Flask

from app.pages import (
    about,
    asked,
    board,
    code_settings,
    compact,
    deliveries,
    desk,
    drills,
    fraud,
    imports,
    inspections,
    lane,
    link_tables,
    links,
    look,
    lot_books,
    lot_passport,
    lots,
    mass_balance,
    member,
    moves,
    orders,
    packs,
    paper_queue,
    papers,
    passwords,
    portal,
    portal_calendar,
    portal_papers,
    portal_people,
    portal_uploads,
    prints,
    reaching,
    reader,
    recalls,
    reports,
    requirements,
    resolve,
    scan,
    sheets,
    shipments,
    sites,
    supplier_people,
    suppliers,
    trust,
)

CODES = (imports.bp, orders.bp, prints.bp, moves.bp, inspections.bp, packs.bp, shipments.bp, sites.bp, code_settings.bp)
PORTAL = (portal.bp, portal_uploads.bp, portal_papers.bp, portal_people.bp, portal_calendar.bp)
PAPERS = (paper_queue.bp, papers.bp, suppliers.bp, supplier_people.bp, trust.bp, requirements.bp, asked.bp)
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
    sheets.bp,
    lot_books.bp,
    lot_passport.bp,
    deliveries.bp,
    mass_balance.bp,
    fraud.bp,
    reports.bp,
    *CODES,
    links.bp,
    link_tables.bp,
    *PAPERS,
    recalls.bp,
    reaching.bp,
    drills.bp,
    passwords.bp,
    *PORTAL,
)


def install(app: Flask) -> None:
    look.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.wsgi_app = lane.Lane(app)  # type: ignore[method-assign]
