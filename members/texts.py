"""The very words that people agree to and that the post carries, in Chinese and English.

Pure data and pure functions. A consent text that was ever shown is never edited: new words
are a new version, put last, and whoever agreed to the older one still agreed to exactly
that. It says what PIPL article 17 asks for: who, what for, how, which kinds, how long, and
how to use one's rights. Nothing here knows a member, a table or a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

MEMBERSHIP: Final = "membership"
MARKETING: Final = "marketing"


@dataclass(frozen=True)
class Wording:
    """One version of a consent text; ``{brand}`` stands for the brand's name."""

    version: str
    zh: str
    en: str


WORDINGS: Final[dict[str, tuple[Wording, ...]]] = {
    MEMBERSHIP: (
        Wording(
            "2026-11",
            "加入{brand}会员后，{brand}会加密保存您的手机号码，并记录您加入时和登录后查询过的商品、时间和所在城市。"
            "用途只有两个：在会员页显示这些商品的状态；其中有商品被召回时通知您。"
            "您可以随时在会员页查看这些信息、停止记录或退出；退出时手机号码和查询记录即被删除，"
            "只留下不含号码的同意记录和召回通知作为证明。"
            "不加入会员，查验真伪完全一样。未满十四周岁的，请由监护人加入。联系方式见商品包装。",
            "As a member of {brand}, {brand} keeps your mobile number, encrypted, and the items you check when "
            "joining and while signed in, with time and city. This serves two purposes only: to show you how "
            "these items stand, and to warn you when one of them is recalled. On your page you can see all of it, "
            "stop the record or leave at any time; when you leave, your number and your checks are deleted, and "
            "only the record of your consents and of recall notices remains, without the number, as proof. "
            "Checking an item works just the same without membership. Children under 14 may join only "
            "through a guardian. Contact details are on the package.",
        ),
    ),
    MARKETING: (
        Wording(
            "2026-11",
            "{brand}可以向我的手机号码发送新品和活动消息。不同意不影响会员的其他功能；可以随时在会员页关闭，关闭后不再发送。",
            "{brand} may send news of products and events to my mobile number. Membership works the same "
            "without it, and I can switch it off on my page at any time.",
        ),
    ),
}
PURPOSES: Final = tuple(WORDINGS)


@dataclass(frozen=True)
class Shown:
    """A consent text as a person reads it. ``sha256`` is taken over these very words in UTF-8."""

    purpose: str
    version: str
    language: str
    text: str
    required: bool

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def spoken(tag: str) -> str:
    """``zh`` for any Chinese language tag (BCP 47), else ``en``."""
    return "zh" if tag.lower().startswith("zh") else "en"


def shown(purpose: str, *, language: str, brand: str) -> Shown:
    """The newest wording of a purpose in the language of ``language``."""
    wording = WORDINGS[purpose][-1]
    told = spoken(language)
    text = (wording.zh if told == "zh" else wording.en).format(brand=brand)
    return Shown(purpose, wording.version, told, text, required=purpose == MEMBERSHIP)


@dataclass(frozen=True)
class Letter:
    """What the post carries."""

    subject: str
    text: str


def code_letter(code: str, *, minutes: int, language: str, brand: str) -> Letter:
    """A one-time code. It holds no link, so that no letter with a link is ever one of ours."""
    if spoken(language) == "zh":
        return Letter("验证码", f"【{brand}】验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。")
    return Letter("Your code", f"{brand}: your code is {code}, valid for {minutes} minutes. Share it with nobody.")


def recall_letter(*, product: str, lot: str, items: int, reason: str, advice: str, language: str, brand: str) -> Letter:
    """The warning that a member holds items of a recalled lot: what, why, what to do now."""
    if spoken(language) == "zh":
        return Letter(
            "召回通知", f"【{brand}】召回通知：您查询过的{product}（批次 {lot}，{items} 件）已被召回。原因：{reason}。请您：{advice}"
        )
    count = "1 item" if items == 1 else f"{items} items"
    return Letter(
        "Recall notice", f"{brand}: recall of {product}, lot {lot}; you checked {count} of it. Why: {reason}. What to do: {advice}"
    )
