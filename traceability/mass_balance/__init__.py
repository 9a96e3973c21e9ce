"""Whether more went out than ever came in: the mass balance of a lot, a site in a period, or a step.

Mass balance is the model of chain of custody in which inputs of a known kind are booked against outputs of that kind
(ISO 22095:2020, 3.3.4 and 5.4.4). The fraud that it finds is simple: buy a tonne of organic milk and sell ten. An account says how much
went in, how much came out and by how much the second exceeds the first; ``explain`` names the smallest set of events without
which the account would balance, and whether one slip of the hand (a zero too many, told twice, kilograms for grams) is behind it.

Pure: plain values in and out, Decimal all through, no clock, no table.
"""

from traceability.mass_balance.accounts import Account, Line, of_lot, of_site, of_step
from traceability.mass_balance.explaining import Explanation, explain
from traceability.mass_balance.movements import INTO, OUT_OF, Movement, Step
from traceability.mass_balance.slips import Slip

__all__ = ["INTO", "OUT_OF", "Account", "Explanation", "Line", "Movement", "Slip", "Step", "explain", "of_lot", "of_site", "of_step"]
