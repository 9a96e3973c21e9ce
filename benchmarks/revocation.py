"""Seconds from the revocation of a paper to every consumer page that leans on it saying so, and holding the item.

    python benchmarks/revocation.py [--quick]

Real processes, embedded default; two ways in which a paper falls:
desk  quality staff revoke a permit of the farm: the clock starts when the button is pressed.
list  an issuer sets the bit of a credential in its status list (W3C Bitstring Status List): the clock starts when the changed list is
      there, so to what is printed comes the time until it is asked for, at most 40 seconds; its signature, the bit, every check and
      the standing are judged anew in the worker, in a child process of its own.
Each time a sample of the lot's pages is asked until all say "on hold" and name the paper as revoked. The peer is the shortest way there
could be: the same lot held directly by one API call. Last line: desk_to_page_seconds and list_to_page_seconds (medians), the
worst rounds, and the peer's median.
"""

from __future__ import annotations

import base64
import gzip
import json
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from app import seed_papers
from app.database import Database
from app.demo import Batch, Home, Visitor, at_desk, house, make_lot, verdict_of, wait_for
from app.house import open_database
from benchmarks.habit import arguments, emit, median, note
from kernel.unit import Actor, system
from suppliers import certificates, trust
from suppliers.facts import StatusListsDue
from suppliers.models import StatusList

ISSUER, LIST = "did:web:assurance.example", "https://assurance.example/status/1"
PLACE = 7
"""Of the credential in its list."""


@dataclass
class Issuer:
    """Somebody who signs credentials and the list of those it takes back (ES256, VC-JOSE)."""

    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def document(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "x": _b64(numbers.x.to_bytes(32, "big")), "y": _b64(numbers.y.to_bytes(32, "big"))}
        method = {"id": f"{ISSUER}#k1", "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": jwk}
        return {"id": ISSUER, "verificationMethod": [method], "assertionMethod": [f"{ISSUER}#k1"]}

    def credential(self, holder: str) -> bytes:
        entry = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
        entry |= {"statusListIndex": str(PLACE), "statusListCredential": LIST}
        return self._signed(
            {
                "id": "https://assurance.example/c/1",
                "type": ["VerifiableCredential"],
                "credentialSubject": {"name": holder},
                "credentialStatus": entry,
                "validFrom": _days(-30),
                "validUntil": _days(330),
            }
        )

    def list(self, *, revoked: bool) -> bytes:
        bits = bytearray(131_072 // 8)
        bits[PLACE >> 3] |= (0x80 >> (PLACE & 7)) if revoked else 0
        subject = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": "u" + _b64(gzip.compress(bytes(bits)))}
        kinds = ["VerifiableCredential", "BitstringStatusListCredential"]
        since = datetime.now(UTC) - timedelta(seconds=1 if revoked else 3600)
        return self._signed({"id": LIST, "type": kinds, "credentialSubject": subject, "validFrom": f"{since:%Y-%m-%dT%H:%M:%SZ}"})

    def _signed(self, told: dict[str, Any]) -> bytes:
        head = {"alg": "ES256", "typ": "vc+jwt", "kid": f"{ISSUER}#k1"}
        body = {"@context": ["https://www.w3.org/ns/credentials/v2"], "issuer": ISSUER, **told}
        text = f"{_b64(json.dumps(head).encode())}.{_b64(json.dumps(body).encode())}".encode()
        r, s = utils.decode_dss_signature(self.key.sign(text, ec.ECDSA(hashes.SHA256())))
        return text + b"." + _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big")).encode()


def a_round(sample: int) -> tuple[float, float, float]:
    """Seconds by the desk, by the list, and of the peer, in one house: three lots, of which each falls alone."""
    with house() as home:
        database, issuer = open_database(home.settings), Issuer()
        paper = _hand_in(database, home, issuer)
        made = {name: make_lot(home, name=name, minutes=25, count=100, bound=50) for name in ("REVOKE-A", "REVOKE-C")}
        listed = make_lot(home, name="REVOKE-B", minutes=25, count=100, bound=50, papers=(paper,))
        peer = directly(home, made["REVOKE-C"], sample)
        by_list = revoked_by_list(home, listed, database, issuer.list(revoked=True), sample)
        by_desk = revoked_at_desk(home, made["REVOKE-A"], _paper(database, home, "raw_milk_purchase"), sample)
        database.engine.dispose()
        return by_desk, by_list, peer


def revoked_at_desk(home: Home, lot: Batch, permit: str, sample: int) -> float:
    desk, page = at_desk(home, "quality"), f"/desk/papers/{permit}"
    desk.get(page)
    began = time.perf_counter()
    desk.post(page, decision="reject", reason="登记系统显示已注销")
    return until_all_say_so(home, lot, sample, began)


def revoked_by_list(home: Home, lot: Batch, database: Database, changed: bytes, sample: int) -> float:
    began = time.perf_counter()
    brand = system(home.planted.brand_id)
    with database.look(brand) as unit:
        came = certificates.status_lists.compare(unit, {LIST: changed})
    with database.begin(brand) as unit:
        certificates.status_lists.on_status_lists_due(unit, StatusListsDue([]), came)
    return until_all_say_so(home, lot, sample, began)


def directly(home: Home, lot: Batch, sample: int) -> float:
    began = time.perf_counter()
    home.machine.post("/holds", {"lot_id": lot.lot_id, "reason": "benchmark"})
    return until_all_say_so(home, lot, sample, began, named=False)


def until_all_say_so(home: Home, lot: Batch, sample: int, began: float, *, named: bool = True) -> float:
    visitor = Visitor(home.url)
    waiting = [home.here(link) for link in lot.links[:sample]]

    def says(path: str) -> bool:
        page = visitor.get(path)
        return verdict_of(page) == "on_hold" and ('data-standing="revoked"' in page or not named)

    def all_changed() -> bool:
        waiting[:] = [path for path in waiting if not says(path)]
        return not waiting

    wait_for(all_changed, seconds=60)
    return time.perf_counter() - began


def _hand_in(database: Database, home: Home, issuer: Issuer) -> str:
    """A signed credential about the farm that stands: its issuer is on the trust list, and its list was fetched and says nothing yet."""
    brand, today = home.planted.brand_id, date.today()
    with database.begin(system(brand)) as unit:
        trust.add_issuer(unit, name="Example Assurance", dids=[ISSUER], hosts=["assurance.example"])
        trust.keep_documents(unit, {ISSUER: issuer.document()})
        unit.session.add(
            StatusList(
                id=unit.new_id(),
                url=LIST,
                sha256=unit.outside.vault.put(issuer.list(revoked=False)),
                valid_from=unit.now - timedelta(hours=1),
                fetched_at=unit.now,
                ask_at=unit.now + timedelta(days=1),
                failures=0,
            )
        )
        farm = next(row["id"] for row in home.machine.get("/suppliers") if row["name"] == seed_papers.FARM)
        paper = certificates.submit(
            unit,
            supplier_id=farm,
            kind="conformity_credential",
            number="https://assurance.example/c/1",
            holder_name=seed_papers.FARM,
            issuer_name="Example Assurance",
            valid_from=today - timedelta(days=30),
            valid_until=today + timedelta(days=330),
            content=issuer.credential(seed_papers.FARM),
            filename="credential.jwt",
        ).id
    wait_for(lambda: _standing(database, brand, paper) != "submitted", seconds=60)
    if _standing(database, brand, paper) == "needs_person":
        with database.begin(Actor("quality", "benchmark", brand)) as unit:
            certificates.decide(unit, certificate_id=paper, decision="accept", reason="benchmark")
    if _standing(database, brand, paper) != "verified":
        with database.look(system(brand)) as unit:
            raise OSError(f"the credential does not stand: {certificates.get(unit, paper).because}")
    return paper


def _standing(database: Database, brand: str, paper: str) -> str:
    with database.look(system(brand)) as unit:
        return certificates.get(unit, paper).standing


def _paper(database: Database, home: Home, kind: str) -> str:
    with database.look(system(home.planted.brand_id)) as unit:
        return certificates.listed(unit, kind=kind)[0].id


def _b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _days(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def main() -> None:
    given = arguments(__doc__ or "")
    rounds = given.rounds or (1 if given.quick else 5)
    sample = 20
    desk: list[float] = []
    lists: list[float] = []
    peer: list[float] = []
    for number in range(rounds):
        for found, seconds in zip((desk, lists, peer), a_round(sample), strict=True):
            found.append(seconds)
        note(f"round {number + 1}: desk {desk[-1]:.3f} s, list {lists[-1]:.3f} s, direct hold {peer[-1]:.3f} s")
    emit(
        peer="direct hold by the API",
        rounds=rounds,
        pages=sample,
        desk_to_page_seconds=median(desk),
        worst_desk_seconds=round(max(desk), 4),
        list_to_page_seconds=median(lists),
        worst_list_seconds=round(max(lists), 4),
        direct_hold_seconds=median(peer),
    )


if __name__ == "__main__":
    main()
