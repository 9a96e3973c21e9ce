"""All that the tables of this room can say to people, by code. Pure.

The sentences stand beside the rules they explain; app/words.py takes them in whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from suppliers.requirements import tables
from suppliers.requirements.kinds import CATEGORIES, KINDS, REGISTERS
from suppliers.requirements.matrix import ROWS

OTHERS: Mapping[str, tuple[str, str]] = {
    "supplier_kind.farm": ("农场或合作社", "Farm or co-operative"),
    "supplier_kind.manufacturer": ("生产厂", "Manufacturer"),
    "supplier_kind.trader": ("经销商", "Trader"),
    "supplier_kind.importer": ("进口商", "Importer"),
    "supplier_kind.lab": ("检测实验室", "Laboratory"),
    "supplier_kind.packaging": ("包装厂", "Packaging maker"),
    "supplier_kind.logistics": ("仓储物流", "Storage and transport"),
    "market.CN": ("中国", "China"),
    "market.EU": ("欧盟", "European Union"),
    "market.US": ("美国", "United States"),
    "claim.organic": ("宣称有机", "Called organic"),
    "claim.pork": ("是猪肉", "Is pork"),
    "basis.law": ("法规要求", "Asked by law"),
    "basis.practice": ("行业惯例", "Practice of the trade"),
    "basis.brand": ("品牌自己的要求", "Asked by the brand"),
    "per.supplier": ("每家供应商一份", "Once for a supplier"),
    "per.lot": ("每批一份", "For each lot"),
}


def words() -> dict[str, tuple[str, str]]:
    """Code -> (Chinese, English): ``paper.<kind>``, ``require.<row>``, ``category.<code>``,
    ``register.<code>``, ``rung.<name>`` or ``rung.<ladder>.<name>``, ``supplier_kind.<kind>``,
    ``market.<market>``, ``claim.<claim>``, ``basis.<basis>``, ``per.<scope>``."""
    said = dict(OTHERS)
    said |= {f"paper.{each.code}": (each.name.zh, each.name.en) for each in KINDS.values()}
    said |= {f"category.{each.code}": (each.name.zh, each.name.en) for each in CATEGORIES.values()}
    said |= {f"register.{each.code}": (each.name.zh, each.name.en) for each in REGISTERS.values()}
    said |= {each.why_code: (each.why.zh, each.why.en) for each in ROWS}
    ladders = tables.content("ladders.toml")
    said |= {f"rung.{name}": (both["zh"], both["en"]) for name, both in ladders["words"].items()}
    for code, rungs in ladders["ladders"].items():
        said |= {f"rung.{code}.{each['name']}": (each["zh"], each["en"]) for each in rungs if "zh" in each}
    return said
