"""The sorts of links, and the ways to name one."""

from __future__ import annotations

import pytest

from tests.traceability.resolver.some import schema
from traceability.resolver.linktypes import LINK_TYPES, named, uri


def test_all_sorts_of_the_vocabulary_are_there() -> None:
    assert [f"gs1:{name}" for name in LINK_TYPES] == [link_type["id"] for link_type in schema("gs1-linktypes-1.16.json")["linkTypes"]]


def test_every_sort_has_its_own_titles_and_a_sentence() -> None:
    for titles in ([each.title_zh for each in LINK_TYPES.values()], [each.title_en for each in LINK_TYPES.values()]):
        assert all(titles)
        assert len(set(titles)) == len(LINK_TYPES)
    assert all(each.meaning_en.endswith(".") for each in LINK_TYPES.values())
    assert all(not each.title_zh.isascii() for each in LINK_TYPES.values())


@pytest.mark.parametrize(
    "text",
    ["pip", "gs1:pip", "https://ref.gs1.org/voc/pip", "https://gs1.org/voc/pip", "http://gs1.org/voc/pip", "https://www.gs1.org/voc/pip"],
)
def test_a_sort_is_known_by_each_of_its_names(text: str) -> None:
    assert named(text) == "pip"
    assert uri("pip") == "https://ref.gs1.org/voc/pip"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PIP",
        "gs1:",
        "gs1:pip ",
        "gs1:PIP",
        "gs1:pip\n",
        "schema:pip",
        "https://evil.example/voc/pip",
        "https://ref.gs1.org/voc/",
        "p" * 9000,
    ],
)
def test_no_other_text_names_a_sort(text: str) -> None:
    assert named(text) is None
