"""Chores: once a brand or once for the platform, reading before they write."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import wiring, worker
from app.wiring import Chore
from kernel import outbox
from kernel.outbox import ToldFact
from kernel.unit import PLATFORM, Unit
from members.facts import CodeAsked
from suppliers.models import Material
from tests.conftest import House


def _material(unit: Unit, code: str) -> None:
    unit.session.add(Material(id=unit.new_id(), code=code, name_zh="料", name_en=code, category="dairy"))
    unit.session.flush()


def _materials(house: House) -> list[tuple[str, str]]:
    with house.database.look(PLATFORM) as unit:
        return [(row.brand_id, row.code) for row in unit.session.scalars(select(Material).order_by(Material.code))]


def test_while_a_chore_reads_others_write_and_what_it_read_is_handed_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def before(unit: Unit) -> int:
        with house.begin() as other:  # on SQLite this waits for ever when the chore is the writer already
            _material(other, "other")
        return 3

    monkeypatch.setitem(wiring.CHORES, "bell", Chore(lambda unit, found: _material(unit, f"found {found}"), before=before, every=1))
    house.chore("bell")
    assert _materials(house) == [(house.brand_id, "found 3"), (house.brand_id, "other")]


def test_a_chore_runs_in_every_brand_though_one_of_them_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def act(unit: Unit) -> None:
        _material(unit, "done")
        if unit.brand_id == house.brand_id:
            raise RuntimeError("bad luck")

    monkeypatch.setitem(wiring.CHORES, "bell", Chore(act, every=1))
    worker.run_chore(house.database, "bell")
    assert _materials(house) == [(house.other_brand_id, "done")]


def test_a_chore_of_the_platform_runs_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setitem(wiring.CHORES, "bell", Chore(lambda unit: ran.append(unit.actor.kind), every=1, platform=True))
    worker.run_chore(house.database, "bell")
    assert ran == ["platform"]


def test_facts_of_every_brand_are_forgotten_a_month_after_everybody_heard_them(house: House) -> None:
    for age, brand_id in ((29, house.brand_id), (31, house.brand_id), (31, house.other_brand_id), (90, house.brand_id)):
        with house.begin(brand_id=brand_id, now=house.now - timedelta(days=age)) as unit:
            unit.tell(CodeAsked(f"of {age}"))
    with house.database.begin(PLATFORM) as unit:
        for row in unit.session.scalars(select(outbox.Delivery).join(ToldFact, ToldFact.id == outbox.Delivery.fact_id)):
            if unit.session.get_one(ToldFact, row.fact_id).told_at > house.now - timedelta(days=60):
                outbox.settle(unit.session, row)
    worker.run_chore(house.database, "forget told facts")
    assert [set(body.values()) for body in house.told()] == [{"of 90"}, {"of 29"}], "what somebody has still to hear stays"
    with house.database.look(PLATFORM) as unit:
        assert unit.session.scalar(select(func.count()).select_from(outbox.Delivery)) == 1


def test_a_chore_that_waits_too_long_is_left_to_the_next_and_a_short_queue_starves_none(house: House) -> None:
    celery = worker.make_celery(house.settings, lambda: house.database)
    for name, chore in wiring.CHORES.items():
        expires = celery.conf.beat_schedule[name]["options"]["expires"]
        if chore.every is None:
            assert expires == 86_400, name
        else:
            assert 120 <= expires <= max(120, 2 * chore.every), name
