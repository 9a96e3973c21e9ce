"""Which kind of paper a scheme's name means. Pure; the names of kinds are those of the requirements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

OTHERWISE: Final = "conformity_credential"
# the first that fits: a certificate "FSSC 22000" is built on ISO 22000, and both on HACCP
_KINDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"global\s?g\.?\s?a\.?\s?p\b", "gfsi_globalgap"),
        (r"\bbrc(?:gs)?\b", "gfsi_brcgs"),
        (r"\bfssc\b", "gfsi_fssc22000"),
        (r"\bifs\b", "gfsi_ifs"),
        (r"\bsqf\b", "gfsi_sqf"),
        (r"(?:2018/848|834/2007)|\beu\b.{0,20}\borganic\b|\borganic\b.{0,20}\beu\b", "eu_organic"),
        (r"gb/?t\s?19630|有机产品认证|中国有机", "organic"),
        (r"\biso\s?/?\s?22000\b", "iso22000"),
        (r"\bhaccp\b|危害分析", "haccp"),
        (r"\bcnas\b|iso/iec\s?17025", "cnas_accreditation"),
    )
)


def kind_of(names: Iterable[str]) -> str:
    """The kind that the scheme, the standard or the title names; ``conformity_credential`` when none does."""
    told = " | ".join(names)[:4000]
    return next((kind for pattern, kind in _KINDS if pattern.search(told)), OTHERWISE)
