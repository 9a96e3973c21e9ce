"""Did the issuer sign these bytes, and nothing else? Pure.

Passed only when every signature is whole, and one of them leads to a trusted root, is known
not to be revoked, covers the file, and bears the issuer's name (ETSI EN 319 102-1; what a
library calls "valid" after form filling is not enough).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from suppliers.checks.base import Finding, Paper
from suppliers.checks.holder import nearness

Signed = Mapping[str, Any]


class Signature:
    def ask(self, paper: Paper, day: date) -> Finding:
        if paper.reading.get("trouble") is not None:
            return Finding("inconclusive", "check.signature.not_read")
        signatures = list(paper.reading.get("signatures") or ())
        if not signatures:
            return Finding("inconclusive", "check.signature.unsigned")
        for signed in signatures:
            broken = _broken(signed, countersigned=signed is not signatures[-1] and _whole(signatures[-1]))
            if broken:
                return Finding("failed", f"check.signature.{broken}", _evidence(signed))
        doubts = [(_doubt(signed, paper.issuer_name), signed) for signed in signatures]
        for doubt, signed in doubts:
            if doubt is None:
                return Finding("passed", "check.signature.trusted", _evidence(signed))
        doubt, signed = doubts[0]
        return Finding("inconclusive", f"check.signature.{doubt}", _evidence(signed))


def _whole(signed: Signed) -> bool:
    return bool(signed.get("intact") and signed.get("valid") and signed.get("modification") in ("none", "lta"))


def _broken(signed: Signed, *, countersigned: bool) -> str | None:
    """What nobody can excuse. A second signature fills in a form field after the first: then the
    last one, which covers the first, answers for the file."""
    if signed.get("unreadable"):
        return None
    if not (signed.get("intact") and signed.get("valid")):
        return "tampered"
    if signed.get("modification") not in ("none", "lta") and not (countersigned and signed.get("modification") == "form"):
        return "changed"
    return "revoked" if signed.get("revoked") else None


def _doubt(signed: Signed, issuer_name: str | None) -> str | None:
    if signed.get("unreadable"):
        return "unreadable"
    if not (signed.get("covers_whole_file") and _whole(signed)):
        return "not_whole"
    if not signed.get("trusted"):
        return "untrusted"
    if not signed.get("revocation_known"):
        return "revocation_unknown"
    if issuer_name is None or nearness(issuer_name, str(signed.get("signer_org") or "")) < 1.0:
        return "other_issuer"
    return None


def _evidence(signed: Signed) -> dict[str, Any]:
    return {key: signed.get(key) for key in ("signer_org", "level", "signed_at", "modification")}
