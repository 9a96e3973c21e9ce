"""The words of letters to suppliers, Chinese and English in one. Pure: knows no table and no clock.

A letter says which paper, which day, what to do by then and what follows otherwise. It holds no code and no
one-time link, and nothing that is not on the paper itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final


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
    elif paper.today == paper.valid_until:
        subject = f"{paper.kind_zh}今天到期 / {paper.kind_en} expires today"
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


@dataclass(frozen=True)
class Verdict:
    """How a paper came to stand, as a letter says it: in the subject (``…_zh``, ``…_en`` after its kind), and what to do about it."""

    subject_zh: str
    subject_en: str
    todo_zh: str
    todo_en: str


VERDICTS: Final[Mapping[str, Verdict]] = MappingProxyType(
    {
        "rejected": Verdict(
            "没有通过，请改好再交",
            "was not accepted: please mend it",
            "没有通过核对。请打开下面的页面，看哪里不对，改好再提交，或者换一份文件",
            "was not accepted. See on its page what is wrong, then mend it or hand in another document",
        ),
        "revoked": Verdict(
            "已撤销，请提交另一份",
            "was revoked: please hand in another",
            "已撤销，凭它供应的货物不能收货。请打开下面的页面看原因，并提交另一份文件",
            "was revoked, so goods that need it cannot be received. See on its page why, and hand in another document",
        ),
        "suspended": Verdict(
            "暂时不能用了",
            "is suspended",
            "已暂停，凭它供应的货物暂时不能收货。请打开下面的页面看原因，并在那里写给我们",
            "is suspended, so goods that need it cannot be received for now. See on its page why, and write to us there",
        ),
        "needs_person": Verdict(
            "请看一下，有地方要改",
            "needs a look: something can be mended",
            "机器没能核对完。请打开下面的页面：您填的内容里有几处也许要改，改了更快；不改的话，我们的质量人员会看",
            "could not be checked by machine alone. Its page says which of your words may need mending: that is quicker than our looking",
        ),
    }
)
"""By the standing that a letter is written about."""


def verdict(standing: str, *, kind: tuple[str, str], brand: str, supplier: str, page: str) -> Letter:
    """That a paper came to stand so, never why: that is read behind the sign-in. ``kind``: of the paper, Chinese and English;
    ``page``: where it is. Raises KeyError for a standing that is not in VERDICTS."""
    said, (chinese, english) = VERDICTS[standing], kind
    return Letter(
        f"【{brand}】{chinese}{said.subject_zh} / Your {english} {said.subject_en}",
        f"{supplier}：\n您提交的{chinese}{said.todo_zh}：{page}\n{brand}\n\n"
        f"To {supplier}:\nThe {english} that you handed in {said.todo_en}: {page}\n{brand}\n",
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
