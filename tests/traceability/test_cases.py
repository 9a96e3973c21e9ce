"""Cases: one a thing, until a person decides."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import GTIN
from traceability import cases

ITEM: dict[str, Any] = {
    "kind": "copied",
    "subject": f"{GTIN}.1.7",
    "gtin": "06901234567892",
    "key_version": 1,
    "first": 7,
    "last": 7,
}
SEEN = {"reasons": [["devices", {"count": 4}]]}


def _case(house: House, probability: float | None = 0.9, evidence: dict[str, Any] | None = None) -> str:
    with house.begin("system") as unit:
        return cases.suspect(unit, **ITEM, probability=probability, evidence=evidence or SEEN).id


def test_the_same_thing_is_one_case_and_told_once(house: House) -> None:
    assert _case(house) == _case(house)
    assert house.told("CaseOpened") == []  # nobody hears it yet, so nothing is written
    with house.look() as unit:
        (case,) = cases.every(unit)
        assert (case.state, case.probability, case.evidence) == ("open", 0.9, SEEN)
        assert cases.counts(unit) == {("copied", "open"): 1}


def test_saying_the_same_twice_changes_nothing_and_saying_more_adds(house: House) -> None:
    case_id = _case(house)
    later = house.now.replace(year=house.now.year + 1)
    with house.begin("system", now=later) as unit:
        assert cases.suspect(unit, **ITEM, probability=0.9, evidence={"reasons": [("devices", {"count": 4})]}).updated_at < later
    with house.begin("system", now=later) as unit:
        case = cases.suspect(unit, **ITEM, evidence={"reports": 1})
        assert (case.probability, case.updated_at) == (0.9, later)
        assert case.evidence == {**SEEN, "reports": 1}
    assert _case(house, 0.95) == case_id
    with house.look() as unit:
        assert cases.get(unit, case_id).probability == 0.95


def test_a_decision_stands_until_it_is_taken_back(house: House) -> None:
    case_id = _case(house)
    with house.begin() as unit:
        case = cases.confirm(unit, case_id=case_id, note=" 已买到样品 ")
        assert (case.state, case.note, case.decided_by) == ("confirmed", "已买到样品", "test-quality")
    for decide in (cases.confirm, cases.dismiss):
        with pytest.raises(cases.CaseDecided), house.begin() as unit:
            decide(unit, case_id=case_id, note="again")
    with house.begin() as unit:
        case = cases.reopen(unit, case_id=case_id)
        assert (case.state, case.note, case.decided_at, case.decided_by) == ("open", None, None, None)
    with pytest.raises(cases.CaseOpen), house.begin() as unit:
        cases.reopen(unit, case_id=case_id)


def test_a_confirmed_case_only_gains_evidence(house: House) -> None:
    case_id = _case(house)
    with house.begin() as unit:
        cases.confirm(unit, case_id=case_id)
    _case(house, 0.99, {"reasons": [["devices", {"count": 9}]]})
    with house.look() as unit:
        case = cases.get(unit, case_id)
        assert (case.state, case.probability, case.evidence["reasons"][0][1]["count"]) == ("confirmed", 0.9, 9)


@pytest.mark.parametrize(
    ("probability", "evidence", "state"),
    [
        (0.9, {"reasons": []}, "dismissed"),
        (0.98, {"reasons": []}, "dismissed"),  # 49 to 1 after 9 to 1
        (0.989, {"reasons": []}, "dismissed"),
        (0.9891, {"reasons": []}, "open"),  # more than 90 to 1
        (1.0, {}, "open"),
        (None, {"reports": 1}, "dismissed"),
        (None, {"reports": 2}, "dismissed"),
        (None, {"reports": 4}, "open"),
        (0.2, {"reports": 3}, "dismissed"),
    ],
)
def test_a_dismissed_case_opens_again_only_when_clearly_worse(
    house: House, probability: float | None, evidence: dict[str, Any], state: str
) -> None:
    case_id = _case(house, 0.9, {**SEEN, "reports": 2})
    with house.begin() as unit:
        cases.dismiss(unit, case_id=case_id, note="门店样品，每天有人扫")
    with house.begin("system") as unit:
        case = cases.suspect(unit, **ITEM, probability=probability, evidence=evidence)
        assert case.state == state
        assert (case.note is None) == (state == "open")
        assert state == "open" or case.evidence == {**SEEN, "reports": 2}


def test_what_crept_up_in_small_steps_is_measured_from_the_dismissal(house: House) -> None:
    case_id = _case(house, 0.5)
    with house.begin() as unit:
        cases.dismiss(unit, case_id=case_id, note="x")
    states = []
    for probability in (0.7, 0.8, 0.9, 0.92):
        _case(house, probability)
        with house.look() as unit:
            states.append(cases.get(unit, case_id).state)
    assert states == ["dismissed", "dismissed", "dismissed", "open"]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"kind": "odd"}, "/kind"),
        ({"subject": " "}, "/subject"),
        ({"subject": "x" * 81}, "/subject"),
        ({"probability": 1.1}, "/probability"),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(house: House, more: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as caught, house.begin("system") as unit:
        cases.suspect(unit, **{**ITEM, **more}, evidence={})
    assert caught.value.errors[0]["pointer"] == pointer


@pytest.mark.parametrize("note", ["", "  ", None, "x" * 301, "a\x00b"])
def test_a_dismissal_says_why(house: House, note: str | None) -> None:
    case_id = _case(house)
    with pytest.raises(Invalid), house.begin() as unit:
        cases.dismiss(unit, case_id=case_id, note=note)


def test_another_brands_case_is_not_there(house: House) -> None:
    case_id = _case(house)
    with house.begin(brand_id=house.other_brand_id) as unit:
        other = cases.suspect(unit, **ITEM, evidence={})
        assert other.id != case_id
        with pytest.raises(Missing):
            cases.get(unit, case_id)
        with pytest.raises(Missing):
            cases.confirm(unit, case_id=case_id)


def test_the_list_is_narrowed_paged_and_sorted(house: House) -> None:
    ids = []
    for number, probability in enumerate((0.2, None, 0.9, 0.5)):
        with house.begin("system", now=house.now.replace(microsecond=number + 1)) as unit:
            ids.append(cases.suspect(unit, kind="roll", subject=f"r{number}", probability=probability, evidence={}).id)
    with house.begin() as unit:
        cases.confirm(unit, case_id=ids[2])
    with house.look() as unit:
        assert [case.id for case in cases.every(unit, limit=2)] == ids[:1:-1]
        assert [case.id for case in cases.every(unit, limit=2, before=ids[2])] == ids[1::-1]
        assert [case.id for case in cases.every(unit, likeliest=True)] == [ids[3], ids[1], ids[0], ids[2]]
        assert [case.id for case in cases.every(unit, state="confirmed", kind="roll")] == [ids[2]]
        assert cases.every(unit, kind="copied") == []
        assert cases.of_item(unit, gtin=GTIN, key_version=1, counter=7) == []


def test_an_item_finds_the_cases_that_it_is_part_of(house: House) -> None:
    case_id = _case(house)
    with house.begin("system") as unit:
        roll = cases.suspect(unit, **{**ITEM, "kind": "roll", "subject": "r", "first": 0, "last": 99}, evidence={}).id
    with house.look() as unit:
        assert {case.id for case in cases.of_item(unit, gtin=GTIN, key_version=1, counter=7)} == {case_id, roll}
        assert [case.id for case in cases.of_item(unit, gtin=GTIN, key_version=1, counter=8)] == [roll]


def test_two_who_suspect_the_same_at_once_open_one_case(house: House) -> None:
    gate, troubles = Barrier(4), []

    def suspect() -> None:
        gate.wait()
        try:
            _case(house)
        except Exception as error:
            troubles.append(error)

    threads = [Thread(target=suspect) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    with house.look() as unit:
        assert len(cases.every(unit)) == 1


@pytest.mark.parametrize(("chance", "state"), [(2e-5, "dismissed"), (1.1e-6, "dismissed"), (1e-6, "open")])
def test_a_case_without_a_probability_is_worse_by_its_chance(house: House, chance: float, state: str) -> None:
    with house.begin("system") as unit:
        case = cases.suspect(unit, kind="diverted", subject="s", evidence={"chance": 1e-5})
        cases.dismiss(unit, case_id=case.id, note="展会样品")
        cases.suspect(unit, kind="diverted", subject="s", evidence={"chance": chance})
        assert (case.state, case.probability) == (state, None)


def test_a_case_without_a_probability_stands_in_the_middle(house: House) -> None:
    with house.begin("system") as unit:
        for subject, probability in (("a", 0.9), ("b", 0.2), ("c", None)):
            cases.suspect(unit, kind="copied", subject=subject, probability=probability, evidence={})
        assert [each.subject for each in cases.every(unit, likeliest=True)] == ["a", "c", "b"]
