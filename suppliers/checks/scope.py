"""Does the paper cover what the supplier is listed for? Pure.

For a production licence the number itself says the main category, without any register (食品生产许可管理办法
art. 29: SC, then 1 or 2 and two digits of category); the others stand on the page. The number stays the same when
the licence is changed, so a page that does not name the number's category is a question and no proof.
What is covered and what is not is in the evidence by the codes of the materials, for whoever asks about one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from suppliers.checks.base import Finding, MaterialSeen, Paper
from suppliers.checks.lots import per_lot
from suppliers.checks.names import holds
from suppliers.checks.printed import stands, texts
from suppliers.checks.register import vouched
from suppliers.identifiers import jy_business, sc_category

SC_CLASSES: Final[dict[str, str]] = {
    "101": "粮食加工品", "102": "食用油、油脂及其制品", "103": "调味品", "104": "肉制品", "105": "乳制品", "106": "饮料",
    "107": "方便食品", "108": "饼干", "109": "罐头", "110": "冷冻饮品", "111": "速冻食品", "112": "薯类和膨化食品",
    "113": "糖果制品", "114": "茶叶及相关制品", "115": "酒类", "116": "蔬菜制品", "117": "水果制品",
    "118": "炒货食品及坚果制品", "119": "蛋制品", "120": "可可及焙烤咖啡产品", "121": "食糖", "122": "水产制品",
    "123": "淀粉及淀粉制品", "124": "糕点", "125": "豆制品", "126": "蜂产品", "127": "保健食品",
    "128": "特殊医学用途配方食品", "129": "婴幼儿配方食品", "130": "特殊膳食食品", "131": "其他食品",
    "201": "食品添加剂", "202": "食品用香精", "203": "复配食品添加剂",
}  # fmt: skip
"""食品生产许可管理办法 art. 11 and the catalogue beneath it, in its order."""
Words = list[str]
LICENCES: Final = ("food_production", "additive_production")
ORGANIC: Final = ("organic", "eu_organic", "eu_coi")


class Scope:
    def ask(self, paper: Paper, day: date) -> Finding:
        if paper.kind == "food_trade" and jy_business(paper.number) in ("catering", "canteen"):
            return Finding("inconclusive", "check.scope.not_sale", {"number": paper.number})
        question = _question(paper)
        if question is None:
            return Finding("passed", "check.scope.not_limited")
        printed = question(_read(paper))
        claimed = question(_read(paper) + _claimed(paper))
        alike = claimed.result == printed.result and claimed.evidence.get("uncovered") == printed.evidence.get("uncovered")
        found = (scope_stands(paper), stands(paper, "products"))
        if claimed.result != "passed" or alike or all(found) or (False not in found and vouched(paper, day)):
            return claimed
        return Finding("inconclusive", "check.scope.beyond" if False in found else "check.scope.unread", claimed.evidence)


def scope_stands(paper: Paper) -> bool | None:
    """Does the typed scope stand on the paper? A licence's by its classes, however they are written."""
    same = stands(paper, "scope")
    if same is False and paper.kind in LICENCES:
        typed = printed_classes(paper.scope or "")
        return bool(typed) and typed <= printed_classes("；".join(texts(paper, "scope")))
    return same


def printed_classes(text: str) -> frozenset[str]:
    """The classes that a licence's 食品类别 names, by name or by code."""
    plain = re.sub(r"[\s、，,和及或（）()]", "", text)
    named, rest = set(re.findall(r"(?<!\d)([12]\d\d)(?!\d)", text)) & SC_CLASSES.keys(), plain
    for code, name in sorted(SC_CLASSES.items(), key=lambda pair: -len(pair[1])):
        short = re.sub(r"[\s、，,和及或]", "", name)
        if short in rest:  # the longest first, each taken out: 复配食品添加剂 is not 食品添加剂
            named.add(code)
            rest = rest.replace(short, "；")
    return frozenset(named)


def _question(paper: Paper) -> Callable[[Words], Finding] | None:
    """What is asked of the words that say what the paper covers; None for a paper that limits nothing."""
    if paper.kind in LICENCES:
        return lambda words: _of_licence(paper, words)
    if paper.kind in ORGANIC:
        claiming = [each for each in paper.materials if "organic" in each.claims] or list(paper.materials)
        return lambda words: _of_products(paper, words, claiming)
    if per_lot(paper.kind) or (paper.kind == "conformity_credential" and (paper.products or paper.words_read("products"))):
        return lambda words: _of_products(paper, words, list(paper.materials))
    return None


def _read(paper: Paper) -> Words:
    """What a machine read: on a licence categories, on any other paper products."""
    found = [*(texts(paper, "scope") if paper.kind in LICENCES else ()), *texts(paper, "products")]
    return [part for text in found for part in text.split(";") if part.strip()]


def _claimed(paper: Paper) -> Words:
    """What was typed."""
    return [text.strip() for text in (*([paper.scope or ""] if paper.kind in LICENCES else ()), *paper.products) if text.strip()]


def _of_licence(paper: Paper, words: Words) -> Finding:
    wanted = [each for each in paper.materials if each.sc_categories]
    main = sc_category(paper.number)
    printed = printed_classes(" ".join(words))
    classes = printed | ({main} if main else frozenset())
    evidence = _evidence(wanted, lambda each: bool(classes & set(each.sc_categories)))
    evidence |= {"category": _named([main] if main else []), "printed": _named(printed)}
    if main and printed and main not in printed:
        return Finding("inconclusive", "check.scope.number_other_category", evidence)
    if not wanted:
        return Finding("passed", "check.scope.nothing_listed", evidence)
    if not classes:
        return Finding("inconclusive", "check.scope.no_category", evidence)
    if not evidence["uncovered"]:
        return Finding("passed", "check.scope.covers", evidence)
    if evidence["covered"]:
        return Finding("inconclusive", "check.scope.partly", evidence)
    return Finding("failed" if printed else "inconclusive", "check.scope.other_category" if printed else "check.scope.main_other", evidence)


def _of_products(paper: Paper, named: Words, wanted: list[MaterialSeen]) -> Finding:
    """Names of products only suggest, so another name is a question for a person. A report is about what it is about:
    that it says nothing of other materials is no fault of it, and opens nothing for them."""
    evidence = _evidence(wanted, lambda each: any(holds(text, name) for text in named for name in (each.name_zh, each.name_en) if name))
    evidence["products"] = list(dict.fromkeys(named))[:20]
    if not wanted:
        return Finding("passed", "check.scope.nothing_listed", evidence)
    if not named:
        return Finding("inconclusive", "check.scope.no_products", evidence)
    if not evidence["covered"]:
        return Finding("inconclusive", "check.scope.other_product", evidence)
    if evidence["uncovered"]:
        organic = paper.kind in ORGANIC
        return Finding("inconclusive", "check.scope.partly", evidence) if organic else Finding("passed", "check.scope.some", evidence)
    return Finding("passed", "check.scope.covers", evidence)


def _evidence(wanted: Iterable[MaterialSeen], covers: Callable[[MaterialSeen], bool]) -> dict[str, Any]:
    sides: dict[str, Any] = {"covered": [], "uncovered": []}
    for each in wanted:
        sides["covered" if covers(each) else "uncovered"].append(each.code)
    return sides


def _named(classes: Iterable[str]) -> list[str]:
    return [f"{code} {SC_CLASSES[code]}" for code in sorted(classes)]
