"""Does the paper belong to the supplier who shows it? Pure.

The unified social credit code decides when the paper carries one. A name alone can pass when
it is the same, fail when it is plainly another, and otherwise only suggests.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from suppliers.checks.base import Finding, Paper
from suppliers.identifiers import tidy

NEAR: Final = 0.7
_LEGAL_FORMS: Final = re.compile(r"(股份有限公司|有限责任公司|有限公司|companylimited|coltd|ltd)$")


class Holder:
    def ask(self, paper: Paper, day: date) -> Finding:
        shown = paper.holder_uscc or (paper.number if paper.kind == "business_licence" else None)
        if shown is not None:
            same = tidy(shown) == tidy(paper.supplier_uscc)
            if same:
                return Finding(
                    "passed", "check.holder.same_code", {"names_agree": nearness(paper.holder_name, paper.supplier_name) >= NEAR}
                )
            return Finding("failed", "check.holder.other_code", {"shown": tidy(shown), "supplier": paper.supplier_uscc})
        names = {"holder": paper.holder_name, "supplier": paper.supplier_name}
        close = nearness(paper.holder_name, paper.supplier_name)
        if close == 1.0:
            return Finding("passed", "check.holder.same_name", names)
        if close >= NEAR:
            return Finding("inconclusive", "check.holder.near_name", names | {"nearness": round(close, 2)})
        return Finding("failed", "check.holder.other_name", names)


def plain_name(name: str) -> str:
    """A firm's name without width, case, spaces, brackets and dots; 有限责任公司 is 有限公司."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w]|_", "", folded).replace("有限责任公司", "有限公司")


def nearness(one: str, other: str) -> float:
    """1.0 for the same name, less than 1.0 for any other; the legal form, which all share, counts nothing."""
    a, b = plain_name(one), plain_name(other)
    if a == b:
        return 1.0 if a else 0.0
    a, b = _LEGAL_FORMS.sub("", a), _LEGAL_FORMS.sub("", b)
    return min(0.99, SequenceMatcher(None, a, b, autojunk=False).ratio())
