"""Models of products, from rows to rows."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from app.wiring import CHORES
from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.factories.looks import a_look
from traceability import cases, clone_models
from traceability.models import Scan, ScanModel
from traceability.suspicion import Model

OTHER = "06901234567991"


def looked_at(house: House, items: int, *, gtin: str = GTIN) -> None:
    """Half of the items once, half by a second device as well, mostly at the same place."""
    chance = Random(3)
    with house.begin("system") as unit:
        for counter in range(items):
            at = house.now - timedelta(days=chance.uniform(40, 170))
            home = chance.choice(["CN-31", "CN-31", "CN-3301", "CN-4403"])
            a_look(unit, at, gtin=gtin, counter=counter, region=home, device=1)
            if counter % 2:
                away = chance.choice(["CN-11", "CN-5101"]) if chance.random() < 0.3 else home
                a_look(unit, at + timedelta(days=chance.expovariate(0.3)), gtin=gtin, counter=counter, region=away, device=2)


def refitted(house: House) -> int:
    due = int(house.chore("refit models of scans"))
    house.drain()
    return due


def test_before_any_history_there_is_the_default(house: House) -> None:
    assert refitted(house) == 0
    with house.look() as unit:
        assert clone_models.of(unit, GTIN) is Model.DEFAULT


def test_a_products_own_history_makes_its_model(house: House) -> None:
    looked_at(house, 400)
    looked_at(house, 20, gtin=OTHER)
    assert refitted(house) == 1
    with house.look() as unit:
        model = clone_models.of(unit, GTIN)
        assert (model.items, model.scans) == (400, 600)
        assert model.moves[0] > Model.DEFAULT.moves[0]  # these people move a lot
        assert model.places["CN-31"] == max(model.places.values())
        assert clone_models.of(unit, OTHER) is Model.DEFAULT
    with house.look(brand_id=house.other_brand_id) as unit:
        assert clone_models.of(unit, GTIN) is Model.DEFAULT


def test_the_newest_counts_and_poor_data_keep_the_old(house: House) -> None:
    looked_at(house, 400)
    assert refitted(house) == 1
    with house.begin("system") as unit:
        kept = clone_models.of(unit, GTIN).threshold
        for scan in unit.session.scalars(select(Scan).where(Scan.device == 2)):
            scan.counter = (scan.counter or 0) + 1000  # now every item was looked at once
    assert refitted(house) == 1
    with house.look() as unit:
        assert len(list(unit.session.scalars(select(ScanModel)))) == 1
        assert clone_models.of(unit, GTIN).threshold == pytest.approx(kept)


def test_items_that_a_person_found_copied_are_no_example(house: House) -> None:
    looked_at(house, 400)
    with house.begin() as unit:
        subject = cases.item_subject(GTIN, 1, 5)
        case = cases.suspect(unit, kind="copied", subject=subject, gtin=GTIN, key_version=1, first=5, last=5, probability=0.9, evidence={})
        cases.confirm(unit, case_id=case.id)
    assert refitted(house) == 1
    with house.look() as unit:
        assert clone_models.of(unit, GTIN).items == 399


def test_of_many_items_some_are_taken(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at(house, 400)
    with house.begin("system") as unit:
        monkeypatch.setattr(clone_models, "MOST_ITEMS", 150)
        monkeypatch.setattr(clone_models, "_seen_items", lambda *_: 400)
        history = clone_models._history(unit, GTIN)
    assert history.items == 134  # every third of 400


def test_it_is_done_every_night() -> None:
    assert CHORES["refit models of scans"].act is clone_models.refit
