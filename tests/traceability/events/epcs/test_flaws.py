"""What may stand in epcList, and what as epcClass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import shared_data
from traceability.events.epcs import flaw_of_class, flaw_of_epc

ITEM = "https://example.com/01/04012345111118/21/9876"
LOT = "urn:epc:class:lgtin:4012345.011111.L1"


@pytest.mark.parametrize("text", [ITEM, "urn:epc:id:sscc:4012345.1112223334", "urn:epc:id:sgln:4012345.00005.0", "urn:epc:id:gid:1.2.3"])
def test_one_thing_stands_in_a_list_of_epcs_only(text: str) -> None:
    assert flaw_of_epc(text) is None
    assert (flaw_of_class(text) is None) is text.startswith("urn:epc:id:gid")


@pytest.mark.parametrize("text", [LOT, "urn:epc:idpat:sgtin:4012345.011111.*", "https://example.com/01/04012345111118"])
def test_a_class_stands_as_a_class_only(text: str) -> None:
    assert flaw_of_class(text) is None
    assert flaw_of_epc(text) is not None


@pytest.mark.parametrize("text", ["urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "https://example.com/产品/1", "example:thing"])
def test_any_absolute_uri_stands_for_both(text: str) -> None:
    assert flaw_of_epc(text) is None
    assert flaw_of_class(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "9876",
        "/01/04012345111118/21/9876",
        "id.gs1.org/01/04012345111118",
        "https://exa mple.com/1",
        "urn:",
        "urn:epc:id:sgtin:4012345.11111.9876",
        "urn:epc:id:sgtin:4012345.011111",
        "urn:epc:id:sgtin:4012345.011111.123456789012345678901",
        "urn:epc:id:sgtn:4012345.011111.9876",
        "urn:epc:class:sgtin:4012345.011111.9876",
        "https://id.gs1.org/01/123/21/9876",
        "https://id.gs1.org/01/04012345111118/21/9876/10/L1",
        "https://id.gs1.org/something",
    ],
)
def test_what_is_malformed_stands_for_neither(text: str) -> None:
    assert flaw_of_epc(text)
    assert flaw_of_class(text)


def test_only_the_host_of_gs1_promises_a_digital_link() -> None:
    assert flaw_of_epc("https://example.com/01/123/21/9876") is None


def test_every_official_example_passes() -> None:
    found = 0
    for folder in ("examples-gs1", "examples-openepcis"):
        for path in (shared_data("epcis") / folder).rglob("*.json*"):
            for key, text in _identifiers(json.loads(path.read_text("utf-8"))):
                found += 1
                assert (flaw_of_class(text) if key == "epcClass" else flaw_of_epc(text)) is None, (path.name, text)
    assert found > 200


def _identifiers(told: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(told, dict):
        for name, value in told.items():
            yield from _identifiers(value, name)
    elif isinstance(told, list):
        for value in told:
            yield from _identifiers(value, key)
    elif key in ("epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID", "epcClass"):
        yield key, told
