"""Papers of suppliers: what is known of each file of a folder, and how right, safe and quick that is.

    python -m benchmarks.certificates [--documents DIR] [--anchors DIR] [--at ISO] [--bad GLOB] [--only PART,…] [--quick]

Every file under DIR gets a line: path, kind, verdict, because, seconds, MB (tabs between; benchmarks/papers/verdicts.py
says the verdicts). Roots (*.pem), revocation lists (*.crl, *.crl.der), DID documents and status lists that lie
beside a file are given to the verifier; the moment is that of the index beside it (``generated_at``), --at, or now.
Sets that bring their own truth (expected.json, labels.tsv, *-ok.json, tokens, status lists, vectors, OFDs,
identifiers.tsv, truth.json) are judged against it. What holds is tampered with, and must not hold then. The attack table
goes through the limited child, alone. Ten thousand suppliers' papers are judged anew.

Peers in the same run: pyHanko's own last word over the same PDFs; python-stdnum over the same numbers.

Parts: documents, tampering, identifiers, scans, attacks, standing, revocation. Last line: forged_accepted, judged_right,
judged_total, fields_right, fields_total, crashes, peak_mb, slowest_seconds, rejudge_seconds, revocation_seconds, and their details.
"""

from __future__ import annotations

import random
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

from benchmarks import revocation
from benchmarks.habit import ROOT, arguments, emit, note
from benchmarks.papers import attacks, numbers, peers, sets, standings, tampering, verdicts
from benchmarks.papers.expected import Judged
from benchmarks.papers.folders import Beside, Folders
from benchmarks.papers.verdicts import Verdict
from suppliers import reading
from tests.suppliers.credentials import making

SHARED = ROOT.parent / "shared" / "data" / "certificates"
PARTS = ("documents", "tampering", "identifiers", "scans", "attacks", "standing", "revocation")
SEED = 20261122
FLIPS = 6
QUICK_LOOKS, QUICK_TAMPERED, QUICK_ATTACKS, QUICK_SUPPLIERS = 34, 10, 10, 1_000


class Enough(Exception):
    """A quick turn has looked often enough."""


class Run:
    """A run over a folder: everything is looked at once, two at a time, and remembered."""

    def __init__(self, folder: Path, folders: Folders, *, most: int | None = None) -> None:
        self.folder, self.folders, self.most = folder, folders, most
        self.known: dict[tuple[Any, ...], tuple[bytes, Beside, Verdict]] = {}
        self.crashes: list[str] = []
        self.peak = 0

    def ask(self, content: bytes, beside: Beside) -> Verdict:
        key = content, beside.anchors, beside.at, tuple(beside.documents), tuple(beside.lists)
        if key not in self.known:
            if self.most is not None and len(self.known) >= self.most:
                raise Enough
            self.known[key] = content, beside, self.look(content, beside)
        return self.known[key][2]

    def look(self, content: bytes, beside: Beside) -> Verdict:
        try:
            got = verdicts.of(content, beside)
        except Exception as error:  # the point of the child is that this does not happen
            self.crashes.append(f"{type(error).__name__}: {error}"[:200])
            return Verdict("unknown", "refused", f"CRASH {type(error).__name__}")
        self.peak = max(self.peak, got.peak_mb)
        return got

    def files(self) -> list[Path]:
        found = [path for path in sorted(self.folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
        return found if self.most is None else sorted(random.Random(SEED).sample(found, min(self.most // 4, len(found))))

    def holding(self) -> list[tuple[bytes, Beside, Verdict]]:
        """What was looked at and is as it was signed."""
        return [found for found in list(self.known.values()) if found[2].holds]


def line(name: object, got: Verdict) -> None:
    said = (name, got.kind, got.word, got.because, f"{got.seconds:.3f}", got.peak_mb)
    print("\t".join(" ".join(str(each).split()) for each in said), flush=True)


def documents(run: Run) -> dict[str, int]:
    """A line for each file; how many of each verdict."""
    counted = Counter[str]()

    def one(path: Path) -> tuple[Path, Verdict]:
        beside = run.folders.beside(path.parent)
        if path in beside.helpers or sets.is_index(path):
            return path, Verdict("helper", "-", "not a document")
        return path, run.ask(path.read_bytes(), beside)

    with ThreadPoolExecutor(2) as pool:
        for path, got in pool.map(one, run.files()):
            line(path.relative_to(run.folder), got)
            counted[got.word] += 1
    return dict(counted - Counter({"-": counted["-"]}))


def judged(run: Run, bad: list[str]) -> list[Judged]:
    """What sets say of their own files, and what --bad says."""

    def one(path: Path) -> list[Judged]:
        found, beside = [], run.folders.beside(path.parent)
        try:
            for each in sets.judge(path, beside, run.ask):
                found.append(each)
            name = str(path.relative_to(run.folder))
            if any(fnmatch(name, pattern) for pattern in bad):
                word = run.ask(path.read_bytes(), beside).word
                found.append(Judged("--bad", name, "not verified", word, word != "verified", True, word == "verified"))
        except Enough:
            pass
        return found

    paths = [path for path in sorted(run.folder.rglob("*")) if path.is_file()]
    with ThreadPoolExecutor(2) as pool:
        return [each for found in pool.map(one, paths) for each in found]


def tamper(run: Run, most: int | None) -> dict[str, Any]:
    """Of what was changed: how much still holds, and what of that no signature answers for."""
    chance, counted, outside, held = random.Random(SEED), Counter[str](), Counter[str](), []
    tried: list[tuple[Beside, tampering.Attempt, Verdict]] = []
    work = [
        (beside, each, got.kind)
        for content, beside, got in run.holding()
        for each in tampering.attempts(content, got.kind, chance, FLIPS)
        if each.content != content
    ]
    work = work if most is None else chance.sample(work, min(most, len(work)))
    with ThreadPoolExecutor(2) as pool:
        for (beside, each, kind), got in zip(work, pool.map(lambda one: run.look(one[1].content, one[0]), work), strict=True):
            tried.append((beside, each, got))
            counted["changed" if each.covered else "outside"] += 1
            if got.holds and each.covered:
                held.append(f"{kind}: {each.what}: {got.word} ({got.because})")
            elif got.holds:
                outside[f"{kind}: {'byte' if each.what.startswith('byte') else each.what}"] += 1
    theirs = sum(peers.believes(each.content, beside) for beside, each, got in tried if each.covered and got.kind == "pdf")
    for each in held:
        note(f"tampered and still holds: {each}")
    return {
        "held": len(held),
        "tried": counted["changed"],
        "outside_tried": counted["outside"],
        "outside_held": dict(outside),
        "pyhanko_held": theirs,
    }


def attacked(run: Run, most: int | None) -> tuple[list[Judged], dict[str, Any]]:
    """The attack table, one after the other."""
    given = list(attacks.attacks())
    given = given if most is None else random.Random(SEED).sample(given, most)
    found, slowest, crashed = [], ("", 0.0), 0
    beside = Beside(at=datetime.now(UTC))
    for name, make, wanted in given:
        got = _through_the_child(run, make(), beside)
        line(f"attack: {name}", got)
        slowest = max(slowest, (name, got.seconds), key=lambda each: each[1])
        crashed += got.because == "child.crashed"
        right = got.word == "refused" if wanted == "stopped" else got.word != "verified"
        found.append(Judged("attacks", name, wanted, f"{got.word} ({got.because})", right, True, got.word == "verified"))
    for name, credential, listed in attacks.list_bombs():
        got = run.look(credential, replace(beside, documents=making.DOCUMENTS, lists={making.LIST: listed}))
        line(f"attack: {name}", got)
        found.append(
            Judged("attacks", name, "not verified", f"{got.word} ({got.because})", got.word != "verified", True, got.word == "verified")
        )
    return found, {"slowest_seconds": slowest[1], "slowest": slowest[0], "children_crashed": crashed}


def _through_the_child(run: Run, content: bytes, beside: Beside) -> Verdict:
    """Past the door that refuses what is too large or of no kind: the child must hold by itself."""
    try:
        seen = reading.look(content, anchors=(), at=beside.at)
        word, because = verdicts.judged(seen.reading, at=beside.at)
    except Exception as error:  # as in Run.look
        run.crashes.append(f"{type(error).__name__}: {error}"[:200])
        return Verdict("unknown", "refused", f"CRASH {type(error).__name__}")
    run.peak = max(run.peak, seen.peak_mb)
    return Verdict(seen.reading["kind"], word, because, seen.seconds, seen.peak_mb)


def scans(folder: Path, quick: bool) -> dict[str, Any]:
    """Fields read from scans, or None and why not."""
    from suppliers import recognising

    nothing = {"fields_right": None, "fields_total": None}
    if quick:
        return nothing | {"fields_because": "left out of a quick turn"}
    if not recognising.available():
        return nothing | {"fields_because": "the extra [ocr] is not installed"}
    from benchmarks.certificate_scans import score

    scores = [score(truth.parent) for truth in sorted(folder.rglob("truth.json"))]
    for miss in (miss for each in scores for miss in each["misses"]):
        note(f"field: {miss}")
    return {name: sum(each[name] for each in scores) for name in ("fields_right", "fields_total")}


def identifiers(folder: Path) -> dict[str, Any]:
    given = [row for path in sorted(folder.rglob("*.tsv")) for row in numbers.rows(path)]
    return numbers.figures(given)


def revocations(quick: bool) -> float | None:
    """Seconds from a revocation at the desk to the changed pages of 20 items; benchmarks/revocation.py tells more."""
    return None if quick else round(revocation.a_round(20)[0], 3)


def main() -> None:
    def more(parser: ArgumentParser) -> None:
        parser.add_argument("--documents", type=Path, default=SHARED if SHARED.is_dir() else None)
        parser.add_argument("--anchors", type=Path, help="a folder of roots and revocation lists for all documents")
        parser.add_argument("--at", type=datetime.fromisoformat, help="the moment for which all is judged")
        parser.add_argument("--bad", action="append", default=[], help="files by their path under DIR that must never be verified")
        parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS))

    given = arguments("What is known of each paper of a folder, and how right, safe and quick that is", papers=more)
    with tempfile.TemporaryDirectory() as empty:
        folder = given.documents or Path(empty)
        run = Run(folder, Folders(anchors=given.anchors, at=given.at), most=QUICK_LOOKS if given.quick else None)
        emit(**dict(_figures(run, given)))


def _figures(run: Run, given: Any) -> Iterator[tuple[str, Any]]:
    found: list[Judged] = []
    tampered: dict[str, Any] = {"held": 0}
    if "documents" in given.only:
        yield "verdicts", documents(run)
        found += judged(run, given.bad)
        yield "documents", len(run.known)
    if "tampering" in given.only:
        tampered = tamper(run, QUICK_TAMPERED if given.quick else None)
        yield "tampering", tampered
    if "identifiers" in given.only:
        yield "identifiers", identifiers(run.folder)
    if "attacks" in given.only:
        more, figures = attacked(run, QUICK_ATTACKS if given.quick else None)
        found += more
        yield from figures.items()
    if "scans" in given.only:
        yield from scans(run.folder, given.quick).items()
    if "standing" in given.only:
        standing = standings.figures(
            QUICK_SUPPLIERS if given.quick else 10_000, kinds=("sqlite",) if given.quick else ("sqlite", "postgres")
        )
        yield "rejudge_seconds", max(standing["sqlite"]["quiet_seconds"], standing["sqlite"]["lapsing_seconds"])
        yield "standing", standing
    if "revocation" in given.only:
        yield "revocation_seconds", revocations(given.quick)
    yield from _summed(run, found, tampered)


def _summed(run: Run, found: list[Judged], tampered: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for each in found:
        if not each.right:
            print(f"WRONG\t{each.set}\t{each.name}\texpected {each.expected}\tgot {each.got}")
    counted, right = Counter(each.set for each in found), Counter(each.set for each in found if each.right)
    yield "sets", {name: [right[name], counted[name]] for name in sorted(counted)}
    bad = [each.asked for each in found if each.bad and each.asked and each.asked[0].startswith(b"%PDF-")]
    theirs = sum(peers.believes(*asked) for asked in bad)
    yield "peers", {"pyhanko_soft_fail": {"bad_pdfs": len(bad), "accepted": theirs, "tampered_held": tampered.get("pyhanko_held")}}
    yield "forged_accepted", sum(each.accepted for each in found) + tampered["held"]
    yield "judged_right", sum(right.values())
    yield "judged_total", sum(counted.values())
    yield "crashes", len(run.crashes)
    yield "crashed", run.crashes[:10]
    yield "peak_mb", run.peak


if __name__ == "__main__":
    main()
