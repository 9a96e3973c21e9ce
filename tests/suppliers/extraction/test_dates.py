from __future__ import annotations

import pytest

from suppliers.extraction import dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027年06月30日", "2027-06-30"),
        ("2027 年 6 月 30 日", "2027-06-30"),
        ("２０２７年６月３０日", "2027-06-30"),
        ("二〇二五年四月二十八日", "2025-04-28"),
        ("二○二五年十二月三十一日", "2025-12-31"),
        ("2025-04-28", "2025-04-28"),
        ("2025.4.28", "2025-04-28"),
        ("20250428", "2025-04-28"),
        ("2O25年O4月28日", "2025-04-28"),
        ("12 March 2027", "2027-03-12"),
        ("March 12th, 2027", "2027-03-12"),
        ("12-MAR-2027", "2027-03-12"),
        ("31.12.2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
    ],
)
def test_dates(text: str, day: str) -> None:
    assert [str(hit.day) for hit in dates.found(text)] == [day]


@pytest.mark.parametrize("text", ["2025年02月30日", "SC10599999900213", "GB 2763-2021", "1.2.3", "1234567890"])
def test_no_dates(text: str) -> None:
    assert dates.found(text) == []


def test_day_and_month_that_could_be_either_are_doubtful() -> None:
    [hit] = dates.found("03/04/2025")
    assert (str(hit.day), hit.doubtful) == ("2025-04-03", True)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2019年03月18日至2049年03月17日", ("2019-03-18", "2049-03-17")),
        ("2025-05-01 — 2026-04-30", ("2025-05-01", "2026-04-30")),
        ("from 1 May 2025 until 30 April 2026", ("2025-05-01", "2026-04-30")),
        ("2017年11月02日至长期", ("2017-11-02", "")),
        ("长 期", (None, "")),
        ("自2020年1月1日起", ("2020-01-01", None)),
        ("2027年06月30日", (None, "2027-06-30")),
        ("五年", (None, None)),
    ],
)
def test_spans(text: str, span: tuple[str | None, str | None]) -> None:
    assert dates.span(text) == span
