"""Do the seals of a file hold, whose are they, and what do they leave open? GB/T 38540-2020 7.3, GM/T 0031-2014, GB/T 33190-2016 18.

``intact``  every file that the signature names is as it was, and so is the list of them that was signed
``valid``   the signer's signature holds, and the seal names the signer
``trusted`` more: the seal's maker made it, signer and maker lead to anchors, and all was in force when it was signed
What falls short is told in ``flaws``; ``uncovered`` are files that could be anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from suppliers.ofd import cms, keys, ses
from suppliers.ofd.certificates import Certificate, Standing, Trust, parse
from suppliers.ofd.digests import STRONG, digest
from suppliers.ofd.documents import Files
from suppliers.ofd.errors import OfdTrouble
from suppliers.ofd.signatures import Found, Listed

_CLOCKS = timedelta(days=1)
"""Local time written as if it were UTC is so common among makers of seals that it proves nothing."""


@dataclass
class Judged:
    """A signature and what was found of it. ``bare``: two numbers without a certificate, which anybody can write."""

    listed: Listed
    scheme: str = "ofd-signature"
    level: str | None = None
    intact: bool = False
    valid: bool = False
    trusted: bool = False
    standing: Standing = field(default_factory=Standing)
    unreadable: bool = False
    bare: bool = False
    signer: Certificate | None = None
    seal: ses.Seal | None = None
    at: datetime | None = None
    flaws: list[str] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    countersigned: bool = False
    open: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.intact and self.valid and not self.unreadable


def judge(files: Files, found: Found, trust: Trust, at: datetime) -> list[Judged]:
    """Every signature of the file, those that others have countersigned first."""
    judged = [_judge(files, listed) for listed in found.listed]
    _countersigned(judged)
    for each in judged:
        _believe(each, trust, at if at.tzinfo else at.replace(tzinfo=UTC))
    for each in judged:
        _cover(each, judged, found, files)
    return sorted(judged, key=lambda each: not each.countersigned)


def uncovered(files: Files, found: Found, judged: list[Judged]) -> list[str]:
    """The files that no signature which holds answers for."""
    holding = [each for each in judged if each.holds]
    sealed = set().union(*(_sealed_by(each, found, files) for each in holding))
    beside = set().union(*(each.own for each in holding)) | (found.lists if holding else set())
    return _not_in(sealed, beside, files)


def _judge(files: Files, listed: Listed) -> Judged:
    judged = Judged(listed, own=set(listed.own), intact=not listed.changed)
    if listed.changed:
        judged.flaws.append("changed")
    try:
        _open(files, judged)
    except keys.Unsupported:
        judged.unreadable = True
        judged.flaws.append("unsupported")
    except (MemoryError, OfdTrouble):
        raise
    except Exception:  # hostile signatures break parsers in many ways; none of them may look verified
        judged.unreadable = True
        judged.flaws.append("unreadable")
    if listed.weak:
        judged.unreadable = judged.unreadable or not listed.changed
        judged.valid = False
        judged.flaws.append("weak")
    return judged


def _open(files: Files, judged: Judged) -> None:
    """By what the value is, and not by what the list calls it."""
    value = judged.listed.value
    if keys.numbers_of(value) is not None:
        judged.bare = True
        judged.flaws.append("bare")
        return
    try:
        sealing = ses.sealing(value)
    except (ValueError, IndexError):
        _signed(judged, cms.signed(value))
    else:
        _sealed(files, judged, sealing)


def _signed(judged: Judged, signed: cms.Signed) -> None:
    judged.level, judged.at, judged.signer = "GB/T 35275", signed.at or judged.listed.said_at, signed.signer
    if signed.signer is None:
        raise ValueError("no certificate of the signer")
    messages = signed.messages(judged.listed.content)
    if not messages:
        judged.intact = False
        judged.flaws.append("changed")
    said = messages or [signed.attributes or signed.content or b""]
    judged.valid = any(keys.holds(signed.signer.public_key, signed.algorithm, message, signed.signature) for message in said)
    if not judged.valid:
        judged.flaws.append("signature")


def _sealed(files: Files, judged: Judged, sealing: ses.Sealing) -> None:
    judged.scheme, judged.level = "ofd-seal", f"SES {sealing.shape}"
    judged.at, judged.seal = sealing.at or judged.listed.said_at, sealing.seal
    strong = next(
        (method for method in ("sm3", *sorted(STRONG - {"sm3"})) if digest(method, judged.listed.content) == sealing.digest), None
    )
    if strong is None:
        if len(sealing.digest) < 32:
            raise keys.Unsupported("digest")
        judged.intact = False
        judged.flaws.append("changed")
    _seal_file(files, judged, sealing.seal)
    judged.signer = _signer(sealing)
    held = keys.holds(judged.signer.public_key, sealing.algorithm, sealing.message, sealing.signature)
    if not held:
        judged.flaws.append("signature")
    listed = sealing.seal.permits(judged.signer.raw)
    if not listed:
        judged.flaws.append("signer_not_in_seal")
    judged.valid = held and listed is not False


def _signer(sealing: ses.Sealing) -> Certificate:
    """The certificate in the sealing; where it is left out, the one of the seal's signers whose key fits."""
    signer = parse(sealing.certificate)
    if signer is None and not sealing.certificate:
        able = [certificate for raw in sealing.seal.signers[:10] for certificate in [parse(raw)] if certificate]
        fitting = (each for each in able if each.signed(sealing.message, sealing.algorithm, sealing.signature))
        signer = next(fitting, able[0] if able else None)
    if signer is None:
        raise ValueError("no certificate of the signer")
    return signer


def _seal_file(files: Files, judged: Judged, seal: ses.Seal) -> None:
    """The seal lies in the package a second time, for those that only look; it must be the same one."""
    name = judged.listed.seal_name
    if name is None:
        return
    if files.package.read(name) == seal.raw:
        judged.own.add(name)
    else:
        judged.flaws.append("other_seal_file")


def _believe(judged: Judged, trust: Trust, at: datetime) -> None:
    if judged.signer is None or not judged.holds:
        return
    maker = parse(judged.seal.maker) if judged.seal else None
    for certificate in (judged.signer, maker):
        if certificate:
            trust.add(certificate)
    signer = trust.standing(judged.signer, at)
    judged.standing = signer
    doubts = [] if signer.trusted else ["revoked" if signer.revoked else "untrusted"]
    if judged.seal:
        made = trust.standing(maker, at) if maker else Standing()
        doubts += _doubts_of_seal(judged.seal, maker, made, judged.at or at)
        judged.standing = Standing(
            signer.trusted and made.trusted, signer.revoked or made.revoked, signer.revocation_known and made.revocation_known
        )
    doubts += _doubts_of_time(judged.signer, judged.at, at)
    if not judged.signer.may_sign:
        doubts.append("key_usage")
    judged.flaws += doubts
    judged.trusted = not judged.flaws


def _doubts_of_seal(seal: ses.Seal, maker: Certificate | None, made: Standing, when: datetime) -> list[str]:
    doubts = []
    if maker is None or not any(maker.signed(message, seal.algorithm, seal.signature) for message in seal.messages):
        doubts.append("maker_signature")
    if not made.trusted:
        doubts.append("maker_revoked" if made.revoked else "maker_untrusted")
    if maker is not None and not maker.may_sign:
        doubts.append("key_usage")
    if seal.begins is None or seal.ends is None or not seal.begins - _CLOCKS <= when <= seal.ends + _CLOCKS:
        doubts.append("seal_not_in_force")
    return doubts


def _doubts_of_time(signer: Certificate, signed_at: datetime | None, at: datetime) -> list[str]:
    if signed_at is None:
        return []
    doubts = [] if signer.begins - _CLOCKS <= signed_at <= signer.ends + _CLOCKS else ["signer_not_in_force"]
    return doubts + (["in_future"] if signed_at > at + _CLOCKS else [])


def _countersigned(judged: list[Judged]) -> None:
    """A list of signatures that was covered changes when another signature is added: whoever covers the list
    as it is now, answers for that."""
    for each in judged:
        lists = {each.listed.list_name}
        if not each.listed.changed or not each.listed.changed <= lists:
            continue
        later = (other for other in judged if other is not each and other.holds and each.listed.list_name in other.listed.covered)
        if any(other.listed.covered >= each.listed.covered - lists for other in later):
            each.countersigned = each.intact = True
            each.flaws.remove("changed")


def _cover(judged: Judged, others: list[Judged], found: Found, files: Files) -> None:
    """What this signature leaves open. The files of other signatures may be there beside it when those hold, and
    beside a trusted one only those that are trusted: a seal shows a picture, and a picture can hide a word."""
    answered = judged.own | found.lists
    for other in others:
        beside = other.holds and (other.trusted or not judged.trusted)
        if beside or (other.bare and not other.listed.stamps):
            answered |= other.own
    judged.open = _not_in(_sealed_by(judged, found, files), answered, files)


def _sealed_by(judged: Judged, found: Found, files: Files) -> set[str]:
    """The files that the signature answers for. What lies where a signature lies is no content, whatever it digests to:
    a copy of the true page may lie there, while another page is shown."""
    homes = tuple(each.folder for each in found.listed if not any(name.startswith(each.folder) for name in found.documents))
    return {name for name in judged.listed.covered if name not in files.shown or not name.startswith(homes)}


def _not_in(sealed: set[str], beside: set[str], files: Files) -> list[str]:
    """The files that are in neither. ``beside``: files of signatures, which prove themselves and nothing that is shown."""
    return [name for name in files.package.names if name not in sealed and (name not in beside or name in files.shown)]


def told(judged: Judged) -> dict[str, Any]:
    """The entry of the reading: plain values."""
    signer, seal, standing = judged.signer, judged.seal, judged.standing
    when = judged.at or judged.listed.said_at
    return {
        "scheme": judged.scheme,
        "intact": judged.intact and not judged.unreadable,
        "valid": judged.valid,
        "trusted": judged.trusted,
        "revoked": standing.revoked,
        "revocation_known": standing.revocation_known,
        "covers_whole_file": judged.holds and not judged.open and not judged.countersigned,
        "modification": "other" if not judged.intact else "form" if judged.countersigned else "none",
        "signer_name": signer.name if signer else None,
        "signer_org": (signer.organisation or signer.name) if signer else None,
        "level": judged.level,
        "signed_at": when.isoformat() if when else None,
        "unreadable": judged.unreadable,
        "seal_name": seal.name if seal else None,
        "seal_id": seal.id if seal else None,
        "flaws": list(dict.fromkeys(judged.flaws)),
        "changed_files": sorted(judged.listed.changed)[:20],
        "uncovered": judged.open[:20],
    }
