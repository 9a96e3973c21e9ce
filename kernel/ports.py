"""The outside world as the domains see it. app/outside.py chooses the adapters by URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Vault(Protocol):
    """Bytes kept by their own hash; what is in is never changed or removed."""

    def put(self, content: bytes) -> str:
        """Keep ``content``; the key is its SHA-256 in hex. Putting it twice is no error."""
        ...

    def get(self, key: str) -> bytes:
        """The bytes, or ``kernel.errors.Missing``."""
        ...


class Post(Protocol):
    """Takes a message to a person."""

    def send(self, *, to: str, subject: str, text: str, key: str) -> None:
        """``to`` is an address (+E.164, mail, …). ``key`` makes a repeated send harmless where the
        carrier supports it. Raises ``kernel.errors.Unavailable`` when it may work later."""
        ...


class Keyring(Protocol):
    """Secrets by purpose, all derived from one root key (HKDF-SHA-256, RFC 5869)."""

    def mac(self, purpose: str, data: bytes) -> bytes:
        """HMAC-SHA-256, 32 bytes: for matching without keeping the value."""
        ...

    def lock(self, purpose: str, plain: bytes) -> bytes:
        """AES-256-GCM, random nonce in front; ``purpose`` is bound as associated data."""
        ...

    def unlock(self, purpose: str, locked: bytes) -> bytes:
        """Raises ValueError when the bytes or the purpose are not the ones that were locked."""
        ...

    def relock(self, purpose: str, locked: bytes) -> bytes:
        """The same secret under the present root key: ``locked`` itself when it lies under it already.
        Raises ValueError as ``unlock`` does."""
        ...


@dataclass(frozen=True)
class Answer:
    """What a web address answered. ``status``: of HTTP, after redirects; None when nothing answered.
    ``location``: where the address has moved to for good. ``refused``: it was not asked, because it leads inside.
    ``body``: what was fetched; None when it was not asked for, or is longer than it may be."""

    status: int | None = None
    location: str | None = None
    refused: bool = False
    body: bytes | None = None


class Web(Protocol):
    """Other people's web servers, and never one of our own network."""

    def ask(self, url: str) -> Answer:
        """GET an http or https address and follow its redirects; never raises for what lies outside. At most 10 seconds."""
        ...

    def tell(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST to just this address, following no redirect; else as ``ask``."""
        ...

    def fetch(self, url: str, most: int) -> Answer:
        """GET just this https address, following no redirect, at most ``most`` bytes, at most 5 seconds; else as ``ask``."""
        ...


class Scanner(Protocol):
    """Somebody who knows viruses."""

    def scan(self, content: bytes) -> tuple[str, str | None]:
        """(state, name): not_scanned, clean, or found and what; never raises. not_scanned never means clean."""
        ...


class NoScanner:
    def scan(self, content: bytes) -> tuple[str, str | None]:
        return "not_scanned", None


@dataclass(frozen=True)
class Outside:
    """All of the outside world that a Unit may reach."""

    vault: Vault
    post: Post
    keys: Keyring
    web: Web
    public_url: str
    """Where consumers reach the scan pages, without a trailing slash."""
    scanner: Scanner = field(default_factory=NoScanner)
