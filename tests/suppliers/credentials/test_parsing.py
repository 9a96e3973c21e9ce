"""Bytes that two readers would read differently, and bytes that would hurt the one who reads them."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suppliers.credentials import parsing
from suppliers.credentials.refusals import Refused
from tests.suppliers.credentials.making import credential, seen, token

GOOD = json.dumps(credential()).encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "duplicate_key"),
        (b'{"a": NaN}', "number"),
        (b'{"a": -Infinity}', "number"),
        (b'{"a": 1e999}', "number"),
        (b'{"a": 9007199254740993}', "number"),
        (b'{"a": ' + b"9" * 100_000 + b"}", "number"),
        (b'{"a": "\\ud800"}', "encoding"),
        (b'{"\\udfff": 1}', "encoding"),
        (b'{"a": "\xff"}', "encoding"),
        (b"\xef\xbb\xbf" + GOOD, "encoding"),
        (GOOD.decode().encode("utf-16"), "encoding"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "too_deep"),
        (b"[" * 2_000_000, "too_deep"),
        (b'{"a": [' + b"0," * 60_000 + b"0]}", "too_large"),
        (b'{"a": "' + b"x" * 10_000_000 + b'"}', "too_large"),
        (b'{"a": 1', "broken"),
        (b'{"a": 1} {"b": 2}', "broken"),
        (b'{"a": "\x01"}', "broken"),
        (b"[]", "broken"),
        (b"null", "broken"),
        (b'"eyJ"', "broken"),
        (b"", "broken"),
        (b"{}", "not_one"),
    ],
)
def test_each_fault_has_its_word(content: bytes, code: str) -> None:
    began = time.process_time()
    assert seen(content)["trouble"] == f"credential.{code}"
    assert time.process_time() - began < 2


def test_depth_is_counted_outside_strings_only_and_in_linear_time() -> None:
    assert parsing.read(json.dumps({"a": "[" * 1000 + '\\"{' * 100}).encode())["a"]
    began = time.process_time()
    with pytest.raises(Refused):
        parsing.read(b'"' + b'\\"' * 1_500_000)
    assert time.process_time() - began < 2


def test_names_of_prototypes_are_only_names() -> None:
    for name in ("__proto__", "constructor", "__class__", "toString"):
        answer = seen(token(credential(**{name: {"polluted": True}})))
        assert answer["proof"]["result"] == "passed"


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=timedelta(seconds=2))
def test_no_bytes_escape_as_an_exception(content: bytes) -> None:
    assert seen(content)["trouble"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["@context", "type", "id", "issuer", "credentialSubject", "credentialStatus", "proof", "validFrom", "validUntil", "name",
     "verifiableCredential", "relatedResource", "evidence", "termsOfUse", "holder", "certification", "@type", "credentialSchema"]
)  # fmt: skip


@given(st.dictionaries(NAMES, JSON, max_size=6), st.booleans())
@settings(max_examples=200, deadline=timedelta(seconds=4))
def test_any_shape_in_place_of_any_property_gets_an_answer(changes: dict[str, object], signed: bool) -> None:
    document = {**credential(), **changes}
    answer = seen(token(document) if signed else document)
    assert json.loads(json.dumps(answer)) == answer
    assert not (answer["trouble"] == "credential.broken" and answer["form"] is None), "an unforeseen shape"
