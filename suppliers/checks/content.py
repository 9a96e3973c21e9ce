"""Are these bytes safe to open, and whole? Pure: it judges what the limited child process saw."""

from __future__ import annotations

from datetime import date
from typing import Final

from suppliers.checks.base import Finding, Paper

UNSETTLED: Final = frozenset({"child.timeout", "child.memory", "child.crashed"})
"""Too much to inspect is not the same as bad: a person may know why."""


class Content:
    def ask(self, paper: Paper, day: date) -> Finding:
        reading = paper.reading
        if paper.duplicate_of_other_supplier:
            return Finding("failed", "check.content.duplicate", {"duplicate": True})
        trouble = reading.get("trouble", "child.crashed")
        if trouble in UNSETTLED:
            return Finding("inconclusive", f"check.content.{trouble}")
        if trouble is not None:
            return Finding("failed", f"check.content.{trouble}")
        if reading.get("active"):
            return Finding("failed", "check.content.active", {"found": list(reading["active"])})
        if reading.get("kind") not in ("pdf", "image"):
            return Finding("failed", "check.content.unknown")
        if reading.get("revisions", 1) > 1 and not reading.get("signatures"):
            return Finding("inconclusive", "check.content.revised", {"revisions": reading["revisions"]})
        return Finding("passed", "check.content.clean", {"pages": reading.get("pages")})
