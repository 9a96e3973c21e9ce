"""What pyHanko says of the same PDFs by itself: its own last word, with the revocation asked softly, as is its habit."""

from __future__ import annotations

import io
import logging

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from benchmarks.papers.folders import Beside

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it tells every step of what it does not believe
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def believes(content: bytes, beside: Beside) -> bool:
    """``bottom_line`` of every signature. Only for bytes that the limited child has read before."""
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        signatures = reader.embedded_regular_signatures
        return bool(signatures) and all(
            validate_pdf_signature(each, _context(beside), ts_validation_context=_context(beside)).bottom_line for each in signatures
        )
    except Exception:  # it has no last word then
        return False


def _context(beside: Beside) -> ValidationContext:
    return ValidationContext(
        trust_roots=[x509.Certificate.load(pem.unarmor(text.encode())[2]) for text, _ in beside.anchors],
        crls=[crl for _, crl in beside.anchors if crl],
        moment=beside.at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
