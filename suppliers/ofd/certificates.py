"""Whose key is it, and do we believe those who say so? X.509 with SM2 keys (GM/T 0015-2012, RFC 5280 6).

Chains lead to anchors that the caller gives; nothing is fetched. Revocation is known only where the
caller gives a list that its issuer signed and that is in force at the moment asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from asn1crypto import crl, pem, x509

from suppliers.ofd import keys

Anchor = str | tuple[str, bytes | None]
"""A PEM of certificates, alone or with the DER of its revocation list."""

_DEEPEST: Final = 6
_MOST_POOL: Final = 24
_MOST_TRIES: Final = 100
"""Signatures looked at for one chain: authorities that certify each other in a ring would keep us for ever."""
_UNDERSTOOD: Final = frozenset({"basic_constraints", "key_usage", "extended_key_usage", "certificate_policies", "subject_alt_name",
                                "authority_key_identifier", "key_identifier"})  # fmt: skip


@dataclass(frozen=True)
class Certificate:
    """A certificate as it lies in the file, and what we need of it. ``usages`` None: it does not say."""

    raw: bytes
    subject: str
    issuer: str
    serial: int
    name: str | None
    organisation: str | None
    begins: datetime
    ends: datetime
    public_key: bytes
    usages: frozenset[str] | None
    is_ca: bool
    path_length: int | None
    understood: bool
    message: bytes
    algorithm: str
    signature: bytes

    def valid_at(self, at: datetime) -> bool:
        return self.begins <= at <= self.ends

    @property
    def may_sign(self) -> bool:
        return self.usages is None or bool(self.usages & {"digital_signature", "non_repudiation"})

    @property
    def may_issue(self) -> bool:
        return self.is_ca and self.understood and (self.usages is None or "key_cert_sign" in self.usages)

    def signed(self, message: bytes, algorithm: str, signature: bytes) -> bool:
        """Unsupported algorithms have signed nothing."""
        try:
            return keys.holds(self.public_key, algorithm, message, signature)
        except keys.Unsupported:
            return False


@dataclass(frozen=True)
class Standing:
    """What the anchors say about a certificate at a moment."""

    trusted: bool = False
    revoked: bool = False
    revocation_known: bool = False


@dataclass
class Trust:
    """The anchors, their revocation lists, and certificates found on the way that prove nothing by themselves."""

    anchors: list[Certificate]
    lists: list[Any] = field(default_factory=list)
    pool: list[Certificate] = field(default_factory=list)
    _left: int = 0

    def add(self, certificate: Certificate) -> None:
        if len(self.pool) < _MOST_POOL and all(known.raw != certificate.raw for known in self.pool):
            self.pool.append(certificate)

    def standing(self, leaf: Certificate, at: datetime) -> Standing:
        """Does a chain lead from ``leaf`` to an anchor, all of it valid at ``at``, and none of it revoked?"""
        self._left = _MOST_TRIES
        path = self._path(leaf, at, 0) if leaf.valid_at(at) and leaf.understood else None
        if path is None:
            return Standing()
        answers = [self._revoked(child, issuer, at) for child, issuer in pairwise(path)]
        if True in answers:
            return Standing(revoked=True, revocation_known=True)
        return Standing(trusted=True, revocation_known=bool(answers) and None not in answers)

    def _path(self, leaf: Certificate, at: datetime, below: int) -> list[Certificate] | None:
        """From ``leaf`` to an anchor; ``below`` counts the authorities between ``leaf`` and the signer."""
        if any(anchor.raw == leaf.raw for anchor in self.anchors):
            return [leaf]
        if below >= _DEEPEST or leaf.subject == leaf.issuer:
            return None
        for issuer in [*self.anchors, *self.pool]:
            fits = issuer.subject == leaf.issuer and issuer.may_issue and issuer.valid_at(at)
            if not fits or (issuer.path_length is not None and issuer.path_length < below):
                continue
            self._left -= 1
            if self._left >= 0 and issuer.signed(leaf.message, leaf.algorithm, leaf.signature):
                rest = self._path(issuer, at, below + 1)
                if rest is not None:
                    return [leaf, *rest]
        return None

    def _revoked(self, certificate: Certificate, issuer: Certificate, at: datetime) -> bool | None:
        """None: no list in force says anything."""
        answer: bool | None = None
        for revocations in self.lists:
            if not _issued(revocations, issuer):
                continue
            if certificate.serial in _serials(revocations):
                return True
            told = revocations["tbs_cert_list"]
            begins, ends = told["this_update"].native, told["next_update"].native
            if begins <= at and ends is not None and at <= ends:
                answer = False
        return answer


def trust(anchors: Sequence[Anchor]) -> Trust:
    """The trust that ``anchors`` ground; what is no certificate or no list among them grounds none."""
    pairs = [(anchor, None) if isinstance(anchor, str) else anchor for anchor in anchors]
    believed = [certificate for text, _ in pairs for certificate in _from_pem(text)]
    lists = []
    for _, revocations in pairs:
        if revocations:
            try:
                lists.append(crl.CertificateList.load(revocations, strict=True))
            except ValueError:
                continue
    return Trust(believed, lists)


def parse(raw: bytes) -> Certificate | None:
    """The certificate in ``raw`` (DER), or None. Hostile certificates break the parser in many ways."""
    try:
        return _parse(raw)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError, keys.Unsupported):
        return None


def _parse(raw: bytes) -> Certificate:
    certificate = x509.Certificate.load(raw, strict=True)
    told = certificate["tbs_certificate"]
    extensions = {extension["extn_id"].native: extension for extension in told["extensions"]} if told["extensions"] else {}
    critical = {name for name, extension in extensions.items() if extension["critical"].native}
    basic = certificate.basic_constraints_value
    subject = told["subject"]
    public_key = told["subject_public_key_info"].dump()
    keys.sm2_key(public_key)
    return Certificate(
        raw=raw,
        subject=_comparable(subject),
        issuer=_comparable(told["issuer"]),
        serial=told["serial_number"].native,
        name=_part(subject, "common_name"),
        organisation=_part(subject, "organization_name"),
        begins=told["validity"]["not_before"].native,
        ends=told["validity"]["not_after"].native,
        public_key=public_key,
        usages=frozenset(certificate.key_usage_value.native) if certificate.key_usage_value else None,
        is_ca=bool(basic and basic["ca"].native),
        path_length=basic["path_len_constraint"].native if basic else None,
        understood=critical <= _UNDERSTOOD,
        message=told.dump(),
        algorithm=certificate["signature_algorithm"]["algorithm"].dotted,
        signature=bytes(certificate["signature_value"].native),
    )


def _comparable(name: x509.Name) -> str:
    """Equal for equal names: the bytes; authorities copy their own name into what they issue."""
    return str(name.dump().hex())


def _part(name: x509.Name, wanted: str) -> str | None:
    """The last value of an attribute of a name, at most 200 letters."""
    found = None
    for relative in name.chosen:
        for pair in relative:
            if pair["type"].native == wanted:
                try:
                    found = str(pair["value"].native)
                except (ValueError, TypeError):
                    found = bytes(pair["value"].chosen.contents).decode("gb18030", errors="replace")
    return found[:200] if found else None


def _from_pem(text: str) -> list[Certificate]:
    try:
        found = [parse(body) for _, _, body in pem.unarmor(text.encode(), multiple=True)]
    except ValueError:
        return []
    return [certificate for certificate in found if certificate]


def _issued(revocations: Any, issuer: Certificate) -> bool:
    """A whole list (no part, no delta) that ``issuer`` signed."""
    try:
        told = revocations["tbs_cert_list"]
        whole = not any(extension["critical"].native for extension in told["crl_extensions"] or ())
        signature = revocations["signature_algorithm"]["algorithm"].dotted, bytes(revocations["signature"].native)
        may = issuer.usages is None or "crl_sign" in issuer.usages
        return bool(whole and may and told["issuer"].dump().hex() == issuer.subject and issuer.signed(told.dump(), *signature))
    except (ValueError, TypeError, KeyError):
        return False


def _serials(revocations: Any) -> frozenset[int]:
    return frozenset(entry["user_certificate"].native for entry in revocations["tbs_cert_list"]["revoked_certificates"] or ())
