"""The root key and the one before it."""

from __future__ import annotations

import secrets

import pytest

from app.outside import RootKeyring

OLD, NEW = "11" * 32, "22" * 32


def test_what_the_old_root_locked_can_be_read_and_is_locked_anew_once() -> None:
    secret = secrets.token_bytes(32)
    old, both, new = RootKeyring(OLD), RootKeyring(NEW, OLD), RootKeyring(NEW)
    locked = old.lock("a-purpose", secret)
    assert both.unlock("a-purpose", locked) == secret
    moved = both.relock("a-purpose", locked)
    assert moved != locked
    assert both.relock("a-purpose", moved) == moved
    assert new.unlock("a-purpose", moved) == secret


def test_no_root_reads_another_purpose_or_a_strangers_lock() -> None:
    ring = RootKeyring(NEW, OLD)
    locked = RootKeyring(OLD).lock("a-purpose", b"x")
    for purpose, bytes_ in (("another", locked), ("a-purpose", RootKeyring("33" * 32).lock("a-purpose", b"x"))):
        with pytest.raises(ValueError, match="not locked"):
            ring.unlock(purpose, bytes_)
        with pytest.raises(ValueError, match="not locked"):
            ring.relock(purpose, bytes_)
    with pytest.raises(ValueError, match="not locked"):
        RootKeyring(NEW).unlock("a-purpose", locked)


def test_a_root_of_another_length_is_refused_by_its_name() -> None:
    with pytest.raises(ValueError, match="ROOT_KEY_OLD"):
        RootKeyring(NEW, "11")
