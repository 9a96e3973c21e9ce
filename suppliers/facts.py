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
    place: int = 0
    """Of the change in the paper's trail; 0 where it was not told."""


@dataclass(frozen=True)
class PaperUploaded(Fact):
    """A file lies in the vault and waits to be read."""

    upload_id: str


@dataclass(frozen=True)
class PaperRead(Fact):
    """A file was looked at: a person can confirm what it says, or it was refused."""

    upload_id: str


@dataclass(frozen=True)
class RequirementChanged(Fact):
    """The brand asks something else of its suppliers than before: a row of its own was added or ends."""

    row_id: str


@dataclass(frozen=True)
class ReminderWritten(Fact):
    """A supplier is to be reminded that a paper ends."""

    reminder_id: str


@dataclass(frozen=True)
class MessageSaid(Fact):
    """Somebody of a supplier or of the brand wrote to the other side."""

    message_id: str


@dataclass(frozen=True)
class WebhookDue(Fact):
    """An event is to be sent to another system, or sent again."""

    delivery_id: str


@dataclass(frozen=True)
class SupplierChanged(Fact):
    """A supplier is listed for something else, or makes it somewhere else: its papers are asked again whether they cover it."""

    supplier_id: str


@dataclass(frozen=True)
class TrustChanged(Fact):
    """Somebody is believed from now on, or no more: papers that stand or wait are looked at again. ``what``: an issuer,
    or a root (``anchor``), for which signatures are read anew."""

    trusted: bool
    what: str = "issuer"


@dataclass(frozen=True)
class StatusListsDue(Fact):
    """Lists in which issuers say what they revoked are to be asked again."""

    status_list_ids: list[str]
