"""One more look at an item: what it says for an owner, for a posted photograph, for copies.

Each story is a Poisson process of faces whose mean is not known but Gamma distributed, so that n faces
with times tᵢ until T weigh Γ(k+n)/Γ(k)·bᵏ/(b+F(T))ᵏ⁺ⁿ·Πf(tᵢ), with f(t) = F′(t) how such faces come:

* an owner and his: a fitted table of slices, dense at first, thin after weeks;
* a posting: e^(−t/τ)/τ for one of some τ, begun at the first look or after the longest silence;
* copies: evenly, F(T) = T.

Each face's place weighs apart: an owner stays with a probability that depends on how many places are
known already and on the gap; strangers are at a known place as often as everybody is, and else as far
away as two strangers are.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from math import exp, inf, lgamma, log, log1p
from typing import NamedTuple

from traceability import regions
from traceability.suspicion import trail as trails
from traceability.suspicion.model import EDGES, MIDDLE, NEAR, Model
from traceability.suspicion.trail import MOST_DEVICES, MOST_REGIONS, Trail

Reason = tuple[str, dict[str, int]]
POSTED_WITHIN = 60.0
"""Days within which a label is posted, where it is."""
LOG_POSTED_WITHIN = log(POSTED_WITHIN)
WITHIN_A_WAVE = 0.5
"""Days: after a shorter silence nobody asks for another posting."""
A_POSTING = 10
"""Faces that may have been a posting: who sells copies could post a picture first, to hide them behind it."""
IDLE = 60
"""Minutes within which another look of the same device from the same place is no look of its own for a trail."""
TELLING = 1.0
"""A reason weighs at least so much in log odds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look. ``at``: UTC; ``device``: tells the devices at this item apart, None when not known;
    ``region``: a code of ``regions`` or None; ``unused``: the label should not be on any item yet."""

    at: datetime
    device: int | None
    region: str | None
    unused: bool = False


@dataclass(frozen=True, slots=True)
class Followed:
    """``trail``: to be kept and handed in with the next look. ``log_odds``: copied against innocent, natural
    logarithm, before what is believed without looks; ``probability`` with it. ``reasons``: only those that weigh:
    devices (count), regions (count, km), tempo (days), unused, neighbours (count). ``is_news``: suspected, and this look was
    a new face or is the one that made it so."""

    trail: str
    log_odds: float
    probability: float
    suspected: bool
    reasons: tuple[Reason, ...]
    is_news: bool = False


def follow(model: Model, trail: str | None, seen: Seen, neighbours: int = 0) -> Followed:
    """What is to be thought of an item after this look. Never raises for a trail: a broken one starts afresh.

    ``neighbours``: suspected items close by in the same roll, where known.
    """
    so_far, face = trails.read(trail), None
    if so_far is None:
        trail, so_far = None, begin(seen)
        if not seen.unused and neighbours <= 0:
            return Followed(trails.write(so_far), 0.0, _logistic(model.prior), False, ())  # one look says nothing: most items get no other
    elif _again(so_far, seen):
        return recall(model, trail, neighbours)
    else:
        face = add(model, so_far, seen)
    log_odds, stories = weigh(model, so_far)
    log_odds += _beside(model, neighbours)
    suspected = log_odds >= model.threshold
    reasons = _reasons(model, so_far, stories, neighbours) if log_odds > 0 else ()
    is_news = suspected and (face is not None or not recall(model, trail, neighbours).suspected)
    return Followed(trails.write(so_far), log_odds, _logistic(log_odds + model.prior), suspected, reasons, is_news)


def recall(model: Model, trail: str | None, neighbours: int = 0) -> Followed:
    """What is to be thought of an item as things stand, without another look. ``neighbours`` as in ``follow``."""
    so_far = trails.read(trail)
    if so_far is None:
        return Followed(trail or "", 0.0, _logistic(model.prior), False, ())
    log_odds, stories = weigh(model, so_far)
    log_odds += _beside(model, neighbours)
    reasons = _reasons(model, so_far, stories, neighbours) if log_odds > 0 else ()
    return Followed(trail or "", log_odds, _logistic(log_odds + model.prior), log_odds >= model.threshold, reasons)


def places(trail: str | None) -> int:
    """In how many places an item was looked at, as far as they are known."""
    so_far = trails.read(trail)
    return so_far.places if so_far is not None else 0


def _again(trail: Trail, seen: Seen) -> bool:
    """Whether a known device looks again from a known place within the hour: nothing to remember, and nothing to write."""
    device, region = _device(seen.device), _region(seen.region)
    return device in trail.devices and (not region or region in trail.regions) and int(seen.at.timestamp()) // 60 - trail.last < IDLE


class Face(NamedTuple):
    """A further device at an item. ``days`` since the first look, ``gap`` since the last face; ``places`` known before, at most 3;
    ``moved``: to a new place, None where that cannot be told; ``far``: 0 near, 1 middle, 2 far, None for no move."""

    days: float
    gap: float
    places: int
    moved: bool | None
    far: int | None


@dataclass(frozen=True, slots=True)
class Stories:
    """Logarithms of how well each story tells what was seen, with its own prior among the innocent; ``where``: copies, places only."""

    owner: float
    posted: float
    copied: float
    where: float


def weigh(model: Model, trail: Trail) -> tuple[float, Stories]:
    """Log odds of copies against innocence, and the stories they come from."""
    days = (trail.last - trail.first) / 1440
    where = _strangers(model, trail.abroad, trail.around)
    owner = _owner(model, trail, days)
    posted = _sum(*_posted(model, trail, days, where))
    copied = _gamma(trail.faces, model.copied_shape, model.copied_rate, days) + where
    if trail.sale_day >= 0:
        later = _gamma(trail.faces - trail.sale_faces, model.copied_shape, model.copied_rate, days - trail.sale_day)
        later += _strangers(model, trail.abroad - trail.sale_abroad, trail.around - trail.sale_around)
        copied = _sum(copied, trail.sale_before + later)
    log_odds = copied - _sum(owner, posted) + (model.unused if trail.unused else 0.0)
    return log_odds, Stories(owner, posted, copied, where)


def _owner(model: Model, trail: Trail, days: float) -> float:
    start, before, a_day = model.until[bisect_right(EDGES, days)]
    passed = min(before + a_day * (days - start), 1.0)
    return _gamma(trail.faces, model.faces_shape, model.faces_rate, passed) + trail.tempo + trail.household


def _posting(model: Model, faces: int, since: float, days: float) -> float:
    """One posting of whatever kind, from its first moment; ``since``: the sum of the faces' days."""
    days = max(days, 0.0)  # a trail keeps days rounded, so that a posting may seem to begin a moment after the last look
    weights = [
        known + lgamma(shape + faces) - (shape + faces) * log(rate + 1 - exp(-days * fading)) - faces * log_days - since * fading
        for known, shape, rate, fading, log_days in model.postings
    ]
    best = max(weights)
    return best + log(sum([exp(each - best) for each in weights]))


def _posted(model: Model, trail: Trail, days: float, where: float) -> tuple[float, float]:
    """Posted when it was first looked at, and posted (again) where the trail says so."""
    at_once = model.logs[0] + _posting(model, trail.faces, trail.since_first, days) + where
    if trail.wave_day < 0:
        return at_once, -inf
    later = _posting(model, trail.wave_faces, trail.wave_since, days - trail.wave_day)
    later += _strangers(model, trail.abroad - trail.wave_abroad, trail.around - trail.wave_around)
    return at_once, trail.wave_before + later


def _gamma(faces: int, shape: float, rate: float, passed: float) -> float:
    passed = max(passed, 0.0)
    return lgamma(shape + faces) - lgamma(shape) + shape * log(rate) - (shape + faces) * log(rate + passed)


def _strangers(model: Model, abroad: float, around: float) -> float:
    """Places of strangers: from everywhere, or around one place."""
    _, _, everywhere, near = model.logs
    return _sum(everywhere + abroad, near + around)


def begin(seen: Seen) -> Trail:
    """After the first look."""
    minute = int(seen.at.timestamp()) // 60
    device, region = _device(seen.device), _region(seen.region)
    trail = Trail(minute, minute, places=1 if region else 0, unused=int(seen.unused))
    trail.devices = [device] if device else []
    trail.regions = [region] if region else []
    return trail


def add(model: Model, trail: Trail, seen: Seen) -> Face | None:
    """Put one more look into the trail; what was told by it, or None where the device is known and so tells nothing."""
    trail.last = max(trail.last, int(seen.at.timestamp()) // 60)  # two looks at once may come in the wrong order
    trail.looks += 1
    device, region = _device(seen.device), _region(seen.region)
    if device in trail.devices or (device == "" and (region == "" or region in trail.regions)):
        _remember(trail, device, region)
        return None
    days = (trail.last - trail.first) / 1440
    gap = max(days - trail.last_face, 0.0)
    _wave(model, trail, days, gap)
    places = min(trail.places, 3)
    moved, far = _place(model, trail, region, gap)
    trail.faces += 1
    trail.unused += int(seen.unused)
    trail.tempo += model.densities[bisect_right(EDGES, days)]
    trail.since_first += days
    trail.last_face = days
    _remember(trail, device, region)
    return Face(days, gap, places, moved, far)


def _wave(model: Model, trail: Trail, days: float, gap: float) -> None:
    """Whether this face belongs to the posting that the trail knows of or is the first of another: what tells the times better."""
    in_wave = max(days - trail.wave_day, 0.0)
    goes_on = trail.wave_before + _posting(model, trail.wave_faces + 1, trail.wave_since + in_wave, in_wave)
    if gap > WITHIN_A_WAVE or trail.wave_day < 0:
        where = _strangers(model, trail.abroad, trail.around)
        at_once, later = _posted(model, trail, days, where)
        begins = _sum(_owner(model, trail, days) + model.logs[0], _sum(at_once, later) + model.logs[1]) - LOG_POSTED_WITHIN
        since = _strangers(model, trail.abroad - trail.wave_abroad, trail.around - trail.wave_around)
        if trail.wave_day < 0 or begins > goes_on + since:
            if trail.sale_day < 0 and trail.faces >= A_POSTING:
                trail.sale_before = _sum(_owner(model, trail, days), _sum(at_once, later)) - LOG_POSTED_WITHIN
                trail.sale_day, trail.sale_faces = days, trail.faces + 1
                trail.sale_abroad, trail.sale_around = trail.abroad, trail.around
            trail.wave_before, trail.wave_day, trail.wave_faces, trail.wave_since = begins, days, 0, 0.0
            trail.wave_abroad, trail.wave_around = trail.abroad, trail.around
            return
    trail.wave_faces += 1
    trail.wave_since += in_wave


def _place(model: Model, trail: Trail, region: str, gap: float) -> tuple[bool | None, int | None]:
    """What the place of a new face says; nothing where it is not known or where none was known before."""
    if not region or not trail.regions:
        return None, None
    move = model.moves[min(trail.places, 3) - 1] + model.moves_gap * log1p(gap)
    share, rare, usual = model.shares.get, model.rare, 0.0
    for known in trail.regions:
        usual += share(known, rare)
    usual = min(max(usual, 1e-4), 0.9)
    if region in trail.regions or any(known.startswith(region) or region.startswith(known) for known in trail.regions):
        trail.household -= log1p(exp(move))
        trail.abroad += log(usual)
        trail.around += log(model.copied_reach[0])
        return False, None
    trail.household += move - log1p(exp(move))
    trail.abroad += log1p(-usual)
    far = _how_far(region, trail.regions)
    if far is None:
        trail.around += log(1 - model.copied_reach[0])
    else:
        trail.household += model.log_reach[far]
        trail.around += model.log_copied_reach[far]
    return True, far


def _how_far(region: str, known: list[str]) -> int | None:
    """0 near, 1 middle, 2 far from the nearest known place."""
    here, nearest = _code(region), None
    for place in known:
        km = regions.distance_km(here, _code(place))
        if km is not None and (nearest is None or km < nearest):
            nearest = km
    if nearest is None:
        return None
    return 0 if nearest <= NEAR else 1 if nearest <= MIDDLE else 2


def _km(one: str, other: str) -> float | None:
    return regions.distance_km(_code(one), _code(other))


def _remember(trail: Trail, device: str, region: str) -> None:
    if device and device not in trail.devices:
        trail.devices.append(device)
        del trail.devices[:-MOST_DEVICES]
    if region and region not in trail.regions:
        trail.places += 1
        if len(trail.regions) < MOST_REGIONS:
            trail.regions.append(region)


def _device(device: int | None) -> str:
    return "" if device is None else f"{device & 0xFFFFFF:06x}"


def _region(region: str | None) -> str:
    """As the trail keeps it: ``3301`` for ``CN-3301``, others as they are; "" for none and for what is no code."""
    if not region or len(region) > 8 or not region.replace("-", "").isalnum() or not region.isascii():
        return ""
    return region.removeprefix("CN-")


def _code(kept: str) -> str:
    return f"CN-{kept}" if kept[0].isdigit() else kept


def _reasons(model: Model, trail: Trail, stories: Stories, neighbours: int) -> tuple[Reason, ...]:
    days = (trail.last - trail.first) / 1440
    reasons: list[Reason] = []
    owner_faces = stories.owner - trail.household
    if trail.faces and stories.copied - stories.where - owner_faces >= TELLING:
        reasons.append(("devices", {"count": trail.faces + 1}))
    if trail.places > 1 and stories.where - trail.household >= TELLING:
        far = max((_km(trail.regions[0], other) or 0.0 for other in trail.regions[1:]), default=0.0)
        reasons.append(("regions", {"count": trail.places, "km": round(far)}))
    if days >= 3 and stories.copied - stories.posted >= TELLING and trail.faces > 2:
        reasons.append(("tempo", {"days": int(days)}))
    if trail.unused:
        reasons.append(("unused", {}))
    if neighbours > 0:
        reasons.append(("neighbours", {"count": neighbours}))
    return tuple(reasons)


def _beside(model: Model, neighbours: int) -> float:
    """What suspected neighbours add to the log odds."""
    return model.neighbour * min(max(neighbours, 0), 3)


def _sum(a: float, b: float) -> float:
    """log(eᵃ + eᵇ)"""
    return a + log1p(exp(b - a)) if a >= b else b + log1p(exp(a - b))


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else (e := exp(x)) / (1 + e)
