"""From the facts of this package to events for other systems: ids, kinds, days and codes, nothing personal.

A fact is read when it is heard, so an event says how things stood at that moment, which may be a moment after what it tells
of; only how a paper came to stand, and why, is what it was at the change itself. Whoever must know how things stand now asks.
"""

from __future__ import annotations

from typing import Any

from kernel.given import day_of
from kernel.unit import Unit
from suppliers import changes, directory, gate
from suppliers.facts import MessageSaid, PaperRead, PaperUploaded, ReminderWritten, RequirementChanged, StandingChanged
from suppliers.models import Certificate, PaperReminder, PaperUpload, RequirementRow, SupplierMessage
from suppliers.webhooks.sending import is_heard, tell_all


def on_paper_uploaded(unit: Unit, fact: PaperUploaded) -> None:
    """A file came in."""
    row = unit.session.get_one(PaperUpload, fact.upload_id)
    tell_all(unit, "paper.uploaded", {"upload_id": row.id, "supplier_id": row.supplier_id, "media_type": row.media_type})


def on_paper_read(unit: Unit, fact: PaperRead) -> None:
    """A file was looked at; ``trouble`` says why it was refused."""
    row = unit.session.get_one(PaperUpload, fact.upload_id)
    trouble = (row.reading or {}).get("trouble")
    tell_all(unit, "paper.read", {"upload_id": row.id, "supplier_id": row.supplier_id, "state": row.state, "trouble": trouble})


def on_standing_changed(unit: Unit, fact: StandingChanged) -> None:
    """A paper stands otherwise, and why, as its trail says; with it, what its supplier may deliver now (``gates``). Where nobody
    listens no gate is asked."""
    if not is_heard(unit, "paper.standing_changed"):
        return
    paper = unit.session.get_one(Certificate, fact.certificate_id)
    change = changes.told_of(unit, fact)
    because = list(change.because) if change is not None else []
    told = {"standing": fact.standing, "before": fact.before, "because": because, "gates": _gates(unit, fact.supplier_id)}
    tell_all(unit, "paper.standing_changed", _paper(paper) | told)


def on_reminder_written(unit: Unit, fact: ReminderWritten) -> None:
    """A paper ends, and its supplier was reminded."""
    row = unit.session.get_one(PaperReminder, fact.reminder_id)
    paper = unit.session.get_one(Certificate, row.certificate_id)
    told = {"standing": paper.standing, "rung": row.rung, "due_on": row.due_on.isoformat()}
    tell_all(unit, "paper.expiring", _paper(paper) | told)


def on_requirement_changed(unit: Unit, fact: RequirementChanged) -> None:
    """A row of the brand's own was added or ends."""
    row = unit.session.get_one(RequirementRow, fact.row_id)
    days = {name: day.isoformat() if day else None for name, day in _days(row).items()}
    told = {name: getattr(row, name) for name in ("market", "supplier_kinds", "categories", "kinds", "per", "optional", "drops")}
    tell_all(unit, "requirement.changed", {"row_id": row.id, **told, **days})


def on_message_said(unit: Unit, fact: MessageSaid) -> None:
    """That somebody wrote, never what."""
    row = unit.session.get_one(SupplierMessage, fact.message_id)
    told = {"message_id": row.id, "supplier_id": row.supplier_id, "certificate_id": row.certificate_id, "from_supplier": row.from_supplier}
    tell_all(unit, "supplier.message", told)


def _paper(paper: Certificate) -> dict[str, Any]:
    until = paper.valid_until.isoformat() if paper.valid_until else None
    return {"certificate_id": paper.id, "supplier_id": paper.supplier_id, "kind": paper.kind, "valid_until": until}


def _days(row: RequirementRow) -> dict[str, Any]:
    return {"effective_from": row.effective_from, "effective_until": row.effective_until}


def _gates(unit: Unit, supplier_id: str) -> list[dict[str, Any]]:
    """Of each material that the supplier is listed for: whether it may be delivered today, and why not."""
    today = day_of(unit.now)
    asked = [
        (each.id, gate.may(unit, supplier_id=supplier_id, material_id=each.id, day=today))
        for each in directory.supplied_by(unit, supplier_id)
    ]
    return [{"material_id": id, "open": decision.open, "because": decision.because} for id, decision in asked]
