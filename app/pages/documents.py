"""How a paper's file leaves the house: the original to keep, a page to look at. Both are a stranger's.

The original is only ever a download. What a browser shows inline are pages drawn anew from decoded pixels. It must not know who asks.
"""

from __future__ import annotations

from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from kernel.errors import Missing
from kernel.unit import Unit
from suppliers import certificates
from suppliers.reading import media_type_of

DRAWN = ("image/png", "image/jpeg")


def document(unit: Unit, paper_id: str) -> Response:
    """A paper's bytes as a download. Raises Missing."""
    paper = certificates.get(unit, paper_id)
    content = BytesIO(certificates.content(unit, paper_id))
    response = send_file(content, mimetype=paper.media_type or "application/octet-stream", as_attachment=True, download_name=paper.filename)
    return _ours_alone(response)


def picture(content: bytes) -> Response:
    """One page as it was drawn anew, to be shown. Raises Missing for anything that is no such picture."""
    kind = media_type_of(content)
    if kind not in DRAWN:
        raise Missing("no such page")
    return _ours_alone(send_file(BytesIO(content), mimetype=kind))


def _ours_alone(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
