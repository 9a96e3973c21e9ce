"""Keys, certificates, seals and OFD files as the tests need them: made anew from the standards, for nobody.

The other side of suppliers.ofd, which only reads: here things are encoded and signed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from suppliers.ofd import sm2
from suppliers.ofd.digests import digest

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
SM2_WITH_SM3 = "1.2.156.10197.1.501"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")


# --- ASN.1 -------------------------------------------------------------------------------------


def der(tag: int, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (size if len(body) < 128 else bytes([0x80 | len(size)]) + size) + body


def integer(value: int) -> bytes:
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    body = bytearray([40 * first + second])
    for number in rest:
        septets = [number & 127]
        while number := number >> 7:
            septets.append(128 | number & 127)
        body += bytes(reversed(septets))
    return der(6, bytes(body))


def sequence(*parts: bytes) -> bytes:
    return der(0x30, *parts)


def octets(value: bytes) -> bytes:
    return der(4, value)


def bits(value: bytes) -> bytes:
    return der(3, b"\0" + value)


def ia5(text: str) -> bytes:
    return der(22, text.encode())


def utf8(text: str) -> bytes:
    return der(12, text.encode())


def long_time(at: datetime) -> bytes:
    return der(24, at.strftime("%Y%m%d%H%M%SZ").encode())


def short_time(at: datetime) -> bytes:
    return der(23, at.strftime("%y%m%d%H%M%SZ").encode())


# --- SM2 ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A key whose secret is a word: worth nothing, and the same in every run."""

    word: str

    @property
    def secret(self) -> int:
        return int.from_bytes(hashlib.sha256(self.word.encode()).digest(), "big") % (sm2.N - 2) + 1

    @property
    def public(self) -> tuple[int, int]:
        return times(self.secret)

    @property
    def info(self) -> bytes:
        x, y = self.public
        point = b"\4" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
        return sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.156.10197.1.301")), bits(point))

    def numbers(self, message: bytes) -> tuple[int, int]:
        """GB/T 32918.2-2016 6.1, with a nonce made of key and message."""
        hashed = int.from_bytes(digest("sm3", sm2.identity(self.public) + message), "big")
        nonce = int.from_bytes(hashlib.sha256(self.word.encode() + message).digest(), "big") % (sm2.N - 1) + 1
        r = (hashed + times(nonce)[0]) % sm2.N
        return r, pow(1 + self.secret, -1, sm2.N) * (nonce - r * self.secret) % sm2.N

    def sign(self, message: bytes) -> bytes:
        return sequence(*(integer(number) for number in self.numbers(message)))


def times(number: int) -> tuple[int, int]:
    x, y, z = sm2._twice_times(number, (sm2.GX, sm2.GY, 1), 0, (sm2.GX, sm2.GY, 1))
    return x * pow(z, -2, sm2.P) % sm2.P, y * pow(z, -3, sm2.P) % sm2.P


# --- certificates ------------------------------------------------------------------------------


def name(common: str, organisation: str) -> bytes:
    parts = (("2.5.4.6", der(19, b"CN")), ("2.5.4.10", utf8(organisation)), ("2.5.4.3", utf8(common)))
    return sequence(*(der(0x31, sequence(oid(kind), value)) for kind, value in parts))


@dataclass(frozen=True)
class Holder:
    """Somebody with a key; ``by`` None signs itself. ``usage`` are the bits of keyUsage from the left."""

    common: str
    organisation: str = "样本市市场监督管理局"
    by: Holder | None = None
    ca: bool = False
    usage: tuple[int, ...] | None = None
    begins: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    ends: datetime = datetime(2039, 1, 1, tzinfo=UTC)
    serial: int = 7
    path_length: int | None = None
    critical: str | None = None

    @property
    def key(self) -> Key:
        return Key(self.common)

    @property
    def name(self) -> bytes:
        return name(self.common, self.organisation)

    @property
    def certificate(self) -> bytes:
        issuer = self.by or self
        algorithm = sequence(oid(SM2_WITH_SM3))
        told = sequence(
            der(0xA0, integer(2)),
            integer(self.serial),
            algorithm,
            issuer.name,
            sequence(long_time(self.begins), long_time(self.ends)),
            self.name,
            self.key.info,
            der(0xA3, sequence(*self._extensions())),
        )
        return sequence(told, algorithm, bits(issuer.key.sign(told)))

    def _extensions(self) -> list[bytes]:
        limits = (integer(self.path_length),) if self.path_length is not None else ()
        basic = sequence(der(1, b"\xff"), *limits) if self.ca else sequence()
        usage = self.usage if self.usage is not None else (5, 6) if self.ca else (0, 1)
        value = 0
        for bit in usage:
            value |= 0x8000 >> bit
        found = [
            sequence(oid("2.5.29.19"), der(1, b"\xff"), octets(basic)),
            sequence(oid("2.5.29.15"), octets(der(3, b"\0" + value.to_bytes(2, "big")))),
        ]
        return found + ([sequence(oid(self.critical), der(1, b"\xff"), octets(sequence()))] if self.critical else [])

    @property
    def pem(self) -> str:
        return f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(self.certificate).decode()}-----END CERTIFICATE-----\n"

    def revokes(self, *serials: int, until: datetime = datetime(2039, 1, 1, tzinfo=UTC), key: Key | None = None) -> bytes:
        """A list of revoked certificates in DER."""
        algorithm, since = sequence(oid(SM2_WITH_SM3)), long_time(datetime(2026, 1, 1, tzinfo=UTC))
        entries = (sequence(*(sequence(integer(serial), since) for serial in serials)),) if serials else ()
        told = sequence(integer(1), algorithm, self.name, since, long_time(until), *entries)
        return sequence(told, algorithm, bits((key or self.key).sign(told)))


ROOT = Holder("样本根", "样本根认证中心", ca=True)
MIDDLE = Holder("样本运营", "样本运营认证中心", ROOT, ca=True, serial=11)
MAKER = Holder("样本制章", "样本制章中心", ROOT, serial=12)
SIGNER = Holder("样本市市场监督管理局电子证照专用章", by=ROOT, serial=13)


# --- seals -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seal:
    """``by_digest``: signers named by SM3 (GB/T 38540-2020 6.3.4 b). ``listed``: whom the seal permits."""

    shape: str = "v4"
    maker: Holder = MAKER
    listed: tuple[Holder, ...] = (SIGNER,)
    by_digest: bool = False
    begins: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    ends: datetime = datetime(2030, 1, 1, tzinfo=UTC)
    algorithm: str = SM2_WITH_SM3
    picture: bytes = PNG
    maker_key: Key | None = None

    @property
    def raw(self) -> bytes:
        old = self.shape == "v1"
        when = short_time if old else long_time
        certificates = sequence(*(octets(each.certificate) for each in self.listed))
        if self.by_digest:
            certificates = sequence(*(sequence(der(19, b"SM3"), octets(digest("sm3", each.certificate))) for each in self.listed))
        dates = (when(self.begins), when(self.begins), when(self.ends))
        about = sequence(integer(1), utf8("样本章"), *(() if old else (integer(2 if self.by_digest else 1),)), certificates, *dates)
        picture = sequence(ia5("PNG"), octets(self.picture), integer(40), integer(40))
        info = sequence(sequence(ia5("ES"), integer(1 if old else 4), ia5("样本")), ia5("51010000000001"), about, picture)
        end = octets(self.maker.certificate) + oid(self.algorithm)
        key = self.maker_key or self.maker.key
        if old:
            return sequence(info, sequence(end, bits(key.sign(sequence(info, end)))))
        return sequence(info, end, bits(key.sign(info)))


@dataclass(frozen=True)
class Signing:
    """How a document is signed. ``kind``: v1, v4 (a seal), cms, cms-attributes, cms-digest, bare or nonsense."""

    kind: str = "v4"
    signer: Holder = SIGNER
    key: Key | None = None
    seal: Seal = Seal()
    at: datetime = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)
    method: str = "SM3"
    algorithm: str = SM2_WITH_SM3
    plain_numbers: bool = False
    without_certificate: bool = False
    without_algorithm: bool = False
    stamp: bool = True
    covers_list: bool = False
    leaves_out: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        return "Seal" if self.kind in ("v1", "v4") else "Sign"

    def value(self, content: bytes, place: str) -> bytes:
        """SignedValue.dat for the Signature.xml ``content``."""
        if self.kind == "bare":
            return self._sign(content)
        if self.kind == "nonsense":
            return b"\x30\x03\x02\x01\x05"
        if self.kind.startswith("cms"):
            return self._cms(content)
        seal, hashed, certificate = replace(self.seal, shape=self.kind), digest("sm3", content), octets(self.signer.certificate)
        if self.without_certificate:
            certificate = octets(b"")
        algorithm = oid(self.algorithm)
        if self.without_algorithm:
            certificate, algorithm = b"", b""
        if self.kind == "v1":
            time = bits(short_time(self.at))
            told = sequence(integer(1), seal.raw, time, bits(hashed), ia5(place), certificate, algorithm)
            return sequence(told, bits(self._sign(told)))
        told = sequence(integer(4), seal.raw, long_time(self.at), bits(hashed), ia5(place))
        return sequence(told, certificate, algorithm, bits(self._sign(told)))

    def _sign(self, message: bytes) -> bytes:
        key = self.key or self.signer.key
        if self.plain_numbers:
            return b"".join(number.to_bytes(32, "big") for number in key.numbers(message))
        return key.sign(message)

    def _cms(self, content: bytes) -> bytes:
        inside = digest("sm3", content) if self.kind == "cms-digest" else None
        body = content if inside is None else inside
        attributes, message = b"", body
        if self.kind == "cms-attributes":
            parts = sequence(oid("1.2.840.113549.1.9.4"), der(0x31, octets(digest("sm3", body))))
            attributes, message = der(0xA0, parts), der(0x31, parts)
        sm3 = sequence(oid("1.2.156.10197.1.401"))
        who = sequence((self.signer.by or self.signer).name, integer(self.signer.serial))
        info = sequence(integer(1), who, sm3, attributes, sequence(oid("1.2.156.10197.1.301.1")), octets(self._sign(message)))
        data = sequence(oid("1.2.156.10197.6.1.4.2.1"), *((der(0xA0, octets(inside)),) if inside else ()))
        certificates = b"" if self.without_certificate else der(0xA0, self.signer.certificate)
        told = sequence(integer(1), der(0x31, sm3), data, certificates, der(0x31, info))
        return sequence(oid("1.2.156.10197.6.1.4.2.2"), der(0xA0, told))


# --- files -------------------------------------------------------------------------------------

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
WORDS = "食品生产许可证"


def text(words: str, x: float = 20, y: float = 30, size: float = 5, more: str = "", code: str = "") -> str:
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} 100 10" Font="3" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}" {code}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def page(*things: str, more: str = "") -> bytes:
    return f'{_HEAD}<ofd:Page {_SPACE}>{more}<ofd:Content><ofd:Layer ID="2">{"".join(things)}</ofd:Layer></ofd:Content></ofd:Page>'.encode()


def plain(*pages: bytes, common: str = "", more: str = "", signed: bool = False) -> dict[str, bytes]:
    """The files of a document with these pages; ``common`` and ``more`` go into Document.xml."""
    pages = pages or (page(text(WORDS)),)
    listed = "".join(f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    signatures = "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>" if signed else ""
    files = {
        "OFD.xml": f'{_HEAD}<ofd:OFD {_SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>'
        f"<ofd:CreationDate>2026-04-25</ofd:CreationDate></ofd:DocInfo>"
        f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{signatures}</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{_HEAD}<ofd:Document {_SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 200 100</ofd:PhysicalBox>"
        f"</ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{more}</ofd:Document>",
    }
    return {name: content.encode() for name, content in files.items()} | {
        f"Doc_0/Pages/Page_{number}/Content.xml": content for number, content in enumerate(pages)
    }


def sealed(*signings: Signing, files: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The files of a document that was signed so, one signature after the other."""
    done = dict(files) if files is not None else plain(signed=True)
    for number, signing in enumerate(signings):
        entries = "".join(
            f'<ofd:Signature ID="{n}" Type="{each.type}" BaseLoc="/Doc_0/Signs/Sign_{n}/Signature.xml"/>'
            for n, each in enumerate(signings[: number + 1])
        )
        done["Doc_0/Signs/Signatures.xml"] = f"{_HEAD}<ofd:Signatures {_SPACE}>{entries}</ofd:Signatures>".encode()
        _sign(done, signing, f"Doc_0/Signs/Sign_{number}")
    return done


def _sign(files: dict[str, bytes], signing: Signing, folder: str) -> None:
    seal, stamp = "", ""
    if signing.kind in ("v1", "v4"):
        files[f"{folder}/Seal.esl"] = replace(signing.seal, shape=signing.kind).raw
        seal = f"<ofd:Seal><ofd:BaseLoc>/{folder}/Seal.esl</ofd:BaseLoc></ofd:Seal>"
        stamp = '<ofd:StampAnnot ID="1" PageRef="1" Boundary="50 50 40 40"/>' if signing.stamp else ""
    own = (f"{folder}/Signature.xml", f"{folder}/SignedValue.dat", *signing.leaves_out)
    covered = [name for name in files if name not in own and (signing.covers_list or not name.endswith("Signatures.xml"))]
    references = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{_digest(signing.method, files[name])}</ofd:CheckValue></ofd:Reference>'
        for name in covered
    )
    content = (
        f"{_HEAD}<ofd:Signature {_SPACE}><ofd:SignedInfo><ofd:Provider ProviderName='test'/>"
        f"<ofd:SignatureMethod>{signing.algorithm}</ofd:SignatureMethod>"
        f"<ofd:SignatureDateTime>2026-05-01 10:00:00</ofd:SignatureDateTime>{seal}{stamp}"
        f"<ofd:References CheckMethod='{signing.method}'>{references}</ofd:References></ofd:SignedInfo>"
        f"<ofd:SignedValue>/{folder}/SignedValue.dat</ofd:SignedValue></ofd:Signature>"
    ).encode()
    files[f"{folder}/Signature.xml"] = content
    files[f"{folder}/SignedValue.dat"] = signing.value(content, f"/{folder}/Signature.xml")


def _digest(method: str, content: bytes) -> str:
    names = {"SM3": "sm3", "1.2.156.10197.1.401": "sm3", "MD5": "md5", "SHA1": "sha1", "SHA-256": "sha256"}
    return base64.b64encode(digest(names[method], content)).decode()


def packed(files: Mapping[str, bytes], **more: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
