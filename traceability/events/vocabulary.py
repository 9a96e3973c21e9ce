"""The words an event may use. Pure.

Source: GS1 EPCIS 2.0 §7.4 (event types, which of them bear an action and ilmd) and GS1 Core
Business Vocabulary 2.0 §7.1 (business steps) and §7.2 (dispositions). Bare words here mean
``https://ref.gs1.org/cbv/BizStep-…`` and ``https://ref.gs1.org/cbv/Disp-…``.
"""

from __future__ import annotations

from typing import Final

from kernel.errors import Invalid, flaw

EVENT_TYPES: Final = {
    "ObjectEvent": True,
    "AggregationEvent": True,
    "TransactionEvent": True,
    "TransformationEvent": False,
    "AssociationEvent": True,
}
"""Event type → whether it must bear an action (the others must not)."""

ACTIONS: Final = frozenset({"ADD", "OBSERVE", "DELETE"})

_STEPS = """
accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting
decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting
installing killing loading other packing picking receiving removing repackaging repairing replacing reserving
retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting
unloading unpacking void_shipping
"""
BIZ_STEPS: Final = frozenset(_STEPS.split())

_DISPOSITIONS = """
active available completeness_inferred completeness_verified conformant container_closed container_open damaged
destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance
mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed
recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown
"""
DISPOSITIONS: Final = frozenset(_DISPOSITIONS.split())


def check(type: str, action: str | None, biz_step: str | None, disposition: str | None) -> None:
    """Raise Invalid, naming every wrong word at once, unless all four are the standard's and fit together."""
    flaws = []
    if type not in EVENT_TYPES:
        flaws.append(flaw("/type", "event-type", f"{type!r} is no event type of EPCIS 2.0"))
    elif EVENT_TYPES[type] and action not in ACTIONS:
        flaws.append(flaw("/action", "action", f"{type} needs an action: ADD, OBSERVE or DELETE"))
    elif not EVENT_TYPES[type] and action is not None:
        flaws.append(flaw("/action", "action", f"{type} bears no action"))
    if biz_step is not None and biz_step not in BIZ_STEPS:
        flaws.append(flaw("/bizStep", "biz-step", f"{biz_step!r} is no business step of CBV 2.0"))
    if disposition is not None and disposition not in DISPOSITIONS:
        flaws.append(flaw("/disposition", "disposition", f"{disposition!r} is no disposition of CBV 2.0"))
    if flaws:
        raise Invalid(errors=flaws)


def bears_ilmd(type: str, action: str | None) -> bool:
    """Instance and lot master data travel only where something comes to be (EPCIS 2.0 §7.3.7)."""
    return type == "TransformationEvent" or (type == "ObjectEvent" and action == "ADD")
