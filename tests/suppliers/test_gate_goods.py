"""Many lots are weighed at once, with just the papers that name them; nobody judges those papers meanwhile."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, inspect

from kernel.errors import Missing
from kernel.unit import Unit
from suppliers import directory, gate
from suppliers.certificates import lots_named
from suppliers.gate import Goods
from suppliers.models import Certificate, CertificateLot, Supply
from tests.conftest import House
from tests.factories.dairy import a_farms_papers, a_material, a_paper, a_supplier

DAY = date(2026, 11, 22)


class Farm:
    """A farm with all that is asked of it, and a report on T7 and T8."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.now = datetime(2026, 11, 22, 4, tzinfo=UTC)
        with house.begin() as unit:
            supplier, milk, other = a_supplier(unit), a_material(unit), a_material(unit, "X")
            unit.session.add(Supply(id=unit.new_id(), supplier_id=supplier.id, material_id=milk.id))
            self.licence, self.report = (each.id for each in a_farms_papers(unit, supplier, "T7", "t8 "))
            self.supplier, self.milk, self.other = supplier.id, milk.id, other.id

    def paper(self, kind: str = "inspection_report", standing: str = "verified", *lots: str, **more: object) -> str:
        with self.house.begin() as unit:
            row = a_paper(unit, directory.supplier(unit, self.supplier), kind, standing, lots=lots)
            for name, value in more.items():
                setattr(row, name, value)
            return row.id

    def bring(self, unit: Unit, *goods: Goods) -> list[gate.Decision]:
        return gate.may_bring_all(unit, supplier_id=self.supplier, goods=goods, day=DAY)

    def brought(self, *goods: Goods) -> list[list[str]]:
        with self.house.begin() as unit:
            return [each.because for each in self.bring(unit, *goods)]


@pytest.fixture
def farm(house: House) -> Farm:
    return Farm(house)


def test_each_line_is_answered_as_if_it_came_alone(house: House, farm: Farm) -> None:
    organic, fallen = farm.paper("organic"), farm.paper("inspection_report", "revoked", "T9")
    goods = [
        Goods(farm.milk, "T7"),
        Goods(farm.milk, "Ｔ8 ", frozenset({organic})),
        Goods(farm.milk, "T6"),
        Goods(farm.milk, "T9"),
        Goods(farm.milk, "T9", frozenset({farm.report})),
        Goods(farm.milk, None),
        Goods(farm.milk, None, frozenset({farm.report})),
        Goods(farm.milk, " - "),
        Goods(farm.milk, "T7", frozenset({fallen})),
        Goods(farm.other, "T7"),
    ]
    with house.begin() as unit:
        together = farm.bring(unit, *goods)
        alone = [farm.bring(unit, each)[0] for each in goods]
    assert together == alone
    no_lot = ["gate.no_lot:inspection_report"]
    revoked = "gate.revoked:inspection_report"
    other = "gate.other_lot:inspection_report"
    because = [each.because for each in together]
    assert because == [[], [], no_lot, [revoked], [revoked, other], no_lot, [], no_lot, [revoked, other], ["gate.unlisted"]]
    assert [farm.report in each.certificate_ids for each in together] == [not each for each in because]


def test_what_is_shown_must_be_a_paper_of_this_supplier(house: House, farm: Farm) -> None:
    with house.begin() as unit:
        theirs = a_paper(unit, a_supplier(unit, "别家牧场", "91310116052958608G")).id
    for id in (theirs, "none"):
        with pytest.raises(Missing):
            farm.brought(Goods(farm.milk, "T7", frozenset({id})))


def test_of_many_reports_only_those_are_fetched_that_name_these_lots_and_never_what_was_read_on_them(house: House, farm: Farm) -> None:
    for each in range(30):
        farm.paper("inspection_report", "verified", f"N{each}", reading={"lines": ["x"]})
    asked: list[str] = []
    held: list[Certificate] = []
    with house.begin() as unit:
        event.listen(house.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        event.listen(unit.session, "loaded_as_persistent", lambda _, row: held.append(row) if isinstance(row, Certificate) else None)
        farm.bring(unit, *(Goods(farm.milk, f"N{each}") for each in range(20)))
        count = len(asked)
        assert sorted(each.lots[0] for each in held if each.kind == "inspection_report") == sorted(f"N{each}" for each in range(20))
        assert all("reading" in inspect(each).unloaded for each in held)
        assert next(each for each in held if each.lots == ["N3"]).reading == {"lines": ["x"]}
    assert count < 15


def test_lots_are_named_by_the_words_of_a_paper_as_they_are_now(house: House, farm: Farm) -> None:
    with house.begin() as unit:
        paper = unit.session.get_one(Certificate, farm.report)
        for lots, kept in ((["A-1", "a 1", "－", "ｂ2"], ["a-1", "a1", "b2"]), (["C3"], ["c3"]), ([], [])):
            paper.lots = lots
            lots_named.keep(unit, paper)
            lots_named.keep(unit, paper)
            rows = [each for each in unit.session.query(CertificateLot) if each.certificate_id == farm.report]
            assert sorted(each.lot for each in rows) == kept
            assert {(each.supplier_id, each.brand_id) for each in rows} <= {(farm.supplier, house.brand_id)}


def test_at_midnight_a_renewal_stands_before_the_nightly_chore_came_by(house: House, farm: Farm) -> None:
    with house.begin() as unit:
        for paper in unit.session.query(Certificate).filter_by(kind="business_licence"):
            paper.valid_until = DAY - timedelta(days=1)
    assert farm.brought(Goods(farm.milk, "T7")) == [["gate.lapsed:business_licence"]]
    renewal = farm.paper("business_licence", "submitted", valid_from=DAY, because=["standing.not_yet_valid"])
    assert farm.brought(Goods(farm.milk, "T7")) == [[]]
    with house.look() as unit:
        paper = unit.session.get_one(Certificate, renewal)
        assert gate.state_on(DAY, paper) == "verified"
        assert gate.state_on(DAY - timedelta(days=1), paper) == "submitted"
        assert gate.state_on(date(2030, 1, 2), paper) == "lapsed"
        paper.because = ["standing.not_checked"]
        assert gate.state_on(DAY, paper) == "submitted", "only what waits for nothing but its day"
        unit.session.expunge_all()


@pytest.mark.parametrize("bringing", [True, False])
def test_nobody_judges_these_papers_until_the_unit_ends(house: House, farm: Farm, bringing: bool) -> None:
    if house.database.engine.dialect.name == "sqlite":
        pytest.skip("there everybody who writes waits for everybody else")
    judged = threading.Event()

    def judge() -> None:
        with house.begin("system") as unit:
            directory.lock(unit, farm.supplier)
            judged.set()

    with house.begin() as unit:
        if bringing:
            farm.bring(unit, Goods(farm.milk, "T7"))
        else:
            gate.may(unit, supplier_id=farm.supplier, material_id=farm.milk, day=DAY)
        with house.begin() as other:
            farm.bring(other, Goods(farm.milk, "T7"))  # several may weigh at once
        judging = threading.Thread(target=judge)
        judging.start()
        assert not judged.wait(0.3)
    judging.join(10)
    assert judged.is_set()


def test_what_was_judged_while_it_waited_is_what_counts(house: House, farm: Farm) -> None:
    """A unit that had the paper before its eyes already weighs it as it is now."""
    if house.database.engine.dialect.name == "sqlite":
        pytest.skip("there a unit sees one moment")
    with house.begin() as unit:
        assert unit.session.get_one(Certificate, farm.report).standing == "verified"
        with house.begin() as other:
            other.session.get_one(Certificate, farm.report).standing = "revoked"
        assert farm.bring(unit, Goods(farm.milk, "T7"))[0].because == ["gate.revoked:inspection_report"]
