"""Is whoever issued this one whom the brand believes on such papers? Pure.

A signature proves who signed, not that they may: the trust list says that. A fresh look-up in the
register, by a person, says it as well.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from suppliers.checks.base import Finding, IssuerSeen, Paper
from suppliers.checks.names import fits, nearness
from suppliers.checks.register import vouched

ALIKE: Final = 0.85
"""So near to a name of the list without being it, a name is shown beside the one it resembles."""


class Issuer:
    def ask(self, paper: Paper, day: date) -> Finding:
        name = paper.issuer_name or paper.words_read("issuer_name")
        found = entry_of(paper)
        evidence = {"issuer": name, "listed": found.name if found else None}
        if found is not None and believed_on(found, paper.kind):
            return Finding("passed", "check.issuer.listed", evidence)
        if vouched(paper, day):
            return Finding("passed", "check.issuer.register", evidence)
        if found is not None:
            return Finding("inconclusive", "check.issuer.other_kind", evidence)
        if not name:
            return Finding("inconclusive", "check.issuer.unnamed")
        alike = next((each.name for each in paper.issuers if nearness(each.name, name) >= ALIKE), None)
        if alike is not None:
            return Finding("inconclusive", "check.issuer.near_name", {"issuer": name, "like": alike})
        return Finding("inconclusive", "check.issuer.unknown", evidence)


def entry_of(paper: Paper) -> IssuerSeen | None:
    """The issuer's entry on the trust list, one that is believed on this kind before one that is not: by
    identifier for a credential, which a name cannot replace, else by name."""
    did = issuer_id(paper)
    if did is not None:
        found = [each for each in paper.issuers if did in each.dids]
    else:
        name = paper.issuer_name or paper.words_read("issuer_name") or ""
        found = [each for each in paper.issuers if any(fits(known, name) for known in (each.name, *each.names))]
    return next((each for each in found if believed_on(each, paper.kind)), found[0] if found else None)


def believed_on(entry: IssuerSeen, kind: str) -> bool:
    return not entry.kinds or kind in entry.kinds


def issuer_id(paper: Paper) -> str | None:
    """The identifier by which a credential names its issuer; None for any other document."""
    credential = paper.reading.get("credential")
    if not isinstance(credential, dict) or paper.reading.get("kind") != "credential":
        return None
    named = credential.get("issuer")
    return named if isinstance(named, str) and named else ""
