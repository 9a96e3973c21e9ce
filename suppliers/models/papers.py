"""Papers: as they were handed in, what was read on them, what each check said, how they stood and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class PaperUpload(BrandOwned, Base):
    """A file as it came in, before anybody has confirmed what it says; the bytes lie in the vault under
    ``sha256``. ``state``: waiting (to be read), read, refused (it cannot be inspected or holds what no
    paper holds: kept, never served for display) or confirmed (a certificate was made of it)."""

    __tablename__ = "paper_upload"
    __table_args__ = (
        UniqueConstraint("brand_id", "supplier_id", "sha256"),
        Index("ix_paper_upload_state", "brand_id", "state", "uploaded_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    supplier_id: Mapped[str] = mapped_column(Id, ForeignKey("supplier.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    reading: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """What the limited child process saw in the bytes; None until it has looked."""
    fields: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """What the machine read, by name, each with its place on the page: for a person to confirm."""
    pictures: Mapped[list[str]] = mapped_column(Document, default=list)
    """Keys of the vault: the pages, drawn anew from decoded pixels. They alone are ever shown."""
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    uploaded_by: Mapped[str] = mapped_column(String(64))
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the child looked; ``read_at``: when what it saw was written down."""
    read_at: Mapped[datetime | None] = mapped_column(Moment)


class Certificate(BrandOwned, Base):
    """One paper, with the words on it as a person confirmed them.

    ``standing`` is the projection of the newest StandingChange: submitted, needs_person, verified,
    rejected, expiring, lapsed, suspended, revoked or superseded. No outcome ever means "fine".
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("brand_id", "supplier_id", "sha256"),
        Index("ix_certificate_due", "brand_id", "due_on"),
        Index("ix_certificate_standing", "brand_id", "standing", "id"),
        Index("ix_certificate_number", "brand_id", "number"),
        Index("ix_certificate_number_plain", "brand_id", "number_plain"),
        Index("ix_certificate_again", "brand_id", "again"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    supplier_id: Mapped[str] = mapped_column(Id, ForeignKey("supplier.id"), index=True)
    upload_id: Mapped[str | None] = mapped_column(Id, ForeignKey("paper_upload.id"))
    kind: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(80))
    number_plain: Mapped[str] = mapped_column(String(80), default="")
    """The same without width, case, blanks and dashes: two papers of one number are found by it."""
    holder_name: Mapped[str] = mapped_column(String(120))
    holder_uscc: Mapped[str | None] = mapped_column(String(18))
    issuer_name: Mapped[str | None] = mapped_column(String(120))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    issued_on: Mapped[date | None] = mapped_column(Date)
    lots: Mapped[list[str]] = mapped_column(Document, default=list)
    """The supplier's own lots that a report or a quarantine certificate speaks of."""
    products: Mapped[list[str]] = mapped_column(Document, default=list)
    site: Mapped[str | None] = mapped_column(String(200))
    scope: Mapped[str | None] = mapped_column(String(500))
    accreditation: Mapped[str | None] = mapped_column(String(80))
    """Of whoever issued it, as printed: a laboratory's CMA number."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(Integer)
    reading: Mapped[dict[str, Any] | None] = mapped_column(Document, deferred=True, deferred_group="read")
    """What the limited child process saw in the bytes; None until it has looked. Up to megabytes, so it is fetched when asked for."""
    fields: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, deferred=True, deferred_group="read")
    """What the machine read, by name: compared with what the person confirmed."""
    pictures: Mapped[list[str]] = mapped_column(Document, default=list)
    status_list: Mapped[str | None] = mapped_column(String(400), index=True)
    """Where its issuer says whether it is revoked (W3C Bitstring Status List)."""
    found: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """What each check said, in short: name -> [result, because, final]; the evidence is in CheckOutcome."""
    standing: Mapped[str] = mapped_column(String(12), default="submitted")
    because: Mapped[list[str]] = mapped_column(Document, default=list)
    superseded_by: Mapped[str | None] = mapped_column(Id, index=True)
    again: Mapped[str | None] = mapped_column(String(6))
    """``ask``: its checks are to be asked anew; ``look``: its bytes are to be looked at anew first."""
    due_on: Mapped[date | None] = mapped_column(Date)
    """The next day on which the calendar alone may move its standing."""
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    submitted_by: Mapped[str] = mapped_column(String(64))
    judged_at: Mapped[datetime | None] = mapped_column(Moment)


class CertificateLot(BrandOwned, Base):
    """That a paper names this lot, in the writing by which lots are compared: a projection of ``Certificate.lots``."""

    __tablename__ = "certificate_lot"
    __table_args__ = (Index("ix_certificate_lot_named", "brand_id", "supplier_id", "lot"),)

    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"), primary_key=True)
    lot: Mapped[str] = mapped_column(Text, primary_key=True)
    supplier_id: Mapped[str] = mapped_column(Id, ForeignKey("supplier.id"))


class CheckOutcome(BrandOwned, Base):
    """What one check said of one paper the last time it was asked. ``result`` is passed, failed or inconclusive."""

    __tablename__ = "check_outcome"
    __table_args__ = (UniqueConstraint("certificate_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"))
    name: Mapped[str] = mapped_column(String(30))
    result: Mapped[str] = mapped_column(String(12))
    because: Mapped[str] = mapped_column(String(60))
    """A word of app/words.py, e.g. ``check.dates.lapsed``."""
    final: Mapped[bool] = mapped_column(Boolean, default=False)
    """No persons may override it."""
    evidence: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    at: Mapped[datetime] = mapped_column(Moment)


class StandingChange(BrandOwned, Base):
    """Append only: from ``at`` on this paper stood so, because of that, by decision of whom.

    ``seal`` chains the rows of a paper: SHA-256 over the seal before it and this row, the file's hash and
    the words it was decided on among them, so that nothing can be put in between or exchanged later.
    """

    __tablename__ = "standing_change"
    __table_args__ = (Index("uq_standing_change_place", "certificate_id", "place", unique=True),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"), index=True)
    place: Mapped[int] = mapped_column(Integer)
    """1 for the first of a paper's rows, then 2, 3 …: moments of different units may be the same."""
    standing: Mapped[str] = mapped_column(String(12))
    because: Mapped[list[str]] = mapped_column(Document, default=list)
    decision: Mapped[str | None] = mapped_column(String(8))
    """accept, reject, revoke, suspend, resume, override; ``reset`` when the supplier mended the words and the paper starts anew."""
    note: Mapped[str | None] = mapped_column(String(500))
    """What the person who decided said about it, for the supplier to read."""
    basis: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """What it was decided on: the file's hash, the words, what each check said, the version of the rules."""
    seal: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))


class PaperOverride(BrandOwned, Base):
    """One person asks to let a failed check pass, another one decides. ``state``: proposed, approved, declined."""

    __tablename__ = "paper_override"
    __table_args__ = (Index("ix_paper_override_state", "brand_id", "state"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"), index=True)
    name: Mapped[str] = mapped_column(String(30))
    """Of the check."""
    because: Mapped[str] = mapped_column(String(60))
    """What the check said when it was asked: an override answers for just this."""
    evidence: Mapped[str | None] = mapped_column(String(16))
    """A digest of what it showed then."""
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    reason: Mapped[str] = mapped_column(String(500))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    proposed_by: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str | None] = mapped_column(String(500))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(64))


class RegisterLookup(BrandOwned, Base):
    """Append only: on ``asked_on`` a person looked this paper up in a public register that machines may not ask."""

    __tablename__ = "register_lookup"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"), index=True)
    register: Mapped[str] = mapped_column(String(30))
    result: Mapped[str] = mapped_column(String(12))
    """valid, invalid, not_found, suspended, revoked or unreachable."""
    asked_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(String(500))
    screenshot: Mapped[str | None] = mapped_column(String(64))
    """A key of the vault: what the person saw, as a picture."""
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))


class StatusList(BrandOwned, Base):
    """A list in which an issuer says what it revoked, as it was last fetched; the bytes lie in the vault."""

    __tablename__ = "status_list"
    __table_args__ = (UniqueConstraint("brand_id", "url"), Index("ix_status_list_due", "brand_id", "ask_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    url: Mapped[str] = mapped_column(String(400))
    sha256: Mapped[str | None] = mapped_column(String(64))
    valid_from: Mapped[datetime | None] = mapped_column(Moment)
    """As the list says of itself; an older list never takes the place of a newer one."""
    fetched_at: Mapped[datetime | None] = mapped_column(Moment)
    ttl: Mapped[float | None] = mapped_column(Float)
    """Seconds for which the issuer says that it may be kept."""
    ask_at: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    trouble: Mapped[str | None] = mapped_column(Text)
