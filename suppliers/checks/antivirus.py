"""Did a virus scanner find something in the file? Pure. A file that was not scanned is never called clean."""

from __future__ import annotations

from datetime import date

from suppliers.checks.base import Finding, Paper


class Antivirus:
    """Not required: a house without a scanner works all the same, and says so."""

    def ask(self, paper: Paper, day: date) -> Finding:
        scan = paper.reading.get("scan")
        told = scan if isinstance(scan, dict) else {}
        if told.get("state") == "found":
            return Finding("failed", "check.antivirus.found", {"found": str(told.get("name") or "?")[:120]}, final=True)
        if told.get("state") == "clean":
            return Finding("passed", "check.antivirus.clean")
        return Finding("inconclusive", "check.antivirus.not_scanned")
