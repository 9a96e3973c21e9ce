"""Sets of documents that say themselves what is right for each: found by the shape of their index, wherever it lies.

Every judge yields ``Judged`` for what the set says of a file or a case, and ``ask`` looks at bytes at
most once.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.papers import expected, numbers, vectors
from benchmarks.papers.expected import ANY_BUT_VERIFIED, Ask, Expected, Judged
from benchmarks.papers.folders import Beside
from benchmarks.papers.seals import expected_of_ofd
from benchmarks.papers.verdicts import Verdict
from suppliers.certificates import files
from suppliers.credentials.multibase import from_base64url
from suppliers.credentials.parsing import read_object
from suppliers.credentials.refusals import Refused

Also = Callable[[Verdict], str]


def judge(index: Path, beside: Beside, ask: Ask) -> Iterator[Judged]:
    """What the file ``index`` says of others, or of itself; nothing when it says nothing."""
    if index.name == "identifiers.tsv" or index.suffix == ".tsv":
        yield from _table(index, beside, ask)
    elif index.suffix == ".ofd":
        wanted = expected_of_ofd(index.read_bytes())
        if wanted:
            yield _one("ofd", index.name, wanted, (index.read_bytes(), beside), ask)
    elif index.suffix == ".json":
        value = _json(index)
        if index.stem.endswith(("-ok", "-fail")) or "-fail-or-" in index.stem:
            yield vectors.of_the_suite(index, beside, ask)
        elif index.stem.startswith("signed"):
            yield from vectors.of_a_proof(index, beside, ask)
        elif isinstance(value, dict) and isinstance(value.get("cases"), list):
            yield from _cases(index, value, beside, ask)
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            yield from _listed(index, value, beside, ask)


def is_index(path: Path) -> bool:
    """Whether a file speaks of others and is no document itself."""
    if path.suffix not in (".json", ".tsv"):
        return path.suffix in (".txt", ".md")
    value = _json(path) if path.suffix == ".json" else []
    return isinstance(value, list) or (isinstance(value, dict) and isinstance(value.get("cases"), list))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None


def _one(kind: str, name: str, wanted: Expected, asked: tuple[bytes, Beside], ask: Ask, *, also: Also = lambda _: "") -> Judged:
    """``also`` says what else is wrong with an answer, "" for nothing."""
    got = ask(*asked)
    accepted = wanted.bad and got.word == "verified"
    more = also(got)
    said = f"{got.word} ({got.because}){' ' if more else ''}{more}"
    return Judged(kind, name, "|".join(sorted(wanted.words)), said, got.word in wanted.words and not more, wanted.bad, accepted, asked)


def _cases(index: Path, value: Mapping[str, Any], beside: Beside, ask: Ask) -> Iterator[Judged]:
    """Files with a sentence each, or tokens with the key of their issuer."""
    for case in value["cases"]:
        text = case.get("verdict") or case.get("expect") or ""
        wanted = expected.read(text) if isinstance(text, str) else None
        if wanted and isinstance(case.get("jwt"), str):
            yield _token(index.stem, case, wanted, replace(beside, documents={**beside.documents, **keys_of(value)}), ask)
        elif wanted and isinstance(case.get("file"), str) and (index.parent / case["file"]).is_file():
            yield from _file(index, case, wanted, beside, ask)


def _file(index: Path, case: Mapping[str, Any], wanted: Expected, beside: Beside, ask: Ask) -> Iterator[Judged]:
    content = (index.parent / case["file"]).read_bytes()

    def also(got: Verdict) -> str:
        signatures = got.reading.get("signatures") or []
        facts = {name: signatures[-1].get(name) if signatures else None for name in ("level", "signer_org") if case.get(name)}
        wrong = [f"{name} {facts[name]!r}" for name in facts if facts[name] != case[name]]
        count = case.get("signatures", len(signatures))
        return " ".join([*wrong, *([f"{len(signatures)} signatures"] if len(signatures) != count else [])])

    yield _one(index.parent.name, case["file"], wanted, (content, beside), ask, also=also)
    if wanted.bad and beside.anchors:
        unknown = replace(beside, anchors=tuple((anchor, None) for anchor, _ in beside.anchors))
        nothing = Expected(ANY_BUT_VERIFIED, bad=True)
        yield _one(index.parent.name, f"{case['file']}, its revocation list out of reach", nothing, (content, unknown), ask)


def keys_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """DID documents out of ``key_of_did_web_…`` members: which issuer is meant, the tokens say."""
    issuers = {issuer for case in value["cases"] for issuer in [_issuer(case.get("jwt"))] if issuer}
    found = {}
    for name, key in value.items():
        for issuer in issuers:
            if isinstance(key, dict) and "kty" in key and name == "key_of_" + "".join(c if c.isalnum() else "_" for c in issuer):
                method = {"id": f"{issuer}#k1", "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": key}
                found[issuer] = {"id": issuer, "verificationMethod": [method], "assertionMethod": [method["id"]]}
    return found


def _issuer(token: Any) -> str | None:
    try:
        issuer = read_object(from_base64url(token.split(".")[1])).get("issuer")
    except (Refused, AttributeError, IndexError):
        return None
    issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
    return issuer if isinstance(issuer, str) else None


def _token(set_name: str, case: Mapping[str, Any], wanted: Expected, beside: Beside, ask: Ask) -> Judged:
    """A token is judged right when nobody else's key is asked for, either."""

    def also(got: Verdict) -> str:
        asked = set(((got.reading.get("credential") or {}).get("asks") or {}).get("dids", ())) - set(beside.documents)
        return f"asks {sorted(asked)}" if asked else ""

    return _one(set_name, str(case.get("name")), wanted, (case["jwt"].encode(), beside), ask, also=also)


def _listed(index: Path, rows: list[dict[str, Any]], beside: Beside, ask: Ask) -> Iterator[Judged]:
    """Hostile files with names to be shown, or status lists."""
    for row in rows:
        if isinstance(row.get("encodedList"), str):
            yield vectors.of_a_list(index.stem, row)
        elif isinstance(row.get("names"), list):
            yield from (_name(index.parent.name, name) for name in row["names"])
        elif isinstance(row.get("file"), str) and (index.parent / row["file"]).is_file():
            text = row.get("expect") or row.get("verdict") or ""
            wanted = expected.read(text) if isinstance(text, str) else None
            if wanted:
                yield _one(index.parent.name, row["file"], wanted, ((index.parent / row["file"]).read_bytes(), beside), ask)


def _name(set_name: str, name: str) -> Judged:
    """A hostile name comes out as one line without a way anywhere."""
    shown = files.shown_name(name)
    odd = [letter for letter in shown if letter in "/\\" or unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp")]
    return Judged(set_name, f"name {name[:30]!r}", "a line to show", repr(shown[:40]), bool(shown) and len(shown) <= 200 and not odd)


def _table(index: Path, beside: Beside, ask: Ask) -> Iterator[Judged]:
    """Identifiers; or ``labels.tsv``: a path and its verdicts, for sets that bring no index of their own."""
    given = numbers.rows(index)
    wrong = {id(row): said for row, said in numbers.wrong(given)}
    for row in given:
        said = wrong.get(id(row), "as expected")
        yield Judged("identifiers", f"{row['kind']} {row['value']}", row["expected"], said, id(row) not in wrong)
    if index.name == "labels.tsv":
        for line in index.read_text("utf-8").splitlines():
            path, _, text = line.partition("\t")
            wanted = expected.read(text)
            if wanted and (index.parent / path).is_file():
                yield _one(index.parent.name, path, wanted, ((index.parent / path).read_bytes(), beside), ask)
