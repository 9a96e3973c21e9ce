"""Links by the table: brought in after a look at what would happen, written out; and the hosts they may lead to."""

from __future__ import annotations

import hmac
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, flaw_words, line, refused, slips, uploaded
from app.pages.frame import page
from app.pages.links import titles
from app.pages.look import amount
from kernel.errors import Invalid, Trouble, flaw
from kernel.unit import Unit
from traceability import addresses, link_cells, link_files, link_hosts
from traceability.link_files import OUTCOMES

bp = Blueprint("link_tables", __name__, url_prefix="/desk/links")
SHOWN: Final = 200
HASH: Final = 64


@bp.get("/import")
@staff("quality", "brand_admin")
def form() -> Response:
    """The form, and what a table has to look like."""
    return _page(NONE)


@bp.post("/import")
@staff("quality", "brand_admin")
def dry_run() -> Response:
    """What the table would do, row by row; the bytes wait in the vault for the second look."""
    content = uploaded("file")
    try:
        if not content:
            raise Invalid(errors=[flaw("/file", "required", "choose a file")])
        with look() as unit:
            plan = link_files.dry_run(unit, content)
            waiting = "" if plan.flaws else _ticket(unit, unit.outside.vault.put(content))
    except Trouble as trouble:
        return _page(slips(trouble, ("file",)))
    return _page(NONE, plan, waiting)


@bp.post("/import/confirm")
@staff("quality", "brand_admin")
def bring_in() -> Response:
    """Let happen what was shown. What changed meanwhile is reckoned anew."""
    try:
        with begin() as unit:
            content = _waiting(unit, line("waiting"))
            done = link_files.bring_in(unit, content=content).counts
    except Trouble as trouble:
        return _page(_told(trouble))
    told = {name: amount(done[name]) for name in ("added", "changed", "ended")}
    flash(_("已导入：新增 %(added)s，修改 %(changed)s，停用 %(ended)s。", **told))
    return redirect(url_for("links.every"), 303)


@bp.get("/export")
@staff("quality", "brand_admin")
def export() -> Response:
    """All living links as CSV."""
    with look() as unit:
        response = make_response(link_files.written(unit))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="links.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/hosts")
@staff("quality", "brand_admin")
def hosts() -> Response:
    """The hosts to which links may lead."""
    return _hosts(NONE)


@bp.post("/hosts")
@staff("brand_admin")
def allow() -> Response:
    """Let links lead to a host."""
    try:
        with begin() as unit:
            link_hosts.allow(unit, host=line("host"))
    except Trouble as trouble:
        return _hosts(slips(trouble, ("host",)))
    flash(_("已允许。"))
    return redirect(url_for("link_tables.hosts"), 303)


@bp.post("/hosts/remove")
@staff("brand_admin")
def disallow() -> Response:
    """Take a host off the list, while no link leads there."""
    try:
        with begin() as unit:
            link_hosts.disallow(unit, host=line("host"))
    except Trouble as trouble:
        return refused(trouble, url_for("link_tables.hosts"))
    flash(_("已移除。"))
    return redirect(url_for("link_tables.hosts"), 303)


def _ticket(unit: Unit, key: str) -> str:
    """The key of bytes in the vault, with a mark that this brand was shown them: a vault has the papers of all brands."""
    mark = unit.outside.keys.mac("links.import", f"{unit.brand_id}:{key}".encode()).hex()
    return f"{key}{mark}"


def _waiting(unit: Unit, ticket: str) -> bytes:
    key = ticket[:HASH]
    if not ticket.isascii() or not hmac.compare_digest(ticket, _ticket(unit, key)):
        raise Invalid(errors=[flaw("/file", "required", "choose the file again")])
    return unit.outside.vault.get(key)


def _told(trouble: Trouble) -> Slips:
    """Every wrong cell with its line, the first of them."""
    if not isinstance(trouble, Invalid):
        return slips(trouble, ("file",))
    lines = [_("第 %(line)s 行：%(what)s", line=each["line"], what=flaw_words(each)) for each in trouble.errors if "line" in each]
    return Slips(422, {}, lines[:SHOWN]) if lines else slips(trouble, ("file",))


def _page(wrong: Slips, plan: link_files.Plan | None = None, waiting: str = "") -> Response:
    rows = sorted(plan.rows, key=lambda row: (row.outcome != "wrong", OUTCOMES.index(row.outcome))) if plan else []
    values: dict[str, Any] = {"plan": plan, "rows": rows[:SHOWN], "waiting": waiting, "most": link_cells.MOST}
    values |= {"words": _words, "titles": titles(), "columns": link_cells.COLUMNS}
    with look() as unit:
        status = 422 if plan is not None and plan.flaws else wrong.status
        return make_response(page(unit, "link_import.html", slips=wrong, **values), status)


def _words(wrong: dict[str, Any]) -> str:
    """A flaw of a cell, with the name of its column."""
    column = str(wrong["pointer"]).split("/")[3:]
    return f"{column[0]}: {flaw_words(wrong)}" if column else flaw_words(wrong)


def _hosts(wrong: Slips) -> Response:
    with look() as unit:
        own = [each.name for each in addresses.every(unit) if not each.name.startswith("/")]
        values = {"hosts": link_hosts.every(unit), "own": own, "public_url": unit.outside.public_url, "typed": line("host")}
        return make_response(page(unit, "link_hosts.html", slips=wrong, **values), wrong.status)
