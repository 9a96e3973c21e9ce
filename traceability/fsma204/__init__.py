"""The food traceability records of the United States, FSMA 204 (21 CFR 1.1300–1.1465): which event is which critical
tracking event, and its key data elements as one row that an inspector can sort. Pure.

An electronic sortable spreadsheet of these must be there within 24 hours after the FDA asks (21 CFR 1.1455(c)(3)). How
events bear them: GS1 US, EPCIS Recommendations for FSMA 204 Critical Tracking Events, R2.0 (2025). A traceability lot code is the
class of a lot, https://id.gs1.org/01/{gtin}/10/{lot}, and stands in the quantity lists of events; no extension is
needed. Events that this house wrote and events of others are read alike.

events   what one event says: its lots, places, documents
reading  events in order, and what they tell of lots and packs before and after each other
rows     the critical tracking events with their elements
table    their columns, for a spreadsheet
"""

from traceability.fsma204.events import Event, Portion
from traceability.fsma204.rows import Row, rows
from traceability.fsma204.table import COLUMNS, Names, cells

__all__ = ["COLUMNS", "Event", "Names", "Portion", "Row", "cells", "rows"]
