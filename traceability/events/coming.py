"""One event on its way in, with what was found of it so far. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from traceability.events import projecting
from traceability.events.documents import Told


@dataclass
class Fresh:
    """One event on its way in. ``repeated``: it is known, word for word. ``target``: the event that it takes back;
    ``after``: that one, where it comes in the same document."""

    place: str
    told: Told
    uri: str
    hash: str
    """CBV 2.0, hexadecimal."""
    named: list[projecting.Named]
    flaws: list[dict[str, Any]] = field(default_factory=list)
    repeated: bool = False
    target: str | None = None
    after: Fresh | None = None
    id: str = ""

    @property
    def declared(self) -> dict[str, Any] | None:
        """Its errorDeclaration, if it is one."""
        return self.told.get("errorDeclaration")

    @property
    def counts(self) -> bool:
        """It says something itself, and does not only take back what was said."""
        return self.target is None and self.after is None
