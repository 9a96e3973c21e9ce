"""What a form proposes: never silently mended, never sure without cause."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.proposals import NAMES, asked_of, proposed, to_mend
from suppliers.requirements import KINDS

READ = {"value": "A1", "from": "ocr", "confidence": 0.95, "repair": "AI", "page": 2, "box": [0.1, 0.2, 0.3, 0.4]}


def test_what_was_read_is_offered_with_its_place_and_its_repair_beside_it() -> None:
    one = proposed({"number": READ}, {})["number"]
    assert (one.value, one.source, one.unsure, one.repair, one.page, one.at) == ("A1", "ocr", False, "AI", 2, "0.1000,0.2000,0.3000,0.4000")


def test_what_was_typed_goes_first_and_is_nobody_elses_word() -> None:
    one = proposed({"number": READ | {"confidence": 0.1}}, {"number": "B2"})["number"]
    assert (one.value, one.source, one.unsure, one.page) == ("B2", None, False, 2)
    assert proposed({"number": READ}, {"number": "AI"})["number"].repair is None


def test_a_person_is_told_what_the_machine_is_unsure_of() -> None:
    assert proposed({"number": READ | {"confidence": 0.5}}, {})["number"].unsure


@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.dictionaries(st.sampled_from(["page", "box", "from"]), st.none() | st.integers() | st.text())
    )
)
def test_a_reading_of_another_shape_breaks_no_form(read: dict[str, Any]) -> None:
    assert list(proposed(read, {})) == list(NAMES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_asks_for_what_names_a_paper(kind: str) -> None:
    asked = asked_of(kind)
    assert {"number", "holder_name", "issuer_name"} <= set(asked)
    assert ("lots" in asked) == (KINDS[kind].scope == "lot")
    assert ("valid_from" in asked) == (KINDS[kind].scope == "supplier")


def test_which_words_to_mend_follows_from_the_checks() -> None:
    said = [
        SimpleNamespace(name="holder", result="failed", evidence={}),
        SimpleNamespace(name="identifier", result="passed", evidence={}),
        SimpleNamespace(name="agreement", result="inconclusive", evidence={"fields": ["number"]}),
        SimpleNamespace(name="signature", result="failed", evidence={}),
    ]
    assert to_mend(said) == ["number", "holder_name", "holder_uscc"]
