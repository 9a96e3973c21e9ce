"""What a caller gave: fit to keep, or every flaw at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from kernel.errors import Invalid
from kernel.given import day_of
from traceability.given import Given

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_every_flaw_is_told_at_once() -> None:
    given = Given()
    given.text("/a", "  ", 5)
    given.text("/b", "too long", 5)
    given.text("/c", "a\x00b", 5)
    given.text("/d", None, 5)
    given.amount("/e", Decimal("-1"))
    given.amount("/f", Decimal("0.0000001"))
    given.amount("/g", 0.1)
    given.amount("/h", "NaN")
    given.uom("/i", "kg")
    given.moment("/j", NOW + timedelta(days=2), NOW)
    with pytest.raises(Invalid) as trouble:
        given.done()
    assert [(error["pointer"], error["rule"]) for error in trouble.value.errors] == [
        ("/a", "blank"),
        ("/b", "length"),
        ("/c", "characters"),
        ("/d", "text"),
        ("/e", "positive"),
        ("/f", "decimals"),
        ("/g", "number"),
        ("/h", "number"),
        ("/i", "uom"),
        ("/j", "future"),
    ]


def test_markup_and_chinese_are_text() -> None:
    given = Given()
    assert given.text("/name", " <b>鲜牛奶</b> ", 20) == "<b>鲜牛奶</b>"
    given.done()


@whatever(st.decimals(min_value="0.000001", max_value="999999999999", places=6))
def test_what_six_decimals_can_say_is_kept_exactly(amount: Decimal) -> None:
    given = Given()
    assert given.amount("/quantity", amount) == amount
    given.done()


def test_the_day_begins_where_the_goods_are_made() -> None:
    assert day_of(datetime(2026, 11, 21, 15, 59, tzinfo=UTC)).day == 21
    assert day_of(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)).day == 22
