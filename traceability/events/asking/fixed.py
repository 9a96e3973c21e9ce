"""The parameters of fixed names, each with the way to read it. Pure.

Both spellings are known where the drafts of the standard disagree: ``GE_errorDeclarationTime`` (OpenAPI) and
``GE_errorDeclaration_Time`` (query schema), ``EXISTS_sensorElementList`` and ``EXISTS_sensorElement`` (test cases).
Source: EPCIS 2.0 §8.2.7.1, its query schema and OpenAPI, GS1's test case TCR-53.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from traceability.events import vocabulary
from traceability.events.asking import naming, patterns, values
from traceability.events.asking.conditions import (
    ELEMENT,
    EVENT,
    QUANTITIES,
    QUANTITY,
    REPORT,
    Amount,
    At,
    Below,
    Is,
    Named,
    OneOf,
    There,
    plain,
)
from traceability.events.asking.questions import Asked, Draft, Match
from traceability.events.asking.values import Wrong

Reader = Callable[[Draft, Asked], None]
"""Takes one parameter into the draft. Raises Wrong."""

ROLES: Final = {
    "epc": ("epcList", "childEPCs"),
    "parentID": ("parentID",),
    "inputEPC": ("inputEPCList",),
    "outputEPC": ("outputEPCList",),
    "anyEPC": ("epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList"),
}
CLASS_ROLES: Final = {
    "epcClass": ("quantityList", "childQuantityList"),
    "inputEPCClass": ("inputQuantityList",),
    "outputEPCClass": ("outputQuantityList",),
    "anyEPCClass": QUANTITIES,
}
_RULES: Final = {"bizStep": "biz-step", "disposition": "disposition", "er": "error-reason", "measurement": "measurement"}
_EVENT_TYPE: Final = ("epcis:", "https://ref.gs1.org/epcis/")


def words(asked: Asked, kind: str) -> frozenset[str]:
    """Words of a vocabulary in any of their spellings, or URIs of somebody else's. Raises Wrong for what is neither."""
    found = set()
    for text in values.texts(asked.raw):
        why = vocabulary.strange(kind, word := vocabulary.bare(kind, text))
        if why:
            raise Wrong(_RULES[kind], why)
        found.add(naming.expanded(word, asked.known))
    return frozenset(found)


def things(raw: object) -> frozenset[str]:
    """Absolute URIs, in canonical form."""
    return frozenset(plain("thing", text) for text in values.uris(raw))


def _words(kind: str, path: tuple[str, ...], *, narrow: str = "", scope: str = EVENT, error: bool = False) -> Reader:
    def read(draft: Draft, asked: Asked) -> None:
        found = words(asked, kind)
        draft.conditions.append(OneOf(scope, path, kind, found))
        if narrow and not any(":" in word for word in found):
            draft.narrow[narrow] = found
        draft.narrow.update({"has_error": True} if error else {})

    return read


def _things(path: tuple[str, ...], *, narrow: str = "", scope: str = EVENT) -> Reader:
    def read(draft: Draft, asked: Asked) -> None:
        found = things(asked.raw)
        draft.conditions.append(OneOf(scope, path, "thing", found))
        draft.narrow.update({narrow: found} if narrow else {})

    return read


def _texts(path: tuple[str, ...], *, narrow: str = "", scope: str = EVENT, error: bool = False, uris: bool = True) -> Reader:
    def read(draft: Draft, asked: Asked) -> None:
        found = frozenset((values.uris if uris else values.texts)(asked.raw))
        draft.conditions.append(OneOf(scope, path, "text", found))
        draft.narrow.update(({narrow: found} if narrow else {}) | ({"has_error": True} if error else {}))

    return read


def _when(path: tuple[str, ...], compare: str, *, narrow: str = "", scope: str = EVENT, error: bool = False) -> Reader:
    def read(draft: Draft, asked: Asked) -> None:
        moment = values.moment(asked.raw)
        draft.conditions.append(At(scope, path, compare, moment))
        draft.narrow.update(({narrow: moment} if narrow else {}) | ({"has_error": True} if error else {}))

    return read


def _below(path: tuple[str, ...], narrow: str) -> Reader:
    def read(draft: Draft, asked: Asked) -> None:
        found = things(asked.raw)
        draft.conditions.append(Below(path, found))
        draft.narrow[narrow] = found

    return read


def _match(role: str) -> Reader:
    def read(draft: Draft, asked: Asked) -> None:
        of_class = role in CLASS_ROLES
        found = tuple(patterns.read(text, of_class) for text in values.uris(asked.raw))
        paths = tuple((name, "epcClass") for name in CLASS_ROLES[role]) if of_class else tuple((name,) for name in ROLES[role])
        draft.conditions.append(Named(paths, found))
        draft.matches.append(Match(role, found))

    return read


def _amount(scope: str, key: str, compare: str) -> Reader:
    def read(draft: Draft, asked: Asked) -> None:
        found = values.numbers(asked.raw) if compare == "EQ" else (values.number(asked.raw),)
        draft.conditions.append(Amount(scope, key, compare, found))

    return read


def _there(path: str, narrow: str) -> Reader:
    def read(draft: Draft, asked: Asked) -> None:
        if values.presence(asked.raw):
            draft.conditions.append(There(EVENT, (path,)))
            draft.narrow[narrow] = True

    return read


def _event_type(draft: Draft, asked: Asked) -> None:
    found = set()
    for text in values.texts(asked.raw):
        word = next((text.removeprefix(start) for start in _EVENT_TYPE if text.removeprefix(start) in vocabulary.EVENT_TYPES), text)
        if word not in vocabulary.EVENT_TYPES and ":" not in word:
            raise Wrong("event-type", f"{word[:80]!r} is no event type of EPCIS 2.0")
        found.add(naming.expanded(word, asked.known))
    draft.conditions.append(OneOf(EVENT, ("type",), "text", frozenset(found)))
    if not any(":" in word for word in found):
        draft.narrow["event_types"] = frozenset(found)


def _action(draft: Draft, asked: Asked) -> None:
    found = frozenset(values.texts(asked.raw))
    if not found <= vocabulary.ACTIONS:
        raise Wrong("action", "must be ADD, OBSERVE or DELETE")
    draft.conditions.append(OneOf(EVENT, ("action",), "text", found))
    draft.narrow["actions"] = found


def _boolean(draft: Draft, asked: Asked) -> None:
    draft.conditions.append(Is(REPORT, ("booleanValue",), values.flag(asked.raw)))


def _hexadecimal(draft: Draft, asked: Asked) -> None:
    draft.conditions.append(OneOf(REPORT, ("hexBinaryValue",), "hex", values.digits(asked.raw)))


def _order_by(draft: Draft, asked: Asked) -> None:
    name = str(values.single(asked.raw))
    if name not in ("eventTime", "recordTime") and ":" not in name:
        raise Wrong("order-by", "must be eventTime, recordTime or an extension field")
    draft.by = naming.asked(name, asked.known) if ":" in name else name


def _direction(draft: Draft, asked: Asked) -> None:
    draft.descending = values.choice(asked.raw, ("ASC", "DESC")) == "DESC"


def _count(name: str) -> Reader:
    def read(draft: Draft, asked: Asked) -> None:
        draft.shape[name] = values.whole(asked.raw)

    return read


def _token(draft: Draft, asked: Asked) -> None:
    (draft.shape["page_token"],) = values.texts([values.single(asked.raw)])


_BOUNDS: Final = {"GE": "from", "LT": "before"}
_IN_ERROR: Final = "errorDeclaration"
_METADATA: Final = "sensorMetadata"

FIXED: Final[dict[str, Reader]] = {
    "eventType": _event_type,
    "EQ_action": _action,
    "EQ_bizStep": _words("bizStep", ("bizStep",), narrow="biz_steps"),
    "EQ_disposition": _words("disposition", ("disposition",), narrow="dispositions"),
    "EQ_persistentDisposition_set": _words("disposition", ("persistentDisposition", "set")),
    "EQ_persistentDisposition_unset": _words("disposition", ("persistentDisposition", "unset")),
    "EQ_readPoint": _things(("readPoint", "id"), narrow="read_points"),
    "EQ_bizLocation": _things(("bizLocation", "id"), narrow="biz_locations"),
    "WD_readPoint": _below(("readPoint", "id"), "read_points_within"),
    "WD_bizLocation": _below(("bizLocation", "id"), "biz_locations_within"),
    "EQ_transformationID": _things(("transformationID",), narrow="transformation_ids"),
    "EQ_eventID": _texts(("eventID",), narrow="event_ids"),
    "EXISTS_errorDeclaration": _there(_IN_ERROR, "has_error"),
    "EQ_errorReason": _words("er", (_IN_ERROR, "reason"), error=True),
    "EQ_correctiveEventID": _texts((_IN_ERROR, "correctiveEventIDs"), error=True),
    "EXISTS_sensorElementList": _there("sensorElementList", "has_sensor"),
    "EXISTS_sensorElement": _there("sensorElementList", "has_sensor"),
    "EQ_type": _words("measurement", ("type",), scope=REPORT),
    "EQ_stringValue": _texts(("stringValue",), scope=REPORT, uris=False),
    "EQ_booleanValue": _boolean,
    "EQ_hexBinaryValue": _hexadecimal,
    "EQ_bizRules": _things((_METADATA, "bizRules"), scope=ELEMENT),
    "EQ_time": _when(("time",), "EQ", scope=REPORT),
    "orderBy": _order_by,
    "orderDirection": _direction,
    "eventCountLimit": _count("limit"),
    "maxEventCount": _count("most"),
    "perPage": _count("per_page"),
    "nextPageToken": _token,
    **{f"MATCH_{role}": _match(role) for role in (*ROLES, *CLASS_ROLES)},
    **{
        f"EQ_{key}": _things((key,), scope=REPORT)
        for key in ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "microorganism", "chemicalSubstance", "uriValue")
    },
    **{f"{op}_eventTime": _when(("eventTime",), op, narrow=f"event_{bound}") for op, bound in _BOUNDS.items()},
    **{f"{op}_recordTime": _when((), op, narrow=f"recorded_{bound}") for op, bound in _BOUNDS.items()},
    **{
        f"{op}_{name}": _when((_IN_ERROR, "declarationTime"), op, error=True)
        for op in _BOUNDS
        for name in ("errorDeclarationTime", "errorDeclaration_Time")
    },
    **{f"{op}_time": _when(("time",), op, scope=REPORT) for op in _BOUNDS},
    **{f"{op}_{key}": _when((_METADATA, key), op, scope=ELEMENT) for op in _BOUNDS for key in ("startTime", "endTime")},
    **{f"{op}_quantity": _amount(QUANTITY, "quantity", op) for op in ("EQ", "GT", "GE", "LT", "LE")},
    **{f"{op}_{key}": _amount(REPORT, key, op) for op in ("EQ", "GT", "GE", "LT", "LE") for key in ("percRank", "sDev", "percValue")},
}
"""Name → its reader. ``sDev`` and ``percValue`` without a unit, as TCR-53 asks, compare the bare numbers."""
