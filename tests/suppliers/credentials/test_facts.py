"""What credentials say: UNTP in its versions, GS1's certification details in their spellings, and the fields proposed from them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from suppliers.credentials import document_url, gs1, schemes, untp
from suppliers.credentials.plain import text, uscc_of
from tests.conftest import shared_data
from tests.suppliers.credentials.making import b64, credential, seen, token

DCC = ["https://www.w3.org/ns/credentials/v2", "https://test.uncefact.org/vocabulary/untp/dcc/0.6.1/"]


def values(answer: dict[str, Any]) -> dict[str, str]:
    return {name: each["value"] for name, each in answer["fields"].items()}


def conformity(**more: Any) -> dict[str, Any]:
    subject = {
        "type": ["ConformityAttestation"],
        "id": "https://cab.example/a/77",
        "attestationType": "certification",
        "assessorLevel": "3rdParty",
        "assessmentLevel": "Accredited",
        "issuedToParty": {"id": "urn:uscc:91999999MA0TEKT17N", "name": "示例乳业", "registeredId": "91999999MA0TEKT17N"},
        "scope": {"id": "https://fssc.example/v6", "name": "FSSC 22000 v6"},
        "authorisation": [{"name": "CNAS C001-P", "issuingAuthority": {"id": "did:web:cnas.example", "name": "CNAS"}}],
        "auditableEvidence": {"linkURL": "https://cab.example/r.pdf", "hashDigest": "ab", "hashMethod": "SHA-1"},
        "assessment": [
            {
                "assessmentDate": "2026-03-15",
                "conformance": True,
                "assessedProduct": [{"product": {"id": "https://id.gs1.org/01/06901234567892/10/L42", "name": "纯牛奶"}}],
                "assessedFacility": [{"facility": {"id": "https://f.example/1", "name": "一号厂"}}],
            }
        ],
        **more,
    }
    return credential(**{"@context": DCC, "type": ["DigitalConformityCredential", "VerifiableCredential"], "credentialSubject": subject})


def test_a_conformity_credential_becomes_fields() -> None:
    answer = seen(token(conformity()))
    assert values(answer) == {
        "kind": "gfsi_fssc22000",
        "number": "https://cab.example/a/77",
        "holder_name": "示例乳业",
        "holder_uscc": "91999999MA0TEKT17N",
        "lots": "L42",
        "products": "纯牛奶",
        "site": "一号厂",
        "scope": "FSSC 22000 v6",
        "accreditation": "CNAS C001-P",
        "valid_from": "2025-01-01",
        "valid_until": "2035-01-01",
        "extra.assessment_date": "2026-03-15",
        "extra.assessor_level": "3rdParty",
        "extra.attestation_type": "certification",
    }
    assert {each["from"] for each in answer["fields"].values()} == {"document"}
    assert (answer["standard"], answer["conformance"], answer["structure"]) == ({"name": "untp-dcc", "version": "0.6.1"}, True, [])
    assert answer["evidence"][0]["strong"] is False


@pytest.mark.parametrize(
    ("method", "strong"), [("SHA-256", True), ("sha256", True), ("SHA-512", True), ("SHA-1", False), ("MD5", False), ("", False)]
)
def test_evidence_bound_by_a_broken_digest_is_not_bound(method: str, strong: bool) -> None:
    answer = seen(conformity(auditableEvidence={"linkURL": "https://a.example/", "hashDigest": "ab", "hashMethod": method}))
    assert [each["strong"] for each in answer["evidence"]] == [strong]


def test_one_no_among_the_assessments_is_no() -> None:
    assert seen(conformity(assessment=[{"conformance": True}, {"conformance": False}]))["conformance"] is False
    assert seen(conformity(assessment=[{"conformance": True}, {"conformance": "true"}]))["conformance"] is None
    assert seen(conformity(assessment=[]))["conformance"] is None


def test_untps_instances_are_read_in_every_version_at_hand() -> None:
    folder = shared_data("untp-GPL3")
    current = seen((folder / "untp-dcc-instance.json").read_bytes())
    assert values(current)["lots"] == "6789"
    assert (current["scheme"], current["accreditations"][0]["authority"]) == ("Sample ESG Standard", "Sample Company Pty Ltd.")
    oldest = seen((folder / "sample-dcc-au-deforestation.json").read_bytes())
    assert (values(oldest)["holder_name"], values(oldest)["site"], values(oldest)["accreditation"]) == (
        "Fabulous Feeders",
        "QDZZ3333",
        "NSW DPI",
    )
    assert (oldest["conformance"], oldest["evidence"][0]["strong"], oldest["proof"]["result"]) == (True, False, "inconclusive")
    anchor = seen((shared_data("certificates") / "untp-GPL3" / "untp-dia-instance.json").read_bytes())
    assert anchor["identity"]["registered"] == "123456789"
    assert anchor["identity"]["register_type"] == "Business"


def test_a_passport_names_its_product_and_lot() -> None:
    answer = seen((shared_data("certificates") / "untp-GPL3" / "valid-v2-enveloped-dpp.json").read_bytes())
    assert (values(answer)["lots"], values(answer)["site"]) == ("6789", "Greenacres battery factory")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("GLOBALG.A.P. IFA v6", "gfsi_globalgap"), ("BRCGS Food Safety Issue 9", "gfsi_brcgs"), ("IFS Food 8", "gfsi_ifs"),
        ("SQF Edition 9", "gfsi_sqf"), ("ISO 22000:2018", "iso22000"), ("HACCP", "haccp"), ("Regulation (EU) 2018/848", "eu_organic"),
        ("GB/T 19630-2019", "organic"), ("ifsomething", "conformity_credential"), ("", "conformity_credential"),
    ],
)  # fmt: skip
def test_a_scheme_names_the_kind_of_paper(name: str, kind: str) -> None:
    assert schemes.kind_of([name]) == kind


def test_gs1_certification_in_both_spellings_says_the_same() -> None:
    compact = {
        "@context": ["https://ctx.example/gs1.jsonld"],
        "type": ["Place"],
        "id": "https://id.gs1.org/414/4000001000050",
        "physicalLocationName": {"de": "Feld Eins", "en": "Field One"},
        "locationGLN": "4000001000050",
        "certification": {
            "certificationAgency": {"en": "Certifier"},
            "certificationIdentification": "C-1",
            "certificationStandard": {"en": "GLOBALG.A.P."},
            "certificationEndDate": "2028-12-31",
        },
    }
    prefixed = {
        "@context": {"gs1": "https://gs1.org/voc/"},
        "@type": "gs1:Place",
        "@id": "https://id.gs1.org/414/4000001000050",
        "gs1:physicalLocationName": [{"@value": "Feld Eins", "@language": "de"}, {"@value": "Field One", "@language": "en"}],
        "https://gs1.org/voc/locationGLN": "4000001000050",
        "gs1:certification": [
            {
                "@type": "gs1:CertificationDetails",
                "gs1:certificationAgency": [{"@value": "Certifier", "@language": "en"}],
                "gs1:certificationIdentification": {"@value": "C-1"},
                "gs1:certificationStandard": "GLOBALG.A.P.",
                "gs1:certificationEndDate": {"@value": "2028-12-31", "@type": "xsd:date"},
            }
        ],
    }
    assert gs1.facts(compact) == gs1.facts(prefixed)
    answer = seen(prefixed)
    assert (answer["form"], answer["proof"]) == ("jsonld", {"result": "inconclusive", "because": "credential.unsigned"})
    assert values(answer) == {
        "kind": "gfsi_globalgap", "number": "C-1", "issuer_name": "Certifier", "valid_until": "2028-12-31", "scope": "GLOBALG.A.P.",
        "site": "Field One", "extra.gln": "4000001000050",
    }  # fmt: skip


def test_every_gs1_file_at_hand_is_read() -> None:
    read = {path.name: seen(path.read_bytes()) for path in shared_data("certificates").glob("*.jsonld")}
    assert read
    assert all(answer["trouble"] is None and answer["form"] == "jsonld" for answer in read.values())
    assert values(read["products__04012345999990__certification.jsonld"])["number"] == "EDC-123456"


def test_texts_are_one_clean_line() -> None:
    assert text({"zh": "中", "en": "e"}) == text([{"@value": "e", "@language": "en"}, {"@value": "中", "@language": "zh-CN"}]) == "中"
    assert text("a\u202eb\n\x00c") == "a b c"
    assert text("x" * 10_000) == "x" * 500
    assert text({"a": {"b": 1}}) == text(None) == text(True) == ""
    assert uscc_of({"registered": "", "id": "https://abr.example/?abn=1"}) == ""
    assert untp.version_of({"@context": "https://evil.example/uncefact.org/untp/dcc/1/"}) is None


def test_envelopes_and_presentations_are_opened() -> None:
    signed = token(credential()).decode()
    envelope = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "EnvelopedVerifiableCredential"}
    plain = {**envelope, "id": f"data:application/vc+jwt,{signed}"}
    packed = {**envelope, "id": f"data:application/vc+jwt;base64,{base64.b64encode(signed.encode()).decode()}"}
    presented = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"], "verifiableCredential": [plain]}
    for document in (plain, packed, presented):
        answer = seen(document)
        assert (answer["proof"]["result"], answer["binding"]["result"], answer["form"], answer["structure"]) == (
            "passed",
            "passed",
            "enveloped",
            [],
        )
    assert seen(presented)["wrapping"] == "VerifiablePresentation"
    assert seen({**presented, "verifiableCredential": [plain, plain]})["trouble"] == "credential.several"
    assert seen({**presented, "verifiableCredential": []})["trouble"] == "credential.presentation_empty"
    as_token = token(presented, header={"typ": "vp+jwt"})
    assert seen(as_token)["binding"]["result"] == "passed"
    assert seen({**envelope, "id": "data:application/vc+sd-jwt,e.e.e"})["trouble"] == "credential.envelope_kind"
    assert seen({**envelope, "id": "https://a.example/"})["trouble"] == "credential.envelope"
    deep: Any = plain
    for _ in range(8):
        deep = {**presented, "verifiableCredential": [deep]}
    assert seen(deep)["trouble"] == "credential.wrapped"


def test_answers_are_bounded_whatever_is_said() -> None:
    many = [{"product": {"id": f"urn:x:{index}", "name": "n" * 600}} for index in range(4000)]
    answer = seen(token(conformity(assessment=[{"assessedProduct": many}])))
    assert answer["proof"]["result"] == "passed"
    assert len(json.dumps(answer)) < 200_000


def test_the_shape_is_the_same_whatever_was_read() -> None:
    shapes = {
        frozenset(seen(content)) for content in (b"x", token(credential()), credential(), {"@type": "gs1:Product"}, b64(b"{}").encode())
    }
    assert len(shapes) == 1
    assert document_url("did:web:cab.example") == "https://cab.example/.well-known/did.json"
