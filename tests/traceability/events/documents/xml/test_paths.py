"""Pointers into an event, as paths into its XML."""

from __future__ import annotations

import pytest

from traceability.events.documents.xml.paths import path


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("", ""),
        ("/eventTime", "/eventTime"),
        ("/epcList/2", "/epcList/epc[3]"),
        ("/quantityList/0/uom", "/quantityList/quantityElement[1]/uom"),
        ("/bizTransactionList/1/type", "/bizTransactionList/bizTransaction[2]/@type"),
        ("/sourceList/0/source", "/sourceList/source[1]"),
        ("/readPoint/id", "/readPoint/id"),
        ("/persistentDisposition/set/1", "/persistentDisposition/set[2]"),
        ("/errorDeclaration/correctiveEventIDs/0", "/errorDeclaration/correctiveEventIDs/correctiveEventID[1]"),
        ("/sensorElementList/0/sensorMetadata/time", "/sensorElementList/sensorElement[1]/sensorMetadata/@time"),
        ("/sensorElementList/1/sensorReport/2/value", "/sensorElementList/sensorElement[2]/sensorReport[3]/@value"),
        ("/certificationInfo/1", "/certificationInfo[2]"),
        ("/ex:list/0/ex:list", "/ex:list[1]/ex:list"),
    ],
)
def test_where_in_xml_is_what_a_pointer_says_of_json(pointer: str, said: str) -> None:
    assert path("/ObjectEvent[4]", pointer) == f"/ObjectEvent[4]{said}"
