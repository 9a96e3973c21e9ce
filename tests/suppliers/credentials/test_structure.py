"""The data model's rules, each with what just satisfies it and what just does not."""

from __future__ import annotations

from typing import Any

import pytest

from suppliers.credentials.contexts import CREDENTIALS_V2
from suppliers.credentials.moments import day_of, moment
from suppliers.credentials.structure import judge
from suppliers.credentials.urls import is_url
from tests.suppliers.credentials.making import credential, entry

TERM = [CREDENTIALS_V2, {"Mapped": "https://example.org/#Mapped"}]
ENVELOPE = {"@context": CREDENTIALS_V2, "id": "data:application/vc+jwt,eyJ.e30.AA", "type": "EnvelopedVerifiableCredential"}


def codes(document: Any, *, issued: bool = True) -> set[str]:
    return {each["because"].removeprefix("credential.structure.") for each in judge(document, issued=issued)}


def presentation(**more: Any) -> dict[str, Any]:
    made = {"@context": [CREDENTIALS_V2], "type": "VerifiablePresentation", **more}
    return {name: value for name, value in made.items() if value is not ...}


GOOD = [
    {"name": "text"},
    {"name": {"@value": "text"}},
    {"name": {"@value": "text", "@language": "en"}},
    {"name": {"@value": "نص", "@language": "ar", "@direction": "rtl"}},
    {"name": [{"@value": "文", "@language": "zh-Hans"}, {"@value": "text", "@language": "en"}]},
    {"description": [{"@value": "文", "@language": "zh"}]},
    {"issuer": {"id": "did:web:a.example", "name": {"@value": "x", "@language": "en"}, "description": "y"}},
    {"credentialStatus": entry()},
    {"credentialStatus": {**entry(), "id": "https://example.org/s#1"}},
    {"credentialStatus": [entry(), entry(purpose="suspension")]},
    {"credentialStatus": {"id": "urn:x:1", "type": "https://example.org/#Other"}},
    {"@context": TERM, "credentialStatus": {"type": "Mapped"}},
    {"credentialSchema": {"id": "urn:x:1", "type": "JsonSchema"}},
    {"relatedResource": {"id": "https://a.example/", "digestSRI": "sha384-x"}},
    {"relatedResource": [{"id": "https://a.example/", "digestMultibase": "zx"}, {"id": "https://b.example/", "digestSRI": "sha384-x"}]},
    {"validFrom": "2025-01-01T00:00:00.1234567+14:00", "validUntil": "2025-01-01T24:00:00Z"},
    {"type": ["VerifiableCredential", "urn:x:type"]},
    {"id": ...},
]
BAD = [
    ({"name": {"@value": "x", "@language": "en", "url": "did:x:1"}}, "text"),
    ({"name": {"@value": "x", "@language": "not a tag"}}, "text"),
    ({"name": {"@value": "x", "@direction": "up"}}, "text"),
    ({"name": {"@value": 5}}, "text"),
    ({"name": {"@language": "en"}}, "text"),
    ({"name": 5}, "text"),
    ({"description": [{"@value": "x", "extra": 1}]}, "text"),
    ({"issuer": {"id": "did:web:a.example", "name": {"@value": "x", "id": "urn:x:1"}}}, "text"),
    ({"issuer": {"id": "did:web:a.example", "description": 1}}, "text"),
    ({"issuer": ...}, "issuer_missing"),
    ({"issuer": {}}, "issuer_missing"),
    ({"issuer": None}, "issuer"),
    ({"issuer": ["did:web:a.example"]}, "issuer"),
    ({"credentialStatus": {"id": "urn:x:1"}}, "type"),
    ({"credentialStatus": {"id": "https ://x", "type": "BitstringStatusListEntry"}}, "id"),
    ({"credentialStatus": {"id": ["urn:x:1"], "type": "BitstringStatusListEntry"}}, "id"),
    ({"credentialStatus": [entry(), {"id": "urn:x:1"}]}, "type"),
    ({"credentialStatus": {"type": "Unmapped"}}, "type_unknown"),
    ({"credentialStatus": "urn:x:1"}, "object"),
    ({"credentialStatus": None}, "object"),
    ({"credentialSchema": {"type": "JsonSchema"}}, "id_missing"),
    ({"relatedResource": {"digestSRI": "sha384-x"}}, "id_missing"),
    ({"relatedResource": {"id": "https://a.example/"}}, "digest"),
    ({"relatedResource": [{"id": "https://a.example/", "digestSRI": "x"}] * 2}, "related_twice"),
    ({"relatedResource": ["https://a.example/"]}, "object"),
    ({"validFrom": "2025-01-01T00:00:00"}, "date"),
    ({"validFrom": "2025-01-01"}, "date"),
    ({"validFrom": "2025-02-30T00:00:00Z"}, "date"),
    ({"validFrom": "2025-01-01t00:00:00z"}, "date"),
    ({"validFrom": None}, "date"),
    ({"validFrom": "2035-01-01T00:00:01Z"}, "date_order"),
    ({"@context": CREDENTIALS_V2}, "context"),
    ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, "context"),
    ({"@context": ["https://www.w3.org/ns/credentials/examples/v2", CREDENTIALS_V2]}, "context"),
    ({"@context": [CREDENTIALS_V2, {"name": "https://example.org/#name"}]}, "jsonld"),
    ({"@context": [CREDENTIALS_V2, None]}, "context"),
    ({"type": "Other"}, "type_required"),
    ({"type": []}, "type"),
    ({"type": ["VerifiableCredential", 5]}, "type"),
    ({"type": ["VerifiableCredential", "Unmapped"]}, "type_unknown"),
    ({"id": "relative"}, "id"),
    ({"id": "http:///nowhere"}, "id"),
    ({"credentialSubject": "urn:x:1"}, "subject"),
    ({"credentialSubject": {"id": "relative"}}, "id"),
]


@pytest.mark.parametrize("more", GOOD, ids=repr)
def test_what_the_model_allows(more: dict[str, Any]) -> None:
    assert codes(credential(**more)) == set()


@pytest.mark.parametrize(("more", "code"), BAD, ids=repr)
def test_what_the_model_forbids(more: dict[str, Any], code: str) -> None:
    assert code in codes(credential(**more))


def test_before_it_is_issued_a_credential_may_lack_its_issuer_but_not_have_a_wrong_one() -> None:
    assert codes(credential(issuer=...), issued=False) == codes(credential(issuer={}), issued=False) == set()
    for wrong in ("me", None, {"id": None}, {"id": "me"}):
        assert "issuer" in codes(credential(issuer=wrong), issued=False)


@pytest.mark.parametrize(
    "document",
    [
        presentation(),
        presentation(id="urn:x:1", holder="did:web:a.example"),
        presentation(holder={"id": "did:web:a.example", "name": "x"}),
        presentation(verifiableCredential=credential()),
        presentation(verifiableCredential=[credential(), ENVELOPE]),
        presentation(type=["VerifiablePresentation", "urn:x:type"], termsOfUse={"type": "urn:x:terms"}),
        {**ENVELOPE, "@context": [CREDENTIALS_V2]},
        {**ENVELOPE, "type": ["EnvelopedVerifiablePresentation"], "id": "data:application/vp+jwt,eyJ.e30.AA"},
    ],
)
def test_presentations_and_envelopes_that_are_right(document: dict[str, Any]) -> None:
    assert codes(document) == set()


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (presentation(type=["Presentation"]), "type_required"),
        (presentation(type=...), "type"),
        (presentation(**{"@context": ...}), "context"),
        (presentation(id=["urn:x:1", "urn:x:2"]), "id"),
        (presentation(holder="me"), "holder"),
        (presentation(holder={"name": "x"}), "holder"),
        (presentation(holder=None), "holder"),
        (presentation(verifiableCredential="eyJ.e30.AA"), "held"),
        (presentation(verifiableCredential=[credential(), "eyJ.e30.AA"]), "held"),
        (presentation(verifiableCredential=presentation()), "held"),
        (presentation(verifiableCredential=credential(type=["Other"])), "type_required"),
        (presentation(verifiableCredential=credential(credentialSubject={})), "subject"),
        (presentation(verifiableCredential={**ENVELOPE, "id": "https://a.example/vc"}), "envelope"),
        (presentation(verifiableCredential={"id": ENVELOPE["id"], "type": ENVELOPE["type"]}), "context"),
        (presentation(type=["VerifiablePresentation", "Unmapped"]), "type_unknown"),
        (presentation(proof={"created": "2025-01-01T00:00:00Z"}), "type"),
        (presentation(termsOfUse={"id": "urn:x:1"}), "type"),
        ([], "object"),
        (None, "object"),
    ],
)
def test_presentations_and_envelopes_that_are_wrong(document: Any, code: str) -> None:
    assert code in codes(document)


def test_with_an_unknown_context_only_the_meaning_of_types_stays_open() -> None:
    context = [CREDENTIALS_V2, "https://terms.example/v1"]
    assert codes(credential(**{"@context": context, "type": ["VerifiableCredential", "Theirs"]})) == set()
    assert codes(credential(**{"@context": context, "issuer": "me"})) == {"issuer"}


def test_moments_and_urls_at_their_edges() -> None:
    assert moment("2024-02-29T23:59:59.999Z") is not None
    assert moment("99999-01-01T00:00:00Z") is not None
    for wrong in ("2025-02-29T00:00:00Z", "2025-01-01T24:00:01Z", "2025-01-01T00:00:60Z", "2025-01-01T00:00:00+14:01", "٢-01T00:00:00Z",
                  "2025-01-01T00:00:00Z\n", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", 5, None):  # fmt: skip
        assert moment(wrong) is None, wrong
    assert day_of("2034-03-15T23:30:00-06:00") == "2034-03-15"
    assert day_of("2025-02-30") is None
    for right in (
        "urn:uuid:1",
        "did:web:a.example",
        "https://溯源.example/批次",
        "http://localhost/a",
        "https://[::1]:8080/",
        "mailto:a@b",
    ):
        assert is_url(right), right
    for wrong in (
        "https ://a",
        "https:/a",
        "https://",
        "a b:c",
        "1a:b",
        "nocolon",
        "https://a.example/%zz",
        "https://a b/",
        "urn:",
        5,
        None,
    ):
        assert not is_url(wrong), wrong
