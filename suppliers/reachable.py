"""What may be fetched for a paper: documents of identifiers on the trust list, and lists on their hosts. Pure.

Nothing that a paper alone names is ever asked for; app/asking.py refuses besides whatever leads inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from suppliers import credentials

MOST_FETCHED: Final = 1 << 20
"""Bytes of a DID document or a status list that is fetched."""
LONGEST: Final = 400
"""Characters of an address that is fetched and kept."""


class Named(Protocol):
    """Of an issuer on the trust list."""

    @property
    def dids(self) -> Iterable[str]: ...

    @property
    def hosts(self) -> Iterable[str]: ...


@dataclass(frozen=True)
class Reachable:
    """``dids``: identifiers on the trust list; ``hosts``: names of theirs, and those at which their documents lie."""

    dids: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, issuers: Iterable[Named]) -> Reachable:
        listed = list(issuers)
        dids = frozenset(did for issuer in listed for did in issuer.dids)
        own = {host for issuer in listed for host in issuer.hosts}
        theirs = {urlsplit(url).hostname or "" for did in dids if (url := credentials.document_url(did))}
        return cls(dids, frozenset(own | theirs))

    def document_url(self, did: str) -> str | None:
        """Where the document of an identifier on the list lies (did:web); None for any other."""
        return credentials.document_url(did) if did in self.dids else None

    def may_fetch(self, url: str) -> bool:
        """Whether an address is one of https on such a host, at the web's own port, short enough to be kept."""
        try:
            parts = urlsplit(url) if len(url) <= LONGEST else None
        except ValueError:
            return False
        if parts is None or parts.scheme != "https" or parts.hostname not in self.hosts:
            return False
        return parts.netloc in (parts.hostname, f"{parts.hostname}:443")
