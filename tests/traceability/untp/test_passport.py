"""The document: the shape that UNTP asks for, and no word more than is known."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest

from tests.conftest import shared_data
from traceability.untp import Evidence, Facility, Facts, Happened, Party, Share, credential

BARE = Facts(
    issuer=Party("https://id.example/brand/lanmu", "岚牧乳业"),
    id="https://id.gs1.org/01/06901234567892/10/L-1",
    name="Fresh milk",
    description="Fresh milk (鲜牛奶), 950 ml",
    batch="L-1",
    url="https://id.example/01/06901234567892/10/L-1",
    standing="clear",
    told_at=datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
)
PAPER = Evidence("urn:uuid:1", "inspection_report", "JY-1", "青原牧场", "farm", "ab" * 32, date(2026, 5, 6), ("dates", "holder"), True)
WHOLE = dataclasses.replace(
    BARE,
    registered="06901234567892.10.L-1",
    scheme=("Global Trade Item Number (GTIN)", "https://id.gs1.org/01/"),
    producer=Party("https://id.example/party/91150100MA0N000010", "青原牧场", "91150100MA0N000010"),
    facility=Facility("https://id.example/place/1", "岚牧一厂"),
    produced_on=date(2026, 11, 21),
    country="CN",
    materials=(Share("Raw milk", Decimal("0.75")), Share("Culture", None)),
    papers=(PAPER, dataclasses.replace(PAPER, id="urn:uuid:2", kind="organic", holder_kind="manufacturer", passed=())),
    events=(Happened("Receiving", "ObjectEvent, 2026-11-21", "https://id.example/epcis/events/1"),) * 2,
)


def schema() -> dict[str, Any]:
    """The schema of the specification's working draft; its context is named after the draft, ours after the release 0.6.0."""
    told = json.loads((shared_data("untp-GPL3") / "untp-dpp-schema.json").read_text())
    told["properties"]["@context"]["prefixItems"][1].pop("const")
    return told  # type: ignore[no-any-return]


@pytest.mark.parametrize("facts", [BARE, WHOLE, dataclasses.replace(WHOLE, serial="S1")], ids=["bare", "whole", "item"])
def test_it_has_the_shape_of_the_specification(facts: Facts) -> None:
    jsonschema_rs.validator_for(schema()).validate(credential(facts))


def test_the_schema_can_refuse() -> None:
    wrong = credential(WHOLE)
    wrong["credentialSubject"]["conformityClaim"][0]["conformityTopic"] = "milk"
    assert not jsonschema_rs.validator_for(schema()).is_valid(wrong)


def test_what_is_not_known_is_left_out() -> None:
    told = credential(BARE)
    subject = told["credentialSubject"]
    assert "proof" not in told
    assert subject.keys() == {"type", "id", "product", "granularityLevel"}
    assert subject["product"].keys() == {"type", "id", "name", "batchNumber", "description", "furtherInformation"}
    assert told["validFrom"] == "2026-11-22T08:30:00Z"


def test_a_claim_says_which_law_by_what_it_was_verified_and_of_which_file() -> None:
    report, organic = credential(WHOLE)["credentialSubject"]["conformityClaim"]
    assert report["description"].endswith(
        "passed checks: dates, holder; accepted by a person who saw the file; stood when the goods were made or received"
    )
    assert report["conformityTopic"] == "social.safety"
    assert "art. 39" in report["referenceRegulation"]["name"]
    assert report["conformityEvidence"]["hashDigest"] == "ab" * 32
    assert organic["description"].endswith("; accepted by a person who saw the file; stood when the goods were made or received")
    assert "有机" in organic["referenceRegulation"]["name"]


def test_materials_bear_a_share_where_it_is_known_and_events_stand_by_process() -> None:
    subject = credential(WHOLE)["credentialSubject"]
    assert [(each["name"], each.get("massFraction")) for each in subject["materialsProvenance"]] == [("Raw milk", 0.75), ("Culture", None)]
    (process,) = subject["traceabilityInformation"]
    assert (process["valueChainProcess"], len(process["traceabilityEvent"])) == ("Receiving", 2)


def test_the_same_facts_bear_the_same_id_and_a_recall_another() -> None:
    later = dataclasses.replace(WHOLE, told_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert credential(later)["id"] == credential(WHOLE)["id"]
    recalled = credential(dataclasses.replace(WHOLE, standing="recalled"))
    assert recalled["id"] != credential(WHOLE)["id"]
    links = {
        each["linkType"].rpartition("/")[2]: each["linkName"] for each in recalled["credentialSubject"]["product"]["furtherInformation"]
    }
    assert links["recallStatus"] == "This batch is recalled"


def test_an_item_bears_its_serial() -> None:
    subject = credential(dataclasses.replace(WHOLE, serial="S1"))["credentialSubject"]
    assert (subject["granularityLevel"], subject["product"]["serialNumber"]) == ("item", "S1")
