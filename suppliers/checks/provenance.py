"""How was the file made, and was it worked on since? Pure.

Signals with weights, and never a verdict of "forged": many honest papers were saved twice. When they add up,
a person looks, with every signal before them. Where a signature passed, signature.py has asked what was
done to the bytes, and only what the page itself shows counts here; any other anybody could have put there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from suppliers.checks.base import Finding, Paper
from suppliers.checks.signature import OF_SIGNATURES, signed_by_issuer, signings

LOOK: Final = 2
"""From this sum on a person looks."""
WEIGHTS: Final[dict[str, int]] = {
    "pages_changed": 3,
    "pasted_patch": 2,
    "layer_differs": 2,
    "hidden_text": 2,
    "saved_again": 2,
    "digit_shapes": 2,
    "ofd.hidden_words": 2,
    "ofd.other_seal_file": 2,
    "ofd.second_document": 2,
    "mixed_fonts": 1,
    "hidden_layer": 1,
    "editor": 1,
    "modified_later": 1,
}
"""What each signal weighs; one that is not known here weighs 1."""
ON_THE_PAGE: Final = frozenset(
    {
        "pasted_patch",
        "layer_differs",
        "hidden_text",
        "hidden_layer",
        "digit_shapes",
        "ofd.hidden_words",
        "ofd.other_seal_file",
        "ofd.second_document",
    }
)
"""What counts beside a signature as well."""
EDITORS: Final = re.compile(
    r"photoshop|gimp|canva|illustrator|inkscape|coreldraw|affinity|pixelmator|美图|稿定|创客贴"
    r"|acrobat pro|foxit.*(editor|phantom)|pdf-?xchange|nitro|pdfelement|sejda|smallpdf|ilovepdf|pdfescape|pdf24|福昕高级|迅捷",
    re.IGNORECASE,
)
"""Programs that change pictures and pages, by the name they leave in a file. Office programs and scanners are none."""
LATER: Final = timedelta(days=1)


class Provenance:
    def ask(self, paper: Paper, day: date) -> Finding:
        reading = paper.reading
        if reading.get("trouble", "child.crashed") is not None:
            return Finding("inconclusive", "check.provenance.not_read")
        signed = signed_by_issuer(paper)
        found = dict.fromkeys(name for name in _signals(paper) if name in ON_THE_PAGE or not signed)
        weight = sum(WEIGHTS.get(name, 1) for name in found)
        evidence: dict[str, Any] = {"signals": list(found), "weight": weight} | _facts(reading)
        if weight >= LOOK:
            return Finding("inconclusive", "check.provenance.doubtful", evidence)
        return Finding("passed", "check.provenance.minor" if found else "check.provenance.plain", evidence)


def _signals(paper: Paper) -> Iterator[str]:
    reading = paper.reading
    if reading.get("changed"):
        yield "pages_changed"
    if _count(reading.get("revisions")) - signings(paper) > 1:
        yield "saved_again"
    meta = _meta(reading)
    if any(EDITORS.search(str(meta.get(name) or "")) for name in ("producer", "creator")):
        yield "editor"
    made, modified = _moment(meta.get("created")), _moment(meta.get("modified"))
    if made is not None and modified is not None and modified - made > LATER:
        yield "modified_later"
    names = (str(each.get("name"))[:40] for each in paper.seen("signals"))
    yield from (name for name in names if name not in OF_SIGNATURES)


def _facts(reading: Mapping[str, Any]) -> dict[str, Any]:
    meta = _meta(reading)
    return {
        "revisions": reading.get("revisions"),
        "producer": str(meta["producer"])[:120] if meta.get("producer") else None,
        "created": meta.get("created"),
        "modified": meta.get("modified"),
    }


def _meta(reading: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = reading.get("meta")
    return meta if isinstance(meta, Mapping) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) else 1


def _moment(text: object) -> datetime | None:
    """Metadata is a stranger's text: what is no moment is None, and one without a zone is read as it stands."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError:
        return None
