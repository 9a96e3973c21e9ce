"""Whom this brand believes: issuers with the kinds of papers they may issue, and roots of signatures.

What is believed no more stays written down, with the day on which that ended: papers were judged on it.
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
from suppliers.models import TrustAnchor, TrustedIssuer
from suppliers.requirements import KINDS

KEEPERS: Final = ("quality", "brand_admin", "system")
MOST: Final = 40
"""Names, hosts or identifiers of one issuer."""
_HOST: Final = re.compile(r"(?=.{1,120}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_DID: Final = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,180}")


class IssuerKnown(Conflict):
    """An issuer of this name stands on the trust list already. Change that one instead."""

    code = "issuer-known"
    title = "This issuer is already on the trust list"


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
    """Believe this issuer on papers of ``kinds`` (none named: of any kind)."""
    _by_quality(unit)
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
    row = TrustedIssuer(id=unit.new_id(), added_at=unit.now, added_by=unit.actor.id, documents={}, **words)
    try:
        with unit.session.begin_nested():
            unit.session.add(row)
            unit.session.flush()
    except IntegrityError:
        raise IssuerKnown("an issuer of this name is on the list") from None
    unit.record("issuer.trusted", "trusted_issuer", row.id, kinds=row.kinds)
    unit.tell(TrustChanged(trusted=True))
    return row


def end_issuer(unit: Unit, *, issuer_id: str) -> TrustedIssuer:
    """Believe it no more. What was judged before stands until it is judged again."""
    _by_quality(unit)
    row = unit.session.get(TrustedIssuer, issuer_id) if isinstance(issuer_id, str) else None
    if row is None:
        raise Missing("no such issuer")
    if row.ended_at is None:
        row.ended_at = unit.now
        unit.record("issuer.distrusted", "trusted_issuer", row.id)
        unit.tell(TrustChanged(trusted=False))
    return row


def issuers(unit: Unit, *, ended: bool = False) -> list[TrustedIssuer]:
    """The trust list by name; ``ended``: with those that are believed no more."""
    query = select(TrustedIssuer).order_by(TrustedIssuer.name, TrustedIssuer.id)
    return list(unit.session.scalars(query if ended else query.where(TrustedIssuer.ended_at.is_(None))))


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
    unit.tell(TrustChanged(trusted=True))
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
        unit.tell(TrustChanged(trusted=False))
    return row


def anchors(unit: Unit, *, ended: bool = False) -> list[TrustAnchor]:
    """The roots that are believed, oldest first; ``ended``: with those that are believed no more."""
    query = select(TrustAnchor).order_by(TrustAnchor.id)
    return list(unit.session.scalars(query if ended else query.where(TrustAnchor.ended_at.is_(None))))


def _by_quality(unit: Unit) -> None:
    if unit.actor.kind not in KEEPERS:
        raise Refused("only quality staff choose whom to believe")


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
