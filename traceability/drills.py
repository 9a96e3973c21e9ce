"""Recall drills: an exercise against the clock. Nothing is held, recalled or told; all that is written is the drill itself.

A drill begins with a scope that was found. Each step is ticked off by a person at the moment at which it was
done, with what was found by then, in the order in which a real recall goes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from traceability import reach
from traceability.given import Given
from traceability.models import RecallDrill
from traceability.reach import Reach
from traceability.scoping import Scope

STEPS: Final = ("scope", "lots", "customers", "letters", "reconciled")
"""The scope is found; the lots are located; the customers are listed; their letters are made; the amounts add up."""
FOUND: Final = {
    "scope": (),
    "lots": ("lots", "items"),
    "customers": ("customers", "shipped"),
    "letters": ("customers",),
    "reconciled": ("reconciled",),
}


class DrillStepDone(Conflict):
    """This step was ticked off before, or another one comes first. Steps are done in their order, each once."""

    code = "drill-step-done"
    title = "This is not the next step"


class DrillEnded(Conflict):
    """The clock of this drill was stopped. Begin another one."""

    code = "drill-ended"
    title = "This drill is over"


def start(unit: Unit, *, scope: Scope) -> RecallDrill:
    """Start the clock for a scope that was found."""
    made = RecallDrill(id=unit.new_id(), scope=scope.record, started_at=unit.now, started_by=unit.actor.id)
    made.steps, made.found = [{"step": "scope", "at": unit.now.isoformat(), "lots": len(scope.lot_ids)}], {}
    unit.session.add(made)
    unit.record("drill.started", "recall_drill", made.id, kind=scope.kind)
    unit.session.flush()
    return made


def step(unit: Unit, *, drill_id: str, name: str) -> RecallDrill:
    """The next step is done, with what was found by it. Raises Invalid, Missing, DrillEnded, DrillStepDone."""
    given = Given()
    name = given.choice("/step", name, STEPS)
    given.done()
    drill = _running(unit, drill_id)
    if name != following(drill):
        raise DrillStepDone(f"the next step is {following(drill)}", step=name)
    counts = numbers(reach.of(unit, drill.scope["lot_ids"]))
    done = {"step": name, "at": unit.now.isoformat(), **{what: counts[what] for what in FOUND[name]}}
    drill.steps = [*drill.steps, done]
    unit.session.flush()
    return drill


def stop(unit: Unit, *, drill_id: str, note: str = "") -> RecallDrill:
    """Stop the clock and keep what was found in numbers. Raises Invalid, Missing, DrillEnded."""
    given = Given()
    words = given.optional("/note", note, 300)
    given.done()
    drill = _running(unit, drill_id)
    drill.found = numbers(reach.of(unit, drill.scope["lot_ids"]))
    drill.ended_at, drill.ended_by, drill.note = unit.now, unit.actor.id, words
    unit.record("drill.ended", "recall_drill", drill.id, seconds=int(took(drill).total_seconds()))
    unit.session.flush()
    return drill


def numbers(reached: Reach) -> dict[str, Any]:
    """A reach in numbers; ``reconciled`` in per cent with one decimal, None where nothing can be reckoned."""
    share = reached.reconciled
    return {**reached.counts, "reconciled": None if share is None else f"{(share * 100).quantize(Decimal('0.1')):f}"}


def following(drill: RecallDrill) -> str | None:
    """The step that comes next, if any is left."""
    done = {each["step"] for each in drill.steps}
    return next((name for name in STEPS if name not in done), None)


def took(drill: RecallDrill) -> timedelta:
    """From the start to the stop, or to the last step while it runs."""
    end = drill.ended_at or datetime.fromisoformat(drill.steps[-1]["at"])
    return end - drill.started_at


def every(unit: Unit) -> list[RecallDrill]:
    """All drills, newest first."""
    return list(unit.session.scalars(select(RecallDrill).order_by(RecallDrill.started_at.desc(), RecallDrill.id.desc())))


def get(unit: Unit, drill_id: str) -> RecallDrill:
    """Raises Missing."""
    found = unit.session.get(RecallDrill, drill_id)
    if found is None:
        raise Missing("no such drill")
    return found


def _running(unit: Unit, drill_id: str) -> RecallDrill:
    query = select(RecallDrill).where(RecallDrill.id == drill_id).with_for_update().execution_options(populate_existing=True)
    found = unit.session.scalar(query)
    if found is None:
        raise Missing("no such drill")
    if found.ended_at is not None:
        raise DrillEnded("the clock of this drill was stopped")
    return found
