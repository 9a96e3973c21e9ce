"""May this supplier deliver that material today? The question intake asks before anything is received.

Reads standings and the table of requirements; knows no lot of ours, only what a supplier calls its own. Closed
unless everything asked for is there: no listing, no rule or no paper all mean no. A paper about lots opens
nothing for a supplier: it stands for the lots that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select

from kernel.errors import Missing, Refused
from kernel.unit import Unit
from suppliers import directory, rules
from suppliers.checks.names import exact_number
from suppliers.models import Certificate, CertificateLot, CheckOutcome, Material, Supply
from suppliers.requirements import Requirement
from suppliers.standing import GOOD

_WORST_FIRST = ("revoked", "rejected", "suspended", "lapsed", "superseded", "submitted", "needs_person", "expiring", "verified")


SOME_OF_IT: Final = ("check.scope.partly", "check.scope.some")
"""What the check of the scope says of a paper that covers some of what the supplier is listed for."""


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


@dataclass(frozen=True)
class Goods:
    """What is brought: ``lot`` as the supplier calls it, which a paper about lots must name; ``shown``: ids of papers that
    somebody laid beside this very lot: each must stand, asked for or not, and none may be about other lots. Only where the
    supplier gave the lot no name does that person answer for what the paper is about."""

    material_id: str
    lot: str | None
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Asked:
    """What is asked for one material; ``closed`` says why nothing opens the gate for it."""

    code: str
    of_supplier: tuple[Requirement, ...] = ()
    of_lot: tuple[Requirement, ...] = ()
    closed: str | None = None

    @property
    def per_lot(self) -> tuple[tuple[str, ...], ...]:
        return tuple(each.kinds for each in self.of_lot)


@dataclass(frozen=True)
class _Shelf:
    """The papers that may matter, gathered at once. ``naming``: tidied lot -> ids of those that name it; ``uncovered``: id
    -> the codes of materials that it does not cover, where it covers some only."""

    papers: Mapping[str, Certificate]
    naming: Mapping[str, frozenset[str]]
    uncovered: Mapping[str, frozenset[str]]

    def beyond(self, material: str) -> frozenset[str]:
        return frozenset(id for id, codes in self.uncovered.items() if material in codes)


def may(unit: Unit, *, supplier_id: str, material_id: str, day: date) -> Decision:
    """May it deliver at all, apart from what each lot must bring along? ``day`` is a date in Shanghai.

    No paper of this supplier is judged anew until the unit ends, so a delivery received on a paper is always seen by
    whoever revokes that paper; a unit that only reads waits for nobody."""
    directory.lock(unit, supplier_id, share=True)
    asked = _asked(unit, supplier_id, [material_id], day)[material_id]
    if asked.closed:
        return Decision(False, [asked.closed], [])
    because, carrying = _of_supplier(asked, _gathered(unit, supplier_id, [asked], ()), day)
    return Decision(not because, because, carrying, asked.per_lot)


def may_bring(unit: Unit, *, supplier_id: str, material_id: str, day: date, lot: str | None, shown: Iterable[str] = ()) -> Decision:
    """May it deliver this lot (``Goods`` says what each word means)? Raises Missing."""
    goods = Goods(material_id, lot, frozenset(shown))
    return may_bring_all(unit, supplier_id=supplier_id, goods=[goods], day=day)[0]


def may_bring_all(unit: Unit, *, supplier_id: str, goods: Sequence[Goods], day: date) -> list[Decision]:
    """``may_bring`` of each of these, in their order: the papers are gathered once for all of them. Raises Missing where one
    that is shown is none of this supplier's."""
    directory.lock(unit, supplier_id, share=True)
    asked = _asked(unit, supplier_id, dict.fromkeys(each.material_id for each in goods), day)
    shelf = _gathered(unit, supplier_id, asked.values(), goods)
    if any(id not in shelf.papers for each in goods for id in each.shown):
        raise Missing("no such certificate of this supplier")
    of_supplier = {id: _of_supplier(each, shelf, day) for id, each in asked.items()}
    return [_decided(asked[each.material_id], each, of_supplier[each.material_id], shelf, day) for each in goods]


def _asked(unit: Unit, supplier_id: str, material_ids: Iterable[str], day: date) -> dict[str, _Asked]:
    """By material: what is asked of this supplier for it. Raises Missing."""
    who = directory.supplier(unit, supplier_id)
    listed = set(unit.session.scalars(select(Supply.material_id).where(Supply.supplier_id == who.id)))
    known = {each.id: each for each in unit.session.scalars(select(Material).where(Material.id.in_(listed)))}
    found: dict[str, _Asked] = {}
    alike: dict[tuple[str, ...], list[Requirement]] = {}
    for id in material_ids:
        what = known.get(id) or directory.material(unit, id)
        if id not in known:
            found[id] = _Asked(what.code, closed="gate.unlisted")
            continue
        sort = (what.category, *sorted(what.claims or ()))
        if sort not in alike:
            alike[sort] = [each for each in rules.asked(unit, who, what, day) if not each.optional]
        of_supplier, of_lot = (tuple(each for each in alike[sort] if each.per == per) for per in rules.PER)
        found[id] = _Asked(what.code, of_supplier, of_lot, None if alike[sort] else "gate.no_rule")
    return found


def _gathered(unit: Unit, supplier_id: str, asked: Iterable[_Asked], goods: Iterable[Goods]) -> _Shelf:
    """Of the kinds asked of the supplier all papers, of those asked of lots only what names one of these; and what is shown."""
    asked, goods = list(asked), list(goods)
    kinds, of_lot = ({one for each in asked for wanted in half(each) for one in wanted.kinds} for half in (_supplier_half, _lot_half))
    naming = _naming(unit, supplier_id, {exact_number(each.lot or "") for each in goods} - {""}) if of_lot else {}
    named, shown = {id for ids in naming.values() for id in ids}, {id for each in goods for id in each.shown}
    wanted: list[ColumnElement[bool]] = [Certificate.kind.in_(sorted(kinds))] if kinds else []
    if named:
        wanted.append(and_(Certificate.id.in_(sorted(named)), Certificate.kind.in_(sorted(of_lot))))
    if shown:
        wanted.append(Certificate.id.in_(sorted(shown)))
    if not wanted:
        return _Shelf({}, {}, {})
    query = select(Certificate).where(Certificate.supplier_id == supplier_id, or_(*wanted)).order_by(Certificate.id)
    papers = {each.id: each for each in unit.session.scalars(query.execution_options(populate_existing=True))}
    return _Shelf(papers, naming, _uncovered(unit, papers.values()))


def _supplier_half(asked: _Asked) -> tuple[Requirement, ...]:
    return asked.of_supplier


def _lot_half(asked: _Asked) -> tuple[Requirement, ...]:
    return asked.of_lot


def _naming(unit: Unit, supplier_id: str, lots: set[str]) -> dict[str, frozenset[str]]:
    query = select(CertificateLot.lot, CertificateLot.certificate_id).where(CertificateLot.lot.in_(sorted(lots)))
    found: dict[str, set[str]] = {}
    for lot, id in unit.session.execute(query.where(CertificateLot.supplier_id == supplier_id)).tuples() if lots else ():
        found.setdefault(lot, set()).add(id)
    return {lot: frozenset(ids) for lot, ids in found.items()}


def _uncovered(unit: Unit, papers: Iterable[Certificate]) -> dict[str, frozenset[str]]:
    """Of the papers among these that cover some of what the supplier is listed for: what they leave out."""
    partly = [paper.id for paper in papers if (paper.found or {}).get("scope", [None, None])[1] in SOME_OF_IT]
    query = select(CheckOutcome).where(CheckOutcome.certificate_id.in_(partly), CheckOutcome.name == "scope")
    found = unit.session.scalars(query.execution_options(populate_existing=True)).all() if partly else ()
    return {each.certificate_id: frozenset(each.evidence.get("uncovered", ())) for each in found}


def _of_supplier(asked: _Asked, shelf: _Shelf, day: date) -> tuple[list[str], list[str]]:
    because, carrying = weigh(asked.of_supplier, shelf.papers.values(), day, beyond=shelf.beyond(asked.code))
    return because, [] if because else carrying


def _decided(asked: _Asked, goods: Goods, of_supplier: tuple[list[str], list[str]], shelf: _Shelf, day: date) -> Decision:
    if asked.closed:
        return Decision(False, [asked.closed], [])
    about = shelf.naming.get(exact_number(goods.lot), frozenset()) if goods.lot else goods.shown
    papers = [shelf.papers[id] for id in sorted(about) if id in shelf.papers]
    lot_because, lot_carrying = weigh(asked.of_lot, papers, day, beyond=shelf.beyond(asked.code), absent="no_lot")
    laid = [shelf.papers[id] for id in sorted(goods.shown)]
    fallen = [f"gate.{state_on(day, paper)}:{paper.kind}" for paper in laid if not _stands(paper, day)]
    foreign = [f"gate.other_lot:{paper.kind}" for paper in laid if goods.lot and paper.lots and not _names(paper, goods.lot)]
    because = list(dict.fromkeys([*of_supplier[0], *lot_because, *fallen, *foreign]))
    return Decision(not because, because, [] if because else of_supplier[1] + lot_carrying, asked.per_lot)


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
    return bool(exact_number(lot)) and exact_number(lot) in map(exact_number, paper.lots or ())


def best_on(day: date, papers: Iterable[Certificate]) -> Certificate | None:
    """The paper that stands best on ``day``: the better standing, then the later end, then the newer."""
    return max(papers, key=lambda paper: (_rank(paper, day), paper.valid_until or date.max, paper.id), default=None)


def state_on(day: date, paper: Certificate | None) -> str:
    """How the paper stands on ``day``: the nightly chore may not have come by yet, neither for one that ended nor for one
    that waited for nothing but its first day."""
    if paper is None:
        return "missing"
    waited = paper.standing == "submitted" and paper.because == ["standing.not_yet_valid"]
    standing = "verified" if waited else paper.standing
    if standing in GOOD and paper.valid_from > day:
        return "submitted"
    if standing in GOOD and paper.valid_until is not None and paper.valid_until < day:
        return "lapsed"
    return standing


def _stands(paper: Certificate, day: date) -> bool:
    return state_on(day, paper) in GOOD


def _rank(paper: Certificate, day: date) -> int:
    return _WORST_FIRST.index(state_on(day, paper))
