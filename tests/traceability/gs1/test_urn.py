"""EPCs: the Tag Data Standard's own examples, and every key there and back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import shared_data
from tests.traceability.gs1.some import elements, scrawls
from traceability.gs1.elements import Elements
from traceability.gs1.keys import NotGS1
from traceability.gs1.strings import bracketed, read_bracketed
from traceability.gs1.urn import SCHEMES, Scheme, read, write

PAIRS = [
    ("(01)10614141123459(21)400", "urn:epc:id:sgtin:0614141.112345.400"),
    ("(01)10614141123459(21)32a/b", "urn:epc:id:sgtin:0614141.112345.32a%2Fb"),
    ("(01)04012345123456(10)998877", "urn:epc:class:lgtin:4012345.012345.998877"),
    ("(01)04012345123456", "urn:epc:idpat:sgtin:4012345.012345.*"),
    ("(01)01234567894560(235)51qIgY)<&Jp3*j7'SDB", "urn:epc:id:upui:1234567.089456.51qIgY)%3C%26Jp3*j7'SDB"),
    ("(00)106141412345678908", "urn:epc:id:sscc:0614141.1234567890"),
    ("(414)0614141123452(254)400", "urn:epc:id:sgln:0614141.12345.400"),
    ("(414)0614141123452", "urn:epc:id:sgln:0614141.12345.0"),
    ("(417)1234567890128", "urn:epc:id:pgln:1234567.89012"),
    ("(8003)00614141123452400", "urn:epc:id:grai:0614141.12345.400"),
    ("(8003)00614141123452", "urn:epc:idpat:grai:0614141.12345.*"),
    ("(8004)061414112345400", "urn:epc:id:giai:0614141.12345400"),
    ("(8018)061414112345678902", "urn:epc:id:gsrn:0614141.1234567890"),
    ("(8017)061414112345678902", "urn:epc:id:gsrnp:0614141.1234567890"),
    ("(253)06141411234524.0", "urn:epc:id:gdti:0614141.12345.4.0"),
    ("(8010)0614141123ABC#/(8011)123456789", "urn:epc:id:cpi:0614141.123ABC%23%2F.123456789"),
    ("(8010)0614141123ABC", "urn:epc:idpat:cpi:0614141.123ABC.*"),
    ("(255)401234567890104711", "urn:epc:id:sgcn:4012345.67890.04711"),
    ("(401)0614141xyz47/11", "urn:epc:id:ginc:0614141.xyz47%2F11"),
    ("(402)06141411234567890", "urn:epc:id:gsin:0614141.123456789"),
    ("(8006)040123451234560102(21)987", "urn:epc:id:itip:4012345.012345.01.02.987"),
    ("(8006)040123451234560102", "urn:epc:idpat:itip:4012345.012345.01.02.*"),
]


@pytest.mark.parametrize(("said", "urn"), PAIRS)
def test_the_standards_examples_there_and_back(said: str, urn: str) -> None:
    assert write(read_bracketed(said), 7) == urn
    elements, prefix_length = read(urn)
    assert (bracketed(elements), prefix_length) == (said, 7)


def test_every_scheme_has_an_example() -> None:
    assert {scheme.name for scheme in SCHEMES} == {urn.split(":")[3] for _, urn in PAIRS}


def test_what_else_is_known_of_an_item_stays_behind() -> None:
    assert write(read_bracketed("(01)10614141123459(10)L1(17)261231(21)400"), 7) == "urn:epc:id:sgtin:0614141.112345.400"


def test_the_length_of_the_prefix_decides_where_a_key_is_parted() -> None:
    item = read_bracketed("(01)10614141123459(21)400")
    assert write(item, 6) == "urn:epc:id:sgtin:061414.1112345.400"
    assert write(item, 12) == "urn:epc:id:sgtin:061414112345.1.400"
    assert write(read_bracketed("(414)0614141123452"), 12) == "urn:epc:id:sgln:061414112345..0"


@given(elements, st.integers(6, 12))
def test_what_a_urn_names_is_read_again(value: Elements, prefix_length: int) -> None:
    try:
        urn = write(value, prefix_length)
    except NotGS1:  # no EPC, or a prefix longer than the key is
        return
    named = read(urn)
    assert set(named.elements.pairs) <= {*value.pairs}
    assert named.prefix_length == prefix_length
    assert write(*named) == urn


@pytest.mark.parametrize(
    ("said", "prefix_length"),
    [("(01)10614141123459", n) for n in (-1, 0, 5, 13, 99)] + [("(8004)95210A", 6), ("(8004)952100", 6), ("(401)9521", 7)],
)
def test_a_prefix_that_cannot_be_is_refused(said: str, prefix_length: int) -> None:
    with pytest.raises(NotGS1) as caught:
        write(read_bracketed(said), prefix_length)
    assert caught.value.errors[0]["rule"] == "gs1-prefix"


@pytest.mark.parametrize("said", ["(8013)1987654Ad4X4bL5ttr2310c2K", "(400)A"])
def test_a_key_without_an_epc_has_no_urn(said: str) -> None:
    with pytest.raises(NotGS1) as caught:
        write(read_bracketed(said), 7)
    assert caught.value.errors[0]["rule"] == "gs1-urn"


@pytest.mark.parametrize(
    "urn",
    [
        "",
        "urn:epc:id:sgtin",
        "urn:epc:id:adi:0614141.1.2",
        "urn:epc:id:lgtin:4012345.012345.998877",
        "urn:epc:class:sgtin:0614141.112345.400",
        "urn:epc:idpat:sgln:0614141.12345.*",
        "urn:epc:idpat:sgtin:0614141.112345.400",
        "urn:epc:idpat:sgtin:0614141.*.*",
        "urn:epc:id:sgtin:0614141.112345",
        "urn:epc:id:sgtin:0614141.112345.",
        "urn:epc:id:sgtin:0614141.11234.400",
        "urn:epc:id:sgtin:0614141.11234x.400",
        "urn:epc:id:sgtin:06141.11112345.400",
        "urn:epc:id:sgtin:0614141234567..400",
        "urn:epc:id:sgtin:0614141.112345.a/b",
        "urn:epc:id:sgtin:0614141.112345.%20",
        "urn:epc:id:sgtin:0614141.112345.%E4%B8%AD",
        "urn:epc:id:sgtin:0614141.112345.123456789012345678901",
        "urn:epc:id:grai:0614141.12345.",
        "urn:epc:id:giai:0614141.",
        "urn:epc:id:itip:4012345.012345.1.002.987",
        "urn:epc:id:itip:4012345.012345.03.02.987",
        "urn:epc:id:cpi:0614141.123ABC.0123",
        "urn:epc:id:sscc:08600031303.0003",
        "urn:epc:id:sgtin:０６１４１４１.112345.400",
        " urn:epc:id:sgtin:0614141.112345.400",
    ],
)
def test_what_is_no_epc_is_refused(urn: str) -> None:
    with pytest.raises(NotGS1):
        read(urn)


@given(st.sampled_from(SCHEMES), st.sampled_from(["id", "class", "idpat"]), scrawls | st.text())
def test_no_text_does_worse_than_be_refused(scheme: Scheme, sort: str, text: str) -> None:
    try:
        named = read(f"urn:epc:{sort}:{scheme.name}:{text}")
    except NotGS1:
        return
    assert read(write(*named)) == named


def test_the_urns_of_real_events_are_read_and_written_as_they_stood() -> None:
    files = [path for path in sorted(shared_data("epcis").rglob("*")) if path.suffix in (".json", ".xml", ".jsonld")]
    found = {
        urn
        for path in files
        for urn in re.findall(r"urn:epc:(?:id|class|idpat):[a-z]+:[^\"'\s<,\])?\\]+", path.read_text("utf-8", "ignore"))
    }
    ours = [urn for urn in found if urn.split(":")[3] in {scheme.name for scheme in SCHEMES}]
    assert len(ours) > 100
    assert [urn for urn in ours if write(*read(urn)) != urn] == []
