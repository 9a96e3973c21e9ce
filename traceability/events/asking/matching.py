"""Whether an event answers a question, exactly; and where it stands in the order. Pure.

The parameters are AND. Those of sensors belong together: all that look at a sensor report must be met by one
report, and all that look at a sensor element by that report's element, so that ``EQ_type=Temperature`` with
``GE_value_CEL=8`` never finds 5 °C beside 8 % humidity. In the same way all that look at quantities must be met
by one quantity element. What sensor metadata say of device, method and time holds for each of its reports.

Source: EPCIS 2.0 §8.2.7.1, GS1's test case TCR-53 (steps 26 and 28).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Final

from traceability.events.asking import naming
from traceability.events.asking.conditions import (
    ELEMENT,
    EVENT,
    QUANTITIES,
    QUANTITY,
    REPORT,
    Attributes,
    Hierarchy,
    Part,
    Seen,
    Told,
    reach,
)
from traceability.events.asking.questions import Question
from traceability.events.asking.values import figure, instant

INLINE: Final = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time")
"""What may stand in sensor metadata, for all reports, or in a report."""


def fits(
    question: Question, told: Told, recorded_at: datetime, hierarchy: Hierarchy | None = None, attributes: Attributes | None = None
) -> bool:
    """Whether the event answers the question: all of it, also what ``narrow`` already looked up.

    ``hierarchy``: canonical URI of a place → itself and what contains it; without it a place contains only itself.
    ``attributes``: canonical URI → its master data; without it no HASATTR or EQ_ATTR is met.
    """
    seen = Seen(recorded_at.astimezone(UTC), _prefixes(told), hierarchy, attributes)
    return (
        all(condition.holds(seen, told) for condition in question.of(EVENT))
        and _in_quantities(question, seen, told)
        and _in_sensors(question, seen, told)
    )


def place(question: Question, told: Told, recorded_at: datetime) -> tuple[int, Any]:
    """A key to sort by, ascending; an event without the field comes first."""
    order = question.order
    if order is None or order.by == "recordTime":
        return 1, recorded_at.astimezone(UTC)
    if order.by == "eventTime":
        return _ranked(told.get("eventTime"))
    for field, value in naming.fields(told, _prefixes(told)):
        if not field.isdisjoint(order.by):
            return _ranked(next(naming.scalars(value), None))
    return 0, 0


def _ranked(value: object) -> tuple[int, Any]:
    """Moments before numbers before texts, so that all can be sorted together."""
    moment, number = instant(value), figure(value)
    if moment is not None:
        return 1, moment
    if number is not None:
        return 2, number
    return (3, str(value).encode()) if value is not None else (0, Fraction(0))


def _prefixes(told: Told) -> Mapping[str, str]:
    context = told.get("@context")
    return naming.STANDARD | context if isinstance(context, dict) else naming.STANDARD


def _in_quantities(question: Question, seen: Seen, told: Told) -> bool:
    asked = question.of(QUANTITY)
    if not asked:
        return True
    elements = (one for name in QUANTITIES for one in reach(told.get(name, []), ()))
    return any(all(condition.holds(seen, one) for condition in asked) for one in elements if isinstance(one, Mapping))


def _in_sensors(question: Question, seen: Seen, told: Told) -> bool:
    of_element, of_report = question.of(ELEMENT), question.of(REPORT)
    if not of_element and not of_report:
        return True
    return any(
        all(condition.holds(seen, element) for condition in of_element)
        and (not of_report or any(all(condition.holds(seen, report) for condition in of_report) for report in _reports(element)))
        for element in told.get("sensorElementList", [])
        if isinstance(element, Mapping)
    )


def _reports(element: Part) -> Iterator[Part]:
    """Each report with what its element's metadata say of it; the metadata alone where there is no report."""
    metadata = element.get("sensorMetadata")
    inherited = {key: metadata[key] for key in INLINE if key in metadata} if isinstance(metadata, Mapping) else {}
    for report in element.get("sensorReport") or [{}]:
        if isinstance(report, Mapping):
            yield inherited | dict(report)
