"""Which entry of the brand's trust list is the issuer's? Pure; holds no judgement of a paper."""

from __future__ import annotations

from suppliers.checks.base import IssuerSeen, Paper
from suppliers.checks.names import fits


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
