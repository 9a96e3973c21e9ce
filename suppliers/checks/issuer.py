"""Is whoever issued this one whom the brand believes on such papers? Pure.

A signature proves who signed, not that they may: the trust list says that. A fresh look-up in the
register, by a person, says it as well. A name that was only typed is nobody's: it must have been read, or have
signed, or be the identifier of a credential.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from suppliers.checks.base import Finding, Paper
from suppliers.checks.entries import believed_on, entry_of, issuer_id
from suppliers.checks.names import nearness
from suppliers.checks.printed import stands, texts
from suppliers.checks.register import vouched
from suppliers.checks.signature import signed_by_issuer

ALIKE: Final = 0.85
"""So near to a name of the list without being it, a name is shown beside the one it resembles."""


class Issuer:
    def ask(self, paper: Paper, day: date) -> Finding:
        name = paper.issuer_name or paper.words_read("issuer_name")
        found = entry_of(paper)
        evidence = {"issuer": name, "listed": found.name if found else None}
        believed = found is not None and believed_on(found, paper.kind)
        if believed and (issuer_id(paper) is not None or stands(paper, "issuer_name") or signed_by_issuer(paper)):
            return Finding("passed", "check.issuer.listed", evidence)
        if vouched(paper, day):
            return Finding("passed", "check.issuer.register", evidence)
        if believed:
            return Finding("inconclusive", "check.issuer.unread", evidence | {"read": "; ".join(texts(paper, "issuer_name"))[:200]})
        if found is not None:
            return Finding("inconclusive", "check.issuer.other_kind", evidence)
        if not name:
            return Finding("inconclusive", "check.issuer.unnamed")
        alike = next((each.name for each in paper.issuers if nearness(each.name, name) >= ALIKE), None)
        if alike is not None:
            return Finding("inconclusive", "check.issuer.near_name", {"issuer": name, "like": alike})
        return Finding("inconclusive", "check.issuer.unknown", evidence)
