"""What is normal for a stream, fitted every night from its last week.

Runs in the worker only: statsmodels takes its time to import and is never on a request's
path. Knows no alert.
"""

from __future__ import annotations

import warnings
from datetime import timedelta
from math import isfinite

from kernel.unit import Unit
from monitoring import streams, telemetry
from monitoring.detectors.novelty import WINDOW

DAYS = 7
LEAST = 120
"""Slices of time with data: fewer say nothing yet."""


def refit(unit: Unit) -> int:
    """Location and scale of every novelty stream into its ``state["baseline"]``; how many were fitted.

    A stream with little or unmoving data keeps what it had.
    """
    since = unit.now - timedelta(days=DAYS)
    fitted = 0
    for no in [stream.no for stream in streams.streams(unit) if stream.novelty]:
        for stream in streams.locked(unit, no=no):
            slice_seconds = max(WINDOW * stream.cadence_seconds, 60.0)
            found = robust(telemetry.means(unit, stream, since, slice_seconds))
            if found is None:
                continue
            stream.state = {**stream.state, "baseline": {"location": found[0], "scale": found[1], "days": DAYS}}
            unit.session.flush()
            fitted += 1
    if fitted:
        unit.record("baselines.refitted", "brand", unit.brand_id, streams=fitted)
    return fitted


def robust(values: list[float]) -> tuple[float, float] | None:
    """Joint location and scale by Huber's proposal 2; None where there are too few values or no spread."""
    if len(values) < LEAST:
        return None
    import numpy
    from statsmodels.robust.scale import Huber

    try:
        with warnings.catch_warnings(), numpy.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            location, scale = Huber(maxiter=100)(numpy.asarray(values, dtype=float))
    except ValueError:
        return None
    location, scale = float(location), float(scale)
    return (location, scale) if isfinite(location) and isfinite(scale) and scale > 0 else None
