"""Sets of credentials: W3C's data model suite, its Data Integrity vectors, status lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.papers.expected import Ask, Judged
from benchmarks.papers.folders import Beside
from suppliers.credentials import bitstring, contexts, integrity
from suppliers.credentials.refusals import Refused
from suppliers.credentials.verifying import issuer_of

DATES = (b"FUTURE DATE", b"2035-01-01T00:00:00Z"), (b"PAST DATE", b"2020-01-01T00:00:00Z")
"""The suite's files are templates in which its harness puts two dates."""
WITHIN = {"credential.presentation_empty"}
"""What is a presentation by the data model, and no paper for us."""


def of_the_suite(path: Path, beside: Beside, ask: Ask) -> Judged:
    """``-ok``: no rule of the data model is broken; ``-fail``: one is, or it cannot be read at all."""
    content = path.read_bytes()
    for word, day in DATES:
        content = content.replace(word, day)
    got = ask(content, beside)
    credential = got.reading.get("credential") or {}
    trouble = {got.reading.get("trouble")} - {None} - WITHIN
    flaws = bool(credential.get("structure") or trouble or not got.reading)
    bad = not path.stem.endswith("-ok")
    said = f"{got.word} ({got.because})"
    return Judged(path.parent.name, path.name, "a flaw" if bad else "no flaw", said, flaws == bad, bad, bad and got.word == "verified")


def of_a_proof(path: Path, beside: Beside, ask: Ask) -> Iterator[Judged]:
    """The hash is theirs, the mathematics hold, and the key is the issuer's only when it is."""
    document = json.loads(path.read_bytes())
    proof = document.pop("proof", None)
    if not isinstance(proof, dict):
        return
    got = ask(path.read_bytes(), beside)
    credential = got.reading.get("credential") or {}
    bound = str(proof.get("verificationMethod", "")).partition("#")[0] == issuer_of(document)
    want = ("passed", "passed" if bound else "failed")
    said = ((credential.get("proof") or {}).get("result"), (credential.get("binding") or {}).get("result"))
    name = f"{path.parent.name}/{path.name}"
    accepted = not bound and got.word == "verified"
    yield Judged(path.parent.name, name, f"proof, binding {want}", f"{said} {got.word}", said == want, not bound, accepted)
    for hashes in sorted(path.parent.glob("combinedHash*.txt")):
        kind = "P-384" if "P384" in hashes.stem or len(hashes.read_text().strip()) == 192 else "P-256"
        made = integrity.hash_data(proof, document, kind, contexts=contexts.CONTEXTS).hex()
        yield Judged(path.parent.name, f"{path.parent.name}/{hashes.name}", "equal", made[:16], made == hashes.read_text().strip())


def of_a_list(set_name: str, row: dict[str, Any]) -> Judged:
    """Its bits are what the row says, no more and no fewer, and none beyond its end; or it is refused."""
    size = int(row.get("statusSize", 1))
    try:
        unpacked = bitstring.unpack(row["encodedList"])
        got: Any = {str(index): bitstring.entry(unpacked, int(index), size) for index in row.get("values", {"5": 0})}
        if "set" in row:
            got = [index for index in range(row["bits"]) if bitstring.entry(unpacked, index)]
            got += ["beyond"] if _beyond(unpacked, row["bits"]) else []
    except Refused as refused:
        got = refused.code
    want = sorted(row["set"]) if "set" in row else row.get("values")
    right = got == want if want is not None else isinstance(got, str)
    return Judged(set_name, row["name"], "refused" if want is None else "its bits", str(got)[:60], right, want is None)


def _beyond(unpacked: bytes, index: int) -> bool:
    try:
        bitstring.entry(unpacked, index)
    except Refused:
        return False
    return True
