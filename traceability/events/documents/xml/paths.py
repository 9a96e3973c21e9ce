"""JSON pointers into an event, said as paths into its XML. Pure."""

from __future__ import annotations

from typing import Final

from traceability.events.documents.xml import fields

_ATTRIBUTES_OF: Final = frozenset({"sensorMetadata", "sensorReport"})


def path(place: str, pointer: str) -> str:
    """Where in the XML of the event at ``place`` that is what ``pointer`` (RFC 6901) says of its JSON.

    ``/bizTransactionList/0/type`` is ``…/bizTransactionList/bizTransaction[1]/@type``.
    """
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    made, within = place, ""
    for step in steps:
        if step.isdigit() and within:
            item = fields.LISTS.get(within)
            made += f"[{int(step) + 1}]" if item in (None, within) else f"/{item}[{int(step) + 1}]"
            within = item or within
        elif within in fields.TYPED and step == within:
            continue
        else:
            made += f"/@{step}" if within in _ATTRIBUTES_OF or (within in fields.TYPED and step == "type") else f"/{step}"
            within = step
    return made
