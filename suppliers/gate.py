"""May this supplier deliver that material today? The question intake asks before anything is received.

Reads standings and the table of requirements; knows no lot of ours, only what a supplier calls its own. Closed
unless everything asked for is there: no listing, no rule or no paper all mean no. A paper about lots opens
nothing for a supplier: it stands for the lots that it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from kernel.errors import Refused
from kernel.unit import Unit
from suppliers import directory, rules
from suppliers.identifiers import tidy
from suppliers.models import Certificate, CheckOutcome, Supply
from suppliers.requirements import Requirement
from suppliers.standing import GOOD

_WORST_FIRST = ("revoked", "rejected", "suspended", "lapsed", "superseded", "submitted", "needs_person", "expiring", "verified")


class GateClosed(Refused):
    """This supplier may not deliver this material now: a paper that the rules ask for is missing,
    still being looked at, lapsed, suspended or rejected. ``because`` names each."""

    code = "gate-closed"
    title = "This supplier may not deliver this now"


@dataclass(frozen=True)
class Decision:
    """``because`` holds ``gate.unlisted``, ``gate.no_rule`` or ``gate.<state>:<paper kind>`` with state missing,
    submitted, needs_person, lapsed, suspended, rejected or revoked, or ``gate.no_lot:<paper kind>`` for a paper that each lot
    needs, ``gate.other_lot:<paper kind>`` for one that is about others, ``gate.uncovered:<paper kind>`` for one that does not cover
    this material; it is empty when the gate is open. ``certificate_ids`` are the papers that carried the
    decision: one for each that is asked. ``per_lot``: the kinds of papers that each lot brings along, any one of each group."""

    open: bool
    because: list[str]
    certificate_ids: list[str]
    per_lot: tuple[tuple[str, ...], ...] = ()


def may(unit: Unit, *, supplier_id: str, material_id: str, day: date) -> Decision:
    """May it deliver at all, apart from what each lot must bring along? ``day`` is a date in Shanghai.

    The papers read are locked against a new judgement until the unit ends, so a delivery received on
    a paper is always seen by whoever revokes that paper."""
    asked, closed = _asked(unit, supplier_id, material_id, day)
    if closed:
        return Decision(False, [closed], [])
    because, carrying = _weighed(unit, supplier_id, material_id, [each for each in asked if each.per == "supplier"], day)
    return Decision(not because, because, [] if because else carrying, tuple(each.kinds for each in asked if each.per == "lot"))


def may_bring(unit: Unit, *, supplier_id: str, material_id: str, day: date, lot: str | None, shown: Iterable[str] = ()) -> Decision:
    """May it deliver this lot? ``lot``: as the supplier calls it, which a paper about lots must name; ``shown``: ids of
    papers that somebody laid beside this very lot: each must stand, asked for or not, and none may be about other lots. Only
    where the supplier gave the lot no name does that person answer for what the paper is about."""
    asked, closed = _asked(unit, supplier_id, material_id, day)
    if closed:
        return Decision(False, [closed], [])
    because, carrying = _weighed(unit, supplier_id, material_id, [each for each in asked if each.per == "supplier"], day)
    per_lot, beside = [each for each in asked if each.per == "lot"], frozenset(shown)
    lot_because, lot_carrying = _weighed(unit, supplier_id, material_id, per_lot, day, lot=lot or "", shown=beside)
    laid = _laid(unit, supplier_id, beside)
    fallen = [f"gate.{state_on(day, paper)}:{paper.kind}" for paper in laid if not _stands(paper, day)]
    foreign = [f"gate.other_lot:{paper.kind}" for paper in laid if lot and paper.lots and not _names(paper, lot)]
    because = list(dict.fromkeys([*because, *lot_because, *fallen, *foreign]))
    return Decision(not because, because, [] if because else carrying + lot_carrying, tuple(each.kinds for each in per_lot))


def _asked(unit: Unit, supplier_id: str, material_id: str, day: date) -> tuple[list[Requirement], str | None]:
    who, what = directory.supplier(unit, supplier_id), directory.material(unit, material_id)
    listed = select(Supply.id).where(Supply.supplier_id == who.id, Supply.material_id == what.id)
    if unit.session.scalar(listed) is None:
        return [], "gate.unlisted"
    asked = [requirement for requirement in rules.asked(unit, who, what, day) if not requirement.optional]
    return asked, None if asked else "gate.no_rule"


def _weighed(
    unit: Unit,
    supplier_id: str,
    material_id: str,
    asked: list[Requirement],
    day: date,
    *,
    lot: str | None = None,
    shown: frozenset[str] = frozenset(),
) -> tuple[list[str], list[str]]:
    """Why these requirements are not met, and the papers that meet them. ``lot``: only papers about it count."""
    kinds = {kind for requirement in asked for kind in requirement.kinds}
    papers = _papers(unit, supplier_id, kinds) if kinds else []
    if lot is not None:
        papers = [paper for paper in papers if _names(paper, lot) or (not lot and paper.id in shown)]
    beyond = _beyond(unit, papers, directory.material(unit, material_id).code)
    return weigh(asked, papers, day, beyond=beyond, absent="missing" if lot is None else "no_lot")


def weigh(
    asked: Iterable[Requirement],
    papers: Iterable[Certificate],
    day: date,
    *,
    beyond: frozenset[str] = frozenset(),
    absent: str = "missing",
) -> tuple[list[str], list[str]]:
    """Why these requirements are not met by these papers on ``day``, and the ids of those that meet them. ``beyond``: ids of
    papers that do not cover the material. Asks no table."""
    shown = list(papers)
    because, carrying = [], []
    for requirement in asked:
        fitting = [paper for paper in shown if paper.kind in requirement.kinds]
        best = best_on(day, [paper for paper in fitting if paper.id not in beyond] or fitting)
        if best is not None and best.id in beyond:
            because.append(f"gate.uncovered:{best.kind}")
        elif best is not None and _stands(best, day):
            carrying.append(best.id)
        elif best is None:
            because.append(f"gate.{absent}:{requirement.kind}")
        else:
            because.append(f"gate.{state_on(day, best)}:{best.kind}")
    return because, carrying


def _names(paper: Certificate, lot: str) -> bool:
    return bool(lot) and tidy(lot) in map(tidy, paper.lots or ())


def _beyond(unit: Unit, papers: list[Certificate], material: str) -> frozenset[str]:
    """The papers among these that cover some of what the supplier is listed for, and not this material."""
    partly = [paper.id for paper in papers if (paper.found or {}).get("scope", [None, None])[1] == "check.scope.partly"]
    query = select(CheckOutcome).where(CheckOutcome.certificate_id.in_(partly), CheckOutcome.name == "scope")
    found = unit.session.scalars(query).all() if partly else ()
    return frozenset(each.certificate_id for each in found if material in each.evidence.get("uncovered", ()))


def _papers(unit: Unit, supplier_id: str, kinds: Iterable[str]) -> list[Certificate]:
    return _locked(unit, select(Certificate).where(Certificate.supplier_id == supplier_id, Certificate.kind.in_(sorted(kinds))))


def _laid(unit: Unit, supplier_id: str, ids: frozenset[str]) -> list[Certificate]:
    laid = select(Certificate).where(Certificate.supplier_id == supplier_id, Certificate.id.in_(sorted(ids)))
    return _locked(unit, laid) if ids else []


def _locked(unit: Unit, query: Select[Certificate]) -> list[Certificate]:
    locked = query.order_by(Certificate.id).with_for_update(read=True).execution_options(populate_existing=True)
    return list(unit.session.scalars(locked))


def best_on(day: date, papers: Iterable[Certificate]) -> Certificate | None:
    """The paper that stands best on ``day``: the better standing, then the later end, then the newer."""
    return max(papers, key=lambda paper: (_rank(paper, day), paper.valid_until or date.max, paper.id), default=None)


def state_on(day: date, paper: Certificate | None) -> str:
    """How the paper stands on ``day``: the nightly chore may not have come by yet."""
    if paper is None:
        return "missing"
    if paper.standing in GOOD and paper.valid_until is not None and paper.valid_until < day:
        return "lapsed"
    if paper.standing in GOOD and paper.valid_from > day:
        return "submitted"
    return paper.standing


def _stands(paper: Certificate, day: date) -> bool:
    return state_on(day, paper) in GOOD


def _rank(paper: Certificate, day: date) -> int:
    return _WORST_FIRST.index(state_on(day, paper))
