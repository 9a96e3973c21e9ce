"""Has the issuer taken it back? The status lists that a credential names (Bitstring Status List 1.0, section 3.2). Pure.

A list is believed only when its own proof holds and its issuer is the credential's (or one
that the caller allows), when it is in force, and when it is not older than one already seen.
Whatever is missing makes the answer *unknown*, never *active*.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from suppliers.credentials import bitstring
from suppliers.credentials.enveloped import open_content
from suppliers.credentials.moments import moment
from suppliers.credentials.parts import listed, types_of
from suppliers.credentials.refusals import Refused
from suppliers.credentials.urls import is_url
from suppliers.credentials.verifying import Given, issuer_of, verify

MAX_ENTRIES: Final = 8
GRACE: Final = timedelta(hours=1)
_WORST: Final = ("revoked", "suspended", "unknown", "active")
_SET: Final = {"revocation": "revoked", "suspension": "suspended"}


@dataclass(frozen=True)
class Trust:
    """What the caller knows of lists: other ``issuers`` it allows; ``floors`` list URL to the latest ``validFrom`` seen
    (ISO; an older list is a rollback); ``fetched`` list URL to when it was fetched (ISO; ``ttl`` counts from there)."""

    issuers: Collection[str] = ()
    floors: Mapping[str, str] = field(default_factory=dict)
    fetched: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Status:
    """``answer`` for the worst entry, ``entries`` one by one, and what to fetch."""

    answer: dict[str, Any]
    entries: tuple[dict[str, Any], ...] = ()
    lists: tuple[str, ...] = ()
    dids: tuple[str, ...] = ()


class _Unknown(Exception):
    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


def ask(document: Mapping[str, Any], given: Given, trust: Trust) -> Status:
    """``result`` active, revoked, suspended or unknown; ``because``, ``purpose``, ``list``, ``index``. Never raises."""
    entries = listed(document.get("credentialStatus"))
    if not entries:
        return Status(_answer("unknown", "credential.status_none"))
    if len(entries) > MAX_ENTRIES:
        return Status(_answer("unknown", "credential.status_too_many"))
    lists: set[str] = set()
    dids: set[str] = set()
    answers = [_entry(each, document, given, trust, lists, dids) for each in entries]
    return Status(min(answers, key=lambda each: _WORST.index(each["result"])), tuple(answers), tuple(sorted(lists)), tuple(sorted(dids)))


def _answer(result: str, because: str, **more: Any) -> dict[str, Any]:
    return {"result": result, "because": because, "purpose": None, "list": None, "index": None, **more}


def _entry(entry: Any, document: Mapping[str, Any], given: Given, trust: Trust, lists: set[str], dids: set[str]) -> dict[str, Any]:
    if not isinstance(entry, dict):
        return _answer("unknown", "credential.status_entry")
    about: dict[str, Any] = {"purpose": _short(entry.get("statusPurpose")), "list": _short(entry.get("statusListCredential"))}
    try:
        index = bitstring.index_of(entry.get("statusListIndex")) if "BitstringStatusListEntry" in types_of(entry) else None
        about["index"] = index
        return {**_answer("unknown", ""), **about, **_looked_up(entry, index, document, given, trust)}
    except _Unknown as unknown:
        lists.update(unknown.more.get("lists", ()))
        dids.update(unknown.more.get("dids", ()))
        return _answer("unknown", unknown.code, **about)
    except Refused as refused:
        return _answer("unknown", refused.code, **about)


def _looked_up(entry: dict[str, Any], index: int | None, document: Mapping[str, Any], given: Given, trust: Trust) -> dict[str, Any]:
    if index is None:
        raise _Unknown("credential.status_kind")
    purpose, url = entry.get("statusPurpose"), entry.get("statusListCredential")
    if not isinstance(purpose, str) or not is_url(url):
        raise _Unknown("credential.status_entry")
    size = bitstring.size_of(entry.get("statusSize"))
    if size != 1 and purpose in _SET:
        raise _Unknown("credential.status_size")
    listing = _believed(str(url), document, given, trust)
    subject = listing["credentialSubject"]
    if purpose not in listed(subject.get("statusPurpose")):
        raise _Unknown("credential.status_purpose")
    value = bitstring.entry(bitstring.unpack(subject.get("encodedList")), index, size)
    more = {"list_valid_from": _short(listing.get("validFrom")), "ttl": _ttl(subject)}
    return {**_meaning(entry, purpose, value, size), **more}


def _meaning(entry: dict[str, Any], purpose: str, value: int, size: int) -> dict[str, Any]:
    """What a value means for its purpose. A message is for people: anything but zero is not ours to judge."""
    if purpose in _SET:
        result = _SET[purpose] if value else "active"
        return {"result": result, "because": f"credential.status_{result}"}
    if purpose == "refresh":
        return {"result": "active", "because": "credential.status_refresh" if value else "credential.status_active"}
    if purpose == "message":
        return {"result": "unknown" if value else "active", "because": "credential.status_message", "message": _message(entry, value, size)}
    return {
        "result": "unknown" if value else "active",
        "because": "credential.status_purpose_other" if value else "credential.status_active",
    }


def _message(entry: dict[str, Any], value: int, size: int) -> str | None:
    messages = listed(entry.get("statusMessage"))
    if messages and len(messages) != 2**size:
        raise _Unknown("credential.status_entry")
    for each in messages:
        if isinstance(each, dict) and str(each.get("status")).lower() in (hex(value), f"0x{value:02x}"):
            return _short(each.get("message"))
    return None


def _believed(url: str, document: Mapping[str, Any], given: Given, trust: Trust) -> dict[str, Any]:
    """The list credential behind ``url``, once everything about it holds."""
    content = given.lists.get(url)
    if content is None:
        raise _Unknown("credential.status_not_fetched", lists=[url] if url.startswith("https://") else [])
    try:
        opened = open_content(content)
    except Refused as refused:
        raise _Unknown("credential.status_list") from refused
    listing, issuer = opened.document, issuer_of(opened.document)
    if issuer is None or (issuer != issuer_of(document) and issuer not in trust.issuers):
        raise _Unknown("credential.status_issuer")
    verified = verify(opened, given)
    if not verified.by_issuer:
        raise _Unknown("credential.status_unproved", dids=verified.dids)
    subject = listing.get("credentialSubject")
    kinds = types_of(subject) if isinstance(subject, dict) else []
    if "BitstringStatusListCredential" not in types_of(listing) or "BitstringStatusList" not in kinds:
        raise _Unknown("credential.status_list")
    if "id" in listing and listing["id"] != url:
        raise _Unknown("credential.status_other_list")
    _check_age(url, listing, given.at, trust)
    return listing


def _check_age(url: str, listing: Mapping[str, Any], at: datetime, trust: Trust) -> None:
    begin, end = moment(listing.get("validFrom")), moment(listing.get("validUntil"))
    if ("validFrom" in listing and begin is None) or ("validUntil" in listing and end is None):
        raise _Unknown("credential.status_list")
    if begin is not None and begin > at:
        raise _Unknown("credential.status_not_yet")
    if end is not None and end < at:
        raise _Unknown("credential.status_stale")
    floor = moment(trust.floors.get(url))
    if floor is not None and (begin is None or begin < floor):
        raise _Unknown("credential.status_rolled_back")
    fetched, ttl = moment(trust.fetched.get(url)), _ttl(listing["credentialSubject"])
    if fetched is not None and ttl is not None and fetched + timedelta(milliseconds=min(ttl, 10**12)) + GRACE < at:
        raise _Unknown("credential.status_stale")


def _ttl(subject: Mapping[str, Any]) -> int | None:
    """Milliseconds for which a copy may be kept; it never lengthens ``validUntil``."""
    ttl = subject.get("ttl")
    return ttl if isinstance(ttl, int) and not isinstance(ttl, bool) and ttl >= 0 else None


def _short(value: Any) -> str | None:
    return value[:500] if isinstance(value, str) else None
