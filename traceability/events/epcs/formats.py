"""Identifiers in the form that a client asks for: EPC URNs or GS1 Digital Links. Pure.

Sources: EPCIS 2.0 12 (header GS1-EPC-Format of the REST binding); EPC Tag Data Standard 2.1, 7 (both forms of one key).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from traceability.events.epcs.named import OTHER
from traceability.events.epcs.naming import canonical
from traceability.gs1 import uri, urn
from traceability.gs1.keys import NotGS1

Told = dict[str, Any]
PrefixLength = Callable[[str], int | None]
"""Canonical URI → digits of its company prefix, where they are known."""

LINKS, URNS, AS_TOLD, NO_PREFERENCE = "Always_GS1_Digital_Link", "Always_EPC_URN", "Never_Translates", "No_Preference"
FORMATS: Final = frozenset({LINKS, URNS, AS_TOLD, NO_PREFERENCE})

_LISTS: Final = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_PLACES: Final = ("readPoint", "bizLocation")
_ELEMENTS: Final = {
    "quantityList": ("epcClass",),
    "childQuantityList": ("epcClass",),
    "inputQuantityList": ("epcClass",),
    "outputQuantityList": ("epcClass",),
    "bizTransactionList": ("bizTransaction",),
    "sourceList": ("source",),
    "destinationList": ("destination",),
}
"""List → the keys of its elements that bear an identifier."""
_OF_SENSORS: Final = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")


def prefix_length(text: str) -> int | None:
    """How many digits the company prefix has, which a URN tells and a link does not."""
    try:
        return urn.read(text).prefix_length if text.startswith("urn:epc:") else None
    except NotGS1:
        return None


@lru_cache(maxsize=1 << 14)
def as_urn(text: str, prefix_length: int) -> str | None:
    """The EPC URN of what ``text`` (a link or URN) names; None where there is none, or none with such a prefix.

    ``prefix_length`` 6 to 12. A URN stays as it is.
    """
    named = canonical(text)
    if named.kind == OTHER or text.startswith("urn:"):
        return None if named.kind == OTHER else text
    try:
        return urn.write(uri.read(named.uri).elements, prefix_length)
    except NotGS1:
        return None


def as_digital_link(text: str) -> str:
    """A GS1 URN as a link on id.gs1.org; a link stays on its own host, as does anything else."""
    return canonical(text).uri if text.startswith("urn:epc:") else text


def translate(told: Told, form: str, prefix_length_of: PrefixLength) -> Told:
    """A copy of an event with its identifiers in the ``form`` of header GS1-EPC-Format; what has no such form stays.

    ``prefix_length_of`` is asked for links only. Deeper values that hold no identifier are shared with ``told``.
    """

    def link_to_urn(text: str) -> str:
        named = canonical(text)
        length = None if named.kind == OTHER or text.startswith("urn:") else prefix_length_of(named.uri)
        return (as_urn(text, length) if length else None) or text

    if form == LINKS:
        return _translated(told, as_digital_link)
    return _translated(told, link_to_urn) if form == URNS else dict(told)


def _translated(told: Told, each: Callable[[str], str]) -> Told:
    copy = dict(told)
    for key in _LISTS:
        if key in copy:
            copy[key] = [each(epc) for epc in copy[key]]
    if "parentID" in copy:
        copy["parentID"] = each(copy["parentID"])
    for key in _PLACES:
        if key in copy:
            copy[key] = _with(copy[key], ("id",), each)
    for key, names in _ELEMENTS.items():
        if key in copy:
            copy[key] = [_with(element, names, each) for element in copy[key]]
    if "sensorElementList" in copy:
        copy["sensorElementList"] = [_sensor(element, each) for element in copy["sensorElementList"]]
    return copy


def _sensor(element: Told, each: Callable[[str], str]) -> Told:
    copy = dict(element)
    if "sensorMetadata" in copy:
        copy["sensorMetadata"] = _with(copy["sensorMetadata"], _OF_SENSORS, each)
    if "sensorReport" in copy:
        copy["sensorReport"] = [_with(report, _OF_SENSORS, each) for report in copy["sensorReport"]]
    return copy


def _with(element: Told, names: tuple[str, ...], each: Callable[[str], str]) -> Told:
    return {key: each(value) if key in names else value for key, value in element.items()}
