"""Keys of machines from the command line: made once, listed without their secret, taken back for good."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from app.auth import credentials
from app.cli import main
from kernel.unit import PLATFORM
from tests.conftest import House


@pytest.fixture(autouse=True)
def environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command opens the house of the environment."""
    for name in ("home", "database_url", "public_url", "root_key", "vault_url"):
        monkeypatch.setenv({"home": "SUYUAN_HOME"}.get(name, name.upper()), getattr(house.settings, name))


def suyuan(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_a_key_opens_until_it_is_taken_back(house: House) -> None:
    made = suyuan("key", "add", "--scope", "epcis", "--scope", "trace", "WMS").stdout.strip()
    with house.database.look(PLATFORM) as unit:
        row = credentials.find_key(unit, made)
        assert row is not None
        assert (row.name, row.scopes, row.brand_id) == ("WMS", ["epcis", "trace"], house.brand_id)
    told = suyuan("key", "list").stdout
    assert "WMS" in told
    assert made.partition(".")[2] not in told
    assert suyuan("key", "revoke", row.id).exit_code == 0
    with house.database.look(PLATFORM) as unit:
        assert credentials.find_key(unit, made) is None
    assert "WMS" not in suyuan("key", "list").stdout


def test_a_key_needs_a_scope_that_there_is(house: House) -> None:
    assert suyuan("key", "add", "--scope", "everything", "WMS").exit_code == 2
    assert suyuan("key", "revoke", "0" * 26).exit_code == 3
