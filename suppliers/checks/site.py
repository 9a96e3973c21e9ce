"""Was the paper given for a place where this supplier is known to make things? Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from suppliers.checks.base import Finding, Paper, SiteSeen
from suppliers.checks.names import holds
from suppliers.checks.printed import texts
from suppliers.checks.register import vouched


class Site:
    """A place that is not on the list is a question for a person: the list may be the one that is short.
    Where the paper names no place, or no place is known, there is nothing to compare and nothing is claimed. What was
    read counts before what was typed, and what was only typed is known to nobody else."""

    def ask(self, paper: Paper, day: date) -> Finding:
        read = next(iter(texts(paper, "site")), "")
        site = (read or paper.site or "").strip()
        if not site:
            return Finding("passed", "check.site.not_named")
        evidence: dict[str, Any] = {"site": site[:200]}
        if not paper.sites:
            return Finding("passed", "check.site.none_known", evidence)
        for known in paper.sites:
            if not _is(site, known):
                continue
            if read or vouched(paper, day):
                return Finding("passed", "check.site.known", evidence | {"listed": known.name})
            return Finding("inconclusive", "check.site.unread", evidence | {"listed": known.name})
        return Finding("inconclusive", "check.site.unknown", evidence | {"known": [known.name for known in paper.sites][:10]})


def _is(site: str, known: SiteSeen) -> bool:
    numbers = set(re.findall(r"(?<!\d)\d{13}(?!\d)", site))
    if numbers:
        return bool(numbers & {known.gln, known.ggn})
    return any(holds(site, text) for text in (known.address, known.name) if text)
