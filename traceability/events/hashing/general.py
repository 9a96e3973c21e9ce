"""What is hashed of any event. Pure.

An event becomes a tree as its XML binding would have it, and is said in two rounds. First the fields that
have a place in the order, each with the extensions inside of it; what is said is gone. Then all that is left,
sorted: lists of typed elements, ilmd, extensions, and what had no place in the first round, with the path to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, Final, NamedTuple

from traceability.events.hashing import values

Told = dict[str, Any]
Order = Mapping[str, Any]
"""Name → the order below it, or None for a field without one."""

_QUANTITY: Final[Order] = {"quantityElement": dict.fromkeys(("epcClass", "quantity", "uom"))}
_EPCS: Final[Order] = {"epc": None}
_METADATA = "time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules"
_REPORT = """
type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism chemicalSubstance value component
stringValue booleanValue hexBinaryValue uriValue minValue maxValue meanValue sDev percRank percValue uom coordinateReferenceSystem
"""
ORDER: Final[Order] = {
    "eventTime": None,
    "eventTimeZoneOffset": None,
    "certificationInfo": None,
    "parentID": None,
    "epcList": _EPCS,
    "inputEPCList": _EPCS,
    "childEPCs": _EPCS,
    "quantityList": _QUANTITY,
    "childQuantityList": _QUANTITY,
    "inputQuantityList": _QUANTITY,
    "outputEPCList": _EPCS,
    "outputQuantityList": _QUANTITY,
    "action": None,
    "transformationID": None,
    "bizStep": None,
    "disposition": None,
    "persistentDisposition": {"set": None, "unset": None},
    "readPoint": {"id": None},
    "bizLocation": {"id": None},
    "sensorElementList": {
        "sensorElement": {"sensorMetadata": dict.fromkeys(_METADATA.split()), "sensorReport": dict.fromkeys(_REPORT.split())}
    },
}
TYPED: Final = {
    "bizTransactionList": ("btt", "bizTransaction"),
    "sourceList": ("sdt", "source"),
    "destinationList": ("sdt", "destination"),
}
"""List → the kind of word its elements' type is, and the name of what is typed."""
UNSAID: Final = frozenset({"type", "eventID", "recordTime", "errorDeclaration", "@context"})
_REMARKS: Final = frozenset({"rdfs:comment", "comment", "{http://www.w3.org/2000/01/rdf-schema#}comment"})
_ELEMENTS: Final = {
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), "epc"),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), "quantityElement"),
    "sensorElementList": "sensorElement",
}
_TIMES: Final = frozenset(
    {("", "eventTime"), *((within, name) for within in ("sensorMetadata", "sensorReport") for name in ("time", "startTime", "endTime"))}
)
_WORDS: Final = {
    ("", "bizStep"): "bizStep",
    ("", "disposition"): "disposition",
    ("persistentDisposition", "set"): "disposition",
    ("persistentDisposition", "unset"): "disposition",
    ("sensorReport", "type"): "measurement",
    ("sensorReport", "exception"): "measurement",
    ("sensorReport", "component"): "component",
}
"""What a field's words are, by what it lies in and its name."""


class Node(NamedTuple):
    """A field: its name (``{namespace}local`` of an extension), its value as it is said, the fields in it."""

    name: str
    text: str
    inside: Sequence[Node] = ()


def prehash(told: Told, ignoring: Set[str]) -> str:
    """See the package. ``ignoring`` may be empty."""
    fields = _Tree(told.get("@context") or {}, ignoring)
    nodes = [node for name, value in told.items() if name not in UNSAID for node in fields.nodes("", name, value)]
    said, left = _in_order(nodes, ORDER, top=True)
    return f"eventType={told.get('type', '')}{said}{_sorted(left)}"


class _Tree:
    """Makes nodes of what was told: prefixes become namespaces, lists repeat their name, remarks are left out."""

    def __init__(self, prefixes: Mapping[str, str], ignoring: Set[str]) -> None:
        self.prefixes = prefixes
        self.ignoring = ignoring

    def nodes(self, within: str, name: str, told: Any) -> Iterator[Node]:
        full = self._full(name)
        if full in _REMARKS or full in self.ignoring or (within == "" and not told and isinstance(told, list | dict)):
            return
        if within == "" and name in TYPED:
            yield Node(name, "", [self._typed(*TYPED[name], element) for element in told])
        elif within == "" and name in _ELEMENTS:
            yield Node(name, "", [node for element in told for node in self.nodes(name, _ELEMENTS[name], element)])
        elif isinstance(told, list):
            yield from (node for element in told for node in self.nodes(within, name, element))
        elif isinstance(told, dict):
            text = values.value(told["#text"]) if "#text" in told else ""
            yield Node(full, text, [node for key, value in told.items() if key != "#text" for node in self.nodes(name, key, value)])
        else:
            yield Node(full, self._text(within, name, told))

    def _typed(self, kind: str, name: str, element: Told) -> Node:
        """Type and what is typed belong together, and stand in this order; they are said as one."""
        said = f"type={values.word(kind, element['type'])}" if "type" in element else ""
        more = [node for key, value in element.items() if key not in ("type", name) for node in self.nodes(name, key, value)]
        return Node(f"{said}{name}={values.value(element.get(name))}{_sorted(more)}", "")

    def _text(self, within: str, name: str, told: Any) -> str:
        if (within, name) in _TIMES:
            return values.instant(told)
        kind = _WORDS.get((within, name))
        return values.word(kind, told) if kind else values.value(told)

    def _full(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return f"{{{self.prefixes[prefix]}}}{local}" if colon and prefix in self.prefixes else name


def _in_order(nodes: Sequence[Node], order: Order, *, top: bool = False) -> tuple[str, list[Node]]:
    """What is said of ``nodes`` in ``order``, and the nodes of which something is left.

    Extensions are said where they stand only when something stands beside them and their namespace ends in a
    slash: so does the reference generator, and a hash is worth nothing unless all come to the same.
    """
    within = [] if top or len(nodes) < 2 else [node for node in nodes if node.name[:1] == "{" and "/}" in node.name]
    left = [node for node in nodes if node.name not in order and node not in within]
    text = ""
    for name, below in order.items():
        said = []
        for node in nodes:
            if node.name == name:
                inner, rest = _in_order(node.inside, below) if below else ("", [*node.inside])
                if node.text or inner:
                    said.append(name + (f"={node.text}" if node.text else "") + inner)
                if rest:
                    left.append(Node(name, node.text, rest))
        text += "".join(sorted(said))
    return text + _sorted(within), left


def _sorted(nodes: Sequence[Node]) -> str:
    return "".join(sorted(node.name + (f"={node.text}" if node.text else "") + _sorted(node.inside) for node in nodes))
