"""One event, out of its element. Pure.

What belongs to the standard has no namespace and is read by name, in whatever order it comes; what has a namespace
is somebody else's, and is kept as prefixed fields: text, an object, or a list where an element repeats. Attributes
of such elements are fields of the object, and text beside them is ``#text``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kernel.errors import flaw
from traceability.events.documents import rules, wording
from traceability.events.documents.contexts import DEEPEST, STANDARD
from traceability.events.documents.document import Flaws, Told
from traceability.events.documents.xml import fields, names, values
from traceability.events.documents.xml.elements import Element
from traceability.events.documents.xml.paths import path

_EPCS: Final = ("/epcList/", "/childEPCs/", "/inputEPCList/", "/outputEPCList/")
"""In these the schema of XML lets an EPC stand twice, and a published example has one; that of JSON does not."""


def event(element: Element, place: str, scope: Mapping[str, str]) -> tuple[Told | None, Flaws]:
    """What an element tells and what is wrong with it; None when it is no event.

    ``place`` is the element's XPath, ``scope`` the prefixes that hold around it.
    """
    reading = Reading()
    type_ = reading.prefixes.name(element.space, element.prefix, element.name)
    if not element.space and type_ not in fields.ORDER:
        return None, [flaw(place, "event-type", f"{type_!r} is no event type of EPCIS 2.0")]
    told: Told = {"type": type_}
    reading.object(element, place, told, _EVENT)
    strange = [*wording.bare_words(told), type_]
    _settle(told, reading.prefixes.used, strange, {**scope, **element.declared})
    found = [one for one in rules.check(told, "") if one["rule"] != "twice" or not one["pointer"].startswith(_EPCS)]
    wrong = reading.flaws + [{**one, "pointer": path(place, one["pointer"])} for one in found]
    for name in [name for name, value in told.items() if not value and isinstance(value, list | dict)]:
        del told[name]
    return told, wrong


def _settle(told: Told, used: dict[str, str], strange: list[str], scope: Mapping[str, str]) -> None:
    """The context of the event: the prefixes of its fields, and those of its words that are not the standard's."""
    for word in strange:
        prefix = word.partition(":")[0]
        if prefix in scope and prefix not in STANDARD:
            used.setdefault(prefix, scope[prefix])
    if used:
        told["@context"] = used


class Reading:
    """One event being read: the prefixes it uses, and what is wrong with its XML."""

    def __init__(self) -> None:
        self.prefixes = names.Prefixes()
        self.flaws: Flaws = []

    def object(self, element: Element, place: str, told: Told, known: Mapping[str, Reader]) -> None:
        """Read the children into ``told``: the standard's by ``known``, others as extensions."""
        self._no_text(element, place)
        for child, at in self._children(element, place):
            if child.space:
                self._add(told, self.prefixes.name(child.space, child.prefix, child.name), self.extension(child, at))
                continue
            read = known.get(child.name)
            if read is None:
                self._wrong(child, at, "unknown-field", f"{child.name!r} is no element of the standard here, and has no namespace")
            elif child.name in _LISTED:
                told.setdefault(child.name, []).append(read(self, child, at))
            elif child.name in _REPEATED:
                self._add(told, child.name, read(self, child, at))
            elif child.name in told:
                self._wrong(child, at, "twice", f"{child.name} stands here twice")
            else:
                value = read(self, child, at)
                if value is not None:
                    told[child.name] = value
        self._attributes(element, told)

    def extension(self, element: Element, place: str, depth: int = 0) -> Any:
        """Text, a typed value, or an object of somebody else's."""
        told: Told = {}
        if depth > DEEPEST:
            self._wrong(element, place, "depth", f"this lies more than {DEEPEST} deep")
            return told
        self._attributes(element, told, all_=True)
        for child in element.children:
            name = self.prefixes.name(child.space, child.prefix, child.name)
            self._add(told, name, self.extension(child, f"{place}/{child.said}", depth + 1))
        text = element.text if element.attributes.get("xml:space") == "preserve" else element.text.strip()
        value = values.typed(text, element.attributes.get("xsi:type", "").rpartition(":")[2])
        if told and text:
            told["#text"] = value
        return told or value

    def list(self, element: Element, place: str, item: str, read: Reader) -> list[Any]:
        """The members of a list."""
        self._no_text(element, place)
        found = []
        for child, at in self._children(element, place):
            if child.name == item and not child.space:
                found.append(read(self, child, at))
            else:
                self._wrong(child, at, "unknown-field", f"{child.said!r} is no member of {element.name}: {item!r} is")
        return found

    def text(self, element: Element, place: str) -> str:
        """The text of an element that holds nothing else."""
        for child, at in element.placed(place):
            self._wrong(child, at, "unknown-field", f"{element.name} holds text, and no elements")
        return element.text.strip()

    def attributes(self, element: Element, place: str) -> Told:
        """Sensor data, which are attributes (EPCIS 2.0 §7.3.7); the schema lets anybody add theirs."""
        self._no_text(element, place)
        told: Told = {}
        self._attributes(element, told, all_=True)
        for name, value in told.items():
            if name in fields.NUMBERS:
                told[name] = values.number(value.strip())
            elif name in fields.FLAGS:
                told[name] = values.flag(value.strip())
        for child in element.children:
            name = self.prefixes.name(child.space, child.prefix, child.name)
            self._add(told, name, self.extension(child, f"{place}/{child.said}"))
        return told

    def typed(self, element: Element, place: str) -> Told:
        """A business transaction, a source or a destination, with its type."""
        told: Told = {"type": element.attributes["type"].strip()} if "type" in element.attributes else {}
        told[element.name] = self.text(element, place)
        self._attributes(element, told)
        return told

    def _attributes(self, element: Element, told: Told, all_: bool = False) -> None:
        """Attributes in a namespace are somebody else's fields; bare ones are read where ``all_`` is asked for."""
        for space, prefix, name, value in element.foreign:
            self._add(told, self.prefixes.name(space, prefix, name), value)
        if all_:
            for name, value in element.attributes.items():
                if ":" not in name:
                    self._add(told, names.from_xml(name), value)

    def _children(self, element: Element, place: str) -> Iterator[tuple[Element, str]]:
        """The children, those inside of wrappers among them."""
        for child, at in element.placed(place):
            if not child.space and child.name in fields.WRAPPERS:
                yield from self._children(child, at)
            else:
                yield child, at

    def _no_text(self, element: Element, place: str) -> None:
        if element.text and not element.text.isspace():
            self._wrong(element, place, "xml-text", f"{element.name} holds elements, and no text of its own")

    def _add(self, told: Told, name: str, value: Any) -> None:
        if name not in told:
            told[name] = value
        elif isinstance(told[name], list):
            told[name].append(value)
        else:
            told[name] = [told[name], value]

    def _wrong(self, element: Element, place: str, rule: str, detail: str) -> None:
        self.flaws.append(flaw(place, rule, detail, line=element.line))


Reader = Callable[[Reading, Element, str], Any]


def _listed(name: str, read: Reader) -> Reader:
    """A list whose members ``read`` takes."""
    item = fields.LISTS[name]
    return lambda reading, element, place: reading.list(element, place, item, read)


def _object(known: Mapping[str, Reader]) -> Reader:
    """An object with these fields, and others' fields beside them."""

    def read(reading: Reading, element: Element, place: str) -> Told:
        told: Told = {}
        reading.object(element, place, told, known)
        return told

    return read


def _quantity(reading: Reading, element: Element, place: str) -> Any:
    if element.attributes.get("xsi:nil") in ("true", "1"):
        return None
    return values.number(reading.text(element, place))


_TEXT: Final[Reader] = Reading.text
_REPEATED: Final = frozenset({"certificationInfo"})
_LISTED: Final = frozenset({"set", "unset", "sensorReport"})

_ERROR = {"declarationTime": _TEXT, "reason": _TEXT, "correctiveEventIDs": _listed("correctiveEventIDs", _TEXT)}
_SENSOR = {"sensorMetadata": Reading.attributes, "sensorReport": Reading.attributes}
_READERS: Final[dict[str, Reader]] = {
    "epc": _TEXT,
    "quantityElement": _object({"epcClass": _TEXT, "quantity": _quantity, "uom": _TEXT}),
    "sensorElement": _object(_SENSOR),
    **dict.fromkeys(fields.TYPED, Reading.typed),
}
_EVENT: Final[dict[str, Reader]] = {
    **dict.fromkeys(fields.ORDER_OF_OTHERS, _TEXT),
    **{name: _listed(name, _READERS[item]) for name, item in fields.LISTS.items() if item in _READERS},
    "readPoint": _object({"id": _TEXT}),
    "bizLocation": _object({"id": _TEXT}),
    "errorDeclaration": _object(_ERROR),
    "persistentDisposition": _object({"set": _TEXT, "unset": _TEXT}),
    "ilmd": _object({}),
}
