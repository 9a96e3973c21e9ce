"""Was a credential signed with a key of its issuer, and is that issuer on the trust list? Pure.

Two results, both kept in the evidence: a proof that holds under anybody's key proves nothing.
"""

from __future__ import annotations

from datetime import date

from suppliers.checks.base import Finding, Paper
from suppliers.checks.entries import believed_on, issuer_id
from suppliers.checks.proof import credential_of, part


class Binding:
    def ask(self, paper: Paper, day: date) -> Finding:
        credential = credential_of(paper)
        if credential is None or credential.get("form") in ("unsigned", "jsonld"):
            return Finding("inconclusive", "check.binding.no_credential")
        bound = part(credential, "binding").get("result")
        did = issuer_id(paper) or ""
        entries = [each for each in paper.issuers if did and did in each.dids]
        listed = any(believed_on(each, paper.kind) for each in entries)
        evidence = {"bound": bound, "listed": entries[0].name if entries else None, "issuer": did[:200]}
        if bound == "failed":
            return Finding("failed", "check.binding.other_key", evidence, final=True)
        if bound != "passed":
            return Finding("inconclusive", "check.binding.unknown", evidence)
        if not listed:
            return Finding("inconclusive", "check.binding.other_kind" if entries else "check.binding.unlisted", evidence)
        return Finding("passed", "check.binding.holds", evidence)
