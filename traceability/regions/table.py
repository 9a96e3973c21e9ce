"""Every region with its names and its place, and what follows from them: what lies in what, and how far. Pure.

The rows stand in ``china.tsv`` and ``countries.tsv`` beside this file: code, Chinese name, English name, latitude
and longitude (degrees, WGS 84, of its seat or capital, to two decimals, which is about a kilometre).
Names are unique in each language.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Final, NamedTuple

_EARTH_KM: Final = 6371.0
_COUNTRY: Final = "CN"


class Region(NamedTuple):
    """``parent`` is the code of the region it lies in; a country has none."""

    code: str
    zh: str
    en: str
    latitude: float
    longitude: float
    parent: str | None


def _read() -> dict[str, Region]:
    found: dict[str, Region] = {}
    for file in ("countries.tsv", "china.tsv"):
        for line in Path(__file__).with_name(file).read_text("utf-8").splitlines():
            code, zh, en, latitude, longitude = line.split("\t")
            parent = code[:5] if len(code) == 7 else _COUNTRY if len(code) == 5 else None
            found[code] = Region(code, zh, en, float(latitude), float(longitude), parent)
    return found


_BY_CODE: Final = _read()


def known(code: str) -> bool:
    """Whether there is a region of this code."""
    return code in _BY_CODE


def name(code: str, language: str = "zh") -> str:
    """Its short name, in English when ``language`` begins with en, else in Chinese; an unknown code is its own name."""
    region = _BY_CODE.get(code)
    if region is None:
        return code
    return region.en if language.startswith("en") else region.zh


def at(code: str) -> tuple[float, float]:
    """Latitude and longitude of its seat, in degrees. Raises KeyError for an unknown code."""
    region = _BY_CODE[code]
    return region.latitude, region.longitude


def parent(code: str) -> str | None:
    """The code of the region it lies in: the province of a city, the country of a province; None when there is none."""
    region = _BY_CODE.get(code)
    return region.parent if region else None


def within(code: str, codes: Collection[str]) -> bool:
    """Whether it is one of these or lies in one of them."""
    here: str | None = code
    while here is not None:
        if here in codes:
            return True
        here = parent(here)
    return False


def apart(code: str, codes: Collection[str]) -> bool:
    """Whether it surely lies outside all of these. A province is not apart from a city in it: nobody knows where in
    the province it was. Unknown codes are apart from nothing."""
    return known(code) and not within(code, codes) and not any(within(each, (code,)) for each in codes)


@lru_cache(maxsize=65536)
def distance_km(one: str, other: str) -> float | None:
    """Kilometres between the seats of two regions along a great circle (haversine, a sphere of 6371 km); None when either
    is unknown, 0 when one lies in the other, since nothing says that they were apart."""
    if one not in _BY_CODE or other not in _BY_CODE:
        return None
    if within(one, (other,)) or within(other, (one,)):
        return 0.0
    (south, west), (north, east) = at(one), at(other)
    slope = sin(radians(north - south) / 2) ** 2
    turn = cos(radians(south)) * cos(radians(north)) * sin(radians(east - west) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(slope + turn)))


def every() -> Sequence[Region]:
    """All regions: countries by code, then China's provinces, each followed by its prefectures."""
    return tuple(_BY_CODE.values())
