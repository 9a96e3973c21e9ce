"""From a recalled lot to exactly the members who hold an item of it.

Exact: a member is warned when a visit's counter lies in a range of the lot, and only then;
once for each recall, however many items and lots. It asks for no marketing consent, because
a safety warning needs none (PIPL 13), and it never decides that something is recalled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import and_, func, select

from kernel.orm import Brand
from kernel.unit import Unit
from members import identity, once, texts
from members.facts import NoticeWritten
from members.models import Member, Notice, Visit
from traceability import products
from traceability import recalls as lot_recalls
from traceability.facts import LotsRecalled
from traceability.models import CodeRange

BATCH: Final = 500
"""Notices in one INSERT, lots in one question; SQLite takes 32 766 values in one statement."""


def on_lots_recalled(unit: Unit, fact: LotsRecalled) -> int:
    """Write one notice for each member who holds items of these lots; how many were new."""
    recall, lots = lot_recalls.get(unit, fact.recall_id)
    touched = sorted((lot for lot in lots if lot.id in fact.lot_ids), key=lambda lot: lot.code)
    held: dict[str, Counter[str]] = {}
    for lot_id, member_id, items in _holders(unit, [lot.id for lot in touched]):
        held.setdefault(member_id, Counter())[lot_id] += items
    named = {lot.id: (lot.code, products.get(unit, lot.product_id)) for lot in touched if lot.product_id}
    written = 0
    for batch in _batches(held.items()):
        rows = [
            {"id": unit.new_id(), "recall_id": recall.id, "member_id": member_id, "reason": recall.reason, "advice": recall.advice}
            | _what([named[lot_id] for lot_id in items], items.total())
            | {"written_at": unit.now}
            for member_id, items in batch
        ]
        for notice_id in once.insert(unit, Notice, rows, unique=["recall_id", "member_id"]):
            unit.tell(NoticeWritten(notice_id))
            written += 1
    if written:
        unit.record("notices.written", "recall", recall.id, count=written)
    return written


def post_notice(unit: Unit, fact: NoticeWritten) -> bool:
    """Hand a notice to the post, before and outside the transaction that marks it; False when it was
    sent already or nobody is left to tell. Its id is the letter's key, so posting again is one letter."""
    notice = unit.session.get(Notice, fact.notice_id)
    number = identity.phone_of(unit, notice.member_id) if notice is not None and notice.sent_at is None else None
    if notice is None or number is None:
        return False
    language = texts.spoken(unit.session.get_one(Member, notice.member_id).language)
    letter = texts.recall_letter(
        product=notice.product_zh if language == "zh" else notice.product_en,
        lot=notice.lot_code,
        items=notice.items,
        reason=notice.reason,
        advice=notice.advice,
        language=language,
        brand=unit.session.get_one(Brand, notice.brand_id).name,
    )
    unit.outside.post.send(to=number, subject=letter.subject, text=letter.text, key=notice.id)
    return True


def on_notice_written(unit: Unit, fact: NoticeWritten, posted: bool) -> None:
    """Mark a notice as sent, once."""
    notice = unit.session.scalar(select(Notice).where(Notice.id == fact.notice_id).with_for_update())
    if notice is None or notice.sent_at is not None or not posted:
        return
    notice.sent_at = unit.now
    unit.record("notice.sent", "notice", notice.id)


def told(unit: Unit, recall_id: str) -> int:
    """How many members a notice of this recall has been posted to: a number, never who."""
    return unit.session.scalar(select(func.count(Notice.sent_at)).where(Notice.recall_id == recall_id)) or 0


def holders(unit: Unit, lot_ids: Iterable[str]) -> int:
    """How many members hold an item of these lots, and would be told: a number, never who."""
    return len({member_id for _, member_id, _ in _holders(unit, lot_ids)})


def _holders(unit: Unit, lot_ids: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """(lot, member, distinct items) under each key, lots in the order given. Ranges never overlap, so sums are exact."""
    key = and_(Visit.gtin == CodeRange.gtin, Visit.key_version == CodeRange.key_version)
    query = (
        select(CodeRange.lot_id, Visit.member_id, func.count(Visit.counter.distinct()))
        .join(Visit, and_(key, Visit.counter.between(CodeRange.first, CodeRange.last)))
        .group_by(CodeRange.lot_id, CodeRange.gtin, CodeRange.key_version, Visit.member_id)
    )
    ordered = list(lot_ids)
    for some in (ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)):
        place = {lot_id: number for number, lot_id in enumerate(some)}
        rows = unit.session.execute(query.where(CodeRange.lot_id.in_(some))).tuples()
        yield from ((str(lot_id), member, items) for lot_id, member, items in sorted(rows, key=lambda row: place[str(row[0])]))


def _what(lots: list[tuple[str, Any]], items: int) -> dict[str, Any]:
    """The columns of a notice that say of what: every lot and product, as far as there is room."""
    return {
        "lot_code": _together((code for code, _ in lots), 40),
        "product_zh": _together((product.name_zh for _, product in lots), 120),
        "product_en": _together((product.name_en for _, product in lots), 120),
        "items": items,
    }


def _together(names: Iterable[str], most: int) -> str:
    """Distinct names with commas between them; an ellipsis stands for those that find no room."""
    names = list(dict.fromkeys(names))
    text = ", ".join(names)
    return text if len(text) <= most else text[: most - 1] + "…"


def _batches(held: Iterable[tuple[str, Counter[str]]]) -> Iterator[list[tuple[str, Counter[str]]]]:
    everyone = list(held)
    for start in range(0, len(everyone), BATCH):
        yield everyone[start : start + BATCH]
