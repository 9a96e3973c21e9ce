"""Of a paper a stranger reads what its kind lets them read, and of its number only the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.requirements import KINDS
from traceability import disclosure

PRIVATE = {"holder_name": "王小明", "holder_uscc": "92150100MA0N000010", "site": "青原路 8 号 2 单元 301", "sha256": "ab" * 32}


@dataclass
class Words:
    kind: str
    number: str = "JB-2026-000017"
    issuer_name: str | None = "华北示例认证中心"
    valid_from: date = date(2026, 1, 1)
    valid_until: date | None = None
    issued_on: date | None = date(2026, 1, 1)
    scope: str | None = "乳制品"
    products: tuple[str, ...] = ("生牛乳",)
    lots: tuple[str, ...] = ("T7",)
    accreditation: str | None = "CMA 1"
    holder_name: str = PRIVATE["holder_name"]
    holder_uscc: str = PRIVATE["holder_uscc"]
    site: str = PRIVATE["site"]
    sha256: str = PRIVATE["sha256"]
    pictures: list[str] = field(default_factory=lambda: ["cd" * 32])


@pytest.mark.parametrize("kind", [*KINDS, "gone"])
def test_no_kind_tells_a_name_an_address_or_a_whole_number(kind: str) -> None:
    told = disclosure.of(Words(kind))
    assert set(told) <= set(disclosure.shown(kind))
    text = repr(dict(told))
    assert not [each for each in (*PRIVATE.values(), "JB-2026-000017", "cd" * 32) if each in text]


def test_a_report_tells_its_lots_and_a_licence_its_term() -> None:
    assert list(disclosure.of(Words("inspection_report"))) == [
        "kind", "issuer", "number_tail", "issued_on", "products", "lots", "accreditation"
    ]  # fmt: skip
    assert disclosure.of(Words("business_licence"))["valid_until"] is None, "without end, which is not the same as not told"
    assert "lots" not in disclosure.of(Words("business_licence"))
    assert disclosure.of(Words("gone")) == {"kind": "gone"}
    assert "issuer" not in disclosure.of(Words("business_licence", issuer_name=None))


@given(st.text(max_size=40))
def test_of_a_number_never_more_than_half_is_told(number: str) -> None:
    told = disclosure.tail(number).removeprefix("…")
    assert number.endswith(told)
    assert len(told) <= min(4, len(number) // 2)
