"""Labels put on a lot one by one, as a line scanner saw them."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.errors import Invalid
from tests.conftest import House
from tests.factories.dairy import a_product
from tests.traceability.moves.roll import a_roll
from traceability import codes, moves


def test_links_and_serials_in_any_order_become_ranges(house: House) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        links, serials = roll.links(unit), roll.serials(unit)
        seen = [links[5], serials[3], serials[4].lower(), f"  {links[19]} ", "", links[6]]
        done = moves.commission_serials(unit, lot_id=roll.lot_id, serials=seen)
    assert (done.first, done.last, len(done.before)) == (3, 19, 2)
    with house.look() as unit:
        assert [(first, last) for first, last, state, _ in roll.states(unit) if state == "commissioned"] == [(3, 6), (19, 19)]
        assert codes.count_of(unit, roll.lot_id) == 5


@pytest.mark.parametrize("head", ["position,link,gtin,serial\r\n", "\ufeffSerial\n", ""])
def test_a_csv_is_read_by_its_column(house: House, head: str) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        links, serials = roll.links(unit), roll.serials(unit)
        rows = [f"{n},{links[n]},x,y" if "link" in head else f"{serials[n]},line 1" for n in range(3)]
        moves.commission_serials(unit, lot_id=roll.lot_id, serials=head + "\r\n".join(rows) + "\r\n\r\n")
    with house.look() as unit:
        assert roll.states(unit) == [(0, 2, "commissioned", None), (3, 19, "encoded", None)]


def test_every_wrong_line_is_named_with_its_rule_and_nothing_is_done(house: House) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        cheese = a_product(unit, "06901234567809")
        elsewhere = codes.order(unit, product_id=cheese.id, count=1, reference="PO-2", formats=())
        next_roll = codes.order(unit, product_id=roll.product_id, count=1, reference="PO-3", formats=())
        serials = roll.serials(unit)
        (theirs,), (next_one,) = codes.links(unit, elsewhere.id), codes.links(unit, next_roll.id)
    content = "\n".join(["serial", serials[0], "0" * 12, serials[1], serials[0].lower(), "nonsense", theirs, "", next_one])
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        moves.commission_serials(unit, lot_id=roll.lot_id, serials=content)
    assert [(flaw["line"], flaw["rule"]) for flaw in caught.value.errors] == [
        (3, "unknown-serial"),
        (5, "twice"),
        (6, "unknown-serial"),
        (7, "other-product"),
        (9, "other-order"),
    ]
    assert all(flaw["pointer"] == f"/serials/{flaw['line']}" for flaw in caught.value.errors)
    with house.look() as unit:
        assert roll.states(unit) == [(0, 19, "encoded", None)]


def test_lines_of_labels_that_are_not_printed_or_used_are_named(house: House) -> None:
    roll = a_roll(house, 20, printed=10, commissioned=2)
    with pytest.raises(moves.CodesNotFree) as caught, house.begin() as unit:
        serials = roll.serials(unit)
        moves.commission_serials(unit, lot_id=roll.lot_id, serials=[serials[5], serials[12], serials[0]])
    assert caught.value.more["lines"] == [2, 3]
    assert caught.value.more["spans"] == [
        {"from": 1, "to": 1, "start": 0, "count": 1, "state": "commissioned"},
        {"from": 13, "to": 13, "start": 12, "count": 1, "state": "allocated"},
    ]


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "https://id.example/01/06901234567892/21/\0", "x" * 21])
def test_a_text_that_no_serial_can_be_is_a_line_without_a_code(house: House, text: str) -> None:
    roll = a_roll(house, 2)
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        moves.commission_serials(unit, lot_id=roll.lot_id, serials=[roll.serials(unit)[0], text])
    assert [(flaw["line"], flaw["rule"]) for flaw in caught.value.errors] == [(2, "unknown-serial")]
    with house.look() as unit:
        assert codes.find(unit, gtin="06901234567892", serial=text) is None


@pytest.mark.parametrize(("serials", "rule"), [("", "empty"), ([], "empty"), ("serial\n", "empty"), (["x"] * 200_001, "most")])
def test_an_empty_or_endless_list_is_refused(house: House, serials: Any, rule: str) -> None:
    roll = a_roll(house, 2)
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        moves.commission_serials(unit, lot_id=roll.lot_id, serials=serials)
    assert [flaw["rule"] for flaw in caught.value.errors] == [rule]
