"""Celery, with three kinds of work: relay, react, chore.

The outbox is the truth and the broker only a courier. Embedded (memory://), one process
holds everything: the relay, Celery's worker with threads, beat, and the telemetry door.
At scale the same parts are started apart: ``suyuan worker | relay | beat | telemetry``.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from celery import Celery
from celery.beat import EmbeddedService, Scheduler
from celery.schedules import crontab, schedule
from celery.signals import worker_process_init
from sqlalchemy import select

from app import logs, relay
from app.config import Settings
from app.database import Database
from app.house import open_database
from app.wiring import CHORES
from kernel import outbox
from kernel.orm import Brand
from kernel.unit import PLATFORM, Actor, system

log = structlog.get_logger(__name__)
REACT, CHORE = "suyuan.react", "suyuan.chore"
PATIENCE = 0.04
"""Seconds between two looks at the outbox when nobody woke the relay."""
DAY, LEAST_WAIT = 86_400.0, 120.0
"""Seconds that a chore may wait for a worker: a daily one, and any."""


def make_celery(settings: Settings, database: Callable[[], Database]) -> Celery:
    """The Celery app; ``database`` is called in the process that runs the task."""
    logs.install(settings.log_format)
    app = Celery("suyuan", broker="memory://localhost//" if settings.embedded_broker else settings.broker_url, set_as_current=True)
    app.set_default()  # pool threads ask for the current app; without it they would run another one's tasks
    app.conf.update(
        task_ignore_result=True,
        task_default_queue=settings.queue,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=16,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        timezone=settings.timezone,
        beat_schedule={
            name: {
                "task": CHORE,
                "args": [name],
                "schedule": _schedule(chore.every, chore.daily_at),
                "options": {"expires": _expires(chore.every)},
            }
            for name, chore in CHORES.items()
        },
        **_broker_options(settings.broker_url),
    )

    @app.task(name=REACT)  # type: ignore[untyped-decorator]
    def react(delivery_id: str) -> None:
        relay.react(database(), delivery_id)

    @app.task(name=CHORE)  # type: ignore[untyped-decorator]
    def chore(name: str) -> None:
        run_chore(database(), name)

    return app


def _schedule(every: float | None, daily_at: int | None) -> Any:
    return schedule(every) if every is not None else crontab(hour=daily_at, minute=0)


def _expires(every: float | None) -> float:
    """Seconds after which nobody need do a chore any more that still waits: the next ones have been sent. Not the very
    next one, or a queue that is long for a moment would starve it; a daily one has no other day."""
    return DAY if every is None else max(2 * every, LEAST_WAIT)


def _broker_options(url: str) -> dict[str, Any]:
    if url.startswith("memory:"):
        return {"broker_transport_options": {"polling_interval": 0.02}}
    if url.startswith("amqp"):
        return {
            "task_default_queue_type": "quorum",
            "broker_transport_options": {"confirm_publish": True},
            "worker_detect_quorum_queues": True,
        }
    return {"broker_transport_options": {"visibility_timeout": 600}}


def run_chore(database: Database, name: str) -> None:
    """One chore for every brand, or for the platform, each in its own unit: a failing brand does not stop the others."""
    actors = [PLATFORM]
    if not CHORES[name].platform:
        with database.look(PLATFORM) as unit:
            actors = [system(brand_id) for brand_id in unit.session.scalars(select(Brand.id))]
    for actor in actors:
        try:
            perform_chore(database, name, actor)
        except Exception:
            log.exception("chore failed", chore=name, brand=actor.brand_id)


def perform_chore(database: Database, name: str, actor: Actor, *, now: datetime | None = None) -> Any:
    """The same for one actor, letting every error through; what the chore answered. Nobody waits while it only reads."""
    chore, prepared = CHORES[name], []
    if chore.before is not None:
        with database.look(actor, now=now) as unit:
            prepared.append(chore.before(unit))
    with database.begin(actor, now=now) as unit:
        return chore.act(unit, *prepared)


class Relay(threading.Thread):
    """Carries deliveries from the outbox to Celery until told to stop; woken by commits of this process."""

    def __init__(self, database: Database, celery: Celery) -> None:
        super().__init__(name="relay", daemon=True)
        self._database = database
        self._celery = celery
        self._woken = threading.Event()
        self._stopped = False
        database.after_commit = self._woken.set

    def run(self) -> None:
        while not self._stopped:
            self._woken.clear()
            try:
                carried = relay.carry(self._database, self._send)
            except Exception:
                log.exception("relay")
                carried = 0
                self._woken.wait(1)
            if not carried:
                self._woken.wait(PATIENCE)

    def _send(self, delivery_id: str) -> None:
        self._celery.send_task(REACT, args=[delivery_id], task_id=delivery_id, retry=False)

    def stop(self) -> None:
        self._stopped = True
        self._woken.set()


def run_relay(settings: Settings) -> None:
    """``suyuan relay``: only the courier. Several may run; rows are claimed with SKIP LOCKED."""
    database = open_database(settings)
    thread = Relay(database, make_celery(settings, lambda: database))
    thread.start()
    _wait_for_the_end()
    thread.stop()


def run_beat(settings: Settings) -> None:
    """``suyuan beat``: the clock. Exactly one should run."""
    database = open_database(settings)
    celery = make_celery(settings, lambda: database)
    for name in CHORES:
        celery.send_task(CHORE, args=[name])
    EmbeddedService(celery, max_interval=1, thread=True, scheduler_cls=Scheduler).start()
    _wait_for_the_end()


def run_telemetry(settings: Settings) -> None:
    """``suyuan telemetry``: only the MQTT door."""
    from app.telemetry import Telemetry

    door = Telemetry(settings, open_database(settings))
    door.start()
    _wait_for_the_end()
    door.stop()


def run_worker(settings: Settings, *, concurrency: int = 2) -> None:
    """``suyuan worker``: with an embedded broker, relay, beat and telemetry run here as well."""
    if not settings.embedded_broker:
        _run_prefork(settings, concurrency)
        return
    from app.telemetry import Telemetry

    database = open_database(settings)
    with database.begin(PLATFORM) as unit:
        outbox.reclaim(unit.session, now=unit.now)
    celery = make_celery(settings, lambda: database)
    threads = Relay(database, celery)
    controller = celery.WorkController(
        pool="threads", concurrency=concurrency, without_gossip=True, without_mingle=True, without_heartbeat=True, quiet=True
    )
    working = threading.Thread(target=controller.start, name="celery", daemon=True)
    working.start()
    threads.start()
    telemetry = Telemetry(settings, database)
    telemetry.start()
    for name in CHORES:
        celery.send_task(CHORE, args=[name])
    EmbeddedService(celery, max_interval=1, thread=True, scheduler_cls=Scheduler).start()
    _wait_for_the_end()
    telemetry.stop()
    threads.stop()
    controller.stop()


def _run_prefork(settings: Settings, concurrency: int) -> None:
    """Celery's own worker: each child opens its own database after the fork."""
    opened: list[Database] = []

    @worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]
    def _open(**_: Any) -> None:
        opened[:] = [open_database(settings)]

    def database() -> Database:
        return opened[0]

    celery = make_celery(settings, database)
    celery.worker_main(["worker", "-P", "prefork", "-c", str(concurrency), "-l", "WARNING", "--without-gossip", "--without-mingle"])


def _wait_for_the_end() -> None:
    logging.getLogger("celery").setLevel(logging.WARNING)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.wait(1):
        pass
