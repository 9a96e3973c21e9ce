"""Keys: kinds, versions, rotation, and the root above them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.outside import RootKeyring
from kernel.audit import AuditEntry
from kernel.errors import Invalid, Missing
from kernel.unit import Actor, Unit
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import addresses, codes, keys, seal
from traceability.models import CodeOrder, SerialKey

OTHER = "06901234567809"


def test_versions_are_numbered_through_within_a_brand(house: House) -> None:
    with house.begin() as unit:
        taken = [
            keys.take(unit, kind="gs1", gtin=GTIN, count=5),
            keys.take(unit, kind="gs1", gtin=OTHER, count=5),
            keys.take(unit, kind="compact", count=5),
            keys.take(unit, kind="inner", count=5),
            keys.take(unit, kind="gs1", gtin=GTIN, count=5),
            keys.take(unit, kind="imported", gtin=GTIN, count=5),
        ]
        assert taken == [(1, 0), (2, 0), (3, 0), (4, 0), (1, 5), (5, 0)]
        found = {key.version: key for key in keys.every(unit)}
        assert [found[version].gtin for version in (1, 2, 3, 4, 5)] == [GTIN, OTHER, None, None, GTIN]
        assert [version for version, key in found.items() if key.locked is None] == [5]
        assert len({keys.key(unit, OTHER, version) for version in (2, 3, 4)}) == 3
    with house.begin(brand_id=house.other_brand_id) as unit:
        assert keys.every(unit) == []
        assert keys.take(unit, kind="compact", count=1) == (1, 0)


def test_two_first_orders_at_once_make_one_key(house: House) -> None:
    def take(_: int) -> tuple[int, int]:
        with house.begin() as unit:
            return keys.take(unit, kind="compact", count=10)

    with ThreadPoolExecutor(6) as pool:
        taken = sorted(pool.map(take, range(6)))
    assert taken == [(1, first) for first in range(0, 60, 10)]


def test_a_key_that_is_used_up_says_so_and_gives_nothing(house: House) -> None:
    with house.begin() as unit:
        keys.take(unit, kind="gs1", gtin=GTIN, count=1)
        unit.session.scalars(select(SerialKey)).one().next_counter = seal.SPACE - 3
    with house.begin() as unit, pytest.raises(keys.SerialsUsedUp):
        keys.take(unit, kind="gs1", gtin=GTIN, count=4)
    with house.begin() as unit:
        assert keys.take(unit, kind="gs1", gtin=GTIN, count=3) == (1, seal.SPACE - 3)
        assert len(keys.serials(unit, gtin=GTIN, key_version=1, first=seal.SPACE - 3, count=3)) == 3
        with pytest.raises(keys.SerialsUsedUp):
            keys.take(unit, kind="gs1", gtin=GTIN, count=1)
        assert keys.rotate(unit, kind="gs1", gtin=GTIN, reason="用完了").version == 2
        assert keys.take(unit, kind="gs1", gtin=GTIN, count=1) == (2, 0)


@pytest.mark.parametrize(("kind", "gtin"), [("gs1", GTIN), ("compact", None), ("inner", None)])
def test_after_a_rotation_new_orders_get_the_new_version_and_old_codes_stand(house: House, kind: str, gtin: str | None) -> None:
    with house.begin() as unit:
        addresses.add(unit, name="s.cn")
        product = a_product(unit)
        scheme = "compact" if kind == "compact" else "gs1"

        def order(reference: str) -> CodeOrder:
            return codes.order(unit, product_id=product.id, count=3, reference=reference, scheme=scheme, inner=kind == "inner", formats=())

        before = order("1")
        new = keys.rotate(unit, kind=kind, gtin=gtin, reason="钥匙可能泄露")
        after = order("2")
        version = (lambda order: order.inner_version) if kind == "inner" else (lambda order: order.key_version)
        assert (version(after), new.kind) == (new.version, kind)
        assert version(before) < new.version
        for each in (before, after):
            (serial,) = keys.serials(unit, gtin=GTIN, key_version=version(each) or 0, first=1, count=1).tolist()
            found = codes.find(unit, gtin=GTIN, serial=serial.decode())
            assert found is not None
            assert (found.order_id, found.inner) == (each.id, kind == "inner")
        (line,) = unit.session.scalars(select(AuditEntry).where(AuditEntry.verb == "key.rotated"))
        assert line.detail["reason"] == "钥匙可能泄露"
        assert line.detail["retired"] == version(before)


def test_what_cannot_be_rotated(house: House) -> None:
    with house.begin() as unit:
        keys.take(unit, kind="imported", gtin=GTIN, count=1)
        with pytest.raises(Invalid):
            keys.rotate(unit, kind="imported", gtin=GTIN, reason="x")
        with pytest.raises(Invalid):
            keys.rotate(unit, kind="gs1", gtin=GTIN, reason=" ")
        with pytest.raises(Missing):
            keys.rotate(unit, kind="gs1", gtin=GTIN, reason="x")


def test_a_changed_root_key_reads_the_old_locks_until_all_are_locked_anew(house: House) -> None:
    with house.begin() as unit:
        for kind, gtin in (("gs1", GTIN), ("compact", None), ("imported", GTIN)):
            keys.take(unit, kind=kind, gtin=gtin, count=1)
        plain = [keys.key(unit, GTIN, version) for version in (1, 2)]
        old = [key.locked for key in keys.every(unit)]
    with house.begin(brand_id=house.other_brand_id) as unit:
        keys.take(unit, kind="compact", count=1)
    new_root = "5a" * 32
    with _under(house, RootKeyring(new_root, house.settings.root_key)) as unit:
        keys._kept.clear()
        assert [keys.key(unit, GTIN, version) for version in (1, 2)] == plain
        assert keys.rewrap(unit) == 2
        assert keys.rewrap(unit) == 0
        assert [old_lock is None or old_lock != key.locked for old_lock, key in zip(old, keys.every(unit), strict=True)] == [True] * 3
        (line,) = unit.session.scalars(select(AuditEntry).where(AuditEntry.verb == "keys.rewrapped"))
        assert line.detail["count"] == 2
    with _under(house, RootKeyring(new_root)) as unit:
        keys._kept.clear()
        assert [keys.key(unit, GTIN, version) for version in (1, 2)] == plain


def test_what_is_not_there_is_missing(house: House) -> None:
    with house.begin() as unit:
        keys.take(unit, kind="imported", gtin=GTIN, count=1)
        for version in (1, 2):
            with pytest.raises(Missing):
                keys.key(unit, GTIN, version)
            with pytest.raises(Missing):
                keys.serials(unit, gtin=GTIN, key_version=version, first=0, count=1)


@contextmanager
def _under(house: House, ring: RootKeyring) -> Iterator[Unit]:
    """A unit of a process that was started with other root keys."""
    with house.database.begin(Actor("platform", "test", house.brand_id), now=house.now) as unit:
        unit.outside = replace(unit.outside, keys=ring)
        yield unit
