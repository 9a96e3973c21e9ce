"""Which events are behind an excess: the fewest without which the account would balance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from traceability.mass_balance import slips, subsets
from traceability.mass_balance.accounts import WIDE, Account

MOST: Final = 12
"""More events than a person would look through one by one."""
WORK: Final = 200_000
"""Sets looked at, about 0.3 s: after that the answer is right in size and says that a closer one may exist."""


@dataclass(frozen=True)
class Explanation:
    """``events``: the fewest events without which the account balances, largest first; empty when there is no excess, or when
    ``more_than`` says that so many are not enough. ``total`` is what they took out, net, in the account's unit. ``fits``: that is
    the excess itself, within the tolerance, so that nothing is left to explain. ``proven``: no other set of that size comes closer to
    the excess; False when the search was cut short. ``slips``: single slips that would explain it all, the likeliest first; often
    the better answer.
    """

    events: tuple[str, ...]
    total: Decimal
    fits: bool
    proven: bool
    more_than: int | None
    slips: tuple[slips.Slip, ...]


def explain(account: Account, *, most: int = MOST, work: int = WORK) -> Explanation:
    """The smallest set of events that explains the excess of an account.

    A set explains it when outflow without the set is no more than ``allowed`` plus tolerance. Of the sets with the fewest events it is
    the one whose sum lies closest to the excess; a draw goes to the larger single event, then to the smaller id. An event counts with
    all it did to the account, so one that put in as much as it took out explains nothing.
    """
    if not account.excess:
        return Explanation((), Decimal(0), True, True, None, ())
    with localcontext(WIDE):
        taking = _taking(account)
        values, (target, slack) = _whole([amount for amount, _ in taking], [account.excess, account.tolerance])
        found = subsets.smallest(values, target - slack, target, most=most, work=work)
        single = tuple(slips.find(account))
        if found is None:
            return Explanation((), Decimal(0), False, True, most, single)
        total = sum((taking[place][0] for place in found.places), Decimal(0))
        fits = abs(total - account.excess) <= account.tolerance
    return Explanation(tuple(taking[place][1] for place in found.places), total, fits, found.proven, None, single)


def _taking(account: Account) -> list[tuple[Decimal, str]]:
    """What each event took out of the account, net, largest first; those that put in as much or more are left out."""
    net: dict[str, Decimal] = {}
    for line in account.lines:
        net[line.movement.event_id] = net.get(line.movement.event_id, Decimal(0)) + line.amount
    return sorted(((amount, event) for event, amount in net.items() if amount > 0), key=lambda each: (-each[0], each[1]))


def _whole(*groups: list[Decimal]) -> list[list[int]]:
    """The same numbers, counted in the finest decimal that any of them has."""
    finest = max(0, *(-int(amount.as_tuple().exponent) for group in groups for amount in group))
    return [[int(amount.scaleb(finest)) for amount in group] for group in groups]
