"""The tables of traceability, by what they are about. No other package may import them."""

from __future__ import annotations

from traceability.models.codes import CodeAddress, CodeMove, CodeOrder, CodeRange, ImportedSerial, SerialKey
from traceability.models.events import (
    CaptureJob,
    EpcisEvent,
    EpcisQuery,
    EpcisSubscription,
    EventError,
    EventRange,
    EventThing,
    Flow,
    MasterDatum,
    SubscriptionEvent,
    Thing,
)
from traceability.models.links import AnchorOwner, Link, LinkChange, LinkHost
from traceability.models.lots import GoodsDelivery, GtinOwner, Hold, Lot, LotPaper, Product
from traceability.models.packs import Pack, PackedRange, SsccPrefix
from traceability.models.places import Shipment, ShippedLot, ShippedRange, Site
from traceability.models.prints import PrintJob, PrintPart, Reprint
from traceability.models.recalls import Recall, RecallDrill, RecallLot, Signature
from traceability.models.scans import ItemScans, Report, Scan, ScanModel, Suspicion

__all__ = [
    "AnchorOwner",
    "CaptureJob",
    "CodeAddress",
    "CodeMove",
    "CodeOrder",
    "CodeRange",
    "EpcisEvent",
    "EpcisQuery",
    "EpcisSubscription",
    "EventError",
    "EventRange",
    "EventThing",
    "Flow",
    "GoodsDelivery",
    "GtinOwner",
    "Hold",
    "ImportedSerial",
    "ItemScans",
    "Link",
    "LinkChange",
    "LinkHost",
    "Lot",
    "LotPaper",
    "MasterDatum",
    "Pack",
    "PackedRange",
    "PrintJob",
    "PrintPart",
    "Product",
    "Recall",
    "RecallDrill",
    "RecallLot",
    "Report",
    "Reprint",
    "Scan",
    "ScanModel",
    "SerialKey",
    "Shipment",
    "ShippedLot",
    "ShippedRange",
    "Signature",
    "Site",
    "SsccPrefix",
    "SubscriptionEvent",
    "Suspicion",
    "Thing",
]
