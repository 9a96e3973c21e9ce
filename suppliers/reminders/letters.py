"""The words of letters to suppliers, Chinese and English in one. Pure: knows no table and no clock.

A letter says which paper, which day, what to do by then and what follows otherwise. It holds no code and no
one-time link, and nothing that is not on the paper itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Letter:
    """What the post carries."""

    subject: str
    text: str


@dataclass(frozen=True)
class Ending:
    """What a letter needs to know of a paper that ends: its kind in both languages, its number and its last day; when the
    law or the scheme says so, from when (``opens``) and until when (``apply_by``) its renewal is to be applied for."""

    kind_zh: str
    kind_en: str
    number: str
    valid_until: date
    opens: date | None
    apply_by: date | None
    today: date


def ending(paper: Ending, *, brand: str, supplier: str, portal: str) -> Letter:
    """That a paper ends, or has ended."""
    chinese, english = _zh(paper), _en(paper)
    if paper.today > paper.valid_until:
        subject = f"{paper.kind_zh}已过期 / {paper.kind_en} has expired"
    else:
        days = (paper.valid_until - paper.today).days
        subject = f"{paper.kind_zh}还有{days}天到期 / {paper.kind_en} expires in {_days(days)}"
    text = (
        f"{supplier}：\n{chinese}\n换证后请在供应商页面上传新的文件：{portal}\n{brand}\n\n"
        f"To {supplier}:\n{english}\nPlease upload the new paper on your supplier page: {portal}\n{brand}\n"
    )
    return Letter(f"【{brand}】{subject}", text)


def message(*, brand: str, supplier: str, portal: str) -> Letter:
    """That the brand wrote, never what: it is read behind the sign-in."""
    return Letter(
        f"【{brand}】您有一条新消息 / You have a new message",
        f"{supplier}：\n{brand}给您留了言，请在供应商页面查看和回复：{portal}\n\n"
        f"To {supplier}:\n{brand} wrote you a message. Read and answer it on your supplier page: {portal}\n",
    )


def _zh(paper: Ending) -> str:
    what = f"您的{paper.kind_zh}（编号 {paper.number}）"
    if paper.today > paper.valid_until:
        return f"{what}已于{_han(paper.valid_until)}到期。在新证上传并核对通过之前，凭它供应的货物不能收货。"
    text = f"{what}有效期至{_han(paper.valid_until)}。"
    if paper.apply_by is None:
        text += "请现在就开始办理换证。" if paper.opens is None else f"按规定，{_han(paper.opens)}起可以申请延续，请现在就准备。"
    elif paper.apply_by < paper.today:
        text += f"按规定，延续申请最迟应在{_han(paper.apply_by)}提出，这一天已经过去。请马上联系发证机关，问清如何办理。"
    else:
        since = f"从{_han(paper.opens)}起、" if paper.opens is not None else ""
        text += f"按规定，延续申请须{since}最迟在{_han(paper.apply_by)}当天提出，逾期不再按延续办理。请现在就办理。"
    return text + "到期后没有新证，凭它供应的货物不能收货。"


def _en(paper: Ending) -> str:
    what = f"Your {paper.kind_en} (No. {paper.number})"
    if paper.today > paper.valid_until:
        return f"{what} expired on {_day(paper.valid_until)}. Until a new one is here and checked, goods that need it cannot be received."
    text = f"{what} is valid until {_day(paper.valid_until)}."
    if paper.apply_by is None:
        text += " Please begin to renew it now." if paper.opens is None else f" By the rules, its renewal opens on {_day(paper.opens)}."
    elif paper.apply_by < paper.today:
        text += f" By the rules, the last day to apply for its renewal was {_day(paper.apply_by)}. Ask its issuer at once what can be done."
    else:
        last = _day(paper.apply_by)
        when = f"between {_day(paper.opens)} and {last}" if paper.opens is not None else f"on {last} at the latest"
        text += f" By the rules, its renewal is applied for {when}; after that it is too late. Please apply now."
    return text + " Without a new one, goods that need it cannot be received after that day."


def _han(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
