"""What the readers of credentials say when they cannot go on: a code, and how bad it is. Knows nothing else.

A refusal is *failed* when the bytes themselves are at fault (a wrong signature, a forbidden
algorithm), and *inconclusive* when something is missing that could still be brought (a key, a
context, a method nobody here speaks). The two are never mixed up: a person is told which.
"""

from __future__ import annotations

from typing import Any


class Refused(ValueError):
    """``code`` is one of the ``credential.*`` words; ``result`` failed or inconclusive; ``ask`` a DID whose document would help."""

    def __init__(self, code: str, result: str = "failed", *, ask: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.result = result
        self.ask = ask


def unknown(code: str, *, ask: str | None = None) -> Refused:
    """Not wrong, only not to be judged with what is at hand."""
    return Refused(code, "inconclusive", ask=ask)


def outcome(result: str, because: str, **more: Any) -> dict[str, Any]:
    """The shape in which every question of this room is answered."""
    return {"result": result, "because": because, **more}
