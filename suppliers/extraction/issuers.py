"""Who issued a paper, where no label says it: round the seal, beside the date, in the head of the page. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from suppliers.extraction import dates
from suppliers.extraction.layout import Line

_OFFICE: Final = re.compile(
    r"^[^\d:：，,。；;]{2,40}(局|厅|委员会|监督所|检疫所|检疫站|海关|人民政府|中心|研究院|研究所|检测站|检验所|认证(股份)?(有限)?(责任)?公司|检[验测].{0,10}有限(责任)?公司"
    r"|(?:检[验测]|认证|技术服务|质检).{0,12}公司|商务部|管理所)(\S{0,2}专用章)?$"
)
_LATIN_OFFICE: Final = re.compile(
    r"\b(certification|certifications|control body|bureau|inspection|testing|laborator(y|ies)|assurance|registrars?)\b.{0,40}$",
    re.IGNORECASE,
)
_STAMP: Final = re.compile(r"(行政许可|行政审批|检[验测检]+|检疫|认证|报告|业务|登记|许可|证书|公证|合同|出证|检验检测)*专用章$|\(?\d+\)?$")


def on_seals(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What is written round the seals, offices first, then by how sure it is."""
    seals = [line for line in lines if line.get("channel") == "seal"]
    return sorted(seals, key=lambda line: (not is_office(_name(line)), -float(line.get("confidence") or 0)))


def name_on(seal: Mapping[str, Any]) -> str:
    """The name on a seal without the words that say what the seal is for."""
    return _name(seal)


def _name(line: Mapping[str, Any]) -> str:
    text = unicodedata.normalize("NFKC", str(line.get("text") or "")).strip()
    while (shorter := _STAMP.sub("", text).strip()) != text and len(shorter) >= 4:
        text = shorter
    return text


def is_office(text: str) -> bool:
    """Whether the text is the name of an authority, a laboratory or a certification body, and nothing else."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return _OFFICE.match(plain) is not None


def beside_date(loose: Sequence[Line], day_at: Line | None) -> Line | None:
    """The office printed just above or below the date at the foot of the page."""
    offices = [line for line in loose if is_office(line.text)]
    if day_at is not None:
        near = [line for line in offices if line.page == day_at.page and abs(line.level - day_at.level) < 5 * day_at.height]
        if near:
            return min(near, key=lambda line: abs(line.level - day_at.level))
    return None


def in_head(loose: Sequence[Line]) -> Line | None:
    """The office in the top quarter of the first page: where laboratories and certification bodies print their name."""
    head = [line for line in loose if line.page == 1 and line.level < 0.27]
    named = [line for line in head if is_office(line.text)]
    latin = [line for line in head if _LATIN_OFFICE.search(line.text) and not re.search(r"certificate|report", line.text, re.IGNORECASE)]
    return next(iter([*named, *latin]), None)


def last_date(loose: Sequence[Line]) -> Line | None:
    """The date nearest to the foot of the last page that has one standing by itself: when the paper was signed."""
    dated = [line for line in loose if len(dates.found(line.text)) == 1 and len(line.text) <= 28]
    return max(dated, key=lambda line: (line.page, line.level), default=None)
