"""What a request likes, as three header fields and a query say it. Pure, quick, and never raises: what is malformed is passed over.

Sources: RFC 9110, 12.4.2 (quality), 12.5.1 (Accept), 12.5.4 (Accept-Language); RFC 4647, 3.4 (lookup).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 1000
"""Characters of a header field that are still looked at: what a browser sends is a tenth of it."""
_Q: Final = r"\s*(?:;\s*[qQ]\s*=\s*(?P<q>[01](?:\.[0-9]{0,3})?)\s*)?"
_LANGUAGE: Final = re.compile(r"\s*(?P<range>[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}|\*)" + _Q)
_NAME: Final = r"[A-Za-z0-9!#$&^_.+\-*]{1,100}"
_MEDIA: Final = re.compile(rf"\s*(?P<range>{_NAME}/{_NAME})(?P<parameters>\s*;[^,]*|\s*)")
_MEDIA_Q: Final = re.compile(r";\s*[qQ]\s*=\s*([^;]*)")
_QUALITY: Final = re.compile(r"[01](?:\.[0-9]{0,3})?")


class Wanted(NamedTuple):
    """One range of a header field, in lower case, and its quality from 0 (refused) to 1."""

    name: str
    quality: float


class Media(NamedTuple):
    """How well a media type fits: more is better, 0 in front is refused."""

    quality: float
    nearness: int


def media(accept: str) -> tuple[Wanted, ...]:
    """The ranges of an Accept field in the order of the field; none of an empty or wholly malformed one."""
    return _media(_cut(accept))


def languages(accept_language: str) -> tuple[Wanted, ...]:
    """The ranges of an Accept-Language field, the most wanted first, those of one quality as they stood."""
    return _languages(_cut(accept_language))


def _cut(field: str) -> str:
    """So much of a field as is looked at, and kept."""
    return field if len(field) <= LONGEST else field[:LONGEST].rpartition(",")[0]


@lru_cache(maxsize=1024)
def _media(accept: str) -> tuple[Wanted, ...]:
    ranges = []
    for entry in accept.split(","):
        found = _MEDIA.fullmatch(entry)
        if found:
            quality = _MEDIA_Q.search(found["parameters"])
            if quality is None:
                ranges.append(Wanted(found["range"].lower(), 1.0))
            elif _QUALITY.fullmatch(quality[1].strip()):
                ranges.append(Wanted(found["range"].lower(), min(1.0, float(quality[1]))))
    return tuple(ranges)


@lru_cache(maxsize=1024)
def _languages(accept_language: str) -> tuple[Wanted, ...]:
    found = filter(None, map(_LANGUAGE.fullmatch, accept_language.split(",")))
    ranges = [Wanted(each["range"].lower(), min(1.0, float(each["q"] or 1))) for each in found]
    return tuple(sorted(ranges, key=lambda wanted: -wanted.quality))


def media_fit(media_type: str | None, ranges: Sequence[Wanted]) -> Media:
    """The fit of ``media_type`` by the nearest of ``ranges`` (RFC 9110, 12.5.1).

    What has no type is never refused: it stands behind what is named, before what only a wildcard
    lets in, and does not tell html from pdf where the request does not.
    """
    if media_type is None:
        quality = next((wanted.quality for wanted in ranges if wanted.name == "*/*"), 0.0)
        return Media(1.0 if not ranges else quality or 0.0001, 1)
    kind = media_type.lower().partition(";")[0].strip()
    group = kind.partition("/")[0] + "/*"
    for name, nearness in ((kind, 3), (group, 2), ("*/*", 0)):
        for wanted in ranges:
            if wanted.name == name:
                return Media(wanted.quality, nearness)
    return Media(0.0 if ranges else 1.0, 0)


def preferred_media(accept: str, offered: Sequence[str]) -> str:
    """The one of ``offered`` that fits an Accept field best; the first where the field does not decide, or refuses all."""
    ranges = media(accept)
    return max(offered, key=lambda kind: media_fit(kind, ranges)) if ranges else offered[0]


def likes_more(accept: str, kind: str, other: str) -> bool:
    """Whether an Accept field names ``kind`` and prefers it to ``other``; of two named alike, the first."""
    if kind not in accept.lower():
        return False
    ranges = media(accept)
    names = [wanted.name for wanted in ranges]
    if kind not in names:
        return False
    mine, theirs = media_fit(kind, ranges), media_fit(other, ranges)
    if mine.quality == theirs.quality and other in names:
        return mine.quality > 0 and names.index(kind) < names.index(other)
    return mine.quality > 0 and mine.quality >= theirs.quality


@lru_cache(maxsize=4096)
def short(tag: str) -> str:
    """Language and region of a tag of BCP 47: ``zh-CN`` for zh-Hans-CN, ``de`` for de-1996.

    Chinese in a script alone is that of the script's largest region, because links say ``zh-CN`` and phones ``zh-Hans``.
    """
    language, *rest = tag.split("-")
    region = next((part.upper() for part in rest if len(part) == 2 and part.isalpha()), "")
    if not region and language.lower() == "zh" and rest:
        region = {"hans": "CN", "hant": "TW"}.get(rest[0].lower(), "")
    return f"{language.lower()}-{region}" if region else language.lower()


@lru_cache(maxsize=4096)
def chain(tag: str) -> tuple[str, ...]:
    """What a range stands for, cut from the right (RFC 4647, 3.4), each short: zh-Hans-SG gives ``zh-SG``, ``zh-CN``, ``zh``."""
    parts = tag.split("-")
    return tuple(dict.fromkeys(short("-".join(parts[:end])) for end in range(len(parts), 0, -1)))


def best_languages(tags: Sequence[str | None], ranges: Sequence[Wanted]) -> list[int]:
    """The places of those of ``tags`` that a reader likes best; several where the ranges do not tell them apart.

    Range by range, most wanted first, and in each from its whole to its first part (RFC 4647, 3.4);
    a range without region then takes that language of any region. Where nothing fits: what says no
    language, else what is not refused, else all.
    """
    names = [short(tag) if tag else None for tag in tags]
    refused = {short(wanted.name) for wanted in ranges if wanted.quality == 0}
    for wanted in ranges:
        if wanted.quality == 0 or wanted.name == "*":
            continue
        for name in chain(wanted.name):
            if name in names and name not in refused:
                return [place for place, tag in enumerate(names) if tag == name]
        if "-" not in wanted.name:
            places = [place for place, tag in enumerate(names) if tag and tag.startswith(f"{wanted.name}-") and tag not in refused]
            if places:
                return places
    silent = [place for place, tag in enumerate(names) if tag is None]
    allowed = [place for place, tag in enumerate(names) if not refused.intersection(chain(tag or ""))]
    return silent or allowed or [*range(len(names))]
