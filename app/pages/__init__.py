"""The HTML doors. Each page is a guard, a shape in, one use case, a template out."""

from __future__ import annotations

from flask import Flask

from app.pages import look, member, scan

BLUEPRINTS = (scan.bp, member.bp)


def install(app: Flask) -> None:
    look.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
