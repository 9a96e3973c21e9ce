"""The tables of traceability, by what they are about. No other package may import them."""

from __future__ import annotations

from traceability.models.codes import CodeAddress, CodeMove, CodeOrder, CodeRange, ImportedSerial, ItemScans, Scan, SerialKey
from traceability.models.lots import EpcisEvent, EventLot, GtinOwner, Hold, Lot, LotInput, LotPaper, Product, Recall, RecallLot
from traceability.models.packs import Pack, PackedRange, SsccPrefix
from traceability.models.prints import PrintJob, PrintPart, Reprint

__all__ = [
    "CodeAddress",
    "CodeMove",
    "CodeOrder",
    "CodeRange",
    "EpcisEvent",
    "EventLot",
    "GtinOwner",
    "Hold",
    "ImportedSerial",
    "ItemScans",
    "Lot",
    "LotInput",
    "LotPaper",
    "Pack",
    "PackedRange",
    "PrintJob",
    "PrintPart",
    "Product",
    "Recall",
    "RecallLot",
    "Reprint",
    "Scan",
    "SerialKey",
    "SsccPrefix",
]
