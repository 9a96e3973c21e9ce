"""A supplier's table becomes plain words, whatever spreadsheet saved it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid
from traceability import delivery_tables

HEAD = "物料,数量,单位,供应商批号"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_columns_are_found_by_any_of_their_names(encoding: str) -> None:
    told = f'{HEAD}\r\n生乳,1200,千克,T-1\r\n\r\n"奶油, 稀",5\r\n'.encode(encoding)
    first, second = delivery_tables.read(told, most=5)
    assert (first["material"], first["quantity"], first["uom"], first["supplier_lot"]) == ("生乳", "1200", "千克", "T-1")
    assert (second["material"], second["supplier_lot"], second["lot_code"]) == ("奶油, 稀", "", "")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "delivery-head"),
        ("数量\n5".encode(), "delivery-head"),
        (b'material,quantity\n"a', "csv"),
        (b"\xff\xff", "csv"),
        (b"material,quantity\n" + b"a,1\n" * 6, "most"),
        (b"x" * (delivery_tables.MOST_BYTES + 1), "delivery-bytes"),
    ],
)
def test_what_is_no_such_table_is_refused(content: bytes, rule: str) -> None:
    with pytest.raises(Invalid) as trouble:
        delivery_tables.read(content, most=5)
    assert [(each["pointer"], each["rule"]) for each in trouble.value.errors] == [("/file", rule)]


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    for start in (b"", b"material,quantity\n"):
        try:
            rows = delivery_tables.read(start + content, most=500)
        except Invalid:
            continue
        assert all(set(row) == set(delivery_tables.COLUMNS) for row in rows)
