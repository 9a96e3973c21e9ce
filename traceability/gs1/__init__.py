"""GS1 identifiers: what keys are made of, how they are written, and the link that bears them.

Here stands what every scan needs: keys and the link of one item. Whatever else GS1 knows is
asked for by its room, and costs nothing until then: ``elements`` (application identifiers and
their values), ``strings`` (brackets, FNC1, the text under a symbol), ``uri`` (Digital Link) and
``urn`` (EPC). Pure: text in, values out. It knows nothing of who owns a key or whether a serial
was ever issued.
"""

from __future__ import annotations

from traceability.gs1.item import Link, parse, write
from traceability.gs1.keys import GTIN, LOT, SERIAL, NotALink, NotGS1, check_digit, gtin14, is_sscc, sscc

__all__ = ["GTIN", "LOT", "SERIAL", "Link", "NotALink", "NotGS1", "check_digit", "gtin14", "is_sscc", "parse", "sscc", "write"]
