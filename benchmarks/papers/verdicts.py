"""One word for what is known of a file, by the product's own checks. Pure, but for ``of``, which has the limited child look.

verified      a signature, seal or proof is whole, leads to what is believed, is not taken back, and the content is clean
intact        the mathematics hold and nothing changed since; whose it is, or whether it was taken back, is not known
unsigned      a clean document that nobody signed
needs_person  it could be honest, and a machine cannot say so
rejected      broken, changed, signed by another than it says, taken back, or against the rules of its kind
refused       it cannot be inspected, holds what runs or hides, or is no document
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.papers.folders import Beside
from suppliers import reading as readings
from suppliers.certificates import files
from suppliers.checks import CHECKS, Finding, IssuerSeen, Paper
from suppliers.checks.signature import signer
from suppliers.credentials.moments import moment

WORDS = ("verified", "intact", "unsigned", "needs_person", "rejected", "refused")
DOUBTS = ("untrusted", "revocation_unknown")
"""Of signature.py: the signature holds, and nothing is known against it."""
ABSENT = ("unsigned", "empty", "bare")


@dataclass(frozen=True)
class Verdict:
    kind: str
    word: str
    because: str
    seconds: float = 0.0
    peak_mb: int = 0
    reading: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """The mathematics say that the file is as it was signed."""
        credential = self.reading.get("credential") or {}
        return self.word in ("verified", "intact") or (credential.get("proof") or {}).get("result") == "passed"


def of(content: bytes, beside: Beside) -> Verdict:
    """As the product would take it in: what no door lets through is refused before it is opened."""
    flaws = files.flaws(content)
    if flaws:
        return Verdict("unknown", "refused", "file." + str(flaws[0].get("rule", "refused")))
    seen = readings.look(content, anchors=beside.anchors, at=beside.at, documents=beside.documents, lists=beside.lists)
    word, because = judged(seen.reading, at=beside.at, believed=beside.documents)
    return Verdict(seen.reading["kind"], word, because, seen.seconds, seen.peak_mb, seen.reading)


def judged(reading: Mapping[str, Any], *, at: datetime, believed: Collection[str] = ()) -> tuple[str, str]:
    """(word, because). ``believed``: the identifiers whose documents the verifier holds."""
    paper, day = _paper(reading, believed), at.date()
    content = CHECKS["content"].ask(paper, day)
    if reading.get("trouble", "child.crashed") is not None:
        return "refused", str(reading.get("trouble"))
    if reading.get("active"):
        return "refused", "active: " + " ".join(map(str, reading["active"]))
    if content.result == "failed":
        return "rejected", f"{content.because}: {'; '.join(content.evidence.get('found', ()))[:120]}"
    said = _credential(paper, day, at) if reading.get("credential") else _signed(paper, day)
    provenance = CHECKS["provenance"].ask(paper, day)
    undefined = content.result != "passed"  # a word that no context defines: whoever signed it, signed it
    if provenance.result != "passed" and said[0] in ("verified", "intact", "unsigned"):
        return "needs_person", _because(provenance)
    if undefined and said[0] == "unsigned":
        return "needs_person", _because(content)
    return said[0], f"{said[1]} {_because(content)}" if undefined else said[1]


def _because(finding: Finding) -> str:
    signals = finding.evidence.get("signals") or finding.evidence.get("found") or ()
    return f"{finding.because}{': ' if signals else ''}{' '.join(map(str, signals))[:120]}"


def _signed(paper: Paper, day: date) -> tuple[str, str]:
    """Of a PDF, a picture or an OFD. That its signer is whom the paper names is no question here: no word on it was confirmed."""
    finding = CHECKS["signature"].ask(paper, day)
    why = finding.because.rpartition(".")[2]
    if finding.result == "passed" or (why == "other_issuer" and _compared(paper)):
        return "verified", finding.because
    if finding.result == "failed":
        return "rejected", finding.because
    if why in ABSENT:
        return "unsigned", finding.because
    if why in DOUBTS and _compared(paper) and not any(signed.get("unreadable") for signed in paper.seen("signatures")):
        return "intact", finding.because
    return "needs_person", finding.because


def _compared(paper: Paper) -> bool:
    untouched = all(signed.get("modification") == "none" for signed in paper.seen("signatures"))
    return untouched or paper.reading.get("changed") == []


def _credential(paper: Paper, day: date, at: datetime) -> tuple[str, str]:
    proof, binding, status = (CHECKS[name].ask(paper, day) for name in ("proof", "binding", "status"))
    credential = paper.reading["credential"]
    for finding in (proof, binding, status):
        if finding.result == "failed":
            why = f" {finding.evidence['why']}" if finding.evidence.get("why") else ""
            return "rejected", finding.because + why
    if credential.get("form") in ("unsigned", "jsonld"):
        return "unsigned", proof.because
    if proof.result != "passed":
        return "needs_person", f"{proof.because} {proof.evidence.get('why')}"
    begins, ends = (moment(credential.get(name)) for name in ("valid_from", "valid_until"))
    if (begins and begins > at) or (ends and ends < at):
        return "needs_person", "check.dates." + ("not_yet" if begins and begins > at else "lapsed")
    if binding.result != "passed":
        return "intact", binding.because
    if status.result != "passed" and status.because != "check.status.none":  # its issuer keeps a list, and we could not see it
        return "intact", f"{status.because} {status.evidence.get('why')}"
    return "verified", f"{binding.because} {status.because}"


def _paper(reading: Mapping[str, Any], believed: Collection[str]) -> Paper:
    """A paper of which nobody has confirmed a word: only the questions about its bytes are asked."""
    signatures = [each for each in reading.get("signatures") or () if isinstance(each, Mapping)]
    named = next((signer(each) for each in signatures if each.get("trusted") and signer(each)), None)
    return Paper(
        kind="other",
        number="",
        holder_name="",
        holder_uscc=None,
        issuer_name=named,
        valid_from=datetime(2000, 1, 1, tzinfo=UTC).date(),
        valid_until=None,
        supplier_name="",
        supplier_uscc=None,
        media_type="",
        reading=reading,
        issuers=tuple(IssuerSeen(name=did, dids=(did,)) for did in believed),
    )
