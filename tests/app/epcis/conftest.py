"""A partner with a key at the doors of EPCIS, and documents of theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.app.conftest import Web

HASH = "ni:///sha-256;" + "a" * 64 + "?ver=CBV2.0"
EPC = "https://id.gs1.org/01/09521234500018/21/7%2F8"
CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"


def an_event(**more: Any) -> dict[str, Any]:
    told = {
        "type": "ObjectEvent",
        "eventID": HASH,
        "eventTime": "2026-01-01T10:00:00.000+08:00",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "epcList": [EPC],
        "readPoint": {"id": "urn:epc:id:sgln:0614141.00777.0"},
        "bizLocation": {"id": "urn:epc:id:sgln:0614141.00888.0"},
    }
    return told | more


def a_document(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    head = {"@context": [CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-01-01T10:00:00Z"}
    return {**head, **more, "epcisBody": {"eventList": list(events)}}


class Partner:
    """A machine with a key of the scope epcis."""

    def __init__(self, web: Web, brand_id: str | None = None) -> None:
        self.web, self.key = web, web.key("epcis", brand_id=brand_id)

    def ask(self, method: str, path: str, body: Any = None, kind: str = "application/json", **headers: str) -> Any:
        data = json.dumps(body) if isinstance(body, dict | list) else body
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {**self.key, **more, **({"Content-Type": kind} if data is not None else {})}
        return self.web.client.open("/epcis" + path, method=method, data=data, headers=given)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def capture(self, document: Any, **headers: str) -> dict[str, Any]:
        """The job of a document, done."""
        answer = self.ask("POST", "/capture", document, **headers)
        assert answer.status_code == 202, answer.text
        self.web.house.drain()
        job = self.web.client.get(answer.headers["Location"], headers=self.key)
        assert job.status_code == 200
        return dict(job.json)

    def events(self, path: str, **headers: str) -> list[dict[str, Any]]:
        answer = self.get(path, **headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json["epcisBody"]["queryResults"]["resultsBody"]["eventList"])


@pytest.fixture
def partner(web: Web) -> Partner:
    return Partner(web)


def problem(answer: Any) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text
    assert answer.json["status"] == answer.status_code
    return answer.status_code, answer.json["type"].removeprefix("epcisException:")
