"""What one scan means: from what is known of an item to one word and its reasons.

Pure: plain values in, plain values out. It must not know how the facts were found, nor in
which words or colours a page will say them.

The order of the table is the order of gravity. A recall or a hold outweighs every comfort,
and a recall outweighs even a voided code: whoever holds that item must hear of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

Plain = str | int | date | datetime | None

TONES = {
    "first_check": "good",
    "seen_before": "good",
    "ask_inner": "busy",
    "look_twice": "look",
    "not_released": "look",
    "expired": "stop",
    "on_hold": "stop",
    "void": "stop",
    "recalled": "stop",
    "unknown": "stop",
}


@dataclass(frozen=True)
class Reason:
    """A code (``reason.<kind>``, or ``reason.<kind>.<more>`` for what is more to say of it) and the values its sentence needs."""

    code: str
    params: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """All that is known of one item at the moment of a scan.

    ``state`` and ``state_reason`` as in ``life``; None when the code is not one of ours.
    ``lot_state`` (open, finished, released) and ``standing`` (clear, held, recalled) are those of
    its lot, None while it has none. ``times_before`` counts earlier scans of this very item.
    ``has_inner``: there is a code under the cap or scratch layer; ``inner``: it is the one that was read;
    ``opened_at``: when it was first read before this look,
    ``opened_here`` whether by this very device, as far as devices can be told apart. ``suspicions``: why
    the label may have been copied, as ``suspicion`` says it; empty when nothing speaks for that.
    """

    today: date
    state: str | None = None
    state_reason: str | None = None
    lot_state: str | None = None
    standing: str | None = None
    best_before: date | None = None
    times_before: int = 0
    first_at: datetime | None = None
    first_region: str | None = None
    has_inner: bool = False
    inner: bool = False
    opened_at: datetime | None = None
    opened_here: bool = False
    suspicions: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """``kind`` is a key of TONES. ``reasons`` holds everything that speaks for it or against the
    item, gravest first, each followed by what is known more closely; the first one is always the
    reason for ``kind``."""

    kind: str
    reasons: tuple[Reason, ...]

    @property
    def tone(self) -> str:
        return TONES[self.kind]

    @property
    def opens(self) -> bool:
        """Whether a first look at the inner code makes whoever took it the item's owner."""
        return self.kind not in ("unknown", "void", "not_released")


UNUSED = ("allocated", "encoded")
"""A label that no item bears as yet. Met in the world it was taken from the printer's or the line's
stock, which tells more than any count of looks."""
WASTE = ("invalid", "label_scrapped", "label_sampled")
"""A label that never was, nor will be, on an item."""
GONE = ("sampled", "destroyed")
"""An item that cannot be in anybody's hands but the maker's."""
OWNED = ("sold", "opened")
"""An item in the hands of whoever bought it: as it should be."""

GRAVE: tuple[tuple[str, Callable[[Known], bool]], ...] = (
    ("recalled", lambda known: known.standing == "recalled"),
    ("void", lambda known: known.state in WASTE + GONE or (known.state == "inactive" and known.state_reason not in OWNED)),
    ("on_hold", lambda known: known.standing == "held"),
    ("not_released", lambda known: known.state in UNUSED or known.lot_state in ("open", "finished")),
    ("expired", lambda known: known.best_before is not None and known.best_before < known.today),
    ("look_twice", lambda known: bool(known.suspicions)),
)


def decide(known: Known) -> Verdict:
    """The verdict on an item of which this is known."""
    if known.state is None:
        return Verdict("unknown", (Reason("reason.unknown"),))
    kinds = [kind for kind, applies in GRAVE if applies(known)]
    if not kinds:
        kinds = [_comfort(known)]
    return Verdict(kinds[0], tuple(reason for kind in kinds for reason in _reasons(kind, known)))


def tells_nothing(verdict: Verdict, state: str | None) -> bool:
    """Whether a stranger must get the answer of an unknown code: a label that never was on an item is
    in nobody's hands by right, and whoever guesses must not learn that it was once issued."""
    return verdict.kind == "unknown" or (verdict.kind == "void" and state in WASTE)


def _comfort(known: Known) -> str:
    """What may be said of an item against which nothing speaks. An outer code can be photographed, so where
    there is an inner one the outer code alone never makes an item genuine."""
    if known.inner:
        return "seen_before" if known.opened_at else "first_check"
    if known.has_inner:
        return "ask_inner"
    return "seen_before" if known.times_before else "first_check"


def _reasons(kind: str, known: Known) -> list[Reason]:
    if kind == "look_twice":
        return [Reason("reason.look_twice", _values(kind, known)), *known.suspicions]
    if kind == "first_check" and known.inner:
        return [Reason("reason.opened_first")]
    if kind == "seen_before" and known.inner:
        return [Reason("reason.opened_here" if known.opened_here else "reason.opened", {"opened_at": known.opened_at})]
    if kind == "ask_inner" and known.opened_at is not None:
        return [Reason("reason.opened", {"opened_at": known.opened_at})]
    more = {"void": _void, "not_released": _not_released}.get(kind, lambda _: None)(known)
    return [Reason(f"reason.{kind}", _values(kind, known)), *([Reason(more)] if more else [])]


def _void(known: Known) -> str | None:
    if known.state in WASTE:
        return "reason.void.label"
    if known.state in GONE:
        return f"reason.void.{known.state}"
    return f"reason.void.{known.state_reason}" if known.state_reason in ("exported", "lost", "stolen") else None


def _not_released(known: Known) -> str | None:
    return "reason.not_released.label" if known.state in UNUSED else None


def _values(kind: str, known: Known) -> dict[str, Plain]:
    if kind == "expired":
        return {"best_before": known.best_before}
    if kind in ("look_twice", "seen_before"):
        return {"times": known.times_before + 1, "first_at": known.first_at, "first_region": known.first_region}
    return {}
