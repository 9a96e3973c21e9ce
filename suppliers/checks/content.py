"""Are these bytes safe to open, and whole? Pure: it judges what the limited child process saw.

Too large to inspect is not the same as bad, so that is left open; but nobody alone may accept what
could not be inspected (suppliers.standing.TWO_PERSONS). Viruses are the question of antivirus.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from suppliers.checks.base import Finding, Paper

TOO_LARGE: Final = frozenset(
    {
        "child.crashed",
        "child.memory",
        "child.timeout",
        "credential.too_complex",
        "credential.too_deep",
        "credential.too_large",
        "image.too_large",
        "ofd.bomb",
        "ofd.page_size",
        "ofd.too_large",
        "ofd.too_many_pages",
        "pdf.bomb",
        "pdf.image_size",
        "pdf.page_size",
        "pdf.too_many_objects",
        "pdf.too_many_pages",
    }
)
"""What the limits of the child stopped."""
UNFIT: Final = frozenset(
    {
        "credential.broken",
        "file.archive",
        "file.unknown",
        "image.broken",
        "image.heic",
        "ofd.archive",
        "ofd.broken",
        "ofd.encrypted",
        "ofd.markup",
        "ofd.no_document",
        "pdf.broken",
        "pdf.encrypted",
    }
)
"""What no paper is, each with a sentence of its own; any other trouble is told as ``unfit``."""
KINDS_OF_FILES: Final = ("pdf", "image", "ofd", "credential", "jsonld")


class Content:
    def ask(self, paper: Paper, day: date) -> Finding:
        reading = paper.reading
        trouble = reading.get("trouble", "child.crashed")
        if trouble is not None:
            return _troubled(str(trouble))
        if reading.get("active"):
            return Finding("failed", "check.content.active", {"found": _texts(reading["active"])}, final=True)
        if reading.get("kind") not in KINDS_OF_FILES:
            return Finding("failed", "check.content.file.unknown", final=True)
        credential = reading.get("credential")
        flaws = credential.get("structure") if isinstance(credential, dict) else None
        if isinstance(flaws, list) and flaws and all(_undefined(flaw) for flaw in flaws):
            return Finding("inconclusive", "check.content.undefined", {"found": _flaws(flaws)})
        if flaws:
            return Finding("failed", "check.content.structure", {"found": _flaws(flaws)})
        return Finding("passed", "check.content.clean", {"pages": reading.get("pages")})


def _texts(values: Any) -> list[str]:
    return [str(each)[:80] for each in values][:20] if isinstance(values, list | tuple) else [str(values)[:80]]


def _undefined(flaw: Any) -> bool:
    """A word that no context of the credential defines: sloppy, and nothing that the proof does not cover."""
    return isinstance(flaw, Mapping) and flaw.get("because") == "credential.structure.type_unknown"


def _flaws(flaws: Any) -> list[str]:
    """Where in the credential, and which rule of the data model: ``/validFrom moment``."""
    return [
        f"{str(each.get('at') or '/')[:60]} {str(each.get('because')).rsplit('.', 1)[-1][:40]}"
        for each in (flaws if isinstance(flaws, list) else ())
        if isinstance(each, Mapping)
    ][:10]


def _troubled(trouble: str) -> Finding:
    if trouble in TOO_LARGE:
        return Finding("inconclusive", f"check.content.{trouble}")
    if trouble in UNFIT:
        return Finding("failed", f"check.content.{trouble}", final=True)
    return Finding("failed", "check.content.unfit", {"trouble": trouble[:60]}, final=True)
