"""The life of a code: which states there are, and which step leads from where to where. Pure.

Two things live under one name. First it is a number and then a label: allocated when it is
ordered, encoded once it is printed. From the moment it is on an item of a lot it is that item.
The states are those of OPEN-SCS (OPC 30260, OPENSCSSerialNumberStateEnum) in lower case; what events
say of a step is GS1 CBV 2.0, 7.1 (business steps) and 7.2 (dispositions), and DELETE where the code
must not be met again (EPCIS 2.0, 7.4.2). It must not know who takes a step, nor any row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from traceability.ranges import Run

NUMBERS: Final = ("allocated", "encoded", "label_scrapped", "label_sampled", "invalid")
"""States of a number or label that is on no item (yet)."""
ITEMS: Final = ("commissioned", "released", "sampled", "inactive", "destroyed")
"""States of an item. They know its lot for ever, so that a recall finds it wherever it went."""
STATES: Final = NUMBERS + ITEMS
UNUSED: Final = "unused"
"""Why a number is invalid that was never printed: whatever the cause, nothing bears it."""
UNDO: Final = timedelta(days=10)
"""So long a step may be taken back (the time that EU FMD gives, Delegated Regulation 2016/161, article 13)."""


@dataclass(frozen=True)
class Told:
    """What an EPCIS ObjectEvent says of a step."""

    biz_step: str
    disposition: str
    action: str = "OBSERVE"


@dataclass(frozen=True)
class Move:
    """One step: from any of ``sources`` to ``target``.

    ``reasons``: one of them must be given, unless there are none. ``undo``: how long it may be taken
    back, None for never; ``final``: reasons for which it never is. ``told_for``: what events say instead, by reason.
    """

    sources: tuple[str, ...]
    target: str
    told: Told
    reasons: tuple[str, ...] = ()
    needs_lot: bool = False
    undo: timedelta | None = UNDO
    final: tuple[str, ...] = ()
    told_for: Mapping[str, Told] = field(default_factory=dict)

    @property
    def of_labels(self) -> bool:
        """Whether it concerns the books of an order: labels, not items."""
        return any(state in NUMBERS for state in self.sources)

    def tells(self, reason: str | None) -> Told:
        return self.told_for.get(reason or "", self.told)

    def after(self, run: Run, reason: str | None, lot_id: str | None) -> Run:
        """How codes stand after it that stood so before. They never lose their lot."""
        if run.state == "allocated" and self.target == "invalid":
            reason = UNUSED
        return replace(run, state=self.target, reason=reason, lot_id=lot_id or run.lot_id)


_WITHDRAWN: Final = Told("decommissioning", "inactive", "DELETE")
_ON_THE_MARKET: Final = ("commissioned", "released")

MOVES: Final[Mapping[str, Move]] = {
    "print": Move(("allocated",), "encoded", Told("encoding", "encoded")),
    "commission": Move(("encoded",), "commissioned", Told("commissioning", "active", "ADD"), needs_lot=True),
    "scrap": Move(
        ("encoded",),
        "label_scrapped",
        Told("destroying", "destroyed", "DELETE"),
        ("misprint", "unreadable", "torn", "set_up", "other"),
    ),
    "sample_label": Move(("encoded",), "label_sampled", Told("sampling", "inactive", "DELETE"), ("quality", "retained", "other")),
    "give_back": Move(("encoded",), "invalid", _WITHDRAWN, ("returned",)),
    "void": Move(("allocated", "encoded"), "invalid", _WITHDRAWN, ("lost", "stolen", "mistake", "other"), final=("stolen",)),
    "close": Move(("allocated",), "invalid", _WITHDRAWN, (UNUSED,), undo=None),
    "release": Move(("commissioned",), "released", Told("staging_outbound", "sellable_not_accessible")),
    "sample": Move(
        _ON_THE_MARKET,
        "sampled",
        Told("sampling", "non_sellable_other"),
        ("quality", "retained", "authority", "other"),
    ),
    "inactivate": Move(
        _ON_THE_MARKET,
        "inactive",
        _WITHDRAWN,
        ("sold", "exported", "opened", "stolen", "lost", "other"),
        final=("stolen",),
        told_for={
            "sold": Told("retail_selling", "retail_sold"),
            "exported": Told("shipping", "in_transit"),
            "stolen": Told("other", "stolen"),
            "lost": Told("other", "unavailable"),
        },
    ),
    "destroy": Move(
        (*_ON_THE_MARKET, "sampled", "inactive"),
        "destroyed",
        Told("destroying", "destroyed", "DELETE"),
        ("damaged", "expired", "recalled", "tested", "other"),
        undo=None,
    ),
}
