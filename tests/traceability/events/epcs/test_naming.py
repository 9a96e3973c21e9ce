"""Every way of writing an identifier names one thing: tables by hand, and the quick way against GS1's rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.traceability.gs1.some import elements, letters, scrawls
from traceability.events.epcs import CLASS, ITEM, LOT, OTHER, PLACE, UNIT, canonical, keyed, naming
from traceability.events.epcs.named import digit
from traceability.gs1 import uri, urn
from traceability.gs1.elements import Elements
from traceability.gs1.keys import NotGS1, check_digit

GTIN = "04012345111118"
ITEM_URI = f"https://id.gs1.org/01/{GTIN}/21/9876"
LOT_URI = f"https://id.gs1.org/01/{GTIN}/10/L-1"


@pytest.mark.parametrize(
    ("text", "uri", "kind"),
    [
        ("urn:epc:id:sgtin:4012345.011111.9876", ITEM_URI, ITEM),
        (f"https://example.com/a/b/01/{GTIN}/21/9876?17=261231#x", ITEM_URI, ITEM),
        (f"HTTPS://EXAMPLE.COM/01/{GTIN}/21/9876", ITEM_URI, ITEM),
        (f"http://example.com:8080/01/{GTIN}/22/A/10/L-1/21/9876", ITEM_URI, ITEM),
        (f"https://example.com/gtin/{GTIN}/lot/L-1/ser/9876", ITEM_URI, ITEM),
        ("urn:epc:class:lgtin:4012345.011111.L-1", LOT_URI, LOT),
        (f"https://example.com/01/{GTIN}/10/L-1", LOT_URI, LOT),
        (f"https://example.com/01/{GTIN}/22/A/10/L-1?linkType=all", LOT_URI, LOT),
        ("urn:epc:idpat:sgtin:4012345.011111.*", f"https://id.gs1.org/01/{GTIN}", CLASS),
        ("urn:epc:idpat:upui:4012345.011111.*", f"https://id.gs1.org/01/{GTIN}", CLASS),
        (f"https://example.com/01/{GTIN}/22/A", f"https://id.gs1.org/01/{GTIN}", CLASS),
        (f"https://example.com/01/{GTIN[1:]}", f"https://id.gs1.org/01/{GTIN}", CLASS),
        ("https://example.com/01/96385074", "https://id.gs1.org/01/00000096385074", CLASS),
        ("urn:epc:id:upui:4012345.011111.9876", f"https://id.gs1.org/01/{GTIN}/235/9876", ITEM),
        ("urn:epc:id:sscc:4012345.1112223334", "https://id.gs1.org/00/140123451122233341", UNIT),
        ("https://example.com/00/140123451122233341", "https://id.gs1.org/00/140123451122233341", UNIT),
        ("urn:epc:id:sgln:4012345.00005.0", "https://id.gs1.org/414/4012345000054", PLACE),
        ("urn:epc:id:sgln:4012345.00005.12", "https://id.gs1.org/414/4012345000054/254/12", PLACE),
        ("urn:epc:id:sgln:401234500005..12", "https://id.gs1.org/414/4012345000054/254/12", PLACE),
        ("urn:epc:id:pgln:4012345.00005", "https://id.gs1.org/417/4012345000054", PLACE),
        ("urn:epc:id:grai:4012345.00005.7", "https://id.gs1.org/8003/040123450000547", ITEM),
        ("urn:epc:idpat:grai:4012345.00005.*", "https://id.gs1.org/8003/04012345000054", CLASS),
        ("urn:epc:id:giai:4012345.A-7", "https://id.gs1.org/8004/4012345A-7", ITEM),
        ("urn:epc:id:gdti:4012345.55555.1234", "https://id.gs1.org/253/40123455555541234", ITEM),
        ("urn:epc:id:gsrn:4012345.0000000001", "https://id.gs1.org/8018/401234500000000012", ITEM),
        ("urn:epc:id:gsrnp:4012345.0000000001", "https://id.gs1.org/8017/401234500000000012", ITEM),
        ("urn:epc:id:cpi:4012345.A%2FB.7", "https://id.gs1.org/8010/4012345A%2FB/8011/7", ITEM),
        ("urn:epc:id:itip:4012345.011111.01.02.9", f"https://id.gs1.org/8006/{GTIN}0102/21/9", ITEM),
        ("urn:epc:id:ginc:4012345.xyz", "https://id.gs1.org/401/4012345xyz", ITEM),
        ("https://example.com/8006/040123451111180102/10/A/21/9", f"https://id.gs1.org/8006/{GTIN}0102/21/9", ITEM),
    ],
)
def test_gs1_identifiers_have_one_form(text: str, uri: str, kind: str) -> None:
    assert canonical(text)[:2] == (uri, kind)
    assert canonical(uri)[:2] == (uri, kind)
    assert canonical(text).flaw is None


@pytest.mark.parametrize(
    "text",
    [
        "geo:47.506694,11.104301",
        "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "urn:epc:id:gid:95100000.12345.400",
        "urn:epcglobal:cbv:bt:4012345000009:ASN1099",
        "http://transaction.example.com/po/12345678",
        "https://example.com/01/123",
        "https://example.com/01/04012345111118/17/261231",
        "https://example.com/01/04012345111118/21/a\n",
        "https://example.com?01/04012345111118",
        "https://example.com/401/abc",
        "",
        "9876",
    ],
)
def test_anything_else_names_itself(text: str) -> None:
    named = canonical(text)
    assert named == (text, OTHER, None, None, None, None)


def test_a_malformed_urn_names_itself_and_tells_why() -> None:
    for text in ("urn:epc:idpat:upui:1.2.*", "urn:epc:id:sgtin:4012345.1.9", "urn:epc:id:nothing:1"):
        named = canonical(text)
        assert named[:2] == (text, OTHER)
        assert named.flaw


def test_parts_are_told_decoded_and_as_they_were_said() -> None:
    named = canonical(f"https://example.com/01/{GTIN}/10/A%2FB/21/7%2b")
    assert named.uri == f"https://id.gs1.org/01/{GTIN}/21/7%2B"
    assert (named.gtin, named.lot, named.serial) == (GTIN, "A/B", "7+")
    assert canonical(f"https://example.com/01/{GTIN}/10/AB/21/7").lot == "AB"
    assert canonical("urn:epc:id:grai:4012345.00005.7").serial == "7"


def test_escapes_are_those_of_gs1_links() -> None:
    assert canonical("urn:epc:id:sgtin:4012345.011111.a';=!(%2F%22").uri == f"https://id.gs1.org/01/{GTIN}/21/a';=%21%28%2F%22"


def test_a_wrong_check_digit_names_a_thing_as_well() -> None:
    assert canonical("https://example.com/00/140123451122233349").uri == "https://id.gs1.org/00/140123451122233349"
    assert canonical("https://id.gs1.org/00/140123451122233349").flaw is None


def test_a_long_text_is_read_and_not_remembered() -> None:
    before = naming._remembered.cache_info().currsize
    assert canonical(f"https://example.com/{'a/' * 500}01/{GTIN}").uri == f"https://id.gs1.org/01/{GTIN}"
    assert canonical("https://example.com/" + "a" * 5000).kind == OTHER
    assert naming._remembered.cache_info().currsize == before


@given(st.text("0123456789", min_size=1, max_size=30))
def test_the_quick_check_digit_is_the_check_digit(digits: str) -> None:
    assert digit(digits) == str(check_digit(digits))


@given(elements, st.sampled_from(["https://id.gs1.org", "http://example.com/some/where"]))
@settings(max_examples=300)
def test_every_link_is_named_and_its_form_is_settled(said: Elements, host: str) -> None:
    text = uri.write(said, host)
    named = canonical(text)
    assert named.uri.startswith("https://id.gs1.org/")
    assert canonical(named.uri)._replace(lot=named.lot) == named
    assert named == keyed.named(text)


@given(elements, st.integers(6, 12))
@settings(max_examples=300)
def test_a_urn_and_the_link_of_the_same_key_are_one(said: Elements, prefix_length: int) -> None:
    try:
        text = urn.write(said, prefix_length)
    except NotGS1:
        return
    assert canonical(text) == keyed.named(text)
    assert canonical(text).uri == keyed.finest(urn.read(text).elements.pairs).uri


@given(st.sampled_from(["sgtin", "sscc", "sgln", "grai", "giai", "pgln"]), st.text("0123456789.*", max_size=22), letters(22, 0))
@settings(max_examples=300)
def test_the_quick_way_never_accepts_what_the_rules_refuse(scheme: str, digits: str, tail: str) -> None:
    text = f"urn:epc:id:{scheme}:{digits}.{tail}"
    assert canonical(text) == keyed.named(text)


@given(st.one_of(scrawls, st.builds("{}{}".format, st.sampled_from(["https://a.b/01/", "urn:epc:id:", "http://"]), scrawls)))
def test_nothing_makes_it_fail(text: str) -> None:
    assert isinstance(canonical(text).uri, str)
    assert canonical(canonical(text).uri).uri == canonical(text).uri
