"""What the resolver says of itself is valid by GS1's schema."""

from __future__ import annotations

import jsonschema_rs
import pytest

from tests.traceability.resolver.some import schema
from traceability.resolver.describing import description


@pytest.mark.parametrize("contact", [{}, {"contact": "Quality desk"}, {"contact": "品控", "telephone": "tel:+86-571-0000000"}])
def test_the_description_is_valid(contact: dict[str, str]) -> None:
    validator = jsonschema_rs.validator_for(schema("description-file-schema-1.2.0.json"), validate_formats=True)
    said = description("https://id.example/", name="Suyuan", context_url="https://id.example/context.jsonld", **contact)
    validator.validate(said)
    assert not validator.is_valid({**said, "resolverRoot": "no address"})
    assert said["resolverRoot"] == "https://id.example"
    assert said["supportedPrimaryKeys"] == ["all"]
    assert ("contact" in said) is bool(contact)
