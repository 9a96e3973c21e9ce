"""The identifiers in events: what they name, in one canonical form, and in the form a client asks for. Pure.

EPCIS takes any absolute URI; GS1's keys come as EPC URNs or as GS1 Digital Links on any host. Two
texts name the same thing exactly when their canonical forms are equal. What is not GS1's stays itself.

Sources: CBV 2.0 8.2 (identifiers of objects), 8.9 (the canonical form that event hashes use); EPC Tag
Data Standard 2.1, 6 to 9 (URNs); GS1 Digital Link URI Syntax 1.4, 4.
"""

from __future__ import annotations

from traceability.events.epcs.flaws import flaw_of_class, flaw_of_epc
from traceability.events.epcs.formats import FORMATS, as_digital_link, as_urn, prefix_length, translate
from traceability.events.epcs.named import CLASS, ITEM, LOT, OTHER, PLACE, UNIT, Named
from traceability.events.epcs.naming import canonical

__all__ = [
    "CLASS",
    "FORMATS",
    "ITEM",
    "LOT",
    "OTHER",
    "PLACE",
    "UNIT",
    "Named",
    "as_digital_link",
    "as_urn",
    "canonical",
    "flaw_of_class",
    "flaw_of_epc",
    "prefix_length",
    "translate",
]
