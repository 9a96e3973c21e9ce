"""What the columns of the house promise on every database: exact amounts, moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from kernel.audit import AuditEntry
from kernel.orm import Amount, Moment
from tests.conftest import House
from tests.factories.dairy import a_delivery, a_material, a_supplier
from traceability.models import Lot

DIALECTS = (sqlite.dialect(), postgresql.dialect())
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False)
MOMENTS = st.datetimes(
    datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
)


@given(AMOUNTS)
def test_an_amount_comes_back_as_it_went_in(amount: Decimal) -> None:
    kept = Amount().process_bind_param(amount, DIALECTS[0])
    assert isinstance(kept, int)
    assert Amount().process_result_value(kept, DIALECTS[0]) == amount


@pytest.mark.parametrize("finer", ["0.0000001", "1.23456789"])
def test_an_amount_finer_than_a_millionth_is_refused_and_not_rounded(finer: str) -> None:
    with pytest.raises(ValueError, match="six decimals"):
        Amount().process_bind_param(Decimal(finer), DIALECTS[0])


def test_amounts_add_up_exactly_in_the_database(house: House) -> None:
    with house.begin() as unit:
        material, supplier = a_material(unit), a_supplier(unit)
        for number in range(10):
            a_delivery(unit, f"M-{number}", "0.1", material=material, supplier=supplier)
    with house.look() as unit:
        assert unit.session.scalar(select(func.sum(Lot.quantity))) == Decimal(1)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@given(MOMENTS)
def test_a_moment_comes_back_as_the_same_moment_in_utc(dialect, moment: datetime) -> None:
    back = Moment().process_result_value(Moment().process_bind_param(moment, dialect), dialect)
    assert back == moment
    assert back.utcoffset() == timedelta(0)


def test_a_moment_without_a_time_zone_is_refused(house: House) -> None:
    with pytest.raises(StatementError, match="time zone"), house.begin() as unit:
        unit.session.add(_entry(unit.new_id(), datetime(2026, 1, 1)))


def test_a_moment_is_kept_to_the_microsecond(house: House) -> None:
    at = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=8)))
    with house.begin() as unit:
        unit.session.add(_entry(unit.new_id(), at))
    with house.look() as unit:
        (kept,) = unit.session.scalars(select(AuditEntry.at))
        assert kept == at
        assert kept.tzinfo == UTC


def _entry(id: str, at: datetime) -> AuditEntry:
    return AuditEntry(id=id, at=at, actor_kind="system", actor_id="-", verb="v", subject_kind="s", subject_id="-", detail={})
