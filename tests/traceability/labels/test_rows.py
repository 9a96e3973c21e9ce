"""The CSV, read by another reader."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from tests.traceability.labels.some import a_roll, links, some_labels, starting, whole
from traceability.labels import Labels

PLAIN = replace(a_roll(3), plan=None)


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_a_row_for_every_code_in_order() -> None:
    head, *rows = _rows(whole("csv", replace(PLAIN, count=1234)))
    assert head == ["position", "link", "gtin", "serial"]
    codes = some_labels(1234)
    expected = zip(links(PLAIN, codes), codes.serials.tolist(), strict=True)
    assert rows == [[str(place), link, "06901234567892", serial.decode()] for place, (link, serial) in enumerate(expected, start=1)]


def test_positions_are_those_of_the_order() -> None:
    _, *rows = _rows(whole("csv", starting(replace(PLAIN, count=30), 985)))
    assert [row[0] for row in rows] == [str(place) for place in range(986, 1016)]


def test_the_code_under_the_cap_stands_beside_its_partner() -> None:
    inner = some_labels(3, start=500).serials
    roll = replace(PLAIN, inner_prefix="HTTPS://S.CN/")
    head, *rows = _rows(whole("csv", roll, labels=replace(some_labels(3), inner=inner)))
    assert head[-1] == "inner"
    assert [row[-1] for row in rows] == [f"HTTPS://S.CN/{serial.decode()}" for serial in inner.tolist()]


@pytest.mark.parametrize("serial", ["=1+1", "+1", "-1", "@x", '"', "a,b", '=HYPERLINK("x")', "0123456789ABCDEFGHIJ", "0"])
def test_a_serial_made_elsewhere_stands_there_as_it_is(serial: str) -> None:
    codes = Labels(1, np.array([serial.encode(), b"ABC"], dtype="S20"))
    _, row, after = _rows(whole("csv", replace(PLAIN, count=2), labels=codes))
    assert row[3] == serial
    assert after[3] == "ABC"
    assert row[1].startswith("HTTPS://")
