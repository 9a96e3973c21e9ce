"""Where on earth, as coarsely as a scan may know it: a city at most. Pure.

A region is a code: ``CN-3301`` (the first four digits of a prefecture's number in GB/T 2260; the
municipalities, Hong Kong, Macao and Taiwan have none), ``CN-33`` (a province), otherwise an ISO 3166-1
alpha-2 country, with ``CN`` for all of China. Counties that answer to their province straight fall to it.
It must not know addresses, scans or who asks.
"""

from __future__ import annotations

from traceability.regions.names import find, of_names
from traceability.regions.table import Region, apart, at, distance_km, every, known, name, parent, within

__all__ = ["Region", "apart", "at", "distance_km", "every", "find", "known", "name", "of_names", "parent", "within"]
