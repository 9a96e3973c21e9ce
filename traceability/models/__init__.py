"""The tables of traceability, by what they are about. No other package may import them."""

from __future__ import annotations

from traceability.models.codes import CodeAddress, CodeMove, CodeOrder, CodeRange, ImportedSerial, SerialKey
from traceability.models.links import AnchorOwner, Link, LinkChange, LinkHost
from traceability.models.lots import EpcisEvent, EventLot, GtinOwner, Hold, Lot, LotInput, LotPaper, Product, Recall, RecallLot
from traceability.models.packs import Pack, PackedRange, SsccPrefix
from traceability.models.places import Shipment, ShippedRange, Site
from traceability.models.prints import PrintJob, PrintPart, Reprint
from traceability.models.scans import ItemScans, Report, Scan, ScanModel, Suspicion

__all__ = [
    "AnchorOwner",
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
    "Link",
    "LinkChange",
    "LinkHost",
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
    "Report",
    "Reprint",
    "Scan",
    "ScanModel",
    "SerialKey",
    "Shipment",
    "ShippedRange",
    "Site",
    "SsccPrefix",
    "Suspicion",
]
