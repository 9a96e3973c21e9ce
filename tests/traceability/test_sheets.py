"""What a spreadsheet would reckon is shown; what is a number stays one."""

from __future__ import annotations

import pytest

from traceability import sheets


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'=1"])
def test_formulas_are_made_text(cell: str) -> None:
    assert _cell(cell).strip('"').startswith("'")


@pytest.mark.parametrize("cell", ["-12.5", "-3", "12", "L-1", "", "奶"])
def test_the_rest_is_left_alone(cell: str) -> None:
    assert _cell(cell).strip('"') == cell


def _cell(cell: str) -> str:
    told = sheets.written(("name",), [(cell,)]).decode("utf-8-sig")
    return told.removeprefix("name\r\n").removesuffix("\r\n")
