"""A file comes in: kept by its hash, read in the limited child, and laid before a person to confirm. Nothing is judged here.

What cannot be inspected or holds what no paper holds stays in the vault (the original in quarantine), is
never served for display, and its supplier reads what to do.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Invalid, Missing
from kernel.unit import Unit
from suppliers import directory
from suppliers.certificates import files
from suppliers.certificates.inspecting import Inspection, look_at
from suppliers.facts import PaperRead, PaperUploaded
from suppliers.models import PaperUpload
from suppliers.reading import media_type_of

PATIENCE: Final = timedelta(minutes=10)
"""After so long nobody reads a file any more that still waits: handed in again, it is read anew."""


class UploadSettled(Conflict):
    """This file has been confirmed or put aside already. Hand in another file, or open the paper made of it."""

    code = "upload-settled"
    title = "This file has been dealt with already"


def upload(unit: Unit, *, supplier_id: str, content: bytes, filename: str) -> PaperUpload:
    """Keep the bytes and have them read. The same bytes by the same supplier are the same upload; a reading of them that
    was cut short is begun anew."""
    who = directory.supplier(unit, supplier_id)
    wrong = files.flaws(content)
    if wrong:
        raise Invalid(errors=wrong)
    seen = _by_bytes(unit, who.id, hashlib.sha256(content).hexdigest())
    if seen is not None:
        if _cut_short(seen) or (seen.state == "waiting" and unit.now - seen.uploaded_at > PATIENCE):
            seen.state = "waiting"
            unit.tell(PaperUploaded(upload_id=seen.id))
        return seen
    row = PaperUpload(
        id=unit.new_id(),
        supplier_id=who.id,
        sha256=unit.outside.vault.put(content),
        filename=files.shown_name(filename),
        media_type=media_type_of(content),
        size=len(content),
        state="waiting",
        fields={},
        pictures=[],
        uploaded_at=unit.now,
        uploaded_by=unit.actor.id,
    )
    try:
        with unit.session.begin_nested():
            unit.session.add(row)
            unit.session.flush()
    except IntegrityError:  # the same bytes came in at the same moment
        return _by_bytes(unit, who.id, row.sha256) or row
    unit.record("paper.uploaded", "paper_upload", row.id, media_type=row.media_type, size=row.size)
    unit.tell(PaperUploaded(upload_id=row.id))
    return row


def read(unit: Unit, fact: PaperUploaded) -> Inspection:
    """What the limited child sees in the bytes, and the words found on the pages. Slow; writes no row."""
    row = get(unit, fact.upload_id)
    return look_at(unit, row.sha256, words=True)


def on_paper_uploaded(unit: Unit, fact: PaperUploaded, inspection: Inspection) -> None:
    """Lay what was read before the person. Doing it twice changes nothing more."""
    row = _locked(unit, fact.upload_id)
    if row.state == "confirmed":
        return
    row.reading, row.fields, row.pictures = inspection.reading, inspection.fields, inspection.pictures
    row.read_at = inspection.at or unit.now
    if row.state == "discarded":  # meanwhile somebody put it aside
        return
    row.state = "refused" if refuses(inspection.reading) else "read"
    unit.record(f"paper.{row.state}", "paper_upload", row.id, trouble=inspection.reading.get("trouble"))
    unit.tell(PaperRead(upload_id=row.id))


def refuses(reading: dict[str, object]) -> bool:
    """True when no paper can be made of such a file: it cannot be inspected, or holds what runs, hides or harms."""
    scan = reading.get("scan")
    return bool(reading.get("trouble") or reading.get("active") or (isinstance(scan, dict) and scan.get("state") == "found"))


def get(unit: Unit, id: str) -> PaperUpload:
    """This upload, or Missing: also for the people of another supplier."""
    row = unit.session.get(PaperUpload, id) if isinstance(id, str) else None
    if row is None or (unit.actor.kind == "supplier" and unit.actor.supplier_id != row.supplier_id):
        raise Missing("no such upload")
    return row


def picture(unit: Unit, id: str, page: int) -> bytes:
    """One page (from 0) as it was drawn anew from decoded pixels; Missing also where the file was refused: that is never shown."""
    row = get(unit, id)
    if row.state not in ("read", "confirmed") or not 0 <= page < len(row.pictures or ()):
        raise Missing("no such page")
    return unit.outside.vault.get(row.pictures[page])


def of_supplier(unit: Unit, supplier_id: str) -> list[PaperUpload]:
    """The files that wait to be read or confirmed, or were refused, newest first."""
    who = directory.supplier(unit, supplier_id)
    query = select(PaperUpload).where(PaperUpload.supplier_id == who.id, PaperUpload.state.in_(("waiting", "read", "refused")))
    return list(unit.session.scalars(query.order_by(PaperUpload.id.desc())))


def discard(unit: Unit, *, upload_id: str) -> PaperUpload:
    """Put a file aside that was the wrong one; the bytes stay in the vault, as evidence of what was shown to us."""
    row = _locked(unit, upload_id)
    if row.state == "confirmed":
        raise UploadSettled("a paper was made of it")
    row.state = "discarded"
    unit.record("paper.discarded", "paper_upload", row.id)
    return row


def take(unit: Unit, upload_id: str, supplier_id: str) -> PaperUpload:
    """The upload of which a paper is to be made now. Raises Missing or UploadSettled."""
    row = _locked(unit, upload_id)
    if row.supplier_id != supplier_id:
        raise Missing("no such upload")
    if row.state not in ("read", "confirmed"):
        raise UploadSettled("it cannot be confirmed", state=row.state)
    return row


def _locked(unit: Unit, upload_id: str) -> PaperUpload:
    row = get(unit, upload_id)
    unit.session.refresh(row, with_for_update=True)
    return row


def _cut_short(row: PaperUpload) -> bool:
    """The child that looked at it did not come to an end, which on a bad day is the machine's fault and not the file's."""
    return row.state == "refused" and str((row.reading or {}).get("trouble")).startswith("child.")


def _by_bytes(unit: Unit, supplier_id: str, sha256: str) -> PaperUpload | None:
    query = select(PaperUpload).where(PaperUpload.supplier_id == supplier_id, PaperUpload.sha256 == sha256)
    row = unit.session.scalar(query.with_for_update())
    if row is not None and row.state == "discarded":
        row.state = "read" if row.reading and not refuses(row.reading) else "refused" if row.reading else "waiting"
    return row
