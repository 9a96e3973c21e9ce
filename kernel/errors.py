"""What can go wrong, in six kinds. No kind knows HTTP: app/problems.py translates.

    Trouble
    ├── Missing       the thing is not there, or not yours to see
    ├── Invalid       the words are wrong: errors=[flaw(pointer, rule, detail), …]
    ├── Conflict      right words at the wrong moment
    ├── Refused       you may not
    ├── TooMany       not so often, not so much
    └── Unavailable   something outside did not answer; the same call may succeed later

A concrete trouble lives beside the function that raises it and carries its own ``code``
(stable, kebab-case, part of the API), ``title`` and a docstring, which becomes the page
behind the problem's ``type``.
"""

from __future__ import annotations

from typing import Any, ClassVar


class Trouble(Exception):
    """Something that was foreseen. ``detail`` is for developers, in English; ``more`` holds
    the values that a page needs to say it in the reader's language. Neither may hold
    personal data or a serial."""

    code: ClassVar[str] = "trouble"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str = "", **more: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.more = more


class Missing(Trouble):
    """There is no such thing here, or it belongs to somebody else."""

    code = "missing"
    title = "Not found"


class Invalid(Trouble):
    """The request does not say something that can be done. ``errors`` names each place and rule."""

    code = "invalid"
    title = "The request is not valid"

    def __init__(self, detail: str = "", *, errors: list[dict[str, Any]] | None = None, **more: Any) -> None:
        super().__init__(detail or "; ".join(e["detail"] for e in errors or []), **more)
        self.errors = errors or []


class Conflict(Trouble):
    """The thing is not in a state in which this can be done."""

    code = "conflict"
    title = "That cannot be done now"


class Refused(Trouble):
    """You are known, but this is not yours to do."""

    code = "refused"
    title = "Not allowed"


class TooMany(Trouble):
    """Too often or too much. ``more['retry_after']`` says how many seconds to wait."""

    code = "too-many"
    title = "Too many requests"


class Unavailable(Trouble):
    """Something outside did not answer. The same call may succeed later."""

    code = "unavailable"
    title = "Temporarily unavailable"


def flaw(pointer: str, rule: str, detail: str, **more: Any) -> dict[str, Any]:
    """One wrong place: a JSON pointer (RFC 6901), the name of the rule, a sentence in English."""
    return {"pointer": pointer, "rule": rule, "detail": detail, **more}
