"""What is hashed of an event without sensors, master data and extensions: of most events. Pure, and quick.

It says what ``general`` says, which a property test holds it to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from traceability.events.hashing.general import ORDER, TYPED, UNSAID, Told
from traceability.events.hashing.values import instant, value, word


class _NotPlain(Exception):
    """Something that only ``general`` can say."""


def prehash(told: Told) -> str | None:
    """See the package; None of an event that is not plain."""
    if not told.keys() <= _KEYS:
        return None
    try:
        said = [say(told[name]) for name, say in _FIELDS.items() if name in told]
    except _NotPlain:
        return None
    return f"eventType={told.get('type', '')}{''.join(said)}"


def _simple(name: str) -> Callable[[Any], str]:
    def say(told: Any) -> str:
        text = value(told)
        return f"{name}={text}" if text else ""

    return say


def _several(name: str) -> Callable[[Any], str]:
    say = _simple(name)
    return lambda told: "".join(sorted(map(say, told))) if isinstance(told, list) else say(told)


def _time(name: str) -> Callable[[Any], str]:
    def say(told: Any) -> str:
        text = instant(told)
        return f"{name}={text}" if text else ""

    return say


def _word(name: str) -> Callable[[Any], str]:
    def say(told: Any) -> str:
        text = word(name, told)
        return f"{name}={text}" if text else ""

    return say


def _place(name: str) -> Callable[[Any], str]:
    def say(told: Any) -> str:
        _check(told, _PLACE)
        text = value(told.get("id"))
        return f"{name}id={text}" if text else ""

    return say


def _epcs(name: str) -> Callable[[Any], str]:
    def say(told: Any) -> str:
        texts = sorted(filter(None, map(value, told)))
        return f"{name}epc={'epc='.join(texts)}" if texts else ""

    return say


def _quantities(name: str) -> Callable[[Any], str]:
    def say(told: Any) -> str:
        texts = sorted(filter(None, map(_quantity, told)))
        return name + "".join(f"quantityElement{text}" for text in texts) if texts else ""

    return say


def _quantity(told: Any) -> str:
    _check(told, _QUANTITY)
    texts = [(name, value(told[name])) for name in _QUANTITY if name in told]
    return "".join(f"{name}={text}" for name, text in texts if text)


def _dispositions(told: Any) -> str:
    _check(told, ("set", "unset"))
    texts = [
        "".join(sorted(f"{name}={text}" for text in (word("disposition", one) for one in _listed(told[name])) if text))
        for name in ("set", "unset")
        if name in told
    ]
    return "persistentDisposition" + "".join(texts) if any(texts) else ""


def _listed(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _typed(name: str) -> Callable[[Any], str]:
    kind, what = TYPED[name]

    def one(told: Any) -> str:
        _check(told, ("type", what))
        typed = f"type={word(kind, told['type'])}" if "type" in told else ""
        return f"{typed}{what}={value(told.get(what))}"

    return lambda told: name + "".join(sorted(map(one, told))) if told else ""


def _check(told: Any, names: tuple[str, ...]) -> None:
    if not isinstance(told, dict) or any(name not in names for name in told):
        raise _NotPlain


_PLACE: Final = ("id",)
_QUANTITY: Final = ("epcClass", "quantity", "uom")
_OTHERS: Final[dict[str, Callable[[str], Callable[[Any], str]]]] = {
    "eventTime": _time,
    "certificationInfo": _several,
    "bizStep": _word,
    "disposition": _word,
    "persistentDisposition": lambda name: _dispositions,
    "readPoint": _place,
    "bizLocation": _place,
    "childEPCs": _epcs,
}


def _sayer(name: str) -> Callable[[Any], str]:
    if name in _OTHERS:
        return _OTHERS[name](name)
    if name in TYPED:
        return _typed(name)
    if name.lower().endswith("quantitylist"):
        return _quantities(name)
    return _epcs(name) if name.endswith("List") else _simple(name)


_FIELDS: Final = {name: _sayer(name) for name in [*(name for name in ORDER if name != "sensorElementList"), *sorted(TYPED)]}
_KEYS: Final = UNSAID | _FIELDS.keys()
