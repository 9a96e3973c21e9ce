"""Patterns of identifiers: as the standard matches them, and as a database would."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceability.events.asking import patterns
from traceability.events.epcs import canonical

ITEM = "urn:epc:id:sgtin:0614141.107346.2017"
LINK = "https://id.gs1.org/01/10614141073464/21/2017"
LOT = "urn:epc:class:lgtin:0614141.107346.L-1"


def _found_by_sql(pattern: patterns.Pattern, text: str) -> bool:
    with sqlite3.connect(":memory:") as base:
        base.execute("PRAGMA case_sensitive_like = 1")
        row = base.execute("SELECT ? LIKE ? ESCAPE '\\'", (canonical(text).uri, pattern.like)).fetchone()
    return bool(row[0]) and canonical(text).uri.startswith(pattern.prefix)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (ITEM, LINK),
        (ITEM, "https://shop.example.com/x/01/10614141073464/21/2017?17=271231"),
        (LINK, ITEM),
        ("urn:epc:idpat:sgtin:0614141.107346.*", ITEM),
        ("urn:epc:idpat:sgtin:0614141.107346.*", LINK),
        ("urn:epc:idpat:sgtin:0614141.*.*", LINK),
        ("urn:epc:idpat:sgtin:*.*.*", ITEM),
        ("urn:epc:id:sgtin:0614141.107346.*", ITEM),
        ("https://id.gs1.org/01/10614141073464/21/*", ITEM),
        ("https://shop.example.com/01/10614141073464/21/*", LINK),
        ("urn:epc:idpat:sscc:0614141.*", "urn:epc:id:sscc:0614141.1234567890"),
        ("urn:epc:idpat:sscc:0614141.*", "https://id.gs1.org/00/106141412345678908"),
        ("urn:epc:idpat:sgln:0614141.00777.*", "urn:epc:id:sgln:0614141.00777.0"),
        ("urn:epc:idpat:sgln:0614141.00777.*", "https://id.gs1.org/414/0614141007776/254/5"),
        ("urn:epc:idpat:grai:0614141.12345.*", "https://id.gs1.org/8003/00614141123452AB"),
        ("urn:epc:idpat:giai:0614141.*", "urn:epc:id:giai:0614141.12345400"),
        ("urn:epc:idpat:gid:1.2.*", "urn:epc:id:gid:1.2.77"),
        ("urn:ex:thing:*", "urn:ex:thing:a:b"),
        ("https://example.com/things/*", "https://example.com/things/7"),
    ],
)
def test_what_is_meant(asked: str, told: str) -> None:
    pattern = patterns.read(asked, False)
    assert pattern.fits(told)
    assert _found_by_sql(pattern, told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (ITEM, "urn:epc:id:sgtin:0614141.107346.2018"),
        ("urn:epc:idpat:sgtin:0614141.107346.*", "urn:epc:id:sgtin:0614141.107347.2017"),
        ("urn:epc:idpat:sgtin:0614141.*.*", "urn:epc:id:sscc:0614141.1234567890"),
        ("urn:epc:idpat:sgtin:0614141.*.*", LOT),
        ("https://id.gs1.org/01/10614141073464/21/*", LOT),
        ("urn:epc:idpat:gid:1.2.*", "urn:epc:id:gid:1.22.77"),
        ("https://example.com/things/*", "https://example.com/things/"),
    ],
)
def test_what_is_not_meant(asked: str, told: str) -> None:
    assert not patterns.read(asked, False).fits(told)


def test_a_urn_of_a_longer_company_prefix_is_of_another_company() -> None:
    pattern = patterns.read("urn:epc:idpat:sgtin:0614141.*.*", False)
    other = "urn:epc:id:sgtin:06141412.10734.2017"
    assert not pattern.fits(other)
    assert _found_by_sql(pattern, other)


@pytest.mark.parametrize(
    ("asked", "told", "meant"),
    [
        ("urn:epc:idpat:sgtin:0614141.107346.*", "urn:epc:idpat:sgtin:0614141.107346.*", True),
        ("urn:epc:idpat:sgtin:0614141.107346.*", "https://id.gs1.org/01/10614141073464", True),
        ("urn:epc:idpat:sgtin:0614141.*.*", "urn:epc:idpat:sgtin:0614141.107346.*", True),
        ("https://id.gs1.org/01/10614141073464", "urn:epc:idpat:sgtin:0614141.107346.*", True),
        ("urn:epc:idpat:sgtin:0614141.107346.400", "urn:epc:idpat:sgtin:0614141.107346.*", False),
        ("urn:epc:idpat:sgtin:0614141.*.*", LOT, False),
        ("urn:epc:class:lgtin:0614141.107346.*", LOT, True),
        ("urn:epc:idpat:lgtin:0614141.*.*", "https://id.gs1.org/01/10614141073464/10/L-1", True),
        ("https://id.gs1.org/01/10614141073464/10/*", LOT, True),
        (LOT, "https://id.gs1.org/01/10614141073464/10/L-1", True),
    ],
)
def test_of_classes_only_a_star_means_a_star(asked: str, told: str, meant: bool) -> None:
    pattern = patterns.read(asked, True)
    assert pattern.fits(told) is meant
    assert _found_by_sql(pattern, told) is meant


DIGITS = st.text("0123456789", min_size=13, max_size=13)


@given(DIGITS, st.integers(6, 12), st.text("aB1-_.!*%27", min_size=1, max_size=5), DIGITS, st.sampled_from(["ref", "prefix", "all"]))
@settings(max_examples=150)
def test_what_fits_is_found_by_a_database_too(digits: str, length: int, serial: str, other: str, stars: str) -> None:
    prefix, reference = digits[:length], digits[length:]
    urn = f"urn:epc:id:sgtin:{prefix}.{reference}.{serial.replace('%', '%25')}"
    fields = {"ref": f"{prefix}.{reference}.*", "prefix": f"{prefix}.*.*", "all": "*.*.*"}[stars]
    pattern = patterns.read("urn:epc:idpat:sgtin:" + fields, False)
    told = [urn, canonical(urn).uri, f"urn:epc:id:sgtin:{other[:length]}.{other[length:]}.1"]
    assert pattern.fits(told[0]) == pattern.fits(told[1]) == (canonical(urn).kind == "item") or canonical(urn).flaw is not None
    assert all(_found_by_sql(pattern, text) for text in told if pattern.fits(text) and canonical(text).kind == "item")
