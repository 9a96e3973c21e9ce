"""The words of the CBV in an event, made bare in place, and its times in capital letters. Pure. Both readers call this before the rules."""

from __future__ import annotations

from typing import Any, Final

from traceability.events import vocabulary
from traceability.events.documents.document import Told

_TOP: Final = {"bizStep": vocabulary.BIZ_STEPS, "disposition": vocabulary.DISPOSITIONS}
_TYPED: Final = {"bizTransactionList": "btt", "sourceList": "sdt", "destinationList": "sdt"}
_REPORT: Final = {"type": "measurement", "exception": "alert", "component": "component"}
_SENSED: Final = ("time", "startTime", "endTime")


def bare_words(told: Told) -> list[str]:
    """Put the standard's bare word wherever a longer spelling of it stands (CBV 2.0 §6.2); other words stay.

    Returns the words that are not the standard's. What has not the shape of an event is left alone: the rules will say so.
    """
    strange: list[str] = []
    for name, words in _TOP.items():
        if name in told and (type(told[name]) is not str or told[name] not in words):
            _bare(told, name, name, strange)
    for name, kind in _TYPED.items():
        if name in told:
            for one in _objects(told[name]):
                _bare(one, "type", kind, strange)
    if "persistentDisposition" in told:
        for both in _objects([told["persistentDisposition"]]):
            for listed in both.values():
                if isinstance(listed, list):
                    listed[:] = [vocabulary.bare("disposition", word) if isinstance(word, str) else word for word in listed]
    if "errorDeclaration" in told:
        for one in _objects([told["errorDeclaration"]]):
            _bare(one, "reason", "er", strange)
            _capital(one, "declarationTime")
    _capital(told, "eventTime", "recordTime")
    if "sensorElementList" in told:
        for element in _objects(told["sensorElementList"]):
            for holder in _objects([element.get("sensorMetadata")]):
                _capital(holder, *_SENSED)
            for report in _objects(element.get("sensorReport")):
                _capital(report, *_SENSED)
                for name, kind in _REPORT.items():
                    _bare(report, name, kind, strange)
    return strange


def _objects(value: Any) -> list[Told]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _capital(holder: Told, *names: str) -> None:
    """RFC 3339 §5.6 lets ``t`` and ``z`` stand for ``T`` and ``Z``; not everybody who reads times does."""
    for name in names:
        text = holder.get(name)
        if isinstance(text, str) and not text.isupper():
            holder[name] = text.upper()


def _bare(holder: Told, name: str, kind: str, strange: list[str]) -> None:
    word = holder.get(name)
    if isinstance(word, str):
        known = vocabulary.bare(kind, word)
        if known is not word:
            holder[name] = known
        if known not in vocabulary.KINDS[kind].words:
            strange.append(word)
