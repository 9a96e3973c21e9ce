"""The ground of every table: naming, time, amounts, and the wall between brands.

The wall: a session knows one brand. Every ORM SELECT, UPDATE and DELETE of a BrandOwned
class is narrowed to it, every new object is stamped with it, and nobody has to remember.
A session whose brand is None sees no brand-owned row at all; only the platform's own
chores run with ALL_BRANDS.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, MetaData, String, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.types import TypeDecorator

from kernel.ids import LENGTH

ALL_BRANDS: Final = "*"
Id = String(LENGTH)
Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """An aware datetime, always UTC. SQLite keeps it naive, PostgreSQL as timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """A quantity to six decimals, kept as whole millionths so that sums are exact everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        if value is None:
            return None
        scaled = value.scaleb(6)
        if scaled != scaled.to_integral_value():
            raise ValueError("an amount has at most six decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-6).normalize() + 0


class Brand(Base):
    """A tenant. The one table that stands outside the wall, because it is the wall."""

    __tablename__ = "brand"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment)


class BrandOwned:
    """Mixin of every class whose rows belong to one brand."""

    @declared_attr
    def brand_id(cls) -> Mapped[str]:
        return mapped_column(Id, ForeignKey("brand.id"), index=True)


class BrandSession(Session):
    """A session behind the wall; ``info['brand']`` is a brand's id, None or ALL_BRANDS."""


@event.listens_for(BrandSession, "do_orm_execute")
def _see_own_brand(state: ORMExecuteState) -> None:
    brand = state.session.info.get("brand")
    if brand == ALL_BRANDS or state.is_column_load or not state.is_orm_statement:
        return  # a statement on bare tables names its brand itself
    state.statement = state.statement.options(with_loader_criteria(BrandOwned, lambda cls: cls.brand_id == brand, include_aliases=True))


@event.listens_for(BrandSession, "before_flush")
def _write_own_brand(session: Session, _context: Any, _instances: Any) -> None:
    brand = session.info.get("brand")
    for thing in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(thing, BrandOwned):
            continue
        if thing.brand_id is None and brand != ALL_BRANDS:
            thing.brand_id = brand
        if thing.brand_id is None or (brand != ALL_BRANDS and thing.brand_id != brand):
            raise PermissionError(f"{type(thing).__name__} of another brand in this unit")
