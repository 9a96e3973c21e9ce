"""Numbers without a check character: only their shape can be looked at. Pure.

A shape that does not fit is a warning and never a verdict: these forms come from practice and
second-hand descriptions, and older or regional numbers look different.
"""

from __future__ import annotations

import re
from typing import Final

from suppliers.identifiers.tidying import tidy

CMA_ISSUERS: Final = {
    "00": "国家认监委", "01": "北京", "02": "天津", "03": "河北", "04": "山西", "05": "内蒙古", "06": "辽宁", "07": "吉林",
    "08": "黑龙江", "09": "上海", "10": "江苏", "11": "浙江", "12": "安徽", "13": "福建", "14": "江西", "15": "山东",
    "16": "河南", "17": "湖北", "18": "湖南", "19": "广东", "20": "广西", "21": "海南", "22": "重庆", "23": "四川",
    "24": "贵州", "25": "云南", "26": "西藏", "27": "陕西", "28": "甘肃", "29": "青海", "30": "宁夏", "31": "新疆",
}  # fmt: skip
"""Digits 3 and 4 of a CMA number: who gave the approval."""


def cma_flaw(text: str) -> str | None:
    """CMA approval: 12 digits: year, issuer (CMA_ISSUERS), field, department, serial."""
    return _shape(r"(?:CMA)?[0-9]{12}", text)


def cma_issuer(text: str) -> str | None:
    """Who gave the approval (Chinese name), or None when the digits name nobody."""
    return None if cma_flaw(text) else CMA_ISSUERS.get(tidy(text).removeprefix("CMA")[2:4])


def cnas_flaw(text: str) -> str | None:
    """CNAS: L and digits for laboratories, IB for inspection bodies, and a few more letters."""
    return _shape(r"(?:CNAS)?(?:L|IB|PT|RM|RMP|MT|BL|C)[0-9]{3,5}[A-Z]?", text)


def organic_flaw(text: str) -> str | None:
    """Organic certificate of China: 3 digits of the body, OP, 2 of the year, a serial."""
    return _shape(r"[0-9]{3}OP[0-9]{6,8}[0-9A-Z]{0,3}", text)


def organic_code_flaw(text: str) -> str | None:
    """The code on each organic pack (有机码): 17 digits: body, year, random."""
    return _shape(r"[0-9]{17}", text)


def quarantine_flaw(text: str) -> str | None:
    """Animal quarantine certificate: digits, their count differs between forms and years."""
    return _shape(r"(?:NO\.?|№)?[0-9]{8,20}", text)


def gacc_flaw(text: str) -> str | None:
    """Registration of an overseas producer at Chinese customs: C, country (ISO 3166 alpha-3), 14 digits."""
    return _shape(r"C[A-Z]{3}[0-9]{14}", text)


def xk_flaw(text: str) -> str | None:
    """Production licence for industrial products: XK, 2 digits, 3 of the product, 5 serial."""
    return _shape(r"(?:[\u4e00-\u9fff])?XK[0-9]{10}", text)


def eu_approval_flaw(text: str) -> str | None:
    """Approval number of an establishment (Regulation (EC) 853/2004, annex II, section I): country, number,
    and mostly the letters for the Union in one of its languages."""
    return _shape(r"[A-Z]{2}(?=[0-9A-Z./]*[0-9])[0-9A-Z./]{1,24}", text)


def eu_coi_flaw(text: str) -> str | None:
    """Certificate of inspection in TRACES: COI, country, year, serial, with dots between."""
    return _shape(r"COI\.[A-Z]{2}\.20[0-9]{2}\.[0-9]{5,9}", text)


def _shape(pattern: str, text: str) -> str | None:
    return None if re.fullmatch(pattern, tidy(text)) else "shape"
