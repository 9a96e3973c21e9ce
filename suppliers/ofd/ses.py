"""The structures of an electronic seal and of a document's sealing, read and not judged.

GB/T 38540-2020 6 and 7 ("v4") and GM/T 0031-2014 ("v1"), told apart by their shape: makers count
their versions as they like. Everything that was signed is kept as the bytes that stood in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suppliers.ofd import der
from suppliers.ofd.der import Value
from suppliers.ofd.digests import STRONG, digest, named

SM2_WITH_SM3 = "1.2.156.10197.1.501"
_MOST_SIGNERS = 500


@dataclass(frozen=True)
class Picture:
    """The imprint: ``kind`` as written (PNG, JPG, OFD …), sides in millimetres."""

    kind: str
    content: bytes
    width: float
    height: float


@dataclass(frozen=True)
class Seal:
    """A seal: who made it, who may use it and from when to when. ``messages``: what the maker may have signed;
    the two standards read differently to different makers, and each holds all of the seal."""

    raw: bytes
    shape: str
    id: str
    name: str
    signers: tuple[bytes, ...]
    signer_digests: tuple[tuple[str, bytes], ...]
    begins: datetime | None
    ends: datetime | None
    picture: Picture | None
    maker: bytes
    algorithm: str
    messages: tuple[bytes, ...]
    signature: bytes

    def permits(self, certificate: bytes) -> bool | None:
        """Does the seal name ``certificate`` (DER) among those that may use it? None where it cannot be told:
        the seal names nobody, or by digests that we do not know or do not believe."""
        if certificate in self.signers:
            return True
        methods = [(named(name), value) for name, value in self.signer_digests]
        if any(method in STRONG and digest(method, certificate) == value for method, value in methods if method):
            return True
        told = self.signers or methods
        return False if told and all(method in STRONG for method, _ in methods) else None


@dataclass(frozen=True)
class Sealing:
    """A document sealed: ``message`` is what the signer signed, ``digest`` that of Signature.xml."""

    shape: str
    seal: Seal
    at: datetime | None
    digest: bytes
    of: str
    certificate: bytes
    algorithm: str
    message: bytes
    signature: bytes


def sealing(content: bytes) -> Sealing:
    """SES_Signature; ValueError when it is none.

    v4 puts certificate and algorithm beside what is signed, v1 inside. Some makers leave the certificate
    out (``certificate`` is b"" then) or the algorithm, which is SM2 with SM3 where the standards name no other."""
    parts = der.load(content).sequence()
    told = parts[0].sequence()
    if len(told) < 5:
        raise ValueError("no sealing")
    told[0].integer()
    own = seal(told[1].raw)
    tail = [*told[5:], *parts[1:]]
    certificate = next((part for part in tail if part.is_a(der.OCTET_STRING) or _is_certificate(part)), None)
    algorithm = next((part.oid() for part in tail if part.is_a(der.OID, der.SEQUENCE) and not _is_certificate(part)), "")
    signature = next((part for part in parts[1:] if part.is_a(der.BIT_STRING)), None)
    if signature is None:
        raise ValueError("no signature")
    return Sealing(
        shape=own.shape,
        seal=own,
        at=told[2].moment(),
        digest=told[3].octets(),
        of=told[4].text()[:500],
        certificate=_certificate(certificate) if certificate else b"",
        algorithm=algorithm or SM2_WITH_SM3,
        message=parts[0].raw,
        signature=signature.octets(),
    )


def _is_certificate(value: Value) -> bool:
    return value.is_a(der.SEQUENCE) and len(value.body) > 200


def seal(content: bytes) -> Seal:
    """SESeal; ValueError when it is none."""
    whole = der.load(content).sequence()
    info = whole[0]
    if len(whole) == 2:
        shape, (maker, algorithm, signature) = "v1", whole[1].sequence()[:3]
    elif len(whole) == 4:
        shape, (maker, algorithm, signature) = "v4", whole[1:]
    else:
        raise ValueError("no seal")
    header, number, about, *rest = info.sequence()
    if not header.is_a(der.SEQUENCE):
        raise ValueError("no seal")
    name, signers, digests, dates = _about(about.sequence())
    return Seal(
        raw=content,
        shape=shape,
        id=number.text()[:200],
        name=name,
        signers=signers,
        signer_digests=digests,
        begins=dates[0],
        ends=dates[1],
        picture=_picture(rest[0]) if rest else None,
        maker=_certificate(maker),
        algorithm=algorithm.oid(),
        messages=(info.raw, _sequence(info.raw + maker.raw + algorithm.raw)),
        signature=signature.octets(),
    )


def _about(parts: list[Value]) -> tuple[str, tuple[bytes, ...], tuple[tuple[str, bytes], ...], tuple[datetime | None, datetime | None]]:
    """SES_ESPropertyInfo: name, signers' certificates, their digests, and from when to when."""
    listed = parts[3] if parts[2].is_a(der.INTEGER) else parts[2]
    after = parts[parts.index(listed) + 1 :]
    certificates, digests = [], []
    for entry in listed.sequence()[:_MOST_SIGNERS]:
        if entry.is_a(der.OCTET_STRING):
            certificates.append(entry.body)
            continue
        first, second, *_ = entry.sequence()
        if first.is_a(der.SEQUENCE):
            certificates.append(entry.raw)
        else:
            digests.append((first.oid() if first.is_a(der.OID) else first.text(), second.octets()))
    if len(after) < 3:
        raise ValueError("no dates")
    return parts[1].text()[:200], tuple(certificates), tuple(digests), (after[1].moment(), after[2].moment())


def _picture(value: Value) -> Picture | None:
    try:
        kind, content, width, height = value.sequence()[:4]
        return Picture(kind.text()[:10].strip().upper(), content.octets(), float(width.integer()), float(height.integer()))
    except ValueError:
        return None


def _certificate(value: Value) -> bytes:
    """In a string of bytes as the standards say, or as it is."""
    return value.raw if value.is_a(der.SEQUENCE) else value.octets()


def _sequence(body: bytes) -> bytes:
    """A DER SEQUENCE around ``body``."""
    size = len(body)
    length = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    return b"\x30" + (bytes([size]) if size < 128 else bytes([0x80 | len(length)]) + length) + body
