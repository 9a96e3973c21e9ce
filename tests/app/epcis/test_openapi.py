"""Whatever a stranger sends, the doors answer with a status that the standard's OpenAPI knows, and never break."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.app.epcis.conftest import Partner
from tests.conftest import shared_data

OURS = {"400", "404", "405", "413", "414", "429"}
"""Statuses that the draft forgot to name at some of its doors."""
HERE = "http://localhost"


@pytest.mark.slow
def test_the_published_interface_is_answered_in_its_own_statuses(partner: Partner) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    schema = schemathesis.openapi.from_dict(drawn())
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) == 63
    for operation in operations:
        known = set(operation.definition.raw["responses"]) | OURS
        some = settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        some(given(operation.as_strategy())(knock(partner, known)))()


def drawn() -> dict[str, Any]:
    """The draft; what nothing can be made up for, headers and one path, is told in another way."""
    told = json.loads((shared_data("epcis") / "schema" / "openapi-2.0.0-draft.json").read_text())
    shapes = told["components"]["schemas"]
    shapes["version"] = {"type": "string", "enum": ["2.0.0", "2.0", "2", "1.2", "3.0.1"]}
    for name in [name for name in shapes if name.endswith(("-Version", "-Min", "-Max")) and "Vendor" not in name]:
        shapes[name] = shapes["version"]
    shapes["GS1-Extensions"] = {"type": "string", "enum": ["ext=https://ns.example/", "a=b", "a=https://a.example/,b=https://b.example/"]}
    told["components"]["parameters"]["Disposition"]["schema"] = {"type": "string", "minLength": 1}
    return dict(told)


def knock(partner: Partner, known: set[str]) -> Callable[[Any], None]:
    """Send what was made up for one operation."""

    def answers(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url=f"{HERE}/epcis")
        headers = {name: value for name, value in (sent.get("headers") or {}).items() if value.isascii() and value.isprintable()}
        body = json.dumps(sent["json"]) if "json" in sent else sent.get("data")
        path = sent["url"].removeprefix(HERE)
        asked = {"method": sent["method"], "query_string": sent.get("params"), "headers": {**headers, **partner.key}, "data": body}
        answer = partner.web.client.open(path, **asked)
        assert str(answer.status_code) in known, (case.method, path, answer.status_code, answer.text)
        if answer.status_code >= 400:
            assert answer.content_type in ("application/problem+json", "application/problem+xml")

    return answers
