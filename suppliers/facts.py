"""What suppliers tell the house."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.facts import Fact


@dataclass(frozen=True)
class CertificateSubmitted(Fact):
    """A paper lies in the vault and waits for its checks."""

    certificate_id: str


@dataclass(frozen=True)
class StandingChanged(Fact):
    """A paper stands otherwise than before: lots that lean on it may have to be held, or let go."""

    certificate_id: str
    supplier_id: str
    standing: str
    before: str
