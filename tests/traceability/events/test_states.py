"""How things stand, found anew: many at once, by name in one pack, by quantity in several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests.conftest import House
from tests.traceability.events.test_capturing import AT, CASE, ITEM, PALLET, a_packing, an_event, capture, key, parent_of
from traceability.events import states

LOT = "urn:epc:class:lgtin:0614141.107346.L1"


def _some(amount: float | None, **more: Any) -> list[dict[str, Any]]:
    return [{"epcClass": LOT, **({} if amount is None else {"quantity": amount}), **more}]


def _pairs(house: House, **asked: Any) -> set[tuple[bytes, bytes]]:
    with house.look() as unit:
        return states.amounts_in(unit, **asked)


@contextmanager
def _changes(house: House) -> Iterator[list[str]]:
    """The statements that change things."""
    met: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE thing"):
            met.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        yield met
    finally:
        event.remove(house.database.engine, "before_cursor_execute", note)


def test_many_things_change_in_few_statements_and_what_stays_in_none(house: House) -> None:
    items = [ITEM + str(number) for number in range(40)]
    told = an_event(epcList=items, disposition="active", eventID="urn:uuid:7f0d1c3e-55b6-4c5e-9c5c-1d5f6a1d2b3c")
    with house.begin() as unit:
        capture(unit, told)
    with house.begin() as unit, _changes(house) as met:
        capture(unit, {**told, "errorDeclaration": {"declarationTime": AT.isoformat(), "reason": "did_not_occur"}})
        assert len(met) == 1
        states.find_states(unit, {key(house, item) for item in items})
        states.find_parents(unit, {key(house, item) for item in items})
        assert len(met) == 1


def test_a_lot_is_in_every_pack_in_which_some_of_it_is(house: House) -> None:
    with house.begin() as unit:
        for hours, pack in enumerate((CASE, PALLET)):
            capture(unit, a_packing(pack, [], childQuantityList=_some(5), hours=hours))
    lot, first, second = (key(house, each) for each in (LOT, CASE, PALLET))
    assert parent_of(house, LOT) is None
    assert _pairs(house, children=[lot]) == {(lot, first), (lot, second)}
    assert _pairs(house, parents=[first]) == {(lot, first)}
    assert _pairs(house, children=[lot], at=AT) == {(lot, first)}
    with house.begin() as unit:
        capture(unit, a_packing(PALLET, [], "DELETE", hours=9))
        capture(unit, a_packing(CASE, [], "DELETE", childQuantityList=_some(2), hours=9))
    assert _pairs(house, children=[lot]) == {(lot, first)}


@pytest.mark.parametrize(
    ("put", "taken", "left"),
    [
        ((5, {}), (5, {}), False), ((5, {}), (None, {}), False), ((None, {}), (5, {}), True), ((5, {}), (7, {}), False),
        ((2, {"uom": "KGM"}), (2000, {"uom": "GRM"}), False), ((2, {"uom": "KGM"}), (2, {"uom": "LTR"}), True),
    ],
)  # fmt: skip
def test_what_was_put_in_less_what_was_taken_out(house: House, put: Any, taken: Any, left: bool) -> None:
    with house.begin() as unit:
        capture(unit, a_packing(CASE, [], childQuantityList=_some(put[0], **put[1])))
        capture(unit, a_packing(CASE, [], "DELETE", childQuantityList=_some(taken[0], **taken[1]), hours=1))
    assert bool(_pairs(house, children=[key(house, LOT)])) is left
