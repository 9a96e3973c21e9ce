"""Trouble in the words of EPCIS."""

from __future__ import annotations

import pytest

from app import problems as ours
from app.epcis import problems
from kernel.errors import Conflict, Invalid, Missing, Refused, TooMany, Trouble, Unavailable, flaw
from tests.app.epcis.conftest import Partner
from traceability.events.export import TooManyItems
from traceability.events.querying import QueryTooComplex, QueryTooLarge


@pytest.mark.parametrize(
    ("trouble", "status", "exception"),
    [
        (Missing(), 404, "NoSuchNameException"),
        (Invalid(errors=[flaw("/a", "b", "c")]), 400, "ValidationException"),
        (Conflict(), 409, "ResourceAlreadyExistsException"),
        (Refused(), 403, "SecurityException"),
        (TooMany(), 429, "SecurityException"),
        (Unavailable(), 503, "ImplementationException"),
        (Trouble(), 500, "ImplementationException"),
        (TooManyItems(), 413, "QueryTooLargeException"),
        (QueryTooLarge(), 413, "QueryTooLargeException"),
        (QueryTooComplex(), 413, "QueryTooComplexException"),
    ],
)
def test_every_kind_of_trouble_is_an_exception_of_the_standard(trouble: Trouble, status: int, exception: str) -> None:
    told = problems.worded(ours.document(trouble))
    assert (told["type"], told["status"], told["code"]) == (f"epcisException:{exception}", status, trouble.code)


def test_what_was_said_nearest_counts() -> None:
    with pytest.raises(Invalid) as trouble, problems.meant("ValidationException"), problems.meant("QueryParameterException"):
        raise Invalid(errors=[flaw("/a", "b", "c")])
    assert problems.worded(ours.document(trouble.value))["type"] == "epcisException:QueryParameterException"


def test_a_client_of_xml_is_told_in_xml(partner: Partner) -> None:
    answer = partner.get("/capture/nothing", Accept="application/xml")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+xml")
    assert "epcisException:NoSuchNameException" in answer.text
