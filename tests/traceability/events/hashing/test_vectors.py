"""The published vectors of the reference generator, and events of others that must be one, through our own readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import shared_data
from traceability.events import documents
from traceability.events.hashing import event_hash, prehash

STALE = ("epcisDocWithCustomSchemaInContext", 1)
"""The published pre-hash of this event is not the one that its published hash is the hash of."""


def _ignored(path: Path) -> set[str]:
    """Names that a document's own remark to the generator leaves out."""
    text = path.read_text("utf-8")
    inside = re.search(r"<[\w-]+:ignoreFields>(.*?)</", text, re.DOTALL)
    spaces = dict(re.findall(r'xmlns:([\w-]+)="([^"]*)"', text))
    return {f"{{{spaces[prefix]}}}{name}" for prefix, name in re.findall(r"<([\w-]+):(\w+)\s*/>", inside[1])} if inside else set()


def _said(path: Path, say: Callable[[dict[str, Any], set[str]], str]) -> list[str]:
    media_type = "application/xml" if path.suffix == ".xml" else "application/ld+json"
    ignored = _ignored(path)
    return [say(told, ignored) for told in documents.read(path.read_bytes(), media_type).events if told]


def _files() -> list[Path]:
    folder = shared_data("epcis") / "event-hash" / "examples"
    return sorted(path for path in folder.iterdir() if path.suffix in (".xml", ".jsonld"))


def test_every_hash_is_the_published_one() -> None:
    wrong = [path.name for path in _files() if _said(path, event_hash) != path.with_suffix(".hashes").read_text("utf-8").split()]
    assert wrong == []
    assert len(_files()) >= 22


def test_every_prehash_is_the_published_one_letter_for_letter() -> None:
    compared = 0
    for path in _files():
        if not path.with_suffix(".prehashes").exists():
            continue
        wanted = [line for line in path.with_suffix(".prehashes").read_text("utf-8").split("\n") if line]
        for place, (ours, theirs) in enumerate(zip(_said(path, prehash), wanted, strict=True)):
            if (path.stem, place) != STALE:
                assert ours == theirs, (path.name, place)
                compared += 1
    assert compared > 40


def test_events_that_must_be_one_are_one() -> None:
    folder = shared_data("epcis") / "event-hash" / "expected_equal"
    paths = sorted(folder.iterdir())
    assert paths
    for path in paths:
        hashes = _said(path, event_hash)
        assert len(hashes) > 1, path.name
        assert len(set(hashes)) == 1, path.name


def test_json_and_xml_of_one_event_are_one() -> None:
    folder = shared_data("epcis") / "event-hash" / "gs1-identical"
    hashes = [one for path in folder.iterdir() for one in _said(path, event_hash)]
    assert len(hashes) > 1
    assert len(set(hashes)) == 1
