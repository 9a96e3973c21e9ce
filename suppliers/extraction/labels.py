"""Know a label when it is printed: whole cells, ``label: value`` and labels that run into their value. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from suppliers.extraction.vocabulary import LABELS, PLAIN

_FIELD_OF: Final = {word: field for field, words in LABELS.items() for word in words}
_KNOWN: Final = frozenset(_FIELD_OF) | frozenset(PLAIN)
_CHINESE: Final = tuple(sorted((word for word in _KNOWN if not word.isascii() and len(word) >= 2), key=len, reverse=True))
_BEGINNING: Final = {first: tuple(word for word in _CHINESE if word[0] == first) for first in {word[0] for word in _CHINESE}}
_LATIN: Final = tuple(
    (word, re.compile(rf"{re.escape(word)}\.?\s*[.:#]?\s+(?=\S)"))
    for word in sorted((word for word in _KNOWN if word.isascii()), key=len, reverse=True)
)
_ISSUERS: Final = tuple(word for word in LABELS["issuer_name"] if not word.isascii())
_LONGEST: Final = 30
_VARIANTS: Final = str.maketrans("別證號業營許產類執單關發機構檢驗認範圍經濟數樣", "别证号业营许产类执单关发机构检验认范围经济数样")
"""Older forms of characters, printed or only read as such, that labels are made of."""
DOUBTFUL: Final = 0.9
"""Below this confidence of its line, a label may have one wrong character."""


class Label(NamedTuple):
    """``word``: the label as the vocabulary writes it, or as it is printed when it is not known there."""

    word: str
    field: str | None
    sure: float


def bare(text: str) -> str:
    """A label for comparing: half width, lower case, without brackets, numbering and punctuation; Chinese without blanks."""
    text = unicodedata.normalize("NFKC", text).strip().lower().translate(_VARIANTS)
    text = re.sub(r"^(?:[(\[]?(?:\d{1,2}|[ivx]{1,4})[)\].、]+|[一二三四五六七八九十]+、|[*•·▪■□◆●—-]+)\s*", "", text)
    text = re.sub(r"[()\[\]【】{}<>《》*“”\"':;：；,，。.、#№_…-]+", " ", text)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text)


@lru_cache(maxsize=20_000)
def known(text: str, confidence: float = 1.0) -> Label | None:
    """The label that the whole of ``text`` is, or None."""
    word = bare(text)
    if not word or len(word) > 130:
        return None
    for candidate in (word, *(bare(part) for part in _halves(text))):
        if candidate in _KNOWN:
            return Label(candidate, _FIELD_OF.get(candidate), 1.0)
    if word.isascii() or len(word) < 3:
        return None
    near = [issuer for issuer in _ISSUERS if _near(word, issuer)]
    if not near and confidence < DOUBTFUL and len(word) >= 4:
        near = [other for other in _CHINESE if len(other) == len(word) and _near(word, other)]
    return Label(near[0], _FIELD_OF.get(near[0]), 0.8) if near else None


def _halves(text: str) -> list[str]:
    """A label in two languages ("产品名称 Product name", "Product / 产品") is known by either half."""
    text = unicodedata.normalize("NFKC", text).rstrip(" :")
    if re.search(r"[\d:]", text):
        return []
    chinese = "".join(re.findall(r"[^\x00-\x7f]+", text))
    latin = " ".join(re.findall(r"[A-Za-z][A-Za-z.() /-]*", text)).strip()
    halves = [chinese, latin] if chinese and len(latin) >= 2 else []
    return [*halves, *(text.split("/") if "/" in text and len(text) < 60 else [])]


def _near(word: str, other: str) -> bool:
    """One character of four or more is another, or the last is hidden (a seal stands on it)."""
    if len(other) < 4:
        return False
    if len(word) == len(other):
        return sum(a != b for a, b in zip(word, other, strict=True)) == 1
    return len(word) == len(other) - 1 and other.startswith(word)


def led(text: str, confidence: float = 1.0, *, aligned: bool = False) -> tuple[Label, int] | None:
    """The label that ``text`` begins with, and where its value begins; None when it begins with none.

    A colon ends a label even when the vocabulary does not have it. Without a colon only a known
    label counts: a blank must follow it, or it must be long enough not to be a piece of a
    sentence; a short one will do where labels begin (``aligned``).
    """
    colon = re.search(r"[:：]", text)
    if colon and 1 <= colon.start() <= _LONGEST * 2:
        head = text[: colon.start()]
        label = known(head, confidence)
        if label is None and _could_be_label(head):
            label = Label(head.strip(), None, 0.9)
        if label is not None:
            return label, colon.end()
    return _run_in(text, 2 if aligned else 4)


_GOES_ON: Final = re.compile(
    r"[及和与或的、/书表单号证]|日期|时间|编号|名称|地址|信息|情况|明细|依据|标准|要求|说明|部门|机构|单位|电话|结果|人员"
)


def _run_in(text: str, least: int) -> tuple[Label, int] | None:
    squeezed, places = _squeezed(text)
    for word in _BEGINNING.get(squeezed[:1], ()):
        if squeezed.startswith(word) and len(squeezed) > len(word):
            end = places[len(word) - 1] + 1
            end += len(text[end:]) - len(text[end:].lstrip(")）"))
            apart = text[end : end + 1].isspace()
            # What follows may make the label a piece of something longer: 检验结论通知书, 产品名称及数量.
            if apart or (len(word) >= least and not _GOES_ON.match(squeezed[len(word) :])):
                return Label(word, _FIELD_OF.get(word), 0.9), end
    lowered = unicodedata.normalize("NFKC", text).lower()
    for word, pattern in _LATIN:
        match = pattern.match(lowered) if lowered.startswith(word) else None
        if match and len(lowered) == len(text) and _value_like(word, text[match.end() :]):
            return Label(word, _FIELD_OF.get(word), 0.9), match.end()
    return None


def _squeezed(text: str) -> tuple[str, list[int]]:
    pairs = [
        (unicodedata.normalize("NFKC", c)[:1].translate(_VARIANTS), at)
        for at, c in enumerate(text)
        if not c.isspace() and c not in "()（）"
    ]
    return "".join(c for c, _ in pairs), [at for _, at in pairs]


def _value_like(word: str, rest: str) -> bool:
    """One short English word begins many sentences; it is a label only before a number or a date."""
    return bool(re.match(r"\S*\d", rest)) or (" " in word and word not in ("valid", "no"))


def _could_be_label(head: str) -> bool:
    word = bare(head)
    if not word or re.search(r"[\d。；;，,]", head) or word in ("http", "https", "www"):
        return False
    return len(word) <= 14 if not word.isascii() else (len(word) >= 3 and len(word.split()) <= 6 and word[0].isalpha())


def further(text: str, start: int) -> int | None:
    """Where, after ``start``, another known label with a colon begins, apart from what is before it; None when none does."""
    for match in re.finditer(r"(?<=[\s;；,，])([^\s:：;；,，]{2,14}|[A-Z][A-Za-z. ]{2,24})\s*[:：]", text[start:]):
        if match.start() > 0 and known(match[1]) is not None:
            return start + match.start()
    for match in re.finditer(r"([^\x00-\x7f]{4,12}?)\s*[:：]", text[start:]):  # 2025年1月1日有效期至：…
        for cut in range(len(match[1]) - 3):
            if match.start() + cut > 0 and known(match[1][cut:]) is not None:
                return start + match.start() + cut
    return None


def structural(text: str) -> bool:
    """Whether an unknown cell could be a label by its looks: short, wordy, no number, no sentence."""
    word = bare(text)
    if re.search(r"[\d。，,；;]", text) or not word:
        return False
    return 2 <= len(word) <= 10 if not word.isascii() else (3 <= len(word) <= 32 and len(word.split()) <= 4 and word[0].isalpha())
