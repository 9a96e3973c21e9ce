"""The words of a letter to a customer, in the reader's language: one text, for the printed page and for a mail alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.pages.look import amount
from app.telling import day, language
from kernel.orm import Brand
from kernel.unit import Unit
from traceability.letters import Letter


@dataclass(frozen=True)
class Said:
    """``rows``: product, lot, best before, quantity and delivery note of each line. ``draft``: no recall stands behind it (yet)."""

    brand: str
    title: str
    opening: str
    reason: str
    advice: str
    todo: list[str]
    rows: list[tuple[str, str, str, str, str]]
    draft: str
    text: str


def written(unit: Unit, letter: Letter, recall: Any) -> Said:
    """The letter in words. ``recall`` is the one behind it, if any."""
    brand = unit.session.get_one(Brand, unit.brand_id).name
    draft = {"open": "", "proposed": _("草稿：召回还没有批准，不要寄出"), "declined": _("草稿：这次召回没有批准，不要寄出")}.get(
        recall.state if recall else "", _("演练样稿：没有召回，不要寄出")
    )
    title = _("召回通知")
    opening = _("%(customer)s：下面这些货是我们发给贵方的，现在召回。", customer=letter.customer)
    reason = recall.reason if recall else _("（提出召回时填写）")
    advice = recall.advice if recall else _("（提出召回时填写）")
    todo = [
        _("马上停止销售和使用，把下列批次单独存放，挂上“召回”的牌子。"),
        _("清点现有数量；已经卖给谁、转给谁，请列出来。"),
        _("在 24 小时内告诉我们：现有多少、已售多少、存放在哪里。"),
        _("不要自行销毁，等我们安排取回。"),
    ]
    rows = [_row(line) for line in letter.lines]
    parts = [draft, title, "", opening, "", _("原因：%(reason)s", reason=reason), "", *(" · ".join(row) for row in rows)]
    if letter.packs:
        parts += ["", _("箱或托盘的 SSCC：%(numbers)s", numbers="、".join(letter.packs) if language() != "en" else ", ".join(letter.packs))]
    parts += ["", _("请贵方："), *(f"{place}. {each}" for place, each in enumerate(todo, 1))]
    parts += ["", _("告诉消费者的话：%(advice)s", advice=advice), "", brand, day(unit.now)]
    return Said(brand, title, opening, reason, advice, todo, rows, draft, "\n".join(parts if draft else parts[1:]) + "\n")


def _row(line: Any) -> tuple[str, str, str, str, str]:
    name = line.name_en if language() == "en" else line.name_zh
    best = _("保质期至 %(day)s", day=day(line.best_before)) if line.best_before else "—"
    on = day(line.sent_at)
    sent = _("%(reference)s（%(day)s）", reference=line.reference, day=on) if line.reference else _("散装销售（%(day)s）", day=on)
    return (name, line.lot, best, amount(line.quantity, line.uom), sent)
