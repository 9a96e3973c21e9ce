"""Status lists, what a child says of them, and a web server that has them."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from kernel.ports import Answer
from tests.suppliers import shelf

URL = "https://status.example/1"


def a_list(
    set_bits: tuple[int, ...] = (),
    *,
    since: str | None = "2026-11-22T00:00:00Z",
    until: str | None = None,
    ttl: int | None = None,
    signed: str = "",
    purpose: str = "revocation",
) -> bytes:
    bits = bytearray(131_072 // 8)
    for bit in set_bits:
        bits[bit >> 3] |= 0x80 >> (bit & 7)
    subject: dict[str, Any] = {"type": "BitstringStatusList", "statusPurpose": purpose}
    subject["encodedList"] = "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    if ttl is not None:
        subject["ttl"] = ttl
    told = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", "BitstringStatusListCredential"]}
    proof = {"verificationMethod": "did:web:status.example#k1", "proofValue": signed}
    made: dict[str, Any] = {**told, "issuer": "did:web:status.example", "credentialSubject": subject, "proof": proof}
    made |= {"validFrom": since, "validUntil": until}
    return json.dumps({name: value for name, value in made.items() if value is not None}).encode()


def entry(index: int = 7, *, url: str = URL, result: str = "active", since: str = "2026-11-22T00:00:00Z", **more: Any) -> dict[str, Any]:
    """What the child says of one list: it was looked up in the edition of ``since``, or (unknown) could not be."""
    known = {} if result == "unknown" else {"list_valid_from": since, "ttl": None}
    return {"list": url, "index": index, "purpose": "revocation", "result": result, "because": f"credential.status_{result}"} | known | more


def read(*entries: dict[str, Any]) -> dict[str, Any]:
    return shelf.SIGNED | {"credential": {"status": entries[0], "statuses": list(entries)}}


class Away:
    """Somebody's web server: it answers what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []

    def fetch(self, url: str, most: int) -> Answer:
        self.asked.append(url)
        body = self.pages.get(url)
        return Answer(200, body=body) if body is not None and len(body) <= most else Answer()
