"""The words of letters: which day, what to do by then, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from suppliers.reminders import letters

END = date(2027, 6, 30)


def letter(**more: Any) -> letters.Letter:
    given: dict[str, Any] = {
        "kind_zh": "食品生产许可证",
        "kind_en": "food production licence",
        "number": "SC11532139200465",
        "valid_until": END,
        "opens": None,
        "apply_by": None,
        "today": date(2027, 5, 1),
    }
    return letters.ending(letters.Ending(**given | more), brand="岚牧乳业", supplier="草原乳业", portal="https://id.example/portal")


def test_a_letter_names_paper_day_and_page_in_both_languages() -> None:
    found = letter()
    assert "食品生产许可证还有60天到期" in found.subject
    assert "expires in 60 days" in found.subject
    said = ("SC11532139200465", "2027年6月30日", "30 June 2027", "https://id.example/portal", "草原乳业", "现在就开始", "begin to renew")
    assert [each for each in said if each not in found.text] == []


@pytest.mark.parametrize(
    ("more", "chinese", "english"),
    [
        ({"apply_by": date(2027, 5, 17)}, "须最迟在2027年5月17日当天提出", "on 17 May 2027 at the latest"),
        ({"apply_by": date(2027, 5, 1)}, "最迟在2027年5月1日当天提出", "on 1 May 2027 at the latest"),
        ({"apply_by": date(2027, 4, 30)}, "应在2027年4月30日提出，这一天已经过去", "was 30 April 2027. Ask its issuer"),
        (
            {"opens": date(2027, 2, 20), "apply_by": date(2027, 6, 8)},
            "从2027年2月20日起、最迟在2027年6月8日",
            "between 20 February 2027 and 8 June 2027",
        ),
        ({"opens": date(2027, 3, 31)}, "2027年3月31日起可以申请", "opens on 31 March 2027"),
        ({"today": END}, "有效期至2027年6月30日", "valid until 30 June 2027"),
        ({"today": date(2027, 7, 1)}, "已于2027年6月30日到期", "expired on 30 June 2027"),
    ],
)
def test_the_days_of_the_rules_are_said_plainly(more: dict[str, Any], chinese: str, english: str) -> None:
    text = letter(**more).text
    assert chinese in text
    assert english in text


def test_one_day_is_one_day_and_an_end_that_is_over_says_so() -> None:
    assert "expires in 1 day" in letter(today=date(2027, 6, 29)).subject
    assert "已过期 / food production licence has expired" in letter(today=date(2027, 7, 1)).subject


def test_the_last_day_is_today_and_not_in_no_days() -> None:
    subject = letter(today=END).subject
    assert "食品生产许可证今天到期 / food production licence expires today" in subject
    assert "0" not in subject
