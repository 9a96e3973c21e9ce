"""A signature with its certificates around it: SignedData of GB/T 35275-2017 (GM/T 0010-2012), and of RFC 5652.

Read by its bytes and not judged, as the structures of seals are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suppliers.ofd import der
from suppliers.ofd.certificates import Certificate, parse
from suppliers.ofd.der import Value
from suppliers.ofd.digests import STRONG, digest, named

_SIGNED_DATA = ("1.2.156.10197.6.1.4.2.2", "1.2.840.113549.1.7.2")
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_MOST_CERTIFICATES = 20


@dataclass(frozen=True)
class Signed:
    """``content`` None: the signed bytes lie elsewhere. ``attributes``: what is signed in their stead, with the
    ``digest`` of the content inside; None where the content itself is signed."""

    content: bytes | None
    certificates: tuple[Certificate, ...]
    signer: Certificate | None
    method: str | None
    attributes: bytes | None
    digest: bytes | None
    at: datetime | None
    algorithm: str
    signature: bytes

    def messages(self, document: bytes) -> list[bytes]:
        """What the signer must have signed for ``document`` to be signed: the document or, as makers of OFD
        also do, its SM3 digest. Empty when the content inside is about something else."""
        own = [document, digest("sm3", document)]
        told = own if self.content is None else [content for content in own if content == self.content]
        if self.attributes is None:
            return told
        if self.method not in STRONG:
            return []
        return [self.attributes] if any(digest(self.method, content) == self.digest for content in told) else []


def signed(content: bytes) -> Signed:
    """The first signer of a SignedData; ValueError when it is none."""
    outer = der.load(content).sequence()
    if len(outer) != 2 or outer[0].oid() not in _SIGNED_DATA:
        raise ValueError("no signed data")
    parts = outer[1].parts()[0].sequence()
    inner = parts[2].sequence()
    certificates = [part for part in parts[3:] if part.is_context(0)]
    signers = [part for part in parts[3:] if part.is_a(der.SET)]
    if not signers or not signers[-1].parts():
        raise ValueError("no signer")
    found = [parse(each.raw) for each in (certificates[0].parts() if certificates else [])[:_MOST_CERTIFICATES]]
    known = tuple(certificate for certificate in found if certificate)
    return _signer(signers[-1].parts()[0].sequence(), known, inner[1].parts()[0].octets() if len(inner) > 1 else None)


def _signer(parts: list[Value], known: tuple[Certificate, ...], content: bytes | None) -> Signed:
    """SignerInfo: version, who, digest, [0] attributes, algorithm, signature."""
    who = parts[1].sequence()
    issuer, serial = who[0].raw.hex(), who[1].integer()
    attributes = parts[3] if parts[3].is_context(0) else None
    algorithm, signature = parts[4:6] if attributes else parts[3:5]
    said = {pair[0].oid(): pair[1].parts()[0] for pair in (each.sequence() for each in (attributes.parts() if attributes else []))}
    return Signed(
        content=content,
        certificates=known,
        signer=next((each for each in known if (each.issuer, each.serial) == (issuer, serial)), None),
        method=named(parts[2].sequence()[0].oid()),
        attributes=b"\x31" + attributes.raw[1:] if attributes else None,  # signed as the SET it is (RFC 5652 5.4)
        digest=said[_MESSAGE_DIGEST].octets() if _MESSAGE_DIGEST in said else None,
        at=said[_SIGNING_TIME].moment() if _SIGNING_TIME in said else None,
        algorithm=algorithm.sequence()[0].oid(),
        signature=signature.octets(),
    )
