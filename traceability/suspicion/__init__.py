"""Whether a label was copied, as far as the looks at it can tell.

Three stories could have made the looks at one item: an owner and his, who stay mostly where they
are; a photograph that was posted, whose looks come from everywhere but die away; copies on sale,
which bring new faces from new places, evenly, for as long as they sell. ``follow`` keeps for each
how well it tells what was seen, and its log odds are copies against the better of the two
innocent ones. What an item gets by being suspected decides a threshold, and that comes from a
budget of false alarms (``traceability.clone_models``), not from a count.

A device that looks again says nothing: a copy's buyer does so as well as an owner. So one owner
with one device can look as often as he likes.

Pure: plain values in and out, no clock, no table. Follow costs some microseconds, as every
look waits for it.
"""

from traceability.suspicion.model import Model
from traceability.suspicion.weighing import Followed, Seen, follow, places, recall

__all__ = ["Followed", "Model", "Seen", "follow", "places", "recall"]
