"""One event, written as an element in the order of the schema. Pure.

An element declares the prefixes that it uses itself, so events can be written one after the other and stand alone.
Words of the CBV are spelled out, as XML asks for: https URIs, or the URNs of CBV 1 where they exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from traceability.events import vocabulary
from traceability.events.documents.document import Told
from traceability.events.documents.xml import fields, names
from traceability.events.documents.xml.values import in_attribute, in_text, kind_of

_PLACES: Final = frozenset({"readPoint", "bizLocation"})


def event(told: Told, *, urns: bool = False) -> str:
    """``<ObjectEvent>…</ObjectEvent>``; ``urns`` spells words of the CBV as ``urn:epcglobal:cbv:…``."""
    return _Writing(told.get("@context") or {}, urns).event(told)


def spelled(kind: str, word: str, urns: bool) -> str:
    """A bare word of the vocabulary as a URI; anything else stays."""
    table = vocabulary.KINDS[kind]
    if urns and word in table.words:
        return next((start + word for start in table.starts if start.startswith("urn:")), vocabulary.full(kind, word))
    return vocabulary.full(kind, word)


class _Writing:
    """One event being written, and the namespaces it turns out to need."""

    def __init__(self, context: Mapping[str, str], urns: bool) -> None:
        self.spaces = names.Namespaces(context)
        self.urns = urns

    def event(self, told: Told) -> str:
        type_ = str(told["type"])
        order = fields.ORDER.get(type_, fields.ORDER_OF_OTHERS)
        inner = "".join([*(self._field(name, told[name]) for name in order if name in told), self._extensions(told)])
        name = self.spaces.name(type_)
        declared = "".join(f' xmlns:{prefix}="{in_attribute(space)}"' for prefix, space in self.spaces.declared.items())
        made = f"<{name}{declared}>{inner}</{name}>"
        return made if type_ in fields.ORDER else f"<extension>{made}</extension>"

    def _field(self, name: str, value: Any) -> str:
        if name in fields.LISTS:
            return f"<{name}>{''.join(self._member(fields.LISTS[name], one) for one in value)}</{name}>" if value else ""
        if name in _PLACES:
            return f"<{name}>{self._text('id', value['id'])}{self._extensions(value)}</{name}>"
        if name == "persistentDisposition":
            return f"<{name}>{''.join(self._text(key, word) for key in ('unset', 'set') for word in value.get(key, ()))}</{name}>"
        if name == "errorDeclaration":
            return (
                f"<{name}>{''.join(self._field(key, value[key]) for key in fields.ERROR if key in value)}{self._extensions(value)}</{name}>"
            )
        if name == "ilmd":
            return f"<{name}>{self._extensions(value)}</{name}>"
        return "".join(self._text(name, one) for one in (value if isinstance(value, list) else [value]))

    def _member(self, item: str, value: Any) -> str:
        if item in fields.TYPED:
            kind = f' type="{in_attribute(spelled(fields.TYPED[item], value["type"], self.urns))}"' if "type" in value else ""
            return f"<{item}{kind}>{in_text(value[item])}</{item}>"
        if item == "quantityElement":
            return f"<{item}>{''.join(self._text(key, value[key]) for key in fields.QUANTITY if key in value)}</{item}>"
        if item == "sensorElement":
            metadata = self._attributes("sensorMetadata", value["sensorMetadata"], fields.METADATA) if "sensorMetadata" in value else ""
            reports = "".join(self._attributes("sensorReport", one, fields.REPORT) for one in value["sensorReport"])
            return f"<{item}>{metadata}{reports}{self._extensions(value)}</{item}>"
        return self._text(item, value)

    def _text(self, name: str, value: Any) -> str:
        kind = fields.WORDS.get(name)
        return f"<{name}>{in_text(spelled(kind, value, self.urns) if kind else value)}</{name}>"

    def _attributes(self, name: str, value: Told, order: Iterable[str]) -> str:
        """Sensor data: attributes; only what holds more than one value becomes an element."""
        made, inner = "", ""
        words = fields.REPORT_WORDS if name == "sensorReport" else {}
        for key in order:
            if key in value:
                text = spelled(words[key], value[key], self.urns) if key in words else value[key]
                made += f' {key}="{in_attribute(text)}"'
        for key, held in _others(value):
            if held is None or isinstance(held, dict | list):
                inner += self._extension(key, held)
            else:
                made += f' {self.spaces.name(key)}="{in_attribute(held)}"'
        return f"<{name}{made}>{inner}</{name}>" if inner else f"<{name}{made}/>"

    def _extensions(self, told: Told) -> str:
        return "".join(self._extension(key, value) for key, value in _others(told))

    def _extension(self, key: str, value: Any) -> str:
        """A field of somebody else's; of a list, one element for each member."""
        if isinstance(value, list):
            return "".join(self._extension(key, one) for one in value)
        if value is None:
            return ""
        name = self.spaces.name(key)
        if isinstance(value, dict):
            inner = "".join(self._extension(inner, held) for inner, held in value.items() if inner[0] not in "@#")
            return f"<{name}>{inner}{in_text(value['#text']) if '#text' in value else ''}</{name}>"
        kind = kind_of(value)
        if kind:
            instance, schema = self.spaces.declare("xsi", names.INSTANCE), self.spaces.declare("xs", names.SCHEMA)
            return f'<{name} {instance}:type="{schema}:{kind}">{in_text(value)}</{name}>'
        kept = ' xml:space="preserve"' if value != value.strip() else ""
        return f"<{name}{kept}>{in_text(value)}</{name}>"


def _others(told: Told) -> Iterator[tuple[str, Any]]:
    """The fields of somebody else's, and what they hold."""
    return ((key, value) for key, value in told.items() if ":" in key)
