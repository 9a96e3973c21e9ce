"""What an address asks: its parameters as a question, its last part as a URI.

A URI in a path comes percent-encoded; servers hand it on decoded, slashes and all, so the doors take what is left of
the path as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from app.epcis import negotiation, paging, problems
from kernel.errors import Invalid, Missing, flaw
from traceability.events import asking
from traceability.events.asking import Question

LONGEST = 400
"""Characters of a URI that is kept."""


def question(given: Mapping[str, object] | None = None, *, params: bool = True) -> Question:
    """The question of this address, and of ``given``, which the address must not say otherwise.

    Raises Invalid, as QueryParameterException. With ``params`` false the address may say how the answer is cut only.
    """
    given = dict(given or {})
    with problems.meant("QueryParameterException"):
        told = asking.gather(request.args.items(multi=True))
        cut = {"perPage": paging.size(), "nextPageToken": paging.cursor()}
        wrong = sorted(name for name in told if name in given or not (params or name in cut))
        if wrong:
            raise Invalid(errors=[flaw(f"/{name}", "unknown-parameter", f"{name[:80]} cannot be said here") for name in wrong])
        all_of_it = {**given, **told, **cut}
        return asking.read({name: value for name, value in all_of_it.items() if value is not None}, negotiation.extensions())


def nothing_else(*known: str) -> None:
    """The address has none but these parameters. Raises Invalid, as QueryParameterException."""
    strange = sorted(name for name in request.args if name not in known)
    if strange:
        with problems.meant("QueryParameterException"):
            raise Invalid(errors=[flaw(f"/{name[:80]}", "unknown-parameter", f"{name[:80]!r} is not known here") for name in strange])


def uri(text: str) -> str:
    """An identifier out of a path. Raises Missing for what no event can have said."""
    if len(text) > LONGEST or not text.isprintable():
        raise Missing("no such thing here")
    return text
