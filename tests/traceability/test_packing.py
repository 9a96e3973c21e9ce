"""Items into cases, cases onto pallets, and out again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.traceability.events.test_export import valid
from tests.traceability.moves.roll import Roll, a_roll
from traceability import codes, gs1, moves, packing, packs
from traceability.events import export, query
from traceability.models import Pack
from traceability.spans import Span


def _span(first: int, last: int) -> Span:
    return Span(GTIN, 1, first, last)


@pytest.fixture
def roll(house: House) -> Roll:
    """60 items of 100 on a lot, and a prefix to number packs with."""
    with house.begin("brand_admin") as unit:
        packing.set_prefix(unit, prefix="6901234")
    return a_roll(house, 100, commissioned=60)


def _case(house: House, first: int, last: int) -> Pack:
    with house.begin() as unit:
        return packing.pack(unit, kind="case", items=[_span(first, last)])


def test_a_case_off_the_roll_is_one_row_and_one_event(house: House, roll: Roll) -> None:
    case = _case(house, 0, 11)
    assert case.sscc == gs1.sscc(0, "6901234", 0)
    with house.look() as unit:
        inside = packs.contents(unit, case.sscc)
        assert (inside.items, inside.packs) == ((_span(0, 11),), ())
        event = next(event for event in query.of_lot(unit, roll.lot_id) if event.type == "AggregationEvent")
        assert (event.action, event.biz_step) == ("ADD", "packing")
        document = export.document(unit, [event])
        (told,) = document["epcisBody"]["eventList"]
        assert told["parentID"] == f"https://id.gs1.org/00/{case.sscc}"
        assert told["childEPCs"] == [f"https://id.gs1.org/01/{GTIN}/21/{serial}" for serial in roll.serials(unit)[:12]]
    valid(document)


def test_links_are_packed_as_well_and_neighbours_join(house: House, roll: Roll) -> None:
    with house.begin() as unit:
        links = roll.links(unit)
        case = packing.pack(unit, kind="case", items=[links[3], _span(10, 12), links[4]])
        assert packs.contents(unit, case.sscc).items == (_span(3, 4), _span(10, 12))


def test_cases_on_a_pallet_are_found_from_the_item_and_from_the_pallet(house: House, roll: Roll) -> None:
    cases = [_case(house, 0, 11), _case(house, 12, 23)]
    with house.begin() as unit:
        pallet = packing.pack(unit, kind="pallet", children=[case.sscc for case in cases])
    with house.look() as unit:
        inside = packs.contents(unit, pallet.sscc)
        assert [each.pack.sscc for each in inside.packs] == [case.sscc for case in cases]
        assert list(inside.spans()) == [_span(0, 11), _span(12, 23)]
        chain = packs.of_item(unit, gtin=GTIN, key_version=1, counter=12)
        assert [each.sscc for each in chain] == [cases[1].sscc, pallet.sscc]
        assert packs.of_item(unit, gtin=GTIN, key_version=1, counter=24) == []
        added = [event for event in query.of_lot(unit, roll.lot_id) if event.what.get("childEPCs")]
        assert added[0].what["childEPCs"] == [f"https://id.gs1.org/00/{case.sscc}" for case in cases]


def test_an_item_is_in_one_pack_at_most(house: House, roll: Roll) -> None:
    case = _case(house, 10, 20)
    for first, last in ((0, 10), (20, 30), (12, 12), (5, 25)):
        with pytest.raises(packs.StillPacked) as caught:
            _case(house, first, last)
        assert caught.value.more["packs"] == [case.sscc]
    _case(house, 21, 22)


def test_only_items_on_a_lot_are_packed(house: House, roll: Roll) -> None:
    with house.begin() as unit:
        moves.inactivate(unit, order_id=roll.order_id, start=5, count=1, reason="sold")
    for first, last, many in ((58, 61, 2), (0, 9, 1), (98, 105, 8)):
        with pytest.raises(packing.NotPackable) as caught:
            _case(house, first, last)
        assert caught.value.more["items"] == many


def test_what_is_packed_is_not_sold_sampled_or_destroyed(house: House, roll: Roll) -> None:
    case = _case(house, 0, 11)
    for step, reason in ((moves.inactivate, "sold"), (moves.sample, "quality"), (moves.destroy, "damaged")):
        with pytest.raises(packs.StillPacked) as caught, house.begin() as unit:
            step(unit, order_id=roll.order_id, start=11, count=10, reason=reason)
        assert caught.value.more["packs"] == [case.sscc]
    with house.begin() as unit:
        packing.unpack(unit, sscc=case.sscc, items=[_span(11, 11)])
        moves.inactivate(unit, order_id=roll.order_id, start=11, count=10, reason="sold")
        assert packs.contents(unit, case.sscc).items == (_span(0, 10),)


def test_unpacked_the_pack_is_no_more_and_its_items_are_free(house: House, roll: Roll) -> None:
    cases = [_case(house, 0, 11), _case(house, 12, 23)]
    with house.begin() as unit:
        pallet = packing.pack(unit, kind="pallet", children=[case.sscc for case in cases])
    with pytest.raises(packs.StillPacked) as caught, house.begin() as unit:
        packing.unpack(unit, sscc=cases[0].sscc)
    assert caught.value.more["packs"] == [pallet.sscc]
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        packing.unpack(unit, sscc=pallet.sscc, children=[cases[1].sscc])
        assert packs.get(unit, pallet.sscc).unpacked_at is None
        packing.unpack(unit, sscc=pallet.sscc)
        packing.unpack(unit, sscc=cases[0].sscc)
        assert [each.sscc for each in packs.every(unit)] == [cases[1].sscc]
        packing.pack(unit, kind="case", items=[_span(5, 8)])
        event = next(event for event in query.of_lot(unit, roll.lot_id) if event.biz_step == "unpacking")
        assert event.action == "DELETE"
    for sscc in (pallet.sscc, cases[0].sscc):
        with pytest.raises(Missing), house.begin() as unit:
            packing.unpack(unit, sscc=sscc)


def test_only_what_is_inside_comes_out(house: House, roll: Roll) -> None:
    case = _case(house, 0, 11)
    for wrong in ({"items": [_span(11, 12)]}, {"children": [case.sscc]}):
        with pytest.raises(Invalid) as caught, house.begin() as unit:
            packing.unpack(unit, sscc=case.sscc, **wrong)  # type: ignore[arg-type]
        assert [flaw["rule"] for flaw in caught.value.errors] == ["not-inside"]


def test_a_case_holds_items_and_a_pallet_holds_loose_cases(house: House, roll: Roll) -> None:
    case = _case(house, 0, 11)
    with house.begin() as unit:
        pallet = packing.pack(unit, kind="pallet", children=[case.sscc])
    wrongs = (
        {"kind": "box", "items": [_span(20, 21)]},
        {"kind": "case"},
        {"kind": "case", "children": [case.sscc]},
        {"kind": "pallet", "items": [_span(20, 21)]},
        {"kind": "pallet", "children": [pallet.sscc]},
        {"kind": "case", "items": [_span(20, 21), _span(21, 22)]},
        {"kind": "case", "items": [_span(20, 21)], "sscc": "106901234000000000"},
        {"kind": "case", "items": ["https://id.example/01/06905555567892/21/000000000000"]},
    )
    for wrong in wrongs:
        with pytest.raises(Invalid), house.begin() as unit:
            packing.pack(unit, **wrong)  # type: ignore[arg-type]
    with pytest.raises(packs.StillPacked), house.begin() as unit:
        packing.pack(unit, kind="pallet", children=[case.sscc])
    with pytest.raises(Missing), house.begin() as unit:
        packing.pack(unit, kind="pallet", children=[gs1.sscc(0, "6901234", 99)])


def test_numbers_are_never_given_twice(house: House, roll: Roll) -> None:
    given = gs1.sscc(0, "6901234", 1)
    with house.begin() as unit:
        packing.pack(unit, kind="case", items=[_span(0, 0)], sscc=given)
    with pytest.raises(packing.SsccTaken), house.begin() as unit:
        packing.pack(unit, kind="case", items=[_span(1, 1)], sscc=given)
    assert [_case(house, place, place).sscc for place in (2, 3)] == [gs1.sscc(0, "6901234", 0), gs1.sscc(0, "6901234", 2)]


def test_a_number_under_the_prefix_of_another_brand_is_refused(house: House, roll: Roll) -> None:
    with house.begin(brand_id=house.other_brand_id) as unit:
        packing.set_prefix(unit, prefix="690999988")
    for extension in (0, 3):
        with pytest.raises(packing.PrefixTaken), house.begin() as unit:
            packing.pack(unit, kind="case", items=[_span(0, 0)], sscc=gs1.sscc(extension, "690999988", 5))
    with house.begin() as unit:
        packing.pack(unit, kind="case", items=[_span(0, 0)], sscc=gs1.sscc(0, "690999987", 5))
    for prefix in ("6909999", "69099998888"):
        with pytest.raises(packing.PrefixTaken), house.begin() as unit:
            packing.set_prefix(unit, prefix=prefix)


def test_a_number_that_another_brand_gave_first_is_passed_over(house: House, roll: Roll) -> None:
    with house.begin() as unit:
        packing.pack(unit, kind="case", items=[_span(0, 0)], sscc=gs1.sscc(0, "6909999", 0))
    with house.begin(brand_id=house.other_brand_id) as unit:
        packing.set_prefix(unit, prefix="6909999")
        assert packing._new(unit, "case", None).sscc == gs1.sscc(0, "6909999", 1)


def test_a_number_that_somebody_gives_at_the_same_moment_is_passed_over(house: House, roll: Roll, monkeypatch: pytest.MonkeyPatch) -> None:
    with house.begin() as unit:
        packing.pack(unit, kind="case", items=[_span(0, 0)], sscc=gs1.sscc(0, "6901234", 1))
    monkeypatch.setattr(packing, "_free", lambda unit: iter([gs1.sscc(0, "6901234", place) for place in (1, 2)]))
    assert _case(house, 1, 1).sscc == gs1.sscc(0, "6901234", 2)


def test_a_prefix_chosen_again_goes_on_where_it_was(house: House, roll: Roll) -> None:
    numbers = [_case(house, place, place).sscc for place in range(3)]
    with house.begin() as unit:
        packing.pack(unit, kind="case", items=[_span(3, 3)], sscc=gs1.sscc(0, "6901234", 8))
        packing.set_prefix(unit, prefix="6905555")
        assert packing.set_prefix(unit, prefix="6901234").next_reference == 3
    assert _case(house, 4, 4).sscc == gs1.sscc(0, "6901234", 3) not in numbers


def test_without_a_prefix_of_ones_own_a_number_must_be_given(house: House) -> None:
    a_roll(house, 10, commissioned=10)
    with pytest.raises(packing.NoSsccPrefix):
        _case(house, 0, 1)
    with house.begin(brand_id=house.other_brand_id) as unit:
        packing.set_prefix(unit, prefix="6901234")
    for theirs in ("6901234", "69012345"):
        with pytest.raises(packing.PrefixTaken), house.begin() as unit:
            packing.set_prefix(unit, prefix=theirs)
    with pytest.raises(Invalid), house.begin() as unit:
        packing.set_prefix(unit, prefix="69")
    with house.begin() as unit:
        packing.set_prefix(unit, prefix="690555556789")
        packing.set_prefix(unit, prefix="690555556788")
    assert _case(house, 0, 1).sscc == gs1.sscc(0, "690555556788", 0)


def test_a_pack_of_another_brand_is_not_there(house: House, roll: Roll) -> None:
    case = _case(house, 0, 11)
    with house.look(brand_id=house.other_brand_id) as unit:
        with pytest.raises(Missing):
            packs.contents(unit, case.sscc)
        assert packs.every(unit) == []
        assert packs.of_item(unit, gtin=GTIN, key_version=1, counter=3) == []
    with house.look() as unit:
        assert codes.count_of(unit, roll.lot_id) == 60
