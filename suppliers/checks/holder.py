"""Does the paper belong to the supplier who shows it? Pure.

The unified social credit code decides when the paper carries one. A name alone can pass when
it is the same, fail when it is plainly another, and otherwise only suggests. What a signed document
says of itself counts before what somebody typed. A trader may show the papers of a producer whom the
brand wrote down for it, and nobody else's.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from suppliers.checks.base import Finding, Paper
from suppliers.checks.names import NEAR, nearness
from suppliers.identifiers import tidy, uscc_flaw
from suppliers.requirements import KINDS


class Holder:
    def ask(self, paper: Paper, day: date) -> Finding:
        name, code = _shown(paper)
        read = paper.words_read("holder_uscc")
        if code is not None and read and uscc_flaw(read) is None and tidy(read) != tidy(code):
            return Finding("failed", "check.holder.code_not_as_read", {"shown": tidy(code), "read": tidy(read)})
        if _by_identifier(paper):
            return Finding("passed", "check.holder.same_identifier", {"holder": name})
        if code is not None and (paper.supplier_uscc or paper.kind != "business_licence"):
            return _by_code(paper, name, tidy(code))
        return _by_name(paper, name)


def _shown(paper: Paper) -> tuple[str, str | None]:
    """The holder's name and code: as the document itself says them, else as they were typed."""
    name, code = paper.holder_name, paper.holder_uscc or (paper.number if paper.kind == "business_licence" else None)
    if paper.reading.get("credential") is not None:
        name = paper.words_read("holder_name") or name
        code = paper.words_read("holder_uscc") or code
    return name, code or _read_code(paper)


def _read_code(paper: Paper) -> str | None:
    """The holder's code as the machine read it, where nobody typed one: leaving it out hides nothing."""
    read = paper.words_read("holder_uscc")
    return read if read and uscc_flaw(read) is None else None


def _by_identifier(paper: Paper) -> bool:
    """The subject of a credential is named by an identifier that the supplier is known by (LEI, GLN, DID)."""
    credential = paper.reading.get("credential")
    subject = credential.get("subject") if isinstance(credential, dict) else None
    named = subject.get("id") if isinstance(subject, dict) else subject
    if not isinstance(named, str) or not named:
        return False
    tail = named.rstrip("/").replace("/", ":").split(":")[-1]
    known = {*paper.supplier_ids, *([paper.supplier_uscc] if paper.supplier_uscc else [])}
    return named in known or (len(tail) >= 13 and tidy(tail) in {tidy(each) for each in known})


def _by_code(paper: Paper, name: str, code: str) -> Finding:
    if paper.supplier_uscc and code == tidy(paper.supplier_uscc):
        return Finding("passed", "check.holder.same_code", {"names_agree": _best(paper, name) >= NEAR})
    for firm in paper.principals:
        if firm.uscc and tidy(firm.uscc) == code and _may_be_makers(paper):
            return Finding("passed", "check.holder.principal", {"holder": firm.name, "shown": code})
    return Finding("failed", "check.holder.other_code", {"shown": code, "supplier": paper.supplier_uscc})


def _by_name(paper: Paper, name: str) -> Finding:
    names: dict[str, Any] = {"holder": name, "supplier": paper.supplier_name}
    close = _best(paper, name)
    if close == 1.0:
        return Finding("passed", "check.holder.same_name", names)
    if _may_be_makers(paper) and any(nearness(firm.name, name) == 1.0 for firm in paper.principals):
        return Finding("passed", "check.holder.principal", {"holder": name, "shown": None})
    if close >= NEAR:
        return Finding("inconclusive", "check.holder.near_name", names | {"nearness": round(close, 2)})
    return Finding("failed", "check.holder.other_name", names)


def _best(paper: Paper, name: str) -> float:
    return max(nearness(name, known) for known in (paper.supplier_name, *paper.supplier_names))


def _may_be_makers(paper: Paper) -> bool:
    """May a paper of this kind bear the name of whoever made the goods?"""
    kind = KINDS.get(paper.kind)
    return kind is not None and kind.holder in ("maker", "either")
