"""Which papers a supplier must show, as a table with a reason for every line. Pure.

Keyed by supplier kind, market and material category. What the table does not know is not
allowed: ``required`` answers nothing, and the gate stays closed on nothing. A category that
is not plainly packaging counts as food, because a wrong "food" asks one paper too many and
a wrong "not food" asks one too few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KINDS: Final = ("business_licence", "food_production", "food_trade", "inspection_report", "quarantine", "organic")
SUPPLIER_KINDS: Final = ("farm", "manufacturer", "trader", "lab", "packaging")
CATEGORIES: Final = ("dairy", "packaging", "additive", "other")
MARKETS: Final = ("CN",)

FOOD_SAFETY_50: Final = "食品安全法 第五十条"
"""Food Safety Law of the PRC, art. 50: a producer checks its supplier's licence and the
product's proof of conformity before it takes in raw materials, additives or related products."""
FOOD_SAFETY_53: Final = "食品安全法 第五十三条"
"""Art. 53: the same duty for what comes through trade."""
FARM_PRODUCE_39: Final = "农产品质量安全法 第三十九条"
"""Law on the Quality and Safety of Agricultural Products (2022), art. 39: producers issue a proof of conformity."""
ANIMAL_HEALTH_49: Final = "动物防疫法 第四十九条"
ORGANIC: Final = "有机产品认证管理办法"
REGISTRATION: Final = "市场主体登记管理条例 第二十一条"


@dataclass(frozen=True)
class Requirement:
    """One paper asked for. ``why_code`` is a word of app/words.py that tells the supplier why."""

    kind: str
    optional: bool
    citation: str
    why_code: str


LICENCE = Requirement("business_licence", False, REGISTRATION, "require.business_licence")
PRODUCTION = Requirement("food_production", False, FOOD_SAFETY_50, "require.food_production")
TRADE = Requirement("food_trade", False, FOOD_SAFETY_53, "require.food_trade")
PROOF_OF_PRODUCE = Requirement("inspection_report", False, FARM_PRODUCE_39, "require.inspection_report.farm")
REPORT_WELCOME = Requirement("inspection_report", True, FOOD_SAFETY_50, "require.inspection_report.welcome")
QUARANTINE_WELCOME = Requirement("quarantine", True, ANIMAL_HEALTH_49, "require.quarantine.welcome")
ORGANIC_WELCOME = Requirement("organic", True, ORGANIC, "require.organic.welcome")

_FARM = (LICENCE, PROOF_OF_PRODUCE, QUARANTINE_WELCOME, ORGANIC_WELCOME)
_FACTORY = (LICENCE, PRODUCTION, REPORT_WELCOME, ORGANIC_WELCOME)
_TRADER = (LICENCE, TRADE, REPORT_WELCOME, ORGANIC_WELCOME)
_NOT_FOOD = (LICENCE, REPORT_WELCOME)
_FOOD = ("dairy", "additive", "other")

_CN: Final[dict[tuple[str, str], tuple[Requirement, ...]]] = {
    **{("farm", category): _FARM for category in _FOOD},
    **{("manufacturer", category): _FACTORY for category in _FOOD},
    **{("trader", category): _TRADER for category in _FOOD},
    **{(kind, "packaging"): _NOT_FOOD for kind in ("manufacturer", "trader", "packaging")},
    **{("lab", category): (LICENCE,) for category in CATEGORIES},
}
_RULES: Final = {"CN": _CN}


def required(supplier_kind: str, market: str, category: str) -> tuple[Requirement, ...]:
    """The papers asked of such a supplier for such a material; empty when no rule is known."""
    return _RULES.get(market, {}).get((supplier_kind, category), ())
