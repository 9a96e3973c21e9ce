"""The HTML doors. Each page is a guard, a shape in, one use case, a template out."""

from __future__ import annotations

from flask import Flask

from app.pages import board, desk, lane, look, lots, member, orders, papers, portal, recalls, scan

BLUEPRINTS = (scan.bp, member.bp, board.bp, desk.bp, lots.bp, orders.bp, papers.bp, recalls.bp, portal.bp)


def install(app: Flask) -> None:
    look.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.wsgi_app = lane.Lane(app)  # type: ignore[method-assign]
