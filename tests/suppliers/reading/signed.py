"""The synthetic signed set: its root, its revocation list, and the moment it was made."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

from suppliers.reading import papers, stopwatch
from tests.conftest import shared_data

Anchors = list[tuple[str, bytes | None]]


class Signed:
    def __init__(self) -> None:
        self.folder = shared_data("certificates") / "synthetic_pades"
        self.expected = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))
        self.at = datetime.fromisoformat(self.expected["generated_at"])
        self.anchors: Anchors = [((self.folder / "root.cert.pem").read_text(), (self.folder / "root.crl.der").read_bytes())]

    def bytes(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def look(self, content: bytes, *, anchors: Anchors | None = None, at: datetime | None = None) -> dict[str, Any]:
        """Without a child, which other tests are about."""
        stopwatch.start()
        return papers.look(content, {"anchors": self.anchors if anchors is None else anchors, "at": at or self.at})[0]


@cache
def signed_set() -> Signed:
    return Signed()


def trusted(reading: dict[str, Any]) -> bool:
    """The rule of the house: whole, believed, not revoked, over all of the file, unchanged in bytes and in pixels."""
    return (
        reading["trouble"] is None
        and bool(reading["signatures"])
        and reading["changed"] == []
        and all(
            each["intact"]
            and each["valid"]
            and each["trusted"]
            and each["revocation_known"]
            and not each["revoked"]
            and each["covers_whole_file"]
            and each["modification"] in ("none", "lta")
            for each in reading["signatures"]
        )
    )
