"""The parameters whose names bear a type, a unit or a field: families of them. Pure.

Source: EPCIS 2.0 §8.2.7.1, its query schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Final

from traceability.events import units, vocabulary
from traceability.events.asking import naming, values
from traceability.events.asking.conditions import ELEMENT, EVENT, QUANTITIES, QUANTITY, REPORT, Amount, Typed
from traceability.events.asking.extras import Attribute, Extra, Loose
from traceability.events.asking.fixed import Reader, things
from traceability.events.asking.naming import Field
from traceability.events.asking.questions import Asked, Draft
from traceability.events.asking.values import Wrong

_OPS: Final = "EQ|GT|GE|LT|LE"
_TYPED: Final = re.compile(r"EQ_(bizTransaction|source|destination)_(.+)")
_MEASURED: Final = re.compile(rf"({_OPS})_(quantity|value|minValue|maxValue|meanValue|sDev|percValue)_([^:]+)")
_HAS: Final = re.compile(r"HASATTR_(.+)")
_ATTRIBUTE: Final = re.compile(r"EQ_ATTR_(.+)")
_FIELD: Final = re.compile(
    rf"({_OPS}|EXISTS)_(INNER_)?(?:(ILMD|ERROR_DECLARATION|SENSORELEMENT|SENSORMETADATA|SENSORREPORT|readPoint|bizLocation)_)?([^_].*:.+)"
)
_LISTS: Final = {
    "bizTransaction": ("bizTransactionList", "btt"),
    "source": ("sourceList", "sdt"),
    "destination": ("destinationList", "sdt"),
}
_SECTIONS: Final = {
    None: (EVENT, ()),
    "ILMD": (EVENT, ("ilmd",)),
    "ERROR_DECLARATION": (EVENT, ("errorDeclaration",)),
    "readPoint": (EVENT, ("readPoint",)),
    "bizLocation": (EVENT, ("bizLocation",)),
    "SENSORELEMENT": (ELEMENT, ()),
    "SENSORMETADATA": (ELEMENT, ("sensorMetadata",)),
    "SENSORREPORT": (REPORT, ()),
}
"""Word in the name → the part to look at, and where in it."""
_VOCABULARIES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "bizStep": (("bizStep",),),
    "disposition": (("disposition",),),
    "readPoint": (("readPoint", "id"),),
    "bizLocation": (("bizLocation", "id"),),
    "bizTransaction": (("bizTransactionList", "bizTransaction"),),
    "source": (("sourceList", "source"),),
    "destination": (("destinationList", "destination"),),
    "epcClass": tuple((name, "epcClass") for name in QUANTITIES),
}
"""Fields of the standard that name what master data describe → where their values stand."""


def reader(name: str) -> Reader | None:
    """The way to read a parameter of this name; None where it is of no family."""
    for pattern, read in ((_TYPED, _typed), (_MEASURED, _measured), (_HAS, _has), (_ATTRIBUTE, _attribute), (_FIELD, _field)):
        if pattern.fullmatch(name):
            return read
    return None


def _groups(pattern: re.Pattern[str], name: str) -> tuple[str, ...]:
    found = pattern.fullmatch(name)
    return found.groups() if found else ()


def _typed(draft: Draft, asked: Asked) -> None:
    key, type = _groups(_TYPED, asked.name)
    list, kind = _LISTS[key]
    word = vocabulary.bare(kind, type)
    why = vocabulary.strange(kind, word)
    if why:
        raise Wrong("unknown-parameter", why)
    draft.conditions.append(Typed(list, key, kind, naming.expanded(word, asked.known), things(asked.raw)))


def _measured(draft: Draft, asked: Asked) -> None:
    compare, key, code = _groups(_MEASURED, asked.name)
    family = units.family(code)
    if family is None:
        raise Wrong("uom", f"{code[:40]!r} is no unit code of UN/ECE Recommendation 20 known here")
    difference = key == "sDev"
    given = values.numbers(asked.raw) if compare == "EQ" else (values.number(asked.raw),)
    based = tuple(units.to_base(value, code, difference=difference)[1] for value in given)
    draft.conditions.append(Amount(QUANTITY if key == "quantity" else REPORT, key, compare, based, family, difference))


def _field(draft: Draft, asked: Asked) -> None:
    compare, inner, section, name = _groups(_FIELD, asked.name)
    scope, place = _SECTIONS[section]
    field = naming.asked(name, asked.known)
    if compare != "EXISTS":
        test = _loose(compare, asked.raw)
    elif values.presence(asked.raw):
        test = Loose(None)
    else:
        return
    draft.conditions.append(Extra(scope, place, bool(inner), field, test))
    draft.narrow.update({"has_error": True} if section == "ERROR_DECLARATION" else {})


def _loose(compare: str, raw: object) -> Loose:
    """Each value as all that it may be. Only equality knows texts; greater and less want a number or a moment."""
    if compare != "EQ":
        value = values.single(raw)
        found = values.figure(value)
        return Loose(compare, frozenset({values.moment(value) if found is None else found}))
    exact: set[str | Fraction | datetime] = set()
    said: set[Fraction] = set()
    for value in values.texts(raw) if isinstance(raw, str) else raw if isinstance(raw, (list, tuple)) else (raw,):
        figure, moment = values.figure(value), values.instant(value)
        exact |= {moment} if moment is not None else set()
        if isinstance(value, (str, bool)):
            exact.add(str(value).lower() if isinstance(value, bool) else value)
            said |= {figure} if figure is not None else set()
        elif figure is not None:
            exact.add(figure)
    if not exact or "" in exact:
        raise Wrong("empty", "names no value")
    return Loose(compare, frozenset(exact), frozenset(said))


def _has(draft: Draft, asked: Asked) -> None:
    (name,) = _groups(_HAS, asked.name)
    names = frozenset(one for text in values.texts(asked.raw) for one in _attribute_names(text, asked))
    draft.conditions.append(Attribute(((_where(name, asked), names),), None))


def _attribute(draft: Draft, asked: Asked) -> None:
    (rest,) = _groups(_ATTRIBUTE, asked.name)
    readings = tuple(_readings(rest, asked))
    if not readings:
        raise Wrong("unknown-parameter", "names no field and attribute")
    draft.conditions.append(Attribute(readings, frozenset(values.texts(asked.raw))))


def _readings(rest: str, asked: Asked) -> Iterator[tuple[tuple[tuple[str, ...], ...] | Field, frozenset[str]]]:
    """Underscores part the field from the attribute, and stand in both: every way to read them that names a field."""
    for at, letter in enumerate(rest):
        if letter == "_" and 0 < at < len(rest) - 1:
            try:
                yield _where(rest[:at], asked), _attribute_names(rest[at + 1 :], asked)
            except Wrong:
                continue


def _where(name: str, asked: Asked) -> tuple[tuple[str, ...], ...] | Field:
    if ":" in name:
        return naming.asked(name, asked.known)
    if name not in _VOCABULARIES:
        raise Wrong("unknown-parameter", f"{name[:40]!r} names no field that master data describe")
    return _VOCABULARIES[name]


def _attribute_names(text: str, asked: Asked) -> frozenset[str]:
    return naming.told(text, asked.known) | {text}
