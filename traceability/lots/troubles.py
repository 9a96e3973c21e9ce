"""What can be wrong with a lot."""

from __future__ import annotations

from kernel.errors import Conflict


class LotCodeTaken(Conflict):
    """A lot of this code is known already. Each lot of a brand has a code of its own; receive or open
    this one under another code, or go on with the one that is there."""

    code = "lot-code-taken"
    title = "This lot code is in use"


class LotNotOpen(Conflict):
    """The lot was finished before. What went into it is history and is not written twice."""

    code = "lot-not-open"
    title = "This lot is finished already"


class LotNotFinished(Conflict):
    """Only a lot that was finished, and not yet released, can be released."""

    code = "lot-not-finished"
    title = "This lot cannot be released in its state"


class LotOnHold(Conflict):
    """The lot is on hold: it can be neither released nor used until quality staff release the hold."""

    code = "lot-on-hold"
    title = "This lot is on hold"


class LotRecalled(Conflict):
    """The lot is recalled, and a recall is never undone: it can be neither released nor used."""

    code = "lot-recalled"
    title = "This lot is recalled"


class LotNotReady(Conflict):
    """An input is still being made. It can be used once it is finished."""

    code = "lot-not-ready"
    title = "An input is not finished yet"


class NotEnoughLeft(Conflict):
    """More would be used of a lot than ever came in. Mass balance: look for a wrong quantity or a wrong lot."""

    code = "not-enough-left"
    title = "There is not so much left of this lot"
