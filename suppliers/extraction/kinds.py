"""Which kind of paper it is, by the words of its title and what must stand on it by law. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

_TITLES: Final = (
    # (kind, weight, words); the more particular kind stands first and wins a draw
    ("food_trade_filing", 5, r"仅销售预包装食品(经营者?)?备案|食品经营备案"),
    ("additive_production", 5, r"食品添加剂生产许可证"),
    ("feed_production", 5, r"饲料(添加剂)?生产(许可证|企业审查合格证)"),
    ("food_production", 4, r"食品生产(加工小作坊)?许可证(?!编号|号|明细)"),
    ("food_trade", 4, r"食品(经营|流通)许可证(?!编号|号)|餐饮服务许可证(?!编号|号)"),
    ("raw_milk_purchase", 5, r"生鲜乳收购许可证(?!编号|号)"),
    ("animal_epidemic_conditions", 5, r"动物防疫条件合格证"),
    ("quarantine", 5, r"动物检疫合格证明|动物检疫证明"),
    ("meat_quality", 5, r"肉品品质检验合格证|肉类品质检验"),
    ("produce_commitment", 5, r"承诺达标合格证|食用农产品合格证"),
    ("import_inspection", 5, r"入境货物检验检疫证明"),
    (
        "gacc_registration",
        4,
        r"进口食品境外生产企业注册|境外生产企业.{0,6}注册(编号|证)|general administration of customs.{0,80}registration",
    ),
    ("organic", 5, r"有机(产品|转换)(认证)?证书|有机产品认证证书|有机转换认证证书"),
    ("cma_accreditation", 4, r"(检验检测机构)?资质认定证书(?!编号|号)"),
    ("cnas_accreditation", 4, r"(实验室|检验机构)认可证书|laboratory accreditation certificate|certificate of accreditation"),
    ("packaging_conformity", 4, r"食品(接触|相关)(材料|产品).{0,12}声明|declaration of compliance.{0,80}food contact"),
    ("packaging_conformity", 4, r"食品接触.{0,30}符合性声明"),
    ("packaging_conformity", 4, r"food contact.{0,60}declaration of compliance"),
    ("eu_coi", 6, r"certificate of inspection for (the )?import|\bcoi\.[a-z]{2}\.\d{4}"),
    ("eu_organic", 5, r"article 35\(?1?\)?.{0,40}2018/848|2018/848.{0,120}certificate|certificate.{0,160}2018/848"),
    ("us_fsvp", 4, r"foreign supplier verification"),
    (
        "us_facility_registration",
        4,
        r"(fda|food facility).{0,30}registration|certificate of registration.{0,60}food and drug administration",
    ),
    ("gfsi_brcgs", 4, r"\bbrc(gs)?\b"),
    ("gfsi_fssc22000", 4, r"\bfssc\s?22000"),
    ("gfsi_ifs", 4, r"\bifs\s+(food|broker|logistics|pacsecure|progress|global|hpc|cash)"),
    ("gfsi_sqf", 4, r"\bsqf\b|safe quality food"),
    ("gfsi_globalgap", 4, r"global\s?g\.?\s?a\.?\s?p\b"),
    ("iso22000", 3, r"食品安全管理体系认证证书|iso\s?22000(?!\d)|gb/t\s?22000"),
    ("haccp", 3, r"危害分析与关键控制点|\bhaccp\b.{0,40}(认证|certificate|certification)|certificate.{0,60}\bhaccp\b"),
    ("eu_approval", 4, r"approval (certificate|of (the )?establishment)|853/2004.{0,60}approv|approv.{0,60}853/2004"),
    ("eu_registration", 3, r"852/2004.{0,80}regist|regist.{0,80}852/2004|registration of (a |the )?food business"),
    ("asf_test", 5, r"非洲猪瘟.{0,24}(检测|检验|报告)|african swine fever.{0,40}(test|report)"),
    ("factory_report", 4, r"出厂检验(报告|合格)|产品出厂(检验|合格)|产品合格证(?!编号|号)|certificate of (analysis|conformity)"),
    ("inspection_report", 3, r"(检验|检测|检验检测|测试|监督抽检)报告(?!编号|号|日期)|(test|analytical|analysis|inspection) report"),
    ("business_licence", 4, r"营\s?业\s?执\s?照"),
)
_LAST_RESORT: Final = ((r"\bSC1\d{13}\b", "food_production"), (r"\bSC2\d{13}\b", "additive_production"), (r"\bJY\d{14}\b", "food_trade"))
_TOLD_BY_NUMBER: Final = frozenset({("food_production", "additive_production")})
"""(by its title, in truth): both licences bear one title, and the number says which it is."""
_TOP: Final = 0.3


def kind_of(lines: Sequence[Mapping[str, Any]]) -> tuple[str, float] | None:
    """(kind, how sure 0 to 1), or None when no title is known; large words near the top of the first page weigh most."""
    heights = sorted(_height(line) for line in lines)
    usual = heights[len(heights) // 2] if heights else 0.0
    scores: dict[str, float] = {}
    for line in lines:
        text = _plain(line)
        for kind, weight, words in _TITLES:
            if re.search(words, text):
                scores[kind] = max(scores.get(kind, 0.0), weight * _prominence(line, text, usual))
    for kind, weight, words in _TITLES:  # a title may be set over several lines
        if kind not in scores and re.search(words, _head(lines)):
            scores[kind] = weight * 0.9
    if not scores:
        return _by_number(lines)
    order = [kind for kind, _, _ in _TITLES]
    best = max(scores, key=lambda kind: (scores[kind], -order.index(kind)))
    by_number = _by_number(lines)
    if by_number and (best, by_number[0]) in _TOLD_BY_NUMBER:
        best = by_number[0]
    return best, round(min(0.99, 0.55 + scores.get(best, 3.0) / 14), 2)


def _height(line: Mapping[str, Any]) -> float:
    box = line.get("box")
    return float(min(box[3] - box[1], 3 * (box[2] - box[0]))) if box else 0.0


def _plain(line: Mapping[str, Any]) -> str:
    text = unicodedata.normalize("NFKC", str(line.get("text") or "")).lower()
    return re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", text)


def _head(lines: Sequence[Mapping[str, Any]]) -> str:
    words = [_plain(line) for line in lines if line.get("channel") != "seal" and int(line.get("page") or 1) == 1]
    text = " ".join(words[:14])
    return re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", text)


def _prominence(line: Mapping[str, Any], text: str, usual: float) -> float:
    box = line.get("box")
    weight = 0.6 if line.get("channel") == "seal" else 1.0
    if int(line.get("page") or 1) > 1:
        weight *= 0.6
    if box and not line.get("turn"):
        weight *= 1.0 if (box[1] + box[3]) / 2 < _TOP else 0.6
    if usual and _height(line) > 1.35 * usual:
        weight *= 1.6
    return weight * (1.0 if len(text) <= 40 else 0.7)


def _by_number(lines: Sequence[Mapping[str, Any]]) -> tuple[str, float] | None:
    text = " ".join(re.sub(r"\s", "", _plain(line)).upper() for line in lines)
    return next(((kind, 0.6) for pattern, kind in _LAST_RESORT if re.search(pattern, text)), None)
