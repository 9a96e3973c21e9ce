"""Did the issuer sign or seal these bytes, and nothing else? Pure.

Passed only when every signature is whole, and one of them leads to a trusted root, is known
not to be revoked, covers the file, bears the issuer's name, and the pages look as they did when they
were signed (ETSI EN 319 102-1; GB/T 38540 for the seals of OFD; what a library calls "valid" after
form filling is not enough).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from suppliers.checks.base import Finding, Paper
from suppliers.checks.entries import entry_of
from suppliers.checks.names import fits, nearness

Signed = Mapping[str, Any]
UNCHANGED: Final = ("none", "lta")
BARE: Final = "ofd-signature"
"""A signature of OFD without a certificate: nobody knows whose it is."""

STRIPPED: Final = frozenset({"stripped_signature", "dss_without_signature", "unlisted_signature", "ofd.seal_removed"})
"""Signals of the reading: there was a signature once."""
EMPTY: Final = frozenset({"empty_signature_field", "ofd.seal_missing"})
"""There is a place for one, and none in it: made for signing and never signed, or worse."""
OF_SIGNATURES: Final = STRIPPED | EMPTY | {"ofd.bare_signature", "uncovered_files"}


class Signature:
    def ask(self, paper: Paper, day: date) -> Finding:
        return _asked(paper)


def signed_by_issuer(paper: Paper) -> bool:
    """Does a signature that passed bear the name of the paper's issuer?"""
    return _asked(paper).result == "passed"


def _asked(paper: Paper) -> Finding:
    if paper.reading.get("trouble", "child.crashed") is not None:
        return Finding("inconclusive", "check.signature.not_read")
    signatures = paper.seen("signatures")
    if not signatures:
        return Finding("inconclusive", f"check.signature.{_absent(paper)}")
    for signed in signatures:
        broken = _broken(signed, countersigned=signed is not signatures[-1] and _countersigns(signatures[-1], signed))
        if broken:
            return Finding("failed", f"check.signature.{broken}", _evidence(signed), final=True)
    if paper.reading.get("changed") and not any(_shows_all(signed, paper) for signed in signatures):
        return _looks_changed(paper, signatures)
    return _weighed(paper, signatures)


def _absent(paper: Paper) -> str:
    names = {str(each.get("name")) for each in paper.seen("signals")}
    if names & STRIPPED:
        return "stripped"
    if "ofd.bare_signature" in names:
        return "bare"
    return "empty" if names & EMPTY else "unsigned"


def _looks_changed(paper: Paper, signatures: list[Signed]) -> Finding:
    """The pages do not look as they did when they were signed. A second signer's visible stamp does that
    as well, honestly: then a person compares."""
    evidence = _evidence(signatures[-1]) | {"found": _pages(paper)}
    *before, last = signatures
    if any(signed.get("modification") == "form" and _countersigns(last, signed) for signed in before):
        return Finding("inconclusive", "check.signature.stamped_later", evidence)
    return Finding("failed", "check.signature.pixels", evidence, final=True)


def _weighed(paper: Paper, signatures: list[Signed]) -> Finding:
    """Nothing is broken: is one of them enough?"""
    if paper.reading.get("uncovered"):
        return Finding("inconclusive", "check.signature.uncovered", _evidence(signatures[-1]) | {"found": _uncovered(paper)})
    doubts = [(_doubt(signed, paper), signed) for signed in signatures]
    for doubt, signed in doubts:
        if doubt is None:
            if _compared(paper.reading, signatures) or _shows_all(signed, paper):
                return Finding("passed", "check.signature.trusted", _evidence(signed))
            return Finding("inconclusive", "check.signature.not_compared", _evidence(signed))
    doubt, signed = doubts[0]
    return Finding("inconclusive", f"check.signature.{doubt}", _evidence(signed))


def _compared(reading: Mapping[str, Any], signatures: list[Signed]) -> bool:
    """Something was added after a signature: then the pages must have been compared as pictures."""
    unchanged = all(signed.get("modification") == "none" for signed in signatures)
    return unchanged or reading.get("changed") == []


def _whole(signed: Signed) -> bool:
    return bool(signed.get("intact") and signed.get("valid") and signed.get("modification") in UNCHANGED)


def _countersigns(last: Signed, earlier: Signed) -> bool:
    """Does the last signature answer for what was filled in after an earlier one? Anybody can make a whole signature;
    only one of somebody who is believed excuses anything. Beside a seal of OFD nothing but the list of seals has grown."""
    believed = last.get("trusted") and not last.get("revoked")
    return _whole(last) and bool(believed or str(earlier.get("scheme")).startswith("ofd-"))


def _shows_all(signed: Signed, paper: Paper) -> bool:
    """The issuer's own signature, given last: the pages look as they did then, whatever was stamped before."""
    return signed.get("alike") is True and _doubt(signed, paper) is None


def _broken(signed: Signed, *, countersigned: bool) -> str | None:
    """What nobody can excuse. A second signature fills in a form field after the first: then the
    last one, which covers the first, answers for the file, if its signer is believed."""
    if signed.get("unreadable"):
        return None
    if not (signed.get("intact") and signed.get("valid")):
        return "tampered"
    if signed.get("modification") not in UNCHANGED and not (countersigned and signed.get("modification") == "form"):
        return "changed"
    return "revoked" if signed.get("revoked") else None


def _doubt(signed: Signed, paper: Paper) -> str | None:
    if signed.get("unreadable"):
        return "unreadable"
    if signed.get("scheme") == BARE:
        return "bare"
    if signed.get("modification") not in UNCHANGED:
        return "filled_in"
    if not (signed.get("covers_whole_file") and _whole(signed)):
        return "not_whole"
    if not signed.get("trusted"):
        return "untrusted"
    if not signed.get("revocation_known"):
        return "revocation_unknown"
    return None if _is_issuer(signer(signed), paper) else "other_issuer"


def _is_issuer(signer: str, paper: Paper) -> bool:
    """The signer is whom the paper names as its issuer, under any name that the trust list gives it."""
    if paper.issuer_name is None or not signer:
        return False
    if nearness(paper.issuer_name, signer) == 1.0:
        return True
    entry = entry_of(paper)
    return entry is not None and any(fits(known, signer) for known in (entry.name, *entry.names) if not known.startswith("*"))


def signings(paper: Paper) -> int:
    """How often the file was saved by signing it, as far as nothing came after: whoever signs saves once more."""
    return sum(1 for signed in paper.seen("signatures") if _whole(signed) and signed.get("covers_whole_file"))


def signer(signed: Signed) -> str:
    """The organisation of the certificate; seals of OFD often have it as the common name only."""
    named = signed.get("signer_org") or (signed.get("signer_name") if signed.get("scheme") == "ofd-seal" else None)
    return str(named or "")


def _pages(paper: Paper) -> list[int]:
    return sorted({each["page"] for each in paper.seen("changed") if isinstance(each.get("page"), int)})


def _uncovered(paper: Paper) -> list[str]:
    names = paper.reading.get("uncovered")
    return [str(name)[:80] for name in names][:10] if isinstance(names, list) else []


def _evidence(signed: Signed) -> dict[str, Any]:
    return {key: signed.get(key) for key in ("level", "signed_at", "modification")} | {"signer_org": signer(signed) or None}
