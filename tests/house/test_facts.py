"""Every fact is heard, or a reason stands beside it; every row of the two tables can be called."""

from __future__ import annotations

import dataclasses
import inspect
from typing import get_type_hints

import pytest

from app.wiring import BY_NAME, CHORES, FACTS, REACTIONS, UNHEARD, Reaction
from kernel.facts import Fact
from tests.house.tree import every_subclass, import_all

PLAIN = {"str", "int", "float", "bool", "list[str]", "list[int]", "str | None", "int | None"}


def ours() -> set[type[Fact]]:
    import_all()
    return {kind for kind in every_subclass(Fact) if not kind.__module__.startswith("tests.")}


def test_every_fact_has_a_reaction_or_a_written_reason() -> None:
    assert set(REACTIONS) | set(UNHEARD) == ours()
    assert not set(REACTIONS) & set(UNHEARD)
    assert all(len(reason) > 20 for reason in UNHEARD.values())


def test_names_of_facts_and_reactions_are_never_shared() -> None:
    """They are written into the outbox and found again by name, perhaps by the next release."""
    assert len(FACTS) == len(ours())
    assert len(BY_NAME) == sum(len(row) for row in REACTIONS.values())


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name())
def test_a_fact_carries_plain_values_and_lives_in_its_packages_facts(fact: type[Fact]) -> None:
    assert fact.__module__.endswith(".facts")
    assert fact.__doc__
    assert dataclasses.is_dataclass(fact)
    hints = get_type_hints(fact)
    assert {str(hint).replace("<class '", "").replace("'>", "") for hint in hints.values()} <= PLAIN


@pytest.mark.parametrize("reaction", BY_NAME.values(), ids=BY_NAME)
def test_a_reaction_takes_what_the_relay_gives_it(reaction: Reaction) -> None:
    given: list[object] = [object(), object()]
    if reaction.before is not None:
        inspect.signature(reaction.before).bind(*given)
        given.append(object())
    inspect.signature(reaction.act).bind(*given)
    assert len(reaction.name) <= 80  # the column's width


@pytest.mark.parametrize("name", CHORES)
def test_a_chore_takes_a_unit_and_has_one_time_of_its_own(name: str) -> None:
    chore = CHORES[name]
    given: list[object] = [object()]
    if chore.before is not None:
        inspect.signature(chore.before).bind(*given)
        given.append(object())
    inspect.signature(chore.act).bind(*given)
    assert (chore.every is None) != (chore.daily_at is None)
