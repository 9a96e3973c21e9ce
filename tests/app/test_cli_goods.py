"""A trace from the command line: a tree both ways, and as known on a day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.given import CHINA
from tests.app.test_cli_codes import suyuan
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from traceability import corrections, holds, lots


@pytest.fixture(autouse=True)
def environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command opens the house of the environment: M-1 in L-1, L-1 in L-2; an hour later it turns out that it was M-2."""
    for name in ("home", "database_url", "public_url", "root_key", "vault_url"):
        monkeypatch.setenv({"home": "SUYUAN_HOME"}.get(name, name.upper()), getattr(house.settings, name))
    with house.begin(now=house.now - timedelta(hours=2)) as unit:
        farm, milk, product = a_supplier(unit), a_material(unit), a_product(unit)
        m1, m2 = (a_delivery(unit, code, material=milk, supplier=farm) for code in ("M-1", "M-2"))
        l1, l2 = (a_batch(unit, code, product) for code in ("L-1", "L-2"))
        lots.finish(unit, lot_id=l1.id, inputs=[(m1.id, Decimal("900.5"))], quantity=Decimal(950))
        lots.finish(unit, lot_id=l2.id, inputs=[(l1.id, Decimal(10))], quantity=Decimal(10))
        ids = l1.id, m2.id
        holds.place(unit, lot_id=l2.id, cause="person", cause_id="-", reason="-")
    with house.begin(now=house.now - timedelta(hours=1)) as unit:
        corrections.correct_inputs(unit, lot_id=ids[0], inputs=[(ids[1], Decimal(900))], reason="抄错")


def test_both_ways_as_a_tree(house: House) -> None:
    assert suyuan("trace", "L-1").output.splitlines() == [
        "L-1  950 H87",
        "made of:",
        "  M-2  900 KGM",
        "went into:",
        "  L-2 !  10 H87",
    ]
    assert suyuan("trace", "M-2", "--forward").output.splitlines()[2:] == ["  L-1  900 KGM", "    L-2 !  10 H87"]
    assert suyuan("trace", "M-1").output.splitlines()[1:] == ["made of: nothing", "went into: nothing"]


def test_as_known_on_a_day(house: House) -> None:
    then = (house.now - timedelta(minutes=90)).astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")
    assert "  M-1  900.5 KGM" in suyuan("trace", "L-1", "--back", "--known", then).output.splitlines()
    assert suyuan("trace", "L-2", "--back", "--depth", "1").output.splitlines()[2:] == ["  L-1  10 H87"]
