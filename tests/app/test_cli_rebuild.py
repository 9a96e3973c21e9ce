"""Projections made anew from the command line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, func, select

from app.cli import main
from tests.conftest import House
from tests.traceability.events.test_capturing import _lot, a_making, capture
from traceability.models import Flow


@pytest.fixture(autouse=True)
def environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command opens the house of the environment."""
    for name in ("home", "database_url", "public_url", "root_key", "vault_url"):
        monkeypatch.setenv({"home": "SUYUAN_HOME"}.get(name, name.upper()), getattr(house.settings, name))


def suyuan(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_what_was_lost_is_there_again(house: House) -> None:
    with house.begin() as unit:
        capture(unit, a_making([(_lot("A"), 5)], [(_lot("B"), 5)]))
        unit.session.execute(delete(Flow))
    said = suyuan("rebuild")
    assert said.exit_code == 0, said.output
    assert "1 events" in said.output
    with house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Flow)) == 2


def test_a_brand_that_is_not_there_is_said() -> None:
    said = suyuan("rebuild", "--brand", "nobody")
    assert said.exit_code == 3
    assert "there is no brand nobody" in said.output
