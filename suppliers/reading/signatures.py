"""Each signature of a PDF: is it whole, whose is it, and what changed since? (ETSI EN 319 102-1, PAdES.)

Runs in the limited child and fetches nothing. Revocation is asked the hard way first: what no
list vouches for is not trusted. A second, soft asking only tells "untrusted" from "revocation
not known". Lists and answers that the document itself brings (its DSS) count as far as a believed
root has signed them.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from suppliers.reading.values import value

MOST_SIGNATURES: Final = 20
_CHANGES: Final = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "lta",
    ModificationLevel.FORM_FILLING: "form",
    ModificationLevel.ANNOTATIONS: "annotations",
}
_USAGE: Final = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
"""Either is a signer's (ETSI EN 319 412-2, 4.3.2): seals of organisations often have only the second."""
_PADES: Final = "/ETSI.CAdES.detached"
UNREADABLE: Final[dict[str, Any]] = {
    "scheme": "pdf",
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
    "until": None,
}


@dataclass(frozen=True)
class Believed:
    """``anchors``: roots, (PEM, revocation list in DER or None); ``at``: the moment for which all is validated."""

    anchors: Sequence[tuple[str, bytes | None]]
    at: datetime

    def context(self, moment: datetime, mode: str, dss: DocumentSecurityStore | None) -> ValidationContext:
        words: dict[str, Any] = {
            "trust_roots": [x509.Certificate.load(pem.unarmor(text.encode())[2]) for text, _ in self.anchors],
            "crls": [crl for _, crl in self.anchors if crl],
            "moment": moment,
            "allow_fetching": False,
            "revocation_mode": mode,
            "retroactive_revinfo": moment != self.at,
        }
        return dss.as_validation_context(words) if dss else ValidationContext(**words)


def look_at_signatures(reader: PdfFileReader, believed: Believed, *, clean_end: bool) -> list[dict[str, Any]]:
    """One entry for each signature (time stamps of the document are no signatures); ``clean_end`` says that
    nothing follows the end of the PDF. ``until`` is where the bytes end that it says it covers.

    Keys: ``scheme`` (pades, pdf), ``intact valid trusted revoked revocation_known covers_whole_file``,
    ``modification`` (the worst change after signing: none, lta, form, annotations, other), ``signer_name
    signer_org level signed_at``, ``unreadable``: the signature is there and cannot be judged. Whoever compares the pages
    adds ``alike``: whether they look as they did when this one was given, None where that is not known.
    """
    try:
        found = list(reader.embedded_regular_signatures)
    except MemoryError:
        raise
    except Exception:  # a field whose value only pretends to be a signature
        return [dict(UNREADABLE)]
    dss = _store(reader)
    read = [_signature(signature, believed, dss, clean_end) for signature in found[:MOST_SIGNATURES]]
    return read + [dict(UNREADABLE) for _ in found[MOST_SIGNATURES:]]


def _store(reader: PdfFileReader) -> DocumentSecurityStore | None:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except MemoryError:
        raise
    except Exception:  # none, or a broken one: then it vouches for nothing
        return None


def _signature(signature: EmbeddedPdfSignature, believed: Believed, dss: DocumentSecurityStore | None, clean_end: bool) -> dict[str, Any]:
    try:
        hard, soft = _validated(signature, believed, dss)
        covered = signature.sig_object["/ByteRange"]
        until = int(covered[2]) + int(covered[3])
    except MemoryError:
        raise
    except Exception:  # hostile signatures break the library in many ways; none of them may look verified
        return dict(UNREADABLE)
    subject = hard.signing_cert.subject.native
    covers = hard.coverage == SignatureCoverageLevel.ENTIRE_FILE or (hard.coverage == SignatureCoverageLevel.ENTIRE_REVISION and clean_end)
    when = hard.timestamp_validity.timestamp if hard.timestamp_validity else hard.signer_reported_dt
    return {
        "scheme": "pades" if value(signature.sig_object, "/SubFilter") == _PADES else "pdf",
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
        "until": until,
    }


def _validated(
    signature: EmbeddedPdfSignature, believed: Believed, dss: DocumentSecurityStore | None
) -> tuple[PdfSignatureStatus, PdfSignatureStatus]:
    """Asked the hard way and the soft way. A certificate that ran out after a believed time stamp had proved
    the signature's age is asked about that moment (ETSI EN 319 102-1, 5.5); one that was revoked stays so."""

    def ask(moment: datetime, mode: str) -> PdfSignatureStatus:
        return _finished(
            async_validate_pdf_signature(
                signature,
                signer_validation_context=believed.context(moment, mode, dss),
                ts_validation_context=believed.context(believed.at, mode, dss),
                key_usage_settings=_USAGE,
            )
        )

    hard = ask(believed.at, "hard-fail")
    stamp = hard.timestamp_validity
    if not _trusted(hard) and not hard.revoked and stamp is not None and stamp.intact and stamp.valid and stamp.trusted:
        then = ask(stamp.timestamp, "hard-fail")
        hard = then if _trusted(then) else hard
    return hard, hard if _trusted(hard) or hard.revoked else ask(believed.at, "soft-fail")


def _finished(validation: Coroutine[Any, Any, PdfSignatureStatus]) -> PdfSignatureStatus:
    """Without a loop of events, which would need sockets: what may not fetch has nothing to wait for."""
    try:
        validation.send(None)
    except StopIteration as end:
        status: PdfSignatureStatus = end.value
        return status
    finally:
        validation.close()
    raise RuntimeError("it waits for something")


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
    if value(signature.sig_object, "/SubFilter") != _PADES:
        return "PDF"
    if reader.embedded_timestamp_signatures:
        return "PAdES B-LTA"
    if "/DSS" in reader.root:
        return "PAdES B-LT"
    return "PAdES B-T" if stamped else "PAdES B-B"


def _text(name: object) -> str | None:
    return name[:200] if isinstance(name, str) else None
