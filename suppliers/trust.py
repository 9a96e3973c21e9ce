"""Whom this brand believes: issuers with the kinds of papers they may issue, and roots of signatures.

What is believed no more stays written down, with the day on which that ended: papers were judged on it. How an
issuer was written before it was changed, or that it had ended once, is told by the audit trail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing, Refused
from kernel.given import Given
from kernel.unit import Unit
from suppliers.facts import TrustChanged
from suppliers.identifiers import tidy, uscc_flaw
from suppliers.known_documents import FRESH, keep_documents, kept_documents
from suppliers.models import TrustAnchor, TrustedIssuer
from suppliers.reachable import LONGEST, MOST_FETCHED, Reachable
from suppliers.requirements import KINDS

__all__ = [
    "FRESH",
    "KEEPERS",
    "LONGEST",
    "MOST",
    "MOST_FETCHED",
    "IssuerEnded",
    "IssuerKnown",
    "Reachable",
    "add_anchor",
    "add_issuer",
    "anchors",
    "change_issuer",
    "end_anchor",
    "end_issuer",
    "issuers",
    "keep_documents",
    "kept_documents",
    "reachable",
]

KEEPERS: Final = ("quality", "brand_admin", "machine", "system")
MOST: Final = 40
"""Names, hosts or identifiers of one issuer."""
_HOST: Final = re.compile(r"(?=.{1,120}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_DID: Final = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,180}")


class IssuerKnown(Conflict):
    """An issuer of this name stands on the trust list already. Change that one instead."""

    code = "issuer-known"
    title = "This issuer is already on the trust list"


class IssuerEnded(Conflict):
    """This issuer is believed no more. Add it again to believe it again."""

    code = "issuer-ended"
    title = "This issuer is no longer on the trust list"


def add_issuer(
    unit: Unit,
    *,
    name: str,
    names: Iterable[str] = (),
    uscc: str | None = None,
    kinds: Iterable[str] = (),
    hosts: Iterable[str] = (),
    dids: Iterable[str] = (),
    accreditation: str | None = None,
    accredited_until: date | None = None,
) -> TrustedIssuer:
    """Believe this issuer on papers of ``kinds`` (none named: of any kind). One of this name that had ended is
    believed again, with these words."""
    _by_quality(unit)
    words = _words(name, names, uscc, kinds, hosts, dids, accreditation, accredited_until)
    row = unit.session.scalar(select(TrustedIssuer).where(TrustedIssuer.name == words["name"]).with_for_update())
    again = row is not None
    if row is None:
        row = TrustedIssuer(id=unit.new_id(), documents={}, **words)
    elif row.ended_at is None:
        raise IssuerKnown("an issuer of this name is on the list")
    _write(unit, row, words)
    row.ended_at = None
    unit.record("issuer.trusted", "trusted_issuer", row.id, kinds=row.kinds, again=again)
    unit.tell(TrustChanged(trusted=True, what="issuer"))
    return row


def change_issuer(
    unit: Unit,
    *,
    issuer_id: str,
    name: str,
    names: Iterable[str] = (),
    uscc: str | None = None,
    kinds: Iterable[str] = (),
    hosts: Iterable[str] = (),
    dids: Iterable[str] = (),
    accreditation: str | None = None,
    accredited_until: date | None = None,
) -> TrustedIssuer:
    """Put these words in the place of all that is written of an issuer: what is not named is gone. Papers may fall by it or
    come to stand, so both are told; where nothing changes, nothing is. Raises IssuerEnded, and IssuerKnown for a name that another has."""
    _by_quality(unit)
    row = _issuer(unit, issuer_id)
    words = _words(name, names, uscc, kinds, hosts, dids, accreditation, accredited_until)
    if row.ended_at is not None:
        raise IssuerEnded("this issuer is believed no more")
    before = {field: getattr(row, field) for field, value in words.items() if getattr(row, field) != value}
    if before:
        _write(unit, row, words)
        unit.record("issuer.changed", "trusted_issuer", row.id, before={field: _plain(value) for field, value in before.items()})
        for trusted in (True, False):
            unit.tell(TrustChanged(trusted=trusted, what="issuer"))
    return row


def end_issuer(unit: Unit, *, issuer_id: str) -> TrustedIssuer:
    """Believe it no more. What was judged before stands until it is judged again."""
    _by_quality(unit)
    row = _issuer(unit, issuer_id)
    if row.ended_at is None:
        row.ended_at = unit.now
        unit.record("issuer.distrusted", "trusted_issuer", row.id)
        unit.tell(TrustChanged(trusted=False, what="issuer"))
    return row


def issuers(unit: Unit, *, ended: bool = False) -> list[TrustedIssuer]:
    """The trust list by name; ``ended``: with those that are believed no more."""
    query = select(TrustedIssuer).order_by(TrustedIssuer.name, TrustedIssuer.id)
    return list(unit.session.scalars(query if ended else query.where(TrustedIssuer.ended_at.is_(None))))


def reachable(unit: Unit) -> Reachable:
    """What may be fetched, as the list stands now."""
    return Reachable.of(issuers(unit))


def add_anchor(unit: Unit, *, name: str, pem: str, crl: bytes | None = None) -> TrustAnchor:
    """Believe signatures that lead to this root (PEM). ``crl`` is its revocation list, DER."""
    _by_quality(unit)
    given = Given()
    name = given.text("/name", name, 120)
    if not _is_certificate(pem):
        given.wrong("/pem", "pem", "must be one certificate in PEM")
    if crl is not None and not _is_crl(crl):
        given.wrong("/crl", "crl", "must be a certificate revocation list in DER")
    given.done()
    row = TrustAnchor(id=unit.new_id(), name=name, pem=pem.strip() + "\n", crl=crl, added_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    unit.record("anchor.added", "trust_anchor", row.id, revocation=crl is not None)
    unit.tell(TrustChanged(trusted=True, what="anchor"))
    return row


def end_anchor(unit: Unit, *, anchor_id: str) -> TrustAnchor:
    """Believe signatures under this root no more."""
    _by_quality(unit)
    row = unit.session.get(TrustAnchor, anchor_id) if isinstance(anchor_id, str) else None
    if row is None:
        raise Missing("no such root")
    if row.ended_at is None:
        row.ended_at = unit.now
        unit.record("anchor.ended", "trust_anchor", row.id)
        unit.tell(TrustChanged(trusted=False, what="anchor"))
    return row


def anchors(unit: Unit, *, ended: bool = False) -> list[TrustAnchor]:
    """The roots that are believed, oldest first; ``ended``: with those that are believed no more."""
    query = select(TrustAnchor).order_by(TrustAnchor.id)
    return list(unit.session.scalars(query if ended else query.where(TrustAnchor.ended_at.is_(None))))


def _by_quality(unit: Unit) -> None:
    if unit.actor.kind not in KEEPERS:
        raise Refused("only quality staff choose whom to believe")


def _issuer(unit: Unit, issuer_id: object) -> TrustedIssuer:
    query = select(TrustedIssuer).where(TrustedIssuer.id == issuer_id).with_for_update()
    row = unit.session.scalar(query) if isinstance(issuer_id, str) else None
    if row is None:
        raise Missing("no such issuer")
    return row


def _words(
    name: str,
    names: Iterable[str],
    uscc: str | None,
    kinds: Iterable[str],
    hosts: Iterable[str],
    dids: Iterable[str],
    accreditation: str | None,
    accredited_until: date | None,
) -> dict[str, Any]:
    given = Given()
    words: dict[str, Any] = {
        "name": given.text("/name", name, 120),
        "names": [given.text(f"/names/{at}", each, 120) for at, each in enumerate(_few(given, "/names", names))],
        "kinds": [given.choice(f"/kinds/{at}", each, tuple(KINDS)) for at, each in enumerate(_few(given, "/kinds", kinds))],
        "hosts": [_formed(given, f"/hosts/{at}", each.lower(), _HOST, "host") for at, each in enumerate(_few(given, "/hosts", hosts))],
        "dids": [_formed(given, f"/dids/{at}", each, _DID, "did") for at, each in enumerate(_few(given, "/dids", dids))],
        "uscc": tidy(given.optional("/uscc", uscc, 40) or "") or None,
        "accreditation": given.optional("/accreditation", accreditation, 80),
        "accredited_until": accredited_until,
    }
    if words["uscc"] and uscc_flaw(words["uscc"]) in ("shape", "organisation"):
        given.wrong("/uscc", "uscc", "is not a valid unified social credit code")
    if accredited_until is not None and type(accredited_until) is not date:
        given.wrong("/accredited_until", "date", "must be a date")
    given.done()
    return words


def _write(unit: Unit, row: TrustedIssuer, words: dict[str, Any]) -> None:
    """``added_at`` is since when it is believed as it is written: readings made before that are made again."""
    try:
        with unit.session.begin_nested():
            for field, value in words.items():
                setattr(row, field, value)
            row.added_at, row.added_by = unit.now, unit.actor.id
            row.documents = {did: kept for did, kept in (row.documents or {}).items() if did in row.dids}
            unit.session.add(row)
            unit.session.flush()
    except IntegrityError:
        raise IssuerKnown("an issuer of this name is on the list") from None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _few(given: Given, pointer: str, values: Iterable[str]) -> list[str]:
    found = [each.strip() for each in values if isinstance(each, str) and each.strip()]
    if len(found) > MOST:
        given.wrong(pointer, "many", f"at most {MOST}", most=MOST)
    return found[:MOST]


def _formed(given: Given, pointer: str, value: str, form: re.Pattern[str], rule: str) -> str:
    if not form.fullmatch(value):
        given.wrong(pointer, rule, f"is not a {rule}")
    return value


def _is_certificate(pem: object) -> bool:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return isinstance(pem, str) and len(pem) < 65_536 and len(load_pem_x509_certificates(pem.encode())) == 1
    except ValueError:
        return False


def _is_crl(der: object) -> bool:
    from cryptography.x509 import load_der_x509_crl

    try:
        return isinstance(der, bytes) and load_der_x509_crl(der) is not None
    except ValueError:
        return False
