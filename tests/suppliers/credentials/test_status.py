"""Status lists: believed only when they are the issuer's, whole, in force, and not older than one already seen."""

from __future__ import annotations

import gzip
import time
from typing import Any

import pytest

from suppliers.credentials import bitstring
from suppliers.credentials.refusals import Refused
from tests.suppliers.credentials.making import (
    DOCUMENTS,
    LIST,
    b64,
    bits,
    credential,
    did_document,
    entry,
    proven,
    seen,
    signer,
    status_list,
    token,
)

OTHER = "did:web:lists.example"


def asked(entries: Any = None, listing: bytes | None = None, **more: Any) -> dict[str, Any]:
    lists = {LIST: token(status_list(bits(7))) if listing is None else listing}
    answer: dict[str, Any] = seen(token(credential(credentialStatus=entry() if entries is None else entries)), **{"lists": lists, **more})
    return answer


def state(*given: Any, **more: Any) -> tuple[str, str]:
    status = asked(*given, **more)["status"]
    return status["result"], status["because"].removeprefix("credential.status_")


def test_a_set_bit_revokes_and_its_neighbours_do_not() -> None:
    assert state() == ("revoked", "revoked")
    assert state(entry(7)) == ("revoked", "revoked")
    assert state(entry("6")) == state(entry("8")) == ("active", "active")
    assert state(entry(purpose="suspension"), token(status_list(bits(7), "suspension"))) == ("suspended", "suspended")
    assert state(entry(), token(status_list(bits(7), ["revocation", "suspension"]))) == ("revoked", "revoked")


def test_the_worst_of_several_entries_counts() -> None:
    assert state([entry("6"), entry("7")]) == ("revoked", "revoked")
    assert state([entry("6"), entry("6", url="https://cab.example/status/2")]) == ("unknown", "not_fetched")
    assert state([entry("7"), entry("6", url="https://cab.example/status/2")]) == ("revoked", "revoked")


def test_no_entry_is_not_a_good_entry() -> None:
    assert seen(token(credential()))["status"] == {
        "result": "unknown", "because": "credential.status_none", "purpose": None, "list": None, "index": None,
    }  # fmt: skip


def test_a_list_that_is_not_there_is_asked_for() -> None:
    answer = asked(lists={})
    assert (answer["status"]["because"], answer["asks"]["lists"]) == ("credential.status_not_fetched", [LIST])
    assert asked(entry(url="http://169.254.169.254/"), lists={})["asks"]["lists"] == []


@pytest.mark.parametrize("index", ["-1", "+7", "7.0", " 7", "٧", "", "7" * 13, 7.0, True, None, -1, ["7"], {"@value": "7"}])
def test_an_index_is_digits_or_an_integer(index: Any) -> None:
    assert state(entry(index)) == ("unknown", "index")


@pytest.mark.parametrize(
    ("listing", "because"),
    [
        (b"not json", "list"),
        (token(credential(id=LIST)), "list"),
        (token(status_list(bits(7)), signer()), "unproved"),
        (token(status_list(bits(7), issuer=OTHER)), "issuer"),
        (b'{"issuer": "did:web:cab.example", "type": "VerifiableCredential"}', "unproved"),
        (token(status_list(bits(7), "suspension")), "purpose"),
        (token(status_list(bits(7), id="https://cab.example/status/2")), "other_list"),
        (token(status_list(bits(7), validFrom="2026-12-01T00:00:00Z")), "not_yet"),
        (token(status_list(bits(7), validUntil="2026-11-21T00:00:00Z")), "stale"),
        (token(status_list(bits(7), validUntil="never")), "list"),
        (token(status_list(bits(7, entries=8000))), "length"),
        (token(status_list("z" + bits(7)[1:])), "encoding"),
        (token(status_list(bits(7)[:-9])), "encoding"),
        (token(status_list("u" + b64(gzip.compress(bytes(16384)) + b"x"))), "encoding"),
        (token(status_list("u" + b64(gzip.compress(bytes(8192)) + gzip.compress(bytes(8192))))), "encoding"),
        (token(status_list(bits(7), subject={"encodedList": 5})), "encoding"),
        (token(status_list(bits(7), subject={"type": "Other"})), "list"),
    ],
)
def test_a_list_that_cannot_be_believed_makes_nothing_active(listing: bytes, because: str) -> None:
    assert state(entry("6"), listing) == ("unknown", because)


def test_a_list_by_another_issuer_needs_to_be_allowed() -> None:
    key = signer()
    listing = token(status_list(bits(7), issuer=OTHER), key, header={"kid": f"{OTHER}#k1"})
    documents = {**DOCUMENTS, OTHER: did_document(key, OTHER)}
    assert state(entry(), listing, documents=documents) == ("unknown", "issuer")
    assert state(entry(), listing, documents=documents, list_issuers=[OTHER]) == ("revoked", "revoked")
    assert asked(entry(), listing, list_issuers=[OTHER])["asks"]["dids"] == [OTHER]


def test_a_list_older_than_one_already_seen_is_a_rollback() -> None:
    for floor, result in (("2026-11-01T00:00:00Z", "active"), ("2026-11-02T00:00:00Z", "unknown")):
        assert state(entry("6"), list_floors={LIST: floor})[0] == result
    assert state(entry("6"), token(status_list(bits(), validFrom=...)), list_floors={LIST: "2026-11-01T00:00:00Z"})[1] == "rolled_back"


def test_a_copy_kept_longer_than_its_ttl_is_stale() -> None:
    listing = token(status_list(bits(), subject={"ttl": 3_600_000}))
    assert state(entry(), listing, list_fetched={LIST: "2026-11-22T11:00:00Z"}) == ("active", "active")
    assert state(entry(), listing, list_fetched={LIST: "2026-11-22T09:00:00Z"}) == ("unknown", "stale")
    assert asked(entry(), listing)["status"]["ttl"] == 3_600_000


def test_lists_may_be_secured_by_data_integrity_or_enveloped() -> None:
    key = signer("Ed25519")
    bare = status_list(bits(7), issuer=key.did_key)
    for suite in ("eddsa-jcs-2022", "eddsa-rdfc-2022"):
        content = proven(credential(issuer=key.did_key, credentialStatus=entry()), key, suite)
        answer = seen(content, lists={LIST: __import__("json").dumps(proven(bare, key, suite)).encode()})
        assert answer["status"]["result"] == "revoked"
        assert answer["proof"]["result"] == "passed"


def test_messages_are_for_people() -> None:
    messages = [{"status": f"0x{value}", "message": f"m{value}"} for value in range(4)]
    value = bytearray(32768)
    value[7 * 2 >> 3] |= 0b10 << 6 >> (7 * 2 & 7)
    listing = token(status_list("u" + b64(gzip.compress(bytes(value))), "message"))
    status = asked(entry(purpose="message", statusSize=2, statusMessage=messages), listing)["status"]
    assert (status["result"], status["message"]) == ("unknown", "m2")
    assert state(entry("6", purpose="message", statusSize=2, statusMessage=messages), listing) == ("active", "message")
    assert state(entry(purpose="message", statusSize=2, statusMessage=messages[:2]), listing) == ("unknown", "entry")


@pytest.mark.parametrize(
    ("entries", "because"),
    [
        ({"type": "RevocationList2020Status", "revocationListIndex": 3}, "kind"),
        ({"type": "StatusList2021Entry", "statusListIndex": "3"}, "kind"),
        ("https://cab.example/status/1#7", "entry"),
        ({**entry(), "statusPurpose": None}, "entry"),
        ({**entry(), "statusListCredential": "list"}, "entry"),
        ({**entry(), "statusSize": 0}, "size"),
        ({**entry(), "statusSize": "1"}, "size"),
        ({**entry(), "statusSize": 2}, "size"),
        ([entry()] * 9, "too_many"),
        (entry("131072"), "range"),
        (entry("999999999999"), "range"),
    ],
)
def test_entries_that_say_nothing_are_unknown(entries: Any, because: str) -> None:
    assert state(entries) == ("unknown", because)


def test_a_bomb_is_refused_within_its_bound() -> None:
    bomb = "u" + b64(gzip.compress(bytes(256 * 1024 * 1024), 9))
    began = time.process_time()
    with pytest.raises(Refused, match=r"credential\.status_too_large"):
        bitstring.unpack(bomb)
    assert time.process_time() - began < 1
