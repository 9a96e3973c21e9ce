"""The engine, and ``begin(actor) -> Unit``: the only way in.

SQLite is used as it deserves: its own recent build (Debian 12's 3.40.1 can corrupt a WAL
file), WAL with synchronous=FULL (an acknowledged action survives a power cut), foreign keys
on, BEGIN IMMEDIATE for writers, and one writer at a time by a lock of our own, because
SQLite's busy handler is unfair and gives waiting writers seconds of tail latency.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from kernel.orm import BrandSession
from kernel.ports import Outside
from kernel.unit import Actor, Unit

IDLE = 5.0
"""Seconds after which a connection is asked whether it still lives."""


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for SQLite or PostgreSQL, ready for ``Database``. Parameters never get into an
    error's text: they are serials and telephone numbers."""
    if not url.startswith("sqlite"):
        # No JIT: it compiles for tens of milliseconds what here runs for less than one.
        given = {"connect_args": {"options": "-c jit=off"}, **options}
        engine = create_engine(url, pool_size=5, max_overflow=20, pool_use_lifo=True, hide_parameters=True, **given)
        _ask_the_idle(engine)
        return engine
    from pysqlite3 import dbapi2

    if dbapi2.sqlite_version_info < (3, 51, 3):
        raise RuntimeError(f"SQLite {dbapi2.sqlite_version} can corrupt WAL files; 3.51.3 or later is needed")
    engine = create_engine(url, module=dbapi2, hide_parameters=True, **options)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
            "foreign_keys=ON",
            "cache_size=-32000",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _ask_the_idle(engine: Engine) -> None:
    """A connection that lay idle for some seconds may be dead: ask it before it is used. One that was
    used a moment ago is not asked, for the question costs as much as a statement."""

    @event.listens_for(engine, "checkin")
    def _put_back(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _take(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used", time.monotonic()) > IDLE:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:
                raise DisconnectionError from error


class WriterLock:
    """One writer at a time, over threads and processes. The kernel queues flock waiters in order."""

    def __init__(self, path: str) -> None:
        self._thread = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self) -> None:
        self._thread.acquire()
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._thread.release()
            raise

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._thread.release()


class Database:
    """Opens units on one engine, with one outside world and one table of reactions."""

    def __init__(self, engine: Engine, *, outside: Outside, reactions: Callable[[str], Iterable[str]]) -> None:
        self.engine = engine
        self.outside = outside
        self.reactions = reactions
        self._writing = engine.execution_options(writes=True)
        self._lock: WriterLock | None = None
        if engine.dialect.name == "sqlite" and engine.url.database:
            self._lock = WriterLock(engine.url.database + ".lock")
        self.after_commit: Callable[[], None] | None = None
        """Called after a unit that told a fact: the worker's relay is woken by it."""

    def begin(self, actor: Actor, *, now: datetime | None = None) -> Unit:
        """A unit that may write. On SQLite it waits here for its turn."""
        if self._lock is not None:
            self._lock.acquire()
        release = self._lock.release if self._lock else None
        try:
            session = BrandSession(self._writing, expire_on_commit=False)
            return Unit(
                session,
                actor=actor,
                outside=self.outside,
                reactions=self.reactions,
                now=now,
                after_commit=self.after_commit,
                release=release,
            )
        except BaseException:
            if release:
                release()
            raise

    def look(self, actor: Actor, *, now: datetime | None = None) -> Unit:
        """A unit that only reads: it never waits for a writer, and what it wrote would be refused."""
        session = BrandSession(self.engine, expire_on_commit=False, autoflush=False)
        return Unit(session, actor=actor, outside=self.outside, reactions=_no_reactions, now=now, reads_only=True)


def _no_reactions(_name: str) -> Iterable[str]:
    return ()


def keep_statistics(unit: Unit) -> None:
    """Let SQLite measure anew what its planner counts on; PostgreSQL does so by itself."""
    connection = unit.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit=400")
        connection.exec_driver_sql("PRAGMA optimize")
