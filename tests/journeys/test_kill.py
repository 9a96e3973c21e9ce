"""A short turn of the kill drill; the long one is ``python -m tests.drills.kill --rounds 50``."""

from __future__ import annotations

import os

import pytest

from tests.drills.kill import drill


@pytest.mark.skipif(bool(os.environ.get("SUYUAN_TEST_BROKER")), reason="the kill drill is about the embedded world")
def test_kill_9_in_the_middle_loses_nothing_and_doubles_nothing() -> None:
    found = drill(rounds=3, seed_number=20261121, say=lambda _text: None)
    assert found["outcomes"].get("acknowledged", 0) > 10
    assert found["lost"] == []
    assert found["doubled"] == []


@pytest.mark.skipif(bool(os.environ.get("SUYUAN_TEST_BROKER")), reason="the kill drill is about the embedded world")
def test_the_auditor_of_the_drill_sees_what_is_lost_and_doubled() -> None:
    found = drill(rounds=1, seed_number=1, say=lambda _text: None, blind=True)
    assert found["lost"]
    assert found["doubled"]
