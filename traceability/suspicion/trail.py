"""What is remembered of the looks at one item: sums of evidence, who looked and where, in one short text.

Evidence is kept as it was weighed when it came. The text is bounded (LONGEST) however often an
item is looked at: sums do not grow, and of devices and regions only so many are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite

LONGEST = 400
MOST_DEVICES = 20
MOST_REGIONS = 20
_FORM = "1"
"""The first field: the version of this form."""
_COUNTS = ("first", "last", "looks", "faces", "places", "unused", "wave_faces", "sale_faces")
_SUMS = (
    *("tempo", "household", "abroad", "around", "since_first", "last_face"),
    *("wave_day", "wave_before", "wave_since", "wave_abroad", "wave_around"),
    *("sale_day", "sale_before", "sale_abroad", "sale_around"),
)


@dataclass(slots=True)
class Trail:
    """Minutes are whole and since the epoch, days since the first look; sums are natural logarithms.

    ``faces`` counts further devices after the first look. ``household``, ``abroad`` and ``around`` say how
    well the places fit to an owner, to strangers from everywhere and to strangers around one place;
    ``tempo`` how well the times fit to an owner; ``since_first`` is the sum of the faces' days. A second
    posting begins at ``wave_day``, with what was known before it in ``wave_*``; copies that came after a posting
    at ``sale_day``, likewise, with the faces until then in ``sale_faces``.
    """

    first: int
    last: int
    looks: int = 1
    faces: int = 0
    places: int = 0
    unused: int = 0
    wave_faces: int = 0
    sale_faces: int = 0
    tempo: float = 0.0
    household: float = 0.0
    abroad: float = 0.0
    around: float = 0.0
    since_first: float = 0.0
    last_face: float = 0.0
    wave_day: float = -1.0
    wave_before: float = 0.0
    wave_since: float = 0.0
    wave_abroad: float = 0.0
    wave_around: float = 0.0
    sale_day: float = -1.0
    sale_before: float = 0.0
    sale_abroad: float = 0.0
    sale_around: float = 0.0
    devices: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)


def write(trail: Trail) -> str:
    """At most LONGEST characters: where the names of many regions are long, later ones are forgotten."""
    t = trail
    sums = (
        f"{_FORM};{t.first:x};{t.last:x};{t.looks:x};{t.faces:x};{t.places:x};{t.unused:x};{t.wave_faces:x};{t.sale_faces:x};"
        f"{t.tempo:.2f};{t.household:.2f};{t.abroad:.2f};{t.around:.2f};{t.since_first:.3f};{t.last_face:.3f};"
        f"{t.wave_day:.3f};{t.wave_before:.2f};{t.wave_since:.3f};{t.wave_abroad:.2f};{t.wave_around:.2f};"
        f"{t.sale_day:.3f};{t.sale_before:.2f};{t.sale_abroad:.2f};{t.sale_around:.2f};"
        f"{','.join(t.devices[-MOST_DEVICES:])};"
    )
    regions = ",".join(t.regions[:MOST_REGIONS])
    room = LONGEST - len(sums)
    return sums + (regions if len(regions) <= room else regions[: room + 1].rpartition(",")[0])


def read(text: str | None) -> Trail | None:
    """None for no trail and for one that is broken: then it starts afresh."""
    if not text or len(text) > LONGEST:
        return None
    form, *fields = text.split(";")
    if form != _FORM or len(fields) != len(_COUNTS) + len(_SUMS) + 2:
        return None
    *numbers, devices, regions = fields
    try:
        counts = [int(each, 16) for each in numbers[: len(_COUNTS)]]
        sums = [float(each) for each in numbers[len(_COUNTS) :]]
    except ValueError:
        return None
    trail = Trail(*counts, *sums)  # type: ignore[arg-type]
    trail.devices = devices.split(",") if devices else []
    trail.regions = regions.split(",") if regions else []
    return trail if _sound(trail, counts, sums) else None


def _sound(trail: Trail, counts: list[int], sums: list[float]) -> bool:
    """Whether such a trail can have been written."""
    return (
        min(counts) >= 0
        and max(counts) < 1 << 40
        and all(map(isfinite, sums))
        and max(map(abs, sums)) < 1e9
        and trail.first <= trail.last
        and trail.faces < trail.looks
        and max(trail.wave_faces, trail.sale_faces) <= trail.faces
        and min(trail.since_first, trail.last_face, trail.wave_since) >= 0
        and len(trail.devices) <= MOST_DEVICES
        and len(trail.regions) <= MOST_REGIONS
    )
