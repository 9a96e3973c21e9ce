"""Placeholder of D."""

from __future__ import annotations

from typing import Any


def make(geo_url: str) -> Any:
    return lambda environ: None
