"""The elements of the XML binding: what stands in which, in which order, and what each holds. Pure.

Source: EPCglobal-epcis-2_0.xsd (EPCIS 2.0 §9.5). The order matters to those who check what we write against that
schema; reading takes any. XSD 2.0 knows ``certificationInfo`` once, and JSON any number of times; so do we.
"""

from __future__ import annotations

from typing import Final

EPCIS: Final = "urn:epcglobal:epcis:xsd:2"
EPCIS_QUERY: Final = "urn:epcglobal:epcis-query:xsd:2"
DOCUMENTS: Final = frozenset({EPCIS, "urn:epcglobal:epcis:xsd:1"})
QUERY_DOCUMENTS: Final = frozenset({EPCIS_QUERY, "urn:epcglobal:epcis-query:xsd:1"})

WRAPPERS: Final = frozenset({"extension", "baseExtension"})
"""Elements that only say in which version of the standard their content came to be; 2.0 has it one level up."""

LISTS: Final = {
    "epcList": "epc",
    "childEPCs": "epc",
    "inputEPCList": "epc",
    "outputEPCList": "epc",
    "quantityList": "quantityElement",
    "childQuantityList": "quantityElement",
    "inputQuantityList": "quantityElement",
    "outputQuantityList": "quantityElement",
    "bizTransactionList": "bizTransaction",
    "sourceList": "source",
    "destinationList": "destination",
    "sensorElementList": "sensorElement",
    "correctiveEventIDs": "correctiveEventID",
    "set": "set",
    "unset": "unset",
    "sensorReport": "sensorReport",
}
"""Name in JSON → what its members are called in XML. ``set``, ``unset`` and ``sensorReport`` repeat without a parent."""

TYPED: Final = {"bizTransaction": "btt", "source": "sdt", "destination": "sdt"}
"""Elements whose kind stands in an attribute, and from which table of the CBV it comes."""

WORDS: Final = {"bizStep": "bizStep", "disposition": "disposition", "set": "disposition", "unset": "disposition", "reason": "er"}
REPORT_WORDS: Final = {"type": "measurement", "exception": "alert", "component": "component"}

METADATA: Final = ("time", "deviceID", "deviceMetadata", "rawData", "startTime", "endTime", "bizRules", "dataProcessingMethod")
_REPORT = """
type value component stringValue booleanValue hexBinaryValue uriValue uom minValue maxValue sDev chemicalSubstance
microorganism deviceID deviceMetadata rawData time meanValue percRank percValue dataProcessingMethod
coordinateReferenceSystem exception bizRules
"""
REPORT: Final = tuple(_REPORT.split())
NUMBERS: Final = frozenset({"quantity", "value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"})
FLAGS: Final = frozenset({"booleanValue"})

_HEAD = ("eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo")
_WHY = ("bizStep", "disposition", "readPoint", "bizLocation")
_ENDS = ("sourceList", "destinationList", "sensorElementList", "persistentDisposition")
_CHANGE = ("inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID")

ORDER: Final = {
    "ObjectEvent": (*_HEAD, "epcList", "action", *_WHY, "bizTransactionList", "quantityList", *_ENDS, "ilmd"),
    "AggregationEvent": (*_HEAD, "parentID", "childEPCs", "action", *_WHY, "bizTransactionList", "childQuantityList", *_ENDS),
    "AssociationEvent": (*_HEAD, "parentID", "childEPCs", "childQuantityList", "action", *_WHY, "bizTransactionList", *_ENDS),
    "TransactionEvent": (*_HEAD, "bizTransactionList", "parentID", "epcList", "action", *_WHY, "quantityList", *_ENDS),
    "TransformationEvent": (*_HEAD, *_CHANGE, *_WHY, "bizTransactionList", *_ENDS, "ilmd"),
}
"""Type of event → its elements, as the schema wants them."""

_REST = ("parentID", "childEPCs", "childQuantityList", *_CHANGE, "epcList", "action", *_WHY, "bizTransactionList", "quantityList")
ORDER_OF_OTHERS: Final = (*_HEAD, *_REST, *_ENDS, "ilmd")
"""Of events of somebody else's type."""

ERROR: Final = ("declarationTime", "reason", "correctiveEventIDs")
QUANTITY: Final = ("epcClass", "quantity", "uom")
