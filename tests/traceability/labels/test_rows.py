"""The CSV, read by another reader."""

from __future__ import annotations

import csv
import io

import pytest

from tests.traceability.labels.some import some_labels
from traceability.labels import FORMATS
from traceability.labels.rows import harmless


def test_a_row_for_every_code_in_order() -> None:
    labels = some_labels(3)
    head, *rows = csv.reader(io.StringIO(FORMATS["csv"].render(labels).decode(), newline=""))
    assert head == ["position", "link", "gtin", "serial"]
    assert [row[:3] for row in rows] == [[str(place), label.link, "06901234567892"] for place, label in enumerate(labels, start=1)]
    assert all(row[1].endswith(row[3]) and len(row[3]) == 12 for row in rows)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == "'" + cell
    assert harmless("0" + cell) == "0" + cell
