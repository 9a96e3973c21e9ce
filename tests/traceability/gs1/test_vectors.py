"""What GS1's own syntax engine said of 515 inputs, and what we say: verdict for verdict, letter for letter."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import shared_data
from traceability.gs1 import strings, uri
from traceability.gs1.elements import Elements
from traceability.gs1.keys import NotGS1

Row = dict[str, Any]


def _rows() -> list[Row]:
    lines = (shared_data("digital-link") / "vectors" / "syntax-engine-outcomes.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _read(row: Row) -> tuple[Elements, list[str]]:
    if row["kind"] == "ai":
        return strings.read_bracketed(row["input"]), []
    elements, others = uri.read(row["input"])
    return elements, list(others)


def _said(row: Row) -> Row:
    """Our answer, with the engine's names."""
    try:
        elements, others = _read(row)
    except NotGS1 as trouble:
        return {"valid": not trouble.errors}
    return {
        "valid": True,
        "ai": strings.bracketed(elements),
        "hri": strings.human(elements),
        "dl_uri": uri.write(elements),
        "barcode_message": strings.message(elements),
        "ignored_query": others,
    }


def test_every_verdict_and_every_form_is_the_engines() -> None:
    rows = _rows()
    for row in rows:
        said = _said(row)
        assert said["valid"] == row["valid"], row
        assert {name: said[name] for name in said if name in row} == {name: row[name] for name in said if name in row}, row["input"]
    assert len(rows) == 515


def test_every_form_is_read_as_the_same_value() -> None:
    for row in _rows():
        if row["valid"]:
            elements, _ = _read(row)
            assert strings.read_bracketed(row["ai"]) == elements
            assert strings.read_message(row.get("barcode_message") or strings.message(elements)) == elements
            assert sorted(uri.read(row["dl_uri"]).elements.pairs) == sorted(elements.pairs)
