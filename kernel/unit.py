"""One moment, one actor, one transaction, one outside world.

Every public use case is ``verb(unit, *, keywords) -> value``: it loads, decides, stores and
tells. It never commits, never asks the clock, never opens a second transaction. An adapter
(a view, a reaction, a command, a test) opens the unit and the end of its block is the only
place in the house where anything becomes true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from kernel import outbox
from kernel.audit import AuditEntry
from kernel.errors import Refused
from kernel.facts import Fact
from kernel.ids import new_id, next_id
from kernel.orm import ALL_BRANDS, BrandSession
from kernel.ports import Outside


@dataclass(frozen=True)
class Actor:
    """Who acts. ``kind`` is a role (brand_admin, quality, plant, supplier, device, machine,
    platform), ``visitor``, ``member`` or ``system``; ``brand_id`` is None for those who belong
    to no brand (yet) and ALL_BRANDS for the platform's own chores."""

    kind: str
    id: str = "-"
    brand_id: str | None = None
    supplier_id: str | None = None


VISITOR = Actor("visitor")


def system(brand_id: str) -> Actor:
    """The house itself, acting inside one brand."""
    return Actor("system", "system", brand_id)


PLATFORM = Actor("platform", "platform", ALL_BRANDS)


class Unit:
    """Use as a context manager: leaving it without an exception commits, unless it only reads."""

    def __init__(
        self,
        session: BrandSession,
        *,
        actor: Actor,
        outside: Outside,
        reactions: Callable[[str], Iterable[str]],
        now: datetime | None = None,
        after_commit: Callable[[], None] | None = None,
        release: Callable[[], None] | None = None,
        reads_only: bool = False,
    ) -> None:
        self.session = session
        self.actor = actor
        self.outside = outside
        self.now = now or datetime.now(UTC)
        self._reactions = reactions
        self._after_commit = after_commit
        self._release = release
        self.reads_only = reads_only
        self._told = False
        self._last_id = ""
        session.info["brand"] = actor.brand_id

    @property
    def brand_id(self) -> str:
        """The brand inside whose walls this unit works."""
        brand = self.session.info["brand"]
        if brand is None or brand == ALL_BRANDS:
            raise Refused("this act needs a brand")
        return str(brand)

    def enter(self, brand_id: str) -> None:
        """Step inside a brand's walls: once, and only for an actor who belongs to none."""
        current = self.session.info["brand"]
        if current != brand_id and current is not None:
            raise Refused("already inside a brand")
        self.session.info["brand"] = brand_id

    def new_id(self) -> str:
        """A fresh id that sorts after those this unit made before."""
        self._last_id = next_id(self._last_id) if self._last_id else new_id(self.now)
        return self._last_id

    def tell(self, fact: Fact, *, due: datetime | None = None) -> None:
        """Write the fact to the outbox: it becomes known if, and only if, this unit commits; at once, or when it is ``due``."""
        brand = self.session.info["brand"]
        names = list(self._reactions(fact.name()))
        if names:
            self._told = True
            outbox.put(self.session, fact, reactions=names, brand_id=None if brand == ALL_BRANDS else brand, now=self.now, due=due)

    def record(self, verb: str, subject_kind: str, subject_id: str, **detail: Any) -> None:
        """Write to the audit trail: this actor did ``verb`` to that subject."""
        brand = self.session.info["brand"]
        self.session.add(
            AuditEntry(
                id=self.new_id(),
                brand_id=None if brand == ALL_BRANDS else brand,
                at=self.now,
                actor_kind=self.actor.kind,
                actor_id=self.actor.id,
                verb=verb,
                subject_kind=subject_kind,
                subject_id=subject_id,
                detail=detail,
            )
        )

    def rest(self) -> None:
        """Give the connection back before slow work outside the house; only for a unit that reads. What was read stays readable."""
        if not self.reads_only:
            raise RuntimeError("a unit that writes holds on to what it has")
        self.session.expunge_all()
        self.session.rollback()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None and not self.reads_only:
                self.session.commit()
            else:
                if kind is None:
                    self.session.expunge_all()  # what was read stays readable after the end
                self.session.rollback()
        finally:
            self.session.close()
            if self._release is not None:
                self._release()
        if kind is None and self._told and self._after_commit is not None:
            self._after_commit()
