"""Against what others made: W3C's vectors and test suite, UNTP's signed sample, the hostile tokens and lists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from suppliers.credentials import bitstring, canonical, contexts, integrity, look, structure
from suppliers.credentials.refusals import Refused
from tests.conftest import SHARED, shared_data
from tests.suppliers.credentials.making import AT, ISSUER

SUITE = SHARED / "certificates" / "w3c_vcdm2_test_suite_input"


def shared(*parts: str) -> bytes:
    return shared_data("certificates").joinpath(*parts).read_bytes()


def as_issued(content: str) -> Any:
    """The suite's files are what an issuer is handed: its harness fills in the two dates and the issuer."""
    filled = json.loads(content.replace("FUTURE DATE", "2030-01-01T00:00:00Z").replace("PAST DATE", "2020-01-01T00:00:00Z"))
    if isinstance(filled.get("issuer", {}), dict):
        filled["issuer"] = {"id": "did:example:issuer", **filled.get("issuer", {})}
    return filled


@pytest.mark.parametrize("path", sorted(SUITE.glob("*.json")), ids=lambda path: path.stem)
@pytest.mark.parametrize("issued", [True, False])
def test_every_file_of_the_data_model_suite_is_judged_right(path: Path, issued: bool) -> None:
    content = path.read_text()
    filled = as_issued(content) if issued else as_issued(content) | {"issuer": json.loads(content).get("issuer", ...)}
    flaws = structure.judge({name: value for name, value in filled.items() if value is not ...}, issued=issued)
    assert bool(flaws) == (not path.stem.endswith("-ok")), flaws


def test_the_suite_is_there_to_be_judged() -> None:
    shared_data("certificates")
    assert len(list(SUITE.glob("*.json"))) >= 60


@pytest.mark.parametrize(
    ("folder", "signed", "hashes"),
    [
        ("eddsa-jcs-2022", "signedJCS.json", "combinedHashJCS.txt"),
        ("eddsa-rdfc-2022", "signedDataInt.json", "combinedHashDataInt.txt"),
    ],
)
def test_w3c_vectors_pass_the_mathematics_and_fail_the_binding(folder: str, signed: str, hashes: str) -> None:
    content = shared("w3c_vc_di_eddsa", folder, signed)
    document = json.loads(content)
    proof = document.pop("proof")
    made = integrity.hash_data(proof, document, "Ed25519", contexts=contexts.CONTEXTS)
    assert made.hex() == shared("w3c_vc_di_eddsa", folder, hashes).decode().strip()
    seen = look(content, documents={}, lists={}, at=AT)
    assert (seen["proof"]["result"], seen["proof"]["cryptosuite"]) == ("passed", folder)
    assert (seen["binding"]["result"], seen["binding"]["because"]) == ("failed", "credential.controller")
    changed = content.replace(b"School of Examples", b"School of Exemples")
    assert look(changed, documents={}, lists={}, at=AT)["proof"]["because"] == "credential.signature"


def test_canonical_forms_are_w3cs_to_the_byte() -> None:
    unsigned = json.loads(shared("w3c_vc_di_eddsa", "unsigned.json"))
    assert canonical.jcs(unsigned) == shared("w3c_vc_di_eddsa", "eddsa-jcs-2022", "canonDocJCS.txt").strip()
    assert canonical.rdfc(unsigned).strip() == shared("w3c_vc_di_eddsa", "eddsa-rdfc-2022", "canonDocDataInt.txt").strip()


def test_our_table_of_terms_means_what_the_published_context_means() -> None:
    published = json.loads(shared("jsonld_contexts", "credentials_v2.jsonld"))["@context"]
    assert _spelled_out(contexts.CONTEXTS[contexts.CREDENTIALS_V2]) == _spelled_out(published)
    examples = json.loads(shared("jsonld_contexts", "credentials_examples_v2.jsonld"))["@context"]
    assert contexts.CONTEXTS["https://www.w3.org/ns/credentials/examples/v2"] == examples


def _spelled_out(context: Any) -> Any:
    """``"term": "iri"`` and ``"term": {"@id": "iri"}`` are one definition."""
    if not isinstance(context, dict):
        return context
    return {
        name: _spelled_out(value) if isinstance(value, dict) or name.startswith("@") or value.startswith("@") else {"@id": value}
        for name, value in context.items()
        if value is not None or name.startswith("@")
    }


def hostile_tokens() -> list[Any]:
    path = SHARED / "certificates" / "jwt_attacks" / "jwt_cases.json"
    return json.loads(path.read_text())["cases"] if path.exists() else []


@pytest.mark.parametrize("case", hostile_tokens(), ids=lambda case: case["name"])
@pytest.mark.parametrize("known", [True, False])
def test_only_the_good_token_is_believed_and_no_stranger_is_asked(case: dict[str, str], known: bool) -> None:
    key = json.loads(shared("jwt_attacks", "jwt_cases.json"))["key_of_did_web_cab_example"]
    method = {"id": "#k1", "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": key}
    documents = {ISSUER: {"id": ISSUER, "verificationMethod": [method], "assertionMethod": ["#k1"]}} if known else {}
    seen = look(case["jwt"].encode(), documents=documents, lists={}, at=AT)
    believed = seen["proof"]["result"] == seen["binding"]["result"] == "passed"
    assert believed == (known and case["expect"].startswith("accept"))
    assert set(seen["asks"]["dids"]) <= {ISSUER}
    if known and not believed:
        assert seen["proof"]["result"] == "failed"


def test_untps_own_signed_envelope_is_read_and_asks_for_its_issuer() -> None:
    seen = look(shared("untp-GPL3", "valid-v2-enveloped-dpp.json"), documents={}, lists={}, at=AT)
    assert (seen["trouble"], seen["form"], seen["structure"]) == (None, "enveloped", [])
    assert seen["asks"]["dids"] == [seen["issuer"]] == ["did:web:uncefact.github.io:project-vckit:test-and-development"]
    assert seen["status"]["index"] == 60
    assert seen["asks"]["lists"] == [seen["status"]["list"]]
    assert (seen["proof"]["result"], seen["proof"]["because"]) == ("inconclusive", "credential.key_unknown")


@pytest.mark.parametrize("index", range(8))
def test_every_list_of_the_status_set_is_read_or_refused(index: int) -> None:
    case = json.loads(shared("status_lists", "bitstring_status_lists.json"))[index]
    codes = {
        "too-short-8000-bits": "credential.status_length",
        "bomb-64MiB": "credential.status_too_large",
        "not-gzip": "credential.status_encoding",
        "wrong-multibase": "credential.status_encoding",
    }
    if case["name"] in codes:
        with pytest.raises(Refused, match=codes[case["name"]]):
            bitstring.entry(bitstring.unpack(case["encodedList"]), 5)
        return
    unpacked = bitstring.unpack(case["encodedList"])
    if "values" in case:
        assert {place: bitstring.entry(unpacked, int(place), case["statusSize"]) for place in case["values"]} == case["values"]
        return
    assert {place for place in range(case["bits"]) if bitstring.entry(unpacked, place)} == set(case["set"])
    with pytest.raises(Refused, match=r"credential\.status_range"):
        bitstring.entry(unpacked, case["bits"])
