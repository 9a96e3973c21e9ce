"""JSON doors of links: where things lead, tables of them, and the hosts they may lead to."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from app.api import forms
from app.api import shapes_links as shapes
from app.auth.guards import machine
from app.doors import begin, look
from kernel.errors import Invalid, flaw
from traceability import link_anchors, link_files, link_hosts, links
from traceability.link_rules import LINK_TYPES

bp = APIBlueprint("api_links", __name__, url_prefix="/api/v1", tag="Links")


@bp.get("/links")
@machine("links")
@bp.input(shapes.LinksIn, location="query")
@bp.output(list[shapes.LinkOut])
def list_links(query_data: shapes.LinksIn) -> Any:
    """Living links, newest first, ``limit`` at a time."""
    asked = query_data.model_dump(exclude={"thing"})
    for name, among in (("link_type", LINK_TYPES), ("health", links.HEALTH)):
        if asked[name] is not None and asked[name] not in among:
            raise Invalid(errors=[flaw(f"/{name}", "choice", f"must be one of {', '.join(among)}")])
    key = link_anchors.read(query_data.thing).key if query_data.thing else None
    with look() as unit:
        return links.every(unit, key=key, **asked)


@bp.post("/links")
@machine("links")
@bp.input(shapes.LinkIn)
@bp.output(shapes.LinkOut, status_code=201)
def add_link(json_data: shapes.LinkIn) -> Any:
    """Let a thing lead somewhere. The same once more answers the link that is there."""
    with begin() as unit:
        return links.add(unit, **json_data.model_dump())


@bp.get("/links/<link_id>")
@machine("links")
@bp.output(shapes.LinkOut)
def show_link(link_id: str) -> Any:
    """A link, also one that was ended."""
    with look() as unit:
        return links.get(unit, link_id)


@bp.put("/links/<link_id>")
@machine("links")
@bp.input(shapes.LinkChangeIn)
@bp.output(shapes.LinkOut)
def change_link(link_id: str, json_data: shapes.LinkChangeIn) -> Any:
    """Say all of a link anew; the thing stays."""
    with begin() as unit:
        return links.change(unit, link_id=link_id, **json_data.model_dump())


@bp.delete("/links/<link_id>")
@machine("links")
@bp.output({}, status_code=204)
def end_link(link_id: str) -> Any:
    """End a link. Its history stays."""
    with begin() as unit:
        links.end(unit, link_id=link_id)
    return ""


@bp.get("/links/<link_id>/history")
@machine("links")
@bp.output(list[shapes.LinkChangeOut])
def link_history(link_id: str) -> Any:
    """What was done to a link, and what its checks found that was new, newest first."""
    with look() as unit:
        return links.history(unit, link_id)


@bp.post("/links/imports")
@machine("links")
@bp.input(shapes.ImportIn, location="query")
@bp.output(shapes.ImportOut)
def import_links(query_data: shapes.ImportIn) -> Any:
    """Bring in a table of links (CSV with key, link_type, href, title and more): all of it, or nothing and every wrong cell named."""
    is_csv = request.mimetype == forms.CSV
    content = request.get_data() if is_csv else forms.upload("file", "the CSV file")
    with forms.told_at("/file", "" if is_csv else "/file"):
        if query_data.dry_run:
            with look() as unit:
                return _shown(link_files.dry_run(unit, content))
        with begin() as unit:
            return _shown(link_files.bring_in(unit, content=content))


@bp.get("/links/export")
@machine("links")
def export_links() -> Response:
    """All living links as CSV; it can be brought in again."""
    with look() as unit:
        return csv_response(link_files.written(unit))


@bp.get("/link-hosts")
@machine("links")
@bp.output(list[shapes.LinkHostOut])
def list_hosts() -> Any:
    """The hosts that links may lead to, beside the platform's own and those of the brand's codes."""
    with look() as unit:
        return link_hosts.every(unit)


@bp.post("/link-hosts")
@machine("admin")
@bp.input(shapes.LinkHostIn)
@bp.output(shapes.LinkHostOut, status_code=201)
def allow_host(json_data: shapes.LinkHostIn) -> Any:
    """Let links lead to a host."""
    with begin() as unit:
        return link_hosts.allow(unit, host=json_data.host)


@bp.delete("/link-hosts")
@machine("admin")
@bp.input(shapes.LinkHostIn, location="query")
@bp.output({}, status_code=204)
def disallow_host(query_data: shapes.LinkHostIn) -> Any:
    """Take a host off the list, while no link leads there."""
    with begin() as unit:
        link_hosts.disallow(unit, host=query_data.host)
    return ""


def csv_response(content: bytes) -> Response:
    """A table of links as a file."""
    headers = {"Content-Disposition": 'attachment; filename="links.csv"', "Cache-Control": "private, no-store"}
    return Response(content, mimetype=forms.CSV, headers=headers)


def _shown(plan: link_files.Plan) -> dict[str, Any]:
    return {"counts": plan.counts, "displaced": plan.displaced, "rows": [_row(row) for row in plan.rows]}


def _row(row: Any) -> dict[str, Any]:
    wanted = row.wanted if row.anchor else None
    return {
        "row": row.place,
        "line": row.line,
        "outcome": row.outcome,
        "anchor": row.anchor.path if row.anchor else None,
        "link_type": (wanted and wanted.link_type) or None,
        "href": (wanted and wanted.href) or None,
        "before": row.before.href if row.before and wanted and row.before.href != wanted.href else None,
        "errors": row.flaws,
    }
