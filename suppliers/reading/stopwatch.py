"""How much of its processor time the child has used: what is only welcome is left out when little is left."""

from __future__ import annotations

import time
from typing import Final

ENOUGH: Final = 3.2
"""Seconds after which nothing begins that the verdict does not need."""
_begun = 0.0


def start() -> None:
    """Count from now on; a process of which nobody says so counts from its own beginning."""
    global _begun
    _begun = time.process_time()


def time_left(most: float = ENOUGH) -> bool:
    return time.process_time() - _begun < most
