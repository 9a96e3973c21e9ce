"""What other systems can hear of. Pure: a table of names with what each of them says.

No event holds a name, an address, a number of a paper or what somebody wrote: ids, kinds, days and codes
only. Whoever wants more asks for it with a key, and is then asked who they are.
"""

from __future__ import annotations

from typing import Final

EVENTS: Final[dict[str, str]] = {
    "paper.uploaded": "A supplier handed a file in; nobody has confirmed yet what it says",
    "paper.read": "A file was looked at: what it says can be confirmed, or it was refused",
    "paper.standing_changed": "A paper stands otherwise than before; with it, which materials its supplier may deliver now",
    "paper.expiring": "A supplier was reminded that a paper ends",
    "requirement.changed": "The brand asks more or less of its suppliers than before",
    "supplier.message": "Somebody of a supplier or of the brand wrote a message",
}
"""Name of an event → what has happened, in one sentence."""
PING: Final = "webhook.ping"
"""Goes only to the address that is tried out."""
