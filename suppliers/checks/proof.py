"""Does the cryptographic proof of a credential hold? Pure, and mathematics only.

Whose key it was is another question (binding.py): W3C's own test vectors hold and are bound to nobody.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from suppliers.checks.base import Finding, Paper


class Proof:
    def ask(self, paper: Paper, day: date) -> Finding:
        credential = credential_of(paper)
        if credential is None:
            return Finding("inconclusive", "check.proof.no_credential")
        proof = part(credential, "proof")
        evidence = {"method": _text(proof.get("cryptosuite") or proof.get("alg") or proof.get("method")), "key": _text(proof.get("key"))}
        if credential.get("form") in ("unsigned", "jsonld"):
            return Finding("inconclusive", "check.proof.unsigned")
        if proof.get("result") == "failed":
            return Finding("failed", "check.proof.broken", evidence | {"why": _text(proof.get("because"))}, final=True)
        if proof.get("result") == "passed":
            return Finding("passed", "check.proof.holds", evidence)
        return Finding("inconclusive", "check.proof.not_checked", evidence | {"why": _text(proof.get("because"))})


def credential_of(paper: Paper) -> dict[str, Any] | None:
    """What was seen of a verifiable credential; None for every other document."""
    credential = paper.reading.get("credential")
    return credential if isinstance(credential, dict) and paper.reading.get("trouble") is None else None


def part(credential: dict[str, Any], name: str) -> dict[str, Any]:
    found = credential.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str | None:
    return value[:200] if isinstance(value, str) else None
