"""Files of codes as answers: streamed a part at a time, the same bytes each time, so that a broken download goes on where it was."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import Response, request
from werkzeug.wsgi import wrap_file

from kernel.errors import Missing
from kernel.unit import Unit
from traceability import printing
from traceability.labels import FORMATS

_ONE_RANGE: Final = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{1,18})?|-[0-9]{1,18})[ \t]*", re.IGNORECASE)


def file_response(unit: Unit, order_id: str, format_name: str) -> Response:
    """The first file of an order in this format. Raises Missing or printing.PrintNotReady."""
    job = next((job for job in printing.jobs(unit, order_id) if job.format == format_name), None)
    if job is None:
        raise Missing("no such file")
    return job_response(unit, job.id)


def job_response(unit: Unit, job_id: str) -> Response:
    """A finished file, whole or the range asked for (RFC 9110, 14). Raises Missing or printing.PrintNotReady."""
    job, content = printing.file(unit, job_id)
    kind = FORMATS[job.format]
    response = Response(wrap_file(request.environ, content), content_type=kind.media_type, direct_passthrough=True)
    response.content_length = job.size
    response.set_etag(job.digest or "")
    portion = "" if job.face == "outer" else f"-{job.face}"
    response.headers["Content-Disposition"] = f'attachment; filename="codes-{job.order_id}{portion}.{kind.suffix}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response.make_conditional(_asked(), accept_ranges=True, complete_length=job.size)


def _asked() -> dict[str, Any]:
    """The request without a Range that is malformed, of another unit or of several ranges: such a one is ignored (RFC 9110, 14.2)."""
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if found and not (found[2] and int(found[1]) > int(found[2])):
        return request.environ
    return {name: value for name, value in request.environ.items() if name != "HTTP_RANGE"}
