"""Maps made of nothing but the places of prefectures: where things were, and the way they went. Pure.

An equirectangular drawing, its longitudes shortened by the cosine of its middle latitude, in whole units. The faint dots are
China's own shape, so no line is drawn that anybody could dispute. It must not know what a dot means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians, sqrt
from typing import Final, NamedTuple

from traceability import regions

TONES: Final = {"ink": "--ink", "good": "--good", "look": "--look", "stop": "--stop", "quiet": "--quiet", "busy": "--busy"}
WIDE: Final = 560
ROUTE_WIDE, ROUTE_HIGH = 360, 200
_EDGE: Final = 12
_SEAM: Final = -30.0
"""The longitude at which a map of the world is cut, as Chinese maps cut it."""
_FAINT: Final = 60
_NAMED: Final = 6
_ARROW: Final = 28
"""A leg shorter than this has no room for an arrow."""


class Dot(NamedTuple):
    """``name`` is empty where the reader only gets it by pointing (``words``). ``anchor`` is SVG's text-anchor."""

    x: int
    y: int
    r: float
    tone: str
    words: str
    name: str = ""
    name_x: int = 0
    name_y: int = 0
    anchor: str = "start"


@dataclass(frozen=True)
class Drawing:
    """An SVG of ``width`` × ``height``: ``faint`` and ``lit`` are paths of dots (round caps), ``ways`` paths of lines,
    ``arrows`` small triangles, ``says`` all of it in words."""

    width: int
    height: int
    faint: str
    lit: str
    ways: list[str]
    arrows: list[str]
    dots: list[Dot]
    letter: int
    says: str


@dataclass(frozen=True)
class Frame:
    """What part of the earth is drawn: degrees to units."""

    west: float
    north: float
    scale: float
    shrink: float
    width: int
    height: int
    letter: int
    """The height of a name."""

    def put(self, code: str) -> tuple[int, int]:
        """Where a region lies on the drawing, also outside of it."""
        latitude, longitude = regions.at(code)
        return round((_turned(longitude) - self.west) * self.shrink * self.scale), round((self.north - latitude) * self.scale)

    def holds(self, x: int, y: int, edge: int = 0) -> bool:
        return edge <= x <= self.width - edge and edge <= y <= self.height - edge


def dot_map(
    points: Iterable[Sequence[object]], ways: Iterable[Sequence[str]] = (), lit: Iterable[str] = (), language: str = "zh"
) -> Drawing:
    """All of China, ``points`` as (region, count) or (region, count, tone) on it, the regions ``lit`` brought out, ``ways`` as
    (from, to). What lies abroad stands at the edge towards it; unknown regions are left out."""
    frame = _china()
    told = _merged(points)
    most = max((count for count, _ in told.values()), default=1)
    dots = []
    for code, (count, tone) in sorted(told.items(), key=lambda each: (-each[1][0], each[0])):
        x, y = _clamped(frame, code)
        words = f"{regions.name(code, language)} {count}"
        dots.append(Dot(x, y, round(4 + 8 * sqrt(count / most), 1), tone, words))
    wanted = tuple(lit)
    spots = [frame.put(region.code) for region in regions.every() if region.parent and regions.within(region.code, wanted)]
    lines = [way for way in ways if regions.known(way[0]) and regions.known(way[1])]
    ends = [(_clamped(frame, way[0]), _clamped(frame, way[1])) for way in lines]
    says = "、".join(dot.words for dot in dots) if not language.startswith("en") else ", ".join(dot.words for dot in dots)
    return _drawing(frame, _china_dots(), _path(spots), ends, _named(frame, dots, _NAMED), says)


def route_map(stops: Iterable[str | Sequence[str]], legs: Iterable[Sequence[str]] | None = None, language: str = "zh") -> Drawing | None:
    """The neighbourhood of a way: its ``stops`` in order, each a region or (region, words); ``legs`` as (from, to), else each
    stop leads to the next. None when no stop has a place."""
    given = [(stop, "") if isinstance(stop, str) else (stop[0], stop[1] if len(stop) > 1 else "") for stop in stops]
    told: dict[str, list[str]] = {}
    for code, words in given:
        if regions.known(code) and code != "CN":
            told.setdefault(code, []).extend([words] if words else [])
    if not told:
        return None
    order = [code for code, _ in given if code in told]
    pairs = list(pairwise(order)) if legs is None else [(leg[0], leg[1]) for leg in legs if leg[0] in told and leg[1] in told]
    frame = _around(tuple(told))
    ends = [(frame.put(one), frame.put(other)) for one, other in dict.fromkeys(pairs)]
    dots = []
    for code, words in told.items():
        name = regions.name(code, language)
        x, y = frame.put(code)
        dots.append(Dot(x, y, 6 if code == order[-1] else 5, "ink", f"{name} {'、'.join(words)}".strip(), name))
    says = " → ".join(regions.name(code, language) for code, _ in _runs(order))
    return _drawing(frame, _path(_nearby(frame)), "", ends, _named(frame, dots, len(dots)), says)


def _merged(points: Iterable[Sequence[object]]) -> dict[str, tuple[int, str]]:
    told: dict[str, tuple[int, str]] = {}
    for point in points:
        code, count, tone = str(point[0]), int(str(point[1])), str(point[2]) if len(point) > 2 else "ink"
        if regions.known(code) and code != "CN" and count > 0:
            told[code] = (told.get(code, (0, tone))[0] + count, tone)
    return told


def _runs(order: list[str]) -> list[tuple[str, int]]:
    """The stops without the ones that only stay where they are."""
    return [(code, at) for at, code in enumerate(order) if at == 0 or order[at - 1] != code]


def _turned(longitude: float) -> float:
    return longitude + 360 if longitude < _SEAM else longitude


@lru_cache(maxsize=1)
def _china() -> Frame:
    places = [(region.latitude, region.longitude) for region in regions.every() if region.parent]
    south, north = min(place[0] for place in places), max(place[0] for place in places)
    west, east = min(place[1] for place in places), max(place[1] for place in places)
    shrink = cos(radians(35))
    scale = (WIDE - 4 * _EDGE) / ((east - west) * shrink)
    pad = 2 * _EDGE / scale
    return Frame(west - pad / shrink, north + pad, scale, shrink, WIDE, round((north - south + 2 * pad) * scale), 17)


@lru_cache(maxsize=1)
def _china_dots() -> str:
    frame = _china()
    return _path(frame.put(region.code) for region in regions.every() if region.parent)


@lru_cache(maxsize=512)
def _around(codes: tuple[str, ...]) -> Frame:
    """A window of ROUTE_WIDE × ROUTE_HIGH with all of these in it and room for their names."""
    places = [regions.at(code) for code in codes]
    south, north = min(place[0] for place in places), max(place[0] for place in places)
    west, east = min(_turned(place[1]) for place in places), max(_turned(place[1]) for place in places)
    middle, centre = (south + north) / 2, (west + east) / 2
    shrink = max(0.2, cos(radians(middle)))
    across, along = max((east - west) * shrink, 4.0), max(north - south, 2.5)
    scale = min((ROUTE_WIDE - 120) / across, (ROUTE_HIGH - 64) / along)
    return Frame(centre - ROUTE_WIDE / 2 / scale / shrink, middle + ROUTE_HIGH / 2 / scale, scale, shrink, ROUTE_WIDE, ROUTE_HIGH, 13)


def _nearby(frame: Frame) -> list[tuple[int, int]]:
    """What lies in the window: at most 60 dots, taken evenly along the codes, whose neighbours are neighbours."""
    spots = [frame.put(region.code) for region in regions.every() if region.code != "CN"]
    inside = [spot for spot in dict.fromkeys(spots) if frame.holds(*spot, 3)]
    step = -(-len(inside) // _FAINT) if inside else 1
    return inside[::step]


def _clamped(frame: Frame, code: str) -> tuple[int, int]:
    x, y = frame.put(code)
    return min(max(x, _EDGE), frame.width - _EDGE), min(max(y, _EDGE), frame.height - _EDGE)


def _path(spots: Iterable[tuple[int, int]]) -> str:
    return "".join(f"M{x} {y}h0" for x, y in dict.fromkeys(spots))


def _drawing(
    frame: Frame, faint: str, lit: str, ends: Iterable[tuple[tuple[int, int], tuple[int, int]]], dots: list[Dot], says: str
) -> Drawing:
    ways, arrows = [], []
    for (x1, y1), (x2, y2) in dict.fromkeys(ends):
        long = hypot(x2 - x1, y2 - y1)
        if long < 8:
            continue
        over, up = (x2 - x1) / long, (y2 - y1) / long
        bend = min(0.16 * long, 40)
        control_x, control_y = (x1 + x2) / 2 + up * bend, (y1 + y2) / 2 - over * bend
        ways.append(f"M{x1} {y1}Q{control_x:.0f} {control_y:.0f} {x2} {y2}")
        if long < _ARROW:
            continue
        # Half way along the curve it runs as its chord does.
        tip_x, tip_y = (x1 + x2) / 2 + up * bend / 2 + over * 5, (y1 + y2) / 2 - over * bend / 2 + up * 5
        left = (-over * 10 + up * 5, -up * 10 - over * 5)
        arrows.append(f"M{tip_x:.0f} {tip_y:.0f}l{left[0]:.1f} {left[1]:.1f}l{-up * 10:.1f} {over * 10:.1f}z")
    return Drawing(frame.width, frame.height, faint, lit, ways, arrows, dots, frame.letter, says)


def _named(frame: Frame, dots: list[Dot], most: int) -> list[Dot]:
    """The same dots, the first of them with their names beside them where there is room for one."""
    taken = [(dot.x - dot.r, dot.y - dot.r, dot.x + dot.r, dot.y + dot.r) for dot in dots[:most]]
    found = []
    for number, dot in enumerate(dots):
        name = dot.name or dot.words
        long = sum(frame.letter * (1.0 if ord(letter) > 0x2E80 else 0.58) for letter in name)
        room = _room(frame, dot, long, [box for at, box in enumerate(taken) if at != number]) if number < most else None
        if room is None:
            found.append(dot._replace(name=""))
            continue
        x, y, anchor, box = room
        taken.append(box)
        found.append(dot._replace(name=name, name_x=x, name_y=y, anchor=anchor))
    return found


Box = tuple[float, float, float, float]


def _room(frame: Frame, dot: Dot, long: float, taken: Sequence[Box]) -> tuple[int, int, str, Box] | None:
    """The first free place for a name: right, left, above, below."""
    gap = dot.r + 5
    for x, y, anchor, left in (
        (dot.x + gap, dot.y + 5, "start", dot.x + gap),
        (dot.x - gap, dot.y + 5, "end", dot.x - gap - long),
        (dot.x, dot.y - gap - 1, "middle", dot.x - long / 2),
        (dot.x, dot.y + gap + 0.8 * frame.letter, "middle", dot.x - long / 2),
    ):
        box = (left, y - frame.letter, left + long, y + 3)
        inside = box[0] >= 2 and box[2] <= frame.width - 2 and box[1] >= 2 and box[3] <= frame.height - 2
        if inside and not any(box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken):
            return round(x), round(y), anchor, box
    return None
