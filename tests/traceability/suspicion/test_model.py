"""The numbers of a product."""

from __future__ import annotations

import json
from dataclasses import replace
from math import exp, nan
from typing import Any

import pytest

from traceability.suspicion import Model
from traceability.suspicion.model import EDGES


def test_it_comes_back_from_a_document() -> None:
    model = replace(Model.DEFAULT, places={"CN-31": 0.2}, threshold=8.25, items=12)
    again = Model.of(json.loads(json.dumps(model.params())))
    assert again == model
    assert isinstance(again.items, int)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"threshold": None, "moves": [1, 2], "tempo": "x", "places": [1]},
        {"threshold": nan, "moves": [1, 2, nan], "prior": True, "unheard_of": 3},
    ],
)
def test_what_is_missing_or_misshapen_is_as_by_default(params: dict[str, Any]) -> None:
    assert Model.of(params) == Model.DEFAULT


def test_tables_are_shares() -> None:
    model = Model.DEFAULT
    assert len(model.tempo) == len(EDGES) + 1
    for shares in (model.tempo, model.reach, model.posted_kinds, model.copied_reach, model.spread):
        assert sum(shares) == pytest.approx(1)
    widths = [end - start for start, end in zip((0.0, *EDGES), (*EDGES, 365.0), strict=True)]
    assert sum(exp(density) * width for density, width in zip(model.densities, widths, strict=True)) == pytest.approx(1)
