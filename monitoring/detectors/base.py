"""What a detector is. Pure.

A detector looks at one reading after the other in event time and says whether it lies out
of the ordinary. It knows no alert, no delay and no clock: episodes.py makes episodes of
what it finds. All it remembers between readings lies in ``memory``, a dict of JSON values,
so that a restart between two readings changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Memory = dict[str, Any]


@dataclass(frozen=True)
class Watched:
    """What a detector may know of a stream. Values are in the stream's own unit, times in seconds.

    ``baseline``: {"location", "scale", "days"} of the nightly refit, empty before the first.
    """

    limits: Mapping[str, float] = field(default_factory=dict)
    critical: bool = False
    novelty: bool = True
    cadence: float = 1.0
    baseline: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """How one reading looks. Neither ``out`` nor ``back`` is the zone of hysteresis between.

    ``depth`` orders findings of one severity (more is worse); ``evidence`` holds the numbers
    that explain it, with "code" naming the words.
    """

    out: bool
    back: bool
    severity: str = "warning"
    depth: float = 0.0
    evidence: Mapping[str, Any] = field(default_factory=dict)


NORMAL = Finding(out=False, back=True)
HOVERING = Finding(out=False, back=False)


class Detector(Protocol):
    def watches(self, watched: Watched) -> bool:
        """Whether it has anything to say about such a stream."""
        ...

    def delays(self, watched: Watched) -> tuple[float, float]:
        """Seconds that a finding must last before an episode opens, and normality before it ends."""
        ...

    def step(self, watched: Watched, memory: Memory, at: int, value: float, *, calm: bool) -> Finding:
        """Look at one good, finite reading (``at`` in µs, strictly growing) and bring ``memory`` up to date.

        ``calm`` is False while an episode of the stream is open or about to open: nothing of
        that may be learnt as normal.
        """
        ...
