"""The reader of codes: a page for whoever has no camera that opens links, or a code too small for it.

All reading happens in the browser (app/static/reader*.js); no picture ever comes here.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template, send_from_directory

from app.auth.guards import open_door
from app.doors import look
from app.pages.look import STATIC
from kernel.errors import Missing
from kernel.unit import VISITOR
from traceability import addresses

bp = Blueprint("reader", __name__)


@bp.get("/scan")
@open_door
def show() -> str:
    """The camera, or a chosen picture; links of our own hosts are followed."""
    return render_template("reader.html", hosts=urlsplit(current_app.extensions["suyuan.settings"].public_url).netloc)


@bp.get("/scan/hosts/<host>")
@open_door
def host(host: str) -> Response:
    """Whether codes on this host are a brand's of this house (204), so that the page may follow one there."""
    with look(VISITOR) as unit:
        if addresses.owner(unit, host=host[: addresses.LONGEST], path="") is None:
            raise Missing("no such host")
    return Response(status=204)


@bp.get("/scan/worker.js")
@open_door
def worker() -> Response:
    """The script that reads. A worker lives under the policy that its own script came with, so here, and
    nowhere else, WebAssembly may be compiled."""
    return send_from_directory(STATIC, "reader-worker.js", mimetype="text/javascript")


worker.talisman_view_options = {  # type: ignore[attr-defined]
    "content_security_policy": {"default-src": "'none'", "script-src": "'self' 'wasm-unsafe-eval'", "connect-src": "'self'"}
}
