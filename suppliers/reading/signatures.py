"""Each signature of a PDF: is it whole, whose is it, and what changed since? (ETSI EN 319 102-1, PAdES.)

Runs in the limited child and fetches nothing. Revocation is asked the hard way first: what no
list vouches for is not trusted. A second, soft asking only tells "untrusted" from "revocation
not known".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

Anchors = Sequence[tuple[str, bytes | None]]

_CHANGES: Final = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "lta",
    ModificationLevel.FORM_FILLING: "form",
    ModificationLevel.ANNOTATIONS: "annotations",
}
UNREADABLE: Final[dict[str, Any]] = {
    "intact": False,
    "valid": False,
    "trusted": False,
    "revoked": False,
    "revocation_known": False,
    "covers_whole_file": False,
    "modification": "other",
    "signer_name": None,
    "signer_org": None,
    "level": None,
    "signed_at": None,
    "unreadable": True,
}


def look_at_signatures(reader: PdfFileReader, anchors: Anchors, at: datetime, *, clean_end: bool) -> list[dict[str, Any]]:
    """One entry for each signature (document time stamps are no signatures); ``clean_end`` says that
    nothing follows the end of the PDF."""
    return [_signature(signature, anchors, at, clean_end) for signature in reader.embedded_regular_signatures]


def _signature(signature: EmbeddedPdfSignature, anchors: Anchors, at: datetime, clean_end: bool) -> dict[str, Any]:
    try:
        hard = _validate(signature, anchors, at, "hard-fail")
        soft = hard if _trusted(hard) or hard.revoked else _validate(signature, anchors, at, "soft-fail")
    except MemoryError:
        raise
    except Exception:  # hostile signatures break the library in many ways; none of them may look verified
        return dict(UNREADABLE)
    subject = hard.signing_cert.subject.native
    covers = hard.coverage == SignatureCoverageLevel.ENTIRE_FILE or (hard.coverage == SignatureCoverageLevel.ENTIRE_REVISION and clean_end)
    when = hard.timestamp_validity.timestamp if hard.timestamp_validity else hard.signer_reported_dt
    return {
        "intact": hard.intact,
        "valid": hard.valid,
        "trusted": _trusted(soft),
        "revoked": hard.revoked or soft.revoked,
        "revocation_known": _trusted(hard) or hard.revoked,
        "covers_whole_file": covers,
        "modification": _change(hard),
        "signer_name": _text(subject.get("common_name")),
        "signer_org": _text(subject.get("organization_name")),
        "level": _level(signature, stamped=hard.timestamp_validity is not None),
        "signed_at": when.isoformat() if when else None,
        "unreadable": False,
    }


def _validate(signature: EmbeddedPdfSignature, anchors: Anchors, at: datetime, revocation_mode: str) -> PdfSignatureStatus:
    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=[x509.Certificate.load(pem.unarmor(text.encode())[2]) for text, _ in anchors],
            crls=[crl for _, crl in anchors if crl],
            moment=at,
            allow_fetching=False,
            revocation_mode=revocation_mode,
        )

    return validate_pdf_signature(signature, signer_validation_context=context(), ts_validation_context=context())


def _trusted(status: PdfSignatureStatus) -> bool:
    stamp = status.timestamp_validity
    return bool(status.trusted and (stamp is None or (stamp.intact and stamp.valid and stamp.trusted)))


def _change(status: PdfSignatureStatus) -> str:
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return "other"
    return _CHANGES.get(status.modification_level or ModificationLevel.NONE, "other")


def _level(signature: EmbeddedPdfSignature, *, stamped: bool) -> str:
    """PAdES baseline level by what is there (ETSI EN 319 142-1)."""
    reader = signature.reader
    if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return "PDF"
    if reader.embedded_timestamp_signatures:
        return "PAdES B-LTA"
    if "/DSS" in reader.root:
        return "PAdES B-LT"
    return "PAdES B-T" if stamped else "PAdES B-B"


def _text(name: object) -> str | None:
    return name[:200] if isinstance(name, str) else None
