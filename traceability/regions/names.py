"""From what others call a region to its code: the parts of an address database, or what a person typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Final

from traceability.regions.table import Region, every, known, parent

_SPECIAL: Final = {"HK": "CN-81", "MO": "CN-82", "TW": "CN-71"}
"""Where ISO 3166-1 has a code of its own for what is a province here."""
_PROVINCE: Final = re.compile("省|市|[^省区市县州]*自治区|特别行政区|province|sheng")
_CITY: Final = re.compile("市|州|盟|地区|[^省区市县]*自治州|city|prefecture|shi")
"""What may follow a short name: 恩施, 恩施州, 恩施土家族苗族自治州."""
_ALSO: Final = {"xizang": "tibet", "macao": "macau", "innermongolia": "neimenggu"}


def of_names(country: str, province: str = "", city: str = "") -> str | None:
    """The finest region that these names, Chinese or English, or codes lead to; what nobody knows is passed over.

    ``("中国", "浙江省", "杭州市")`` is CN-3301, ``("中国", "湖北省", "仙桃市")`` CN-42, ``("CN", "", "")`` CN, ``("美国", "0", "0")`` US.
    """
    land = _coded(country) if len(country.strip()) == 2 else None
    land = land or _called(None, country) or _called("CN", country)
    if land != "CN":
        return land
    home = _called("CN", province)
    return (_called(home, city) or home) if home else land


def find(text: str) -> str | None:
    """The region a person means: its code, alone or before or behind its name, or its name in either language, with or
    without 省 and 市 and with or without its province before it. A name that several share leads to none."""
    for part in re.findall(r"[A-Za-z]{2}-\d{2,4}|^[A-Za-z]{2}$", text.strip()):
        if code := _coded(part):
            return code
    named = (_called(home, text) for home in ("exactly", None, "CN", "cities"))
    return next((code for code in named if code), None) or _joined(text)


def _joined(text: str) -> str | None:
    """浙江杭州, 浙江省杭州市, Zhejiang Hangzhou."""
    plain = _plain(text)
    for key, province in _names("CN").items():
        rest = plain.removeprefix(key)
        if rest != plain:
            rank = _PROVINCE.match(rest)
            for begun in (rest, rest[rank.end() :] if rank else rest):
                if found := _called(province, begun):
                    return found
    return None


def _coded(text: str) -> str | None:
    code = text.strip().upper()
    return _SPECIAL.get(code) or (code if known(code) else None)


def _called(home: str | None, text: str) -> str | None:
    """The code of the longest name with which the text begins, when no more follows than what kind of region it is."""
    plain, names = _plain(text), _names(home)
    rank = {"exactly": None, None: None, "CN": _PROVINCE}.get(home, _CITY)
    for length in range(len(plain), 0, -1):
        code = names.get(plain[:length])
        if code and (length == len(plain) or (rank and rank.fullmatch(plain, length))):
            return code
    return None


def _plain(text: str) -> str:
    """Without the marks in which names of one place differ."""
    return re.sub(r"[\s'’,，_/·-]", "", text.casefold())


@cache
def _names(home: str | None) -> Mapping[str, str]:
    """The names of what lies straight in a region; of all countries for None, of all ``cities``, of all as they are spelt (``exactly``)."""
    if home == "exactly":
        return {_plain(called): region.code for region in every() for called in (region.zh, region.en)}
    pairs = [
        (called, region.code)
        for region in every()
        if (len(region.code) == 7 if home == "cities" else parent(region.code) == home)
        for called in _spellings(region)
    ]
    shared = groupby(sorted(set(pairs)), key=lambda pair: pair[0])
    codes = {key: [code for _, code in group] for key, group in shared}
    return {key: found[0] for key, found in codes.items() if len(found) == 1}


def _spellings(region: Region) -> Iterable[str]:
    """吉林市 also as 吉林, Hainan (Qinghai) also as Hainan."""
    english = _plain(region.en.split(" (")[0])
    chinese = re.sub("(?<=..)[市州]$", "", region.zh) if len(region.code) == 7 else region.zh
    return _plain(region.zh), _plain(chinese), _plain(region.en), english, _ALSO.get(english, english)
