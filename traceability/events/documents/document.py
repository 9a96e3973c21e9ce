"""What a reader makes of a document, the same for JSON and XML. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Told = dict[str, Any]
"""One event in the JSON binding of EPCIS 2.0 as it was told, with the words of the CBV bare."""

Flaws = list[dict[str, Any]]


@dataclass(slots=True)
class Document:
    """An EPCISDocument or EPCISQueryDocument (EPCIS 2.0 §9.3, §9.5), taken apart.

    ``events``, ``places`` and ``flaws`` run side by side: what was told (None when it is no event at
    all), where it stands (a JSON pointer, or an XPath-like path in XML), and what is wrong with it.
    """

    events: list[Told | None] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    flaws: list[Flaws] = field(default_factory=list)
    is_query: bool = False
    """A query document: its events were another repository's answer."""
    creation_date: str | None = None
    document_id: str | None = None
    """What the sender calls the document: the header's InstanceIdentifier, in JSON ``id``."""
    sender: str | None = None
    receiver: str | None = None
    query_name: str | None = None
    subscription_id: str | None = None
    master_data: dict[str, Any] | None = None
    """The header's master data as it came (EPCIS 2.0 §9.4), not looked into."""
    ignored: frozenset[str] = frozenset()
    """Fields that the sender left out when hashing its events, ``{namespace}local``."""

    @property
    def good(self) -> bool:
        """Nothing is wrong with any event."""
        return not any(self.flaws)
