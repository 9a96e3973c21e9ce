"""Has the issuer taken a credential back since (W3C Bitstring Status List v1.0)? Pure.

Not knowing is no answer: a list that could not be had, or is stale, leaves the question open. A
credential that names no list can never be taken back; that is fine for one that lives a month.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from suppliers.checks.base import Finding, Paper
from suppliers.checks.proof import credential_of, part

SHORT: Final = timedelta(days=31)
NO_STATUS: Final = "credential.status_none"
"""What suppliers.credentials says of a credential that names no list."""


class Status:
    def ask(self, paper: Paper, day: date) -> Finding:
        credential = credential_of(paper)
        if credential is None or credential.get("form") == "jsonld":
            return Finding("passed", "check.status.no_credential")
        status = part(credential, "status")
        result = status.get("result")
        evidence = {"list": str(status["list"])[:400] if status.get("list") else None, "index": status.get("index")}
        if result in ("revoked", "failed"):
            suspended = result == "failed" and status.get("purpose") == "suspension"
            return Finding("failed", f"check.status.{'suspended' if suspended else 'revoked'}", evidence, final=not suspended)
        if result == "suspended":
            return Finding("failed", "check.status.suspended", evidence)
        if result in ("active", "passed"):
            return Finding("passed", "check.status.clear", evidence)
        if status and status.get("because") != NO_STATUS:
            return Finding("inconclusive", "check.status.unknown", evidence | {"why": str(status.get("because"))[:60]})
        until = paper.valid_until
        if until is not None and until - paper.valid_from <= SHORT:
            return Finding("passed", "check.status.short_lived")
        return Finding("inconclusive", "check.status.none")
