"""Does the symbol on the paper lead to the issuer's own register? Pure; nothing is ever fetched.

Whole parallel registers exist, with accreditation bodies of their own, so a link that resolves proves
nothing; a link to a host that only looks like the right one proves the opposite. A host that is merely not on
the list is a question for a person, and required of nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from suppliers.checks.base import Finding, Paper
from suppliers.checks.entries import entry_of
from suppliers.checks.hosts import host_of, is_under, resembles, shown
from suppliers.requirements import KINDS

_LINK: Final = re.compile(r"(?:https?:|www\.)[^\s<>\"'，；]+", re.IGNORECASE)


class Host:
    def ask(self, paper: Paper, day: date) -> Finding:
        links = list(_links(paper.seen("symbols")))
        if not links:
            return Finding("passed", "check.host.no_link")
        trusted = _trusted(paper)
        unknown: list[str] = []
        for link in links:
            host = host_of(link)
            if host is None:
                return Finding("failed", "check.host.disguised", {"link": link[:200]})
            if any(is_under(host, known) for known in trusted):
                continue
            like = next((known for known in trusted if resembles(host, known)), None)
            if like is not None:
                return Finding("failed", "check.host.lookalike", {"host": shown(host), "like": like})
            unknown.append(shown(host))
        if unknown:
            return Finding("inconclusive", "check.host.unknown", {"host": unknown[0], "found": unknown[:5]})
        return Finding("passed", "check.host.listed", {"host": host_of(links[0])})


def _links(symbols: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for symbol in symbols:
        text = symbol.get("text")
        for link in _LINK.findall(text[:4000]) if isinstance(text, str) else ():
            yield link if link.lower().startswith("http") else f"http://{link}"


def _trusted(paper: Paper) -> tuple[str, ...]:
    """The hosts of the kind's registers, and of the issuer; a paper that names nobody of the list may lead to none of it."""
    kind, entry = KINDS.get(paper.kind), entry_of(paper)
    return tuple(dict.fromkeys((*(kind.qr_hosts if kind else ()), *(entry.hosts if entry else ()))))
