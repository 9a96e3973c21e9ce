"""An ear for every test of webhooks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import House
from tests.suppliers.webhooks.ears import Ear


@pytest.fixture
def ear(house: House) -> Ear:
    ear = Ear()
    house.database.outside = replace(house.database.outside, web=ear)
    return ear
