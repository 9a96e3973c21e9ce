"""Which place the region digits of a Chinese number name. Pure, and only ever a hint.

Of the genuine numbers looked at, a quarter names development zones that no list knows: what is
said here is for a person to see, never a reason to refuse.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from suppliers.identifiers.china import authority_is_known, jy_flaw, sc_flaw, uscc_parts
from suppliers.identifiers.shapes import cma_flaw, cma_issuer
from suppliers.identifiers.tidying import tidy

PROVINCES: Final = {
    "11": ("北京", "Beijing"), "12": ("天津", "Tianjin"), "13": ("河北", "Hebei"), "14": ("山西", "Shanxi"),
    "15": ("内蒙古", "Inner Mongolia"), "21": ("辽宁", "Liaoning"), "22": ("吉林", "Jilin"), "23": ("黑龙江", "Heilongjiang"),
    "31": ("上海", "Shanghai"), "32": ("江苏", "Jiangsu"), "33": ("浙江", "Zhejiang"), "34": ("安徽", "Anhui"),
    "35": ("福建", "Fujian"), "36": ("江西", "Jiangxi"), "37": ("山东", "Shandong"), "41": ("河南", "Henan"),
    "42": ("湖北", "Hubei"), "43": ("湖南", "Hunan"), "44": ("广东", "Guangdong"), "45": ("广西", "Guangxi"),
    "46": ("海南", "Hainan"), "50": ("重庆", "Chongqing"), "51": ("四川", "Sichuan"), "52": ("贵州", "Guizhou"),
    "53": ("云南", "Yunnan"), "54": ("西藏", "Tibet"), "61": ("陕西", "Shaanxi"), "62": ("甘肃", "Gansu"),
    "63": ("青海", "Qinghai"), "64": ("宁夏", "Ningxia"), "65": ("新疆", "Xinjiang"), "71": ("台湾", "Taiwan"),
    "81": ("香港", "Hong Kong"), "82": ("澳门", "Macao"),
}  # fmt: skip
"""First two digits of GB/T 2260."""

NATIONAL: Final = "100000"
"""Registered with the national authority itself: no province."""

FLAGS: Final = ("region.province", "region.unlisted", "authority.unknown", "issuer.unknown")


def region(kind: str, text: str) -> str | None:
    """The six region digits of a ``uscc``, ``sc`` or ``jy`` number of the right shape, else None."""
    code = tidy(text)
    if kind == "uscc":
        parts = uscc_parts(code)
        return parts.region if parts else None
    if kind == "sc" and sc_flaw(code) not in ("shape", "old"):
        return code.removeprefix("SC")[3:9]
    if kind == "jy" and jy_flaw(code) != "shape":
        return code.removeprefix("JY")[1:7]
    return None


def province(kind: str, text: str) -> tuple[str, str] | None:
    """The province (Chinese, English) that the number names."""
    return PROVINCES.get((region(kind, text) or "")[:2])


def flags(kind: str, text: str) -> tuple[str, ...]:
    """What a person may want to look at, although the number holds: ``region.province``: no such
    province; ``region.unlisted``: not in the list of counties (often a development zone);
    ``authority.unknown``: no registering authority has that first character; ``issuer.unknown``."""
    found = []
    place = region(kind, text)
    if place is not None and place != NATIONAL:
        if place[:2] not in PROVINCES:
            found.append("region.province")
        elif not _listed(place):
            found.append("region.unlisted")
    if kind == "uscc" and place is not None and not authority_is_known(text):
        found.append("authority.unknown")
    if kind == "cma" and cma_flaw(text) is None and cma_issuer(text) is None:
        found.append("issuer.unknown")
    return tuple(found)


@lru_cache(maxsize=4096)
def _listed(place: str) -> bool:
    """Provinces, cities and counties, present and former, as python-stdnum lists them."""
    from stdnum import numdb

    if not place.isdigit():
        return False
    return place.endswith("0000") or any(found for _, found in numdb.get("cn/loc").info(place)[1:])
