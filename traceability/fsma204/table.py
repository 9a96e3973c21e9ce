"""The columns of the electronic sortable spreadsheet, and a row written into them. Pure.

In English, as the FDA reads them (21 CFR 1.1455(c)(3)); codes beside the words, so that machines read them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from traceability.events.epcs import canonical
from traceability.fsma204.events import Portion
from traceability.fsma204.rows import Earlier, Row
from traceability.workbook import Cell

COLUMNS: Final[tuple[tuple[str, int], ...]] = (
    ("Critical tracking event", 20),
    ("Date", 12),
    ("Time (with offset)", 16),
    ("Traceability lot code (TLC)", 48),
    ("GTIN", 16),
    ("Batch or lot", 18),
    ("Product description", 32),
    ("Quantity", 12),
    ("Unit of measure", 14),
    ("Unit code", 9),
    ("TLC source", 38),
    ("TLC source description", 32),
    ("Location", 38),
    ("Location description", 32),
    ("Growing area", 38),
    ("Immediate previous source", 38),
    ("Immediate previous source description", 32),
    ("Immediate subsequent recipient", 38),
    ("Immediate subsequent recipient description", 32),
    ("Business name", 32),
    ("Reference document type", 24),
    ("Reference document number", 28),
    ("Input TLC", 48),
    ("Input product description", 32),
    ("Input quantity", 12),
    ("Input unit of measure", 14),
    ("Supplier's lot", 18),
    ("Harvest date", 12),
    ("Harvest location", 38),
    ("Harvester", 32),
    ("Cooling date", 12),
    ("Cooling location", 38),
    ("Date received by packer", 12),
    ("Species", 18),
    ("Catch area", 18),
    ("Date caught or landed", 18),
    ("Event ID", 48),
)
"""Titles and widths in characters."""

UNITS: Final[Mapping[str, str]] = {
    "KGM": "kilogram", "GRM": "gram", "TNE": "tonne", "LBR": "pound", "ONZ": "ounce", "LTR": "litre", "MLT": "millilitre",
    "GLL": "gallon", "H87": "piece", "EA": "each", "C62": "piece", "CS": "case", "CT": "carton", "XCS": "case", "XCT": "carton",
    "BX": "box", "XBX": "box", "XPX": "pallet", "PF": "pallet", "DZN": "dozen",
}  # fmt: skip
"""Of UN/ECE Recommendations 20 and 21, those in which food is told."""

DOCUMENTS: Final[Mapping[str, str]] = {
    "bol": "Bill of lading", "cert": "Certificate", "desadv": "Despatch advice (ASN)", "inv": "Invoice", "pedigree": "Pedigree",
    "po": "Purchase order", "poc": "Purchase order confirmation", "prodorder": "Production order", "recadv": "Receiving advice",
    "rma": "Return merchandise authorization", "testprd": "Test procedure", "testres": "Test result", "upevt": "Upstream event",
}  # fmt: skip
"""CBV 2.0 §7.3."""


@dataclass(frozen=True)
class Names:
    """What things are called, by canonical URI: ``places`` with parties, ``products`` by lot or by class (…/01/{gtin})."""

    places: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    lots: Mapping[str, str] = field(default_factory=dict)
    """The house's own lot codes, for lots without GS1's."""

    def product(self, lot: str) -> str:
        return self.products.get(lot) or self.products.get(lot.partition("/10/")[0], "")

    def place(self, uri: str | None) -> str:
        return self.places.get(uri, "") if uri else ""


def cells(row: Row, names: Names) -> tuple[Cell, ...]:
    """A row in the order of COLUMNS. Dates are those of the place where it happened."""
    known, portion = canonical(row.portion.lot), row.portion
    return (
        row.kind,
        row.at.date(),
        row.at.strftime("%H:%M:%S") + row.at.strftime("%z")[:3] + ":" + row.at.strftime("%z")[3:5],
        portion.lot,
        known.gtin or "",
        known.lot or names.lots.get(portion.lot, ""),
        names.product(portion.lot),
        portion.quantity,
        UNITS.get(portion.uom, portion.uom),
        portion.uom,
        row.tlc_source or "",
        names.place(row.tlc_source),
        row.place or "",
        names.place(row.place),
        row.area or "",
        row.sender or "",
        names.place(row.sender),
        row.receiver or "",
        names.place(row.receiver),
        names.place(row.party) or row.party or "",
        "; ".join(DOCUMENTS.get(kind, kind) for kind, _ in row.documents),
        "; ".join(number for _, number in row.documents),
        *_used(row.used, names),
        row.supplier_lot or "",
        *_harvest(row.harvested, names),
        _day(row.cooled),
        row.cooled.place or "" if row.cooled else "",
        row.received_at.date() if row.received_at else None,
        *row.catch,
        row.event_id,
    )


def _used(used: Portion | None, names: Names) -> tuple[Cell, ...]:
    if used is None:
        return ("", "", None, "")
    return (used.lot, names.product(used.lot), used.quantity, UNITS.get(used.uom, used.uom))


def _harvest(harvested: Earlier | None, names: Names) -> tuple[Cell, ...]:
    if harvested is None:
        return (None, "", "")
    party = harvested.party
    return (_day(harvested), harvested.place or "", names.place(party) or party or "")


def _day(earlier: Earlier | None) -> date | None:
    return earlier.at.date() if earlier else None
