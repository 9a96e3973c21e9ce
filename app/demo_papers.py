"""Papers for the demo brand: made and signed by a certification body that exists only here, or photographed.

Its root key is thrown away after planting. Signing is pyHanko's, so what the checks later
see is a real PAdES signature, not a picture of one.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Body:
    """A certification body: its root (PEM), an empty revocation list (DER), a signer."""

    name: str
    pem: str
    crl: bytes
    signer: object


def make_body(name: str) -> Body:
    """A fresh root and a signing certificate under it."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    now = datetime.now(UTC)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name("演示根证书", name)
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, now, is_root=True)
    leaf = _certificate(_name(name, name), root_name, key.public_key(), root_key, now, is_root=False)
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root_name)
        .last_update(now - timedelta(days=1))
        .next_update(now + timedelta(days=365))
        .sign(root_key, hashes.SHA256())
    )
    store = SimpleCertificateStore()
    loaded = [asn1_x509.Certificate.load(c.public_bytes(serialization.Encoding.DER)) for c in (leaf, root)]
    store.register(loaded[1])
    private = keys.PrivateKeyInfo.load(
        key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    signer = signers.SimpleSigner(signing_cert=loaded[0], signing_key=private, cert_registry=store)
    return Body(name, root.public_bytes(serialization.Encoding.PEM).decode(), crl.public_bytes(serialization.Encoding.DER), signer)


def make_paper(
    body: Body, *, title: str, number: str, holder: str, valid_from: date, valid_until: date | None, lines: tuple[str, ...] = ()
) -> bytes:
    """A one-page PDF with these words, signed by the body (PAdES B-B)."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    draft = IncrementalPdfFileWriter(io.BytesIO(_page(body.name, title, number, holder, valid_from, valid_until, lines)))
    meta = signers.PdfSignatureMetadata(field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256")
    out = signers.sign_pdf(draft, meta, signer=body.signer, in_place=False)
    return bytes(out.getbuffer())


def change_a_byte(signed: bytes) -> bytes:
    """The same file with one digit of its date of making changed: the words stay, the signature no longer holds."""
    at = signed.index(b"/CreationDate (D:") + len(b"/CreationDate (D:20")
    return signed[:at] + (b"1" if signed[at : at + 1] != b"1" else b"2") + signed[at + 1 :]


def photograph(lines: tuple[str, ...]) -> bytes:
    """A JPEG as a phone takes it of a sheet on a table: a little askew, with the light from one side. Latin letters only, for which
    Pillow brings a font along."""
    from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

    sheet = Image.new("L", (1240, 1000), 248)
    pen = ImageDraw.Draw(sheet)
    for row, text in enumerate(lines):
        pen.text((110, 90 + 82 * row), text, fill=35, font=ImageFont.load_default(size=52 if row == 0 else 38))
    pen.rectangle((40, 40, 1200, 960), outline=120, width=4)
    table = Image.new("L", (1500, 1300), 96)
    table.paste(sheet, (130, 150))
    light = Image.linear_gradient("L").resize(table.size).point(lambda value: 200 + value // 5)
    photo = ImageChops.multiply(table.rotate(1.4, resample=Image.Resampling.BICUBIC, fillcolor=96), light)
    out = io.BytesIO()
    photo.filter(ImageFilter.GaussianBlur(0.7)).convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()


def _page(issuer: str, title: str, number: str, holder: str, valid_from: date, valid_until: date | None, lines: tuple[str, ...]) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setFont("STSong-Light", 26)
    canvas.drawCentredString(A4[0] / 2, 720, title)
    canvas.setFont("STSong-Light", 13)
    until = valid_until.isoformat() if valid_until else "长期"
    for row, text in enumerate(
        (f"编号:{number}", f"持有人:{holder}", f"有效期:{valid_from} 至 {until}", *lines, f"发证机关:{issuer}", "演示机构，并不存在")
    ):
        canvas.drawString(90, 640 - 30 * row, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    signing: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    is_root: bool,
) -> x509.Certificate:
    usage = dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=800))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not is_root, content_commitment=not is_root, key_cert_sign=is_root, crl_sign=is_root, **usage),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
