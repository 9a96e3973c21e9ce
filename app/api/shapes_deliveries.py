"""Shapes of deliveries: what a supplier brought at once, past the gate all of it or none."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.api.shapes import Ident, In, Out, Quantity, Short, Text, When
from app.api.shapes_codes import PageIn, Reference
from traceability import deliveries

Uom = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$"), Field(examples=["KGM"])]
Gtin = Annotated[str, StringConstraints(pattern=r"^[0-9]{8,14}$"), Field(examples=["04006381333931"])]


class DeliveryLineIn(In):
    """``lot_code``: ours, made from ``supplier_lot`` when it is left out. ``supplier_gtin``: where the goods are marked with the
    supplier's GTIN and lot, which then name the lot in all events.

    A paper about lots (a test report, a quarantine certificate) opens the gate for the lots that it names: for this line those that name
    ``supplier_lot``, by themselves. ``certificate_ids``: papers of this supplier laid beside this very lot, for which whoever sends
    this answers; each must stand."""

    material_id: Ident
    quantity: Quantity
    uom: Uom
    lot_code: Short | None = None
    supplier_lot: Short | None = None
    supplier_gtin: Gtin | None = None
    certificate_ids: list[Ident] = Field(default=[], max_length=20)


class DeliveryIn(In):
    """``reference``: the supplier's delivery note; the same one again with the same words is the same delivery.

    When the gate is closed for a line, nothing is received: 403 ``gate-closed``, whose ``lines`` hold ``line`` (from 1), ``material_id``,
    ``lot`` and ``because``: ``gate.unlisted``, ``gate.no_rule``, ``gate.<state>:<kind of paper>`` or ``gate.no_lot:<kind of paper>`` for a
    paper that this lot has to bring along."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "supplier_id": "01JX0000000000000000000000",
                    "reference": "LS-0715",
                    "place": "岚牧一厂收奶站",
                    "lines": [
                        {"material_id": "01JX0000000000000000000001", "quantity": "12000", "uom": "KGM", "supplier_lot": "T7"},
                        {
                            "material_id": "01JX0000000000000000000002",
                            "quantity": "50000",
                            "uom": "H87",
                            "supplier_lot": "C2611",
                            "supplier_gtin": "04006381333931",
                        },
                    ],
                }
            ]
        }
    )

    supplier_id: Ident
    reference: Reference | None = None
    place: Text
    received_at: When | None = None
    lines: list[DeliveryLineIn] = Field(min_length=1, max_length=deliveries.MOST)


class DeliveriesIn(PageIn):
    """``supplier_id`` narrows the list to one supplier."""

    supplier_id: Ident | None = None


class DeliveryLineOut(Out):
    """As its event tells it now. ``uri``: what events call the lot; ``standing`` of it now: clear, held or recalled. More of a lot that is
    held or recalled is held or recalled with it."""

    lot_id: str
    lot_code: str
    uri: str
    supplier_lot: str | None
    material_id: str
    quantity: Decimal
    uom: str
    standing: str
    event_id: str


class DeliveryOut(Out):
    id: str
    reference: str
    supplier_id: str
    place: str
    received_at: datetime
    lines: list[DeliveryLineOut]
