"""What a kind of paper vouches for, and under which law; a claim for one that was verified. Pure.

Topics: UNTP DPP 0.6.0, conformityTopicCode. Laws: those by which ``suppliers.requirements`` asks for the papers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from suppliers.requirements import KINDS
from suppliers.standing import FALLEN
from traceability.untp.facts import Evidence

_SAMR: Final = ("https://www.samr.gov.cn", "State Administration for Market Regulation of China")
_MARA: Final = ("https://www.moa.gov.cn", "Ministry of Agriculture and Rural Affairs of China")


class Law(NamedTuple):
    name: str
    administered_by: tuple[str, str]


_FOOD_SAFETY: Final = Law("Food Safety Law of the PRC (食品安全法), art. 50", _SAMR)
_FARM_PRODUCE: Final = Law("Law on the Quality and Safety of Agricultural Products of the PRC (农产品质量安全法), art. 39", _MARA)
_TOPICS: Final = {"inspection_report": "social.safety", "quarantine": "social.safety"}
_OTHERWISE: Final = "governance.compliance"
_NAMES: Final = {
    "business_licence": "Business licence",
    "food_production": "Food production licence",
    "food_trade": "Food trade licence",
    "inspection_report": "Inspection report or proof of conformity",
    "quarantine": "Animal quarantine certificate",
    "organic": "Organic product certificate",
}
_LAWS: Final = {
    "business_licence": Law("Regulations on the Registration of Market Entities (市场主体登记管理条例), art. 21", _SAMR),
    "food_production": _FOOD_SAFETY,
    "food_trade": Law("Food Safety Law of the PRC (食品安全法), art. 53", _SAMR),
    "inspection_report": _FOOD_SAFETY,
    "quarantine": Law("Animal Epidemic Prevention Law of the PRC (动物防疫法), art. 49", _MARA),
    "organic": Law("Administrative Measures for Organic Product Certification (有机产品认证管理办法)", _SAMR),
}


def claim(paper: Evidence) -> dict[str, Any]:
    """A Claim with its evidence: the digest of the very file that was checked, which is not published. A paper that has fallen
    since no longer conforms, and says since when."""
    name = " ".join(filter(None, (_name(paper.kind), paper.number)))
    told: dict[str, Any] = {
        "type": ["Claim", "Declaration"],
        "id": paper.id,
        "description": f"{name} of {paper.holder}; {'; '.join(_found(paper))}",
        "conformance": paper.standing not in FALLEN,
        "conformityTopic": _TOPICS.get(paper.kind, _OTHERWISE),
        "assessmentDate": paper.assessed_on.isoformat(),
        "conformityEvidence": {
            "type": ["SecureLink", "Link"],
            "linkName": name,
            "hashDigest": paper.sha256,
            "hashMethod": "SHA-256",
        },
    }
    law = _FARM_PRODUCE if (paper.kind, paper.holder_kind) == ("inspection_report", "farm") else _LAWS.get(paper.kind)
    if law is not None:
        uri, office = law.administered_by
        told["referenceRegulation"] = {
            "type": ["Regulation"],
            "name": law.name,
            "jurisdictionCountry": "CN",
            "administeredBy": {"id": uri, "name": office},
        }
    return told


def _name(kind: str) -> str:
    return _NAMES.get(kind) or (KINDS[kind].name.en if kind in KINDS else kind)


def _found(paper: Evidence) -> Iterator[str]:
    """What was checked and by whom, how it stood then and what has become of it."""
    if paper.passed:
        yield f"passed checks: {', '.join(paper.passed)}"
    if paper.by_person:
        yield "accepted by a person who saw the file"
    if paper.by_two:
        yield f"let pass by two persons: {', '.join(paper.by_two)}"
    yield (
        "stood when the goods were made or received"
        if paper.stood
        else "not checked, or not in force, when the goods were made or received"
    )
    if paper.standing in (*FALLEN, "superseded"):
        word = "replaced by a newer one" if paper.standing == "superseded" else paper.standing
        yield f"{word} since {paper.since.isoformat()}" if paper.since else word
