"""Goods that turn up where they should not: more of them than travellers carry."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from app.wiring import CHORES
from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.factories.looks import a_look
from tests.traceability.moves.roll import Roll, a_roll, let_go
from traceability import cases, diversion, shipments
from traceability.diversion import Seen
from traceability.models import ItemScans, Shipment
from traceability.rolls import at_least


@pytest.fixture
def roll(house: House) -> Roll:
    roll = a_roll(house, 1000, commissioned=1000)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
    return roll


@pytest.fixture
def shipment(house: House, roll: Roll) -> Shipment:
    """A hundred items that went to Zhejiang and Shanghai."""
    return _ship(house, roll, 0)


def _ship(house: House, roll: Roll, start: int, count: int = 100, **more: Any) -> Shipment:
    words: dict[str, Any] = {"reference": f"DN-{start}", "customer": "杭州示例商贸", "regions": ["CN-33", "CN-31"]}
    with house.begin(now=house.now - timedelta(days=3)) as unit:
        return shipments.ship(unit, **{**words, "order_id": roll.order_id, "start": start, "count": count, **more})


def _seen(house: House, counters: Any, region: str | None, *, at: timedelta = timedelta(0)) -> None:
    """First looks at these items there."""
    with house.begin("system") as unit:
        for counter in counters:
            moment = house.now + at
            a_look(unit, moment, counter=counter, region=region)
            row = {"gtin": GTIN, "key_version": 1, "counter": counter, "times": 1, "first_at": moment, "last_at": moment}
            unit.session.add(ItemScans(**row, first_region=region))


def _watch(house: House, **more: Any) -> int:
    return int(house.chore("notice diversion", **more))


def _cases(house: House) -> list[Any]:
    with house.look() as unit:
        return cases.every(unit, kind="diverted")


def test_many_items_outside_become_one_case_with_its_evidence(house: House, shipment: Shipment) -> None:
    _seen(house, range(12), "CN-3301")
    _seen(house, range(20, 30), "CN-4401")
    _seen(house, range(30, 32), "CN-44")
    assert _watch(house) == 1
    (case,) = _cases(house)
    assert (case.subject, case.gtin, case.first, case.last) == (shipment.id, GTIN, 0, 99)
    assert case.probability is None, "the chance of an accident is no probability of diversion"
    assert 0 < case.evidence.pop("chance") <= diversion.LEVEL
    assert case.evidence == {
        "reference": "DN-0",
        "customer": "杭州示例商贸",
        "allowed": ["CN-31", "CN-33"],
        "outside": {"CN-4401": 10, "CN-44": 2},
        "items": 12,
        "looked_at": 24,
        "usual": 0.05,
    }


def test_said_again_it_is_the_same_case_and_more_items_are_added(house: House, shipment: Shipment) -> None:
    _seen(house, range(10), "CN-4401")
    assert [_watch(house), _watch(house, now=house.now + timedelta(minutes=5))] == [1, 0]
    (case,) = _cases(house)
    assert case.updated_at == house.now, "nothing new was told"
    _seen(house, range(10, 14), "CN-5101")
    _watch(house, now=house.now + timedelta(minutes=10))
    (case,) = _cases(house)
    assert case.evidence["outside"] == {"CN-4401": 10, "CN-5101": 4}


def test_a_dismissed_case_stays_dismissed_until_it_is_clearly_worse(house: House, shipment: Shipment) -> None:
    _seen(house, range(8), "CN-4401")
    _seen(house, range(50, 58), "CN-31")
    assert _watch(house) == 1
    with house.begin() as unit:
        cases.dismiss(unit, case_id=_cases(house)[0].id, note="展会样品")
    _seen(house, [8], "CN-3301")
    _watch(house)
    assert _cases(house)[0].state == "dismissed"
    _seen(house, range(10, 30), "CN-4401")
    _watch(house)
    assert _cases(house)[0].state == "open"


@pytest.mark.parametrize(
    ("outside", "inside", "told"),
    [(2, 0, 0), (3, 0, 0), (4, 0, 1), (4, 1, 0), (5, 45, 0), (10, 90, 0), (8, 8, 1), (40, 60, 1)],
)
def test_travellers_are_no_case(house: House, shipment: Shipment, outside: int, inside: int, told: int) -> None:
    _seen(house, range(outside), "CN-4401")
    _seen(house, range(outside, outside + inside), "CN-31")
    assert _watch(house) == told


@pytest.mark.parametrize("region", [None, "CN", "CN-33", "CN-3302", "CN-31", "XX-1"])
def test_where_nobody_knows_or_it_may_be_inside_is_not_outside(house: House, shipment: Shipment, region: str | None) -> None:
    _seen(house, range(20), region)
    assert _watch(house) == 0


def test_what_was_looked_at_before_it_left_says_nothing(house: House, shipment: Shipment) -> None:
    _seen(house, range(20), "CN-1501", at=-timedelta(days=4))
    _seen(house, [50], "CN-3301")
    assert _watch(house) == 0


def test_shipped_on_an_item_is_held_against_its_last_shipment(house: House, roll: Roll, shipment: Shipment) -> None:
    _seen(house, range(20), "CN-4401")
    onward = _ship(house, roll, 0, 20, reference="DN-again", customer="广州示例", regions=["CN-44"])
    assert _watch(house) == 0
    with house.look() as unit:
        assert diversion.seen(unit, onward).where == {"CN-4401": 20}
        assert diversion.seen(unit, shipment).where == {}


def test_without_a_late_look_nothing_is_weighed(house: House, shipment: Shipment) -> None:
    _seen(house, range(20), "CN-4401")
    assert _watch(house, now=house.now + diversion.WINDOW + timedelta(minutes=1)) == 0
    assert _watch(house, brand_id=house.other_brand_id) == 0
    assert diversion.WINDOW.total_seconds() >= 3 * (CHORES["notice diversion"].every or 0) > 0


def test_where_much_is_carried_away_it_takes_more(house: House, roll: Roll) -> None:
    """Nine shipments to a tourist town, a fifth of whose items go home with visitors; of a tenth all do."""
    for number in range(9):
        _ship(house, roll, number * 100, regions=["CN-4602"])
        _seen(house, range(number * 100, number * 100 + 8), "CN-4602")
        _seen(house, range(number * 100 + 8, number * 100 + 10), "CN-11")
    bad = _ship(house, roll, 900, regions=["CN-4602"])
    _seen(house, range(900, 910), "CN-11")
    assert _watch(house) == 1
    (case,) = _cases(house)
    assert case.subject == bad.id
    assert 0.1 < case.evidence["usual"] < 0.25


def test_a_suspected_shipment_does_not_make_itself_usual(house: House, roll: Roll) -> None:
    for number in range(2):
        _ship(house, roll, number * 100)
    _seen(house, range(60), "CN-4401")
    assert _watch(house) == 1
    _seen(house, range(100, 108), "CN-4401")
    _seen(house, range(108, 112), "CN-31")
    assert _watch(house) == 1, "of the first one there is nothing new"
    assert len(_cases(house)) == 2
    assert {case.evidence["usual"] for case in _cases(house)} == {0.05}


def test_honest_shipments_are_seldom_suspected() -> None:
    """Of ten thousand weighed alone, whose shares differ as the model believes, about as many as LEVEL says."""
    chance, wrong = Random(4), 0
    alpha, beta = diversion.spread([])
    for _ in range(10_000):
        share, seen = chance.betavariate(alpha, beta), chance.randint(3, 60)
        strays = sum(chance.random() < share for _ in range(seen))
        wrong += strays >= diversion.LEAST_ITEMS and at_least(strays, seen, alpha, beta) <= diversion.LEVEL
    assert wrong <= 15


def test_a_history_is_never_believed_too_much() -> None:
    much = Seen({"CN-31": 9_000_000, "CN-11": 1_000_000}, ("CN-31",))
    alpha, beta = diversion.spread([much])
    assert alpha + beta == pytest.approx(diversion.MOST_KNOWN)
    assert alpha / (alpha + beta) == pytest.approx(0.1, abs=0.001)
    assert (much.judged, much.strays, much.outside) == (10_000_000, 1_000_000, {"CN-11": 1_000_000})
