"""What is normal for the looks at one product's items, and what is not.

A table of numbers and no more: ``weighing`` reads it, ``traceability.clone_fitting`` fits it
anew from a brand's own history. Must not know how it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from itertools import accumulate
from math import isfinite, lgamma, log
from typing import Any, ClassVar, Self

EDGES = (0.007, 0.042, 0.25, 1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 120.0)
"""Ends of the slices of time since the first look, in days: 10 minutes, an hour, 6 hours, a day … four months."""
LATER = 365.0
"""The last slice ends here."""
NEAR, MIDDLE = 200.0, 800.0
"""Kilometres: up to here two places are near, up to here neither near nor far."""


@dataclass(frozen=True)
class Model:
    """Numbers of one product. A *face* is a device that had not looked at this item before.

    ``threshold``: log odds from which an item is suspected; ``prior``: log odds that a label is copied
    before anybody looked. Shares lie in 0 … 1 and each table of them adds up to 1.
    """

    DEFAULT: ClassVar[Model]
    """Before there is any history: in benchmarks/clones.py about 30 false alarms per million items, and nine copied labels in ten."""

    faces_shape: float = 0.30
    faces_rate: float = 1.30
    """An owner and his: further faces at one item are Poisson, their mean Gamma(shape, rate)."""
    tempo: tuple[float, ...] = (0.14, 0.06, 0.08, 0.10, 0.11, 0.09, 0.09, 0.12, 0.12, 0.06, 0.03)
    """An owner and his: when those faces come, as shares of the slices EDGES (and LATER) since the first look."""
    moves: tuple[float, float, float] = (-1.9, -2.3, -2.0)
    """Log odds that an owner's next face is at a new place, where 1, 2, 3 and more places are known already."""
    moves_gap: float = 0.12
    """… and how they grow with log(1 + days since the last face)."""
    reach: tuple[float, float, float] = (0.42, 0.25, 0.33)
    """How far such a new place is from the nearest known one: near, middle, far."""
    posted: float = 0.0016
    """Share of items whose label was photographed and shown to others."""
    posted_kinds: tuple[float, ...] = (0.7, 0.1, 0.1, 0.1)
    """Shares of a family's chat and of postings to all the world, short, longer and long …"""
    posted_faces: tuple[float, ...] = (2.5, 35.0, 35.0, 35.0)
    posted_shape: tuple[float, ...] = (1.0, 2.0, 2.0, 2.0)
    """… the faces that each brings: Poisson, their mean Gamma with this mean and shape …"""
    posted_days: tuple[float, ...] = (0.6, 0.3, 0.9, 2.5)
    """… and how long it is looked at: the mean of an exponential decay."""
    posted_again: float = 0.2
    """Share of postings that are followed by another."""
    copied_shape: float = 0.7
    copied_rate: float = 1.5
    """Copies on sale: faces a day, evenly, with a mean from Gamma(shape, rate in days)."""
    copied_spread: float = 0.6
    """Share of counterfeits sold all over the country; the others around one place."""
    copied_reach: tuple[float, float, float, float] = (0.35, 0.35, 0.20, 0.10)
    """Those around one place: next face at a known place, near, middle, far."""
    places: Mapping[str, float] = field(default_factory=dict)
    """Region → share of all looks at this product."""
    rare: float = 0.006
    """… of each region that is not in the table."""
    spread: tuple[float, float, float] = (0.04, 0.22, 0.74)
    """How far apart two looks at different items are, where not at one place."""
    unused: float = 1.5
    """What a face at a label that should not be on any item yet adds to the log odds, once."""
    neighbour: float = 1.0
    """What a suspected neighbour in the same roll adds, up to three times."""
    prior: float = -8.5
    threshold: float = 9.5
    items: int = 0
    scans: int = 0
    """How much history stands behind the numbers."""

    def params(self) -> dict[str, Any]:
        """As a document: plain numbers, lists and one object."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Self:
        """The model of a document. What is missing, unknown or no number of the wanted shape is taken from DEFAULT."""
        return cls(**{each.name: _same_shape(params.get(each.name), getattr(cls.DEFAULT, each.name)) for each in fields(cls)})

    @cached_property
    def shares(self) -> dict[str, float]:
        """``places``, each by its code as the trail keeps it."""
        return {code.removeprefix("CN-"): share for code, share in self.places.items()}

    @cached_property
    def logs(self) -> tuple[float, float, float, float]:
        """Of ``posted``, ``posted_again``, ``copied_spread`` and of what is missing from it."""
        return log(self.posted), log(self.posted_again), log(self.copied_spread), log(1 - self.copied_spread)

    @cached_property
    def densities(self) -> tuple[float, ...]:
        """Log of the share of an owner's faces a day, a slice."""
        return tuple(log(max(share, 1e-6) / (end - start)) for share, start, end in zip(self.tempo, *_slices(), strict=True))

    @cached_property
    def until(self) -> tuple[tuple[float, float, float], ...]:
        """A slice: its start, the share before it, the share a day within it."""
        starts, ends = _slices()
        before = (0.0, *accumulate(self.tempo))
        return tuple((start, b, share / (end - start)) for start, end, share, b in zip(starts, ends, self.tempo, before, strict=False))

    @cached_property
    def postings(self) -> tuple[tuple[float, float, float, float, float], ...]:
        """A kind of posting: what does not depend on the looks, shape, rate, 1 / mean days, log(mean days)."""
        kinds = zip(self.posted_kinds, self.posted_faces, self.posted_shape, self.posted_days, strict=True)
        return tuple(
            (log(share) + shape * log(shape / faces) - lgamma(shape), shape, shape / faces, 1 / days, log(days))
            for share, faces, shape, days in kinds
            if share > 0
        )

    @cached_property
    def log_reach(self) -> tuple[float, float, float]:
        """Log of P(distance | owner moves) / P(distance | strangers), by near, middle, far."""
        near, middle, far = (log(max(mine, 1e-3) / max(theirs, 1e-3)) for mine, theirs in zip(self.reach, self.spread, strict=True))
        return near, middle, far

    @cached_property
    def log_copied_reach(self) -> tuple[float, float, float]:
        """Log of P(distance | copies around one place) / P(distance | strangers)."""
        near, middle, far = (
            log(max(mine, 1e-3) / max(theirs, 1e-3)) for mine, theirs in zip(self.copied_reach[1:], self.spread, strict=True)
        )
        return near, middle, far


def _slices() -> tuple[tuple[float, ...], tuple[float, ...]]:
    return (0.0, *EDGES), (*EDGES, LATER)


def _same_shape(value: Any, wanted: Any) -> Any:
    """``value`` if it is a number, a table as long as ``wanted`` or an object of shares; else ``wanted``."""
    if isinstance(wanted, tuple):
        fits = isinstance(value, list | tuple) and len(value) == len(wanted) and all(map(_number, value))
        return tuple(float(each) for each in value) if fits else wanted
    if isinstance(wanted, Mapping):
        return {str(k): float(v) for k, v in value.items() if _number(v)} if isinstance(value, Mapping) else wanted
    return type(wanted)(value) if _number(value) else wanted


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


Model.DEFAULT = Model()
