"""Six kinds of trouble: what each carries, and what it never gives away."""

from __future__ import annotations

import pytest

from kernel.errors import Conflict, Invalid, Missing, Refused, TooMany, Trouble, Unavailable, flaw

KINDS = (Missing, Invalid, Conflict, Refused, TooMany, Unavailable)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_code_a_title_and_a_page_of_its_own(kind: type[Trouble]) -> None:
    assert kind.__doc__
    assert kind.code != Trouble.code
    assert kind.title != Trouble.title
    assert sum(other.code == kind.code for other in KINDS) == 1


def test_no_kind_is_another() -> None:
    for kind in KINDS:
        assert not any(issubclass(kind, other) for other in KINDS if other is not kind)


def test_values_for_the_reader_stand_beside_the_detail_and_not_in_it() -> None:
    trouble = Conflict("the lot is held", lot="L-1")
    assert str(trouble) == trouble.detail == "the lot is held"
    assert trouble.more == {"lot": "L-1"}


def test_a_trouble_without_words_says_its_title() -> None:
    assert str(Missing()) == "Not found"
    assert Missing().detail == ""


def test_invalid_names_every_wrong_place() -> None:
    trouble = Invalid(errors=[flaw("/count", "positive", "must be more than zero"), flaw("/name", "blank", "must not be empty", most=80)])
    assert [each["pointer"] for each in trouble.errors] == ["/count", "/name"]
    assert trouble.errors[1]["most"] == 80
    assert str(trouble) == "must be more than zero; must not be empty"
