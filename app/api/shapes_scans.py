"""Shapes of scans asked for by machines."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.shapes import In, Out


class ScanIn(In):
    """``code``: whatever the label says, as a link, an element string or a serial alone. ``region``: coarsely where, such as
    CN-3301 or JP. ``device``: any text that tells the asker's devices apart; only a keyed hash of it is kept, another one for
    each item. ``request_id``: the same one with the same code again is the same look."""

    code: str = Field(min_length=1, max_length=2000)
    region: str | None = Field(default=None, max_length=8)
    device: str | None = Field(default=None, min_length=1, max_length=200)
    request_id: str | None = Field(default=None, min_length=1, max_length=64)


class ReasonOut(Out):
    """``code`` names the reason, ``text`` says it in the language asked for."""

    code: str
    text: str


class ScannedProductOut(Out):
    gtin: str
    name_zh: str
    name_en: str
    net_content: str


class ScannedLotOut(Out):
    code: str
    state: str
    standing: str
    best_before: date | None


class ScanOut(Out):
    """``verdict``: first_check, seen_before, ask_inner, look_twice, not_released, void, on_hold, recalled, expired or unknown.
    ``copied``: how probable it is that the label was copied, 0 to 1. ``told_before``: this request was answered before and
    counted then. ``opened_at``: when the code under the seal was first read."""

    verdict: str
    tone: str
    text: str
    reasons: list[ReasonOut]
    scan_id: str | None
    told_before: bool
    product: ScannedProductOut | None
    lot: ScannedLotOut | None
    times: int
    first_at: datetime | None
    first_region: str | None
    inner: bool
    has_inner: bool
    opened_at: datetime | None
    copied: float | None
