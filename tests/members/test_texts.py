"""Words that were shown once are never edited."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from members import texts

PUBLISHED = {
    ("membership", "2026-11", "zh"): "c4453152e3d7446bdf74bc1a2c1fdaf918637ddbd59bbffbabb60e30d63dbf18",
    ("membership", "2026-11", "en"): "a37da2340f64d5db4e0fd1516f46592f4191e902bb5473f332890412ed4f7404",
    ("marketing", "2026-11", "zh"): "b7549122d07634875d03b42739fab82aa866b0e6b53319f9b70a0f85152538f3",
    ("marketing", "2026-11", "en"): "54cf92a686ab32f1a797b1d197d7e76e4fc25bf2ad4201f9792b27f9c7a8ba3c",
}
"""SHA-256 of each wording ever published. Append; never change a line."""


def test_no_published_wording_was_edited_and_none_is_unlisted() -> None:
    now = {
        (purpose, wording.version, language): sha256(getattr(wording, language).encode()).hexdigest()
        for purpose, wordings in texts.WORDINGS.items()
        for wording in wordings
        for language in ("zh", "en")
    }
    assert now == PUBLISHED


def test_every_version_has_its_own_name_and_fits_its_column() -> None:
    for wordings in texts.WORDINGS.values():
        versions = [wording.version for wording in wordings]
        assert len(set(versions)) == len(versions)
        assert all(len(version) <= 20 for version in versions)


@pytest.mark.parametrize(("tag", "told"), [("zh-CN", "zh"), ("zh_Hant_TW", "zh"), ("en-GB", "en"), ("de", "en"), ("", "en")])
def test_a_text_is_shown_in_the_readers_language_or_in_english(tag: str, told: str) -> None:
    shown = texts.shown("membership", language=tag, brand="岚牧{x}")
    assert shown.language == told
    assert "岚牧{x}" in shown.text
    assert shown.sha256 == sha256(shown.text.encode()).hexdigest()


def test_only_membership_is_required() -> None:
    assert [purpose for purpose in texts.PURPOSES if texts.shown(purpose, language="zh", brand="x").required] == ["membership"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_letters_name_the_brand_and_hold_no_link(language: str) -> None:
    code = texts.code_letter("012345", minutes=5, language=language, brand="岚牧乳业")
    recall = texts.recall_letter(
        product="鲜牛奶", lot="L2411-07", items=2, reason="温度不足", advice="请勿饮用", language=language, brand="岚牧乳业"
    )
    assert "012345" in code.text
    assert all(word in recall.text for word in ("鲜牛奶", "L2411-07", "温度不足", "请勿饮用", "2"))
    for letter in (code, recall):
        assert "岚牧乳业" in letter.text
        assert not re.search(r"https?:|www\.", letter.text)
