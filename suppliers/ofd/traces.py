"""Traces of seals that are not there: a sealed file that lost its seal looks like one that never had any.

Only signals for a person: nothing here says forged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from suppliers.ofd.documents import Document, Files
from suppliers.ofd.markup import attribute
from suppliers.ofd.seals import Judged
from suppliers.ofd.signatures import Found


def signals(
    files: Files, documents: list[Document], found: Found, judged: Sequence[Judged], notes: dict[int, list[Element]], hidden: list[int]
) -> list[dict[str, Any]]:
    """``name page box strength``: ofd.seal_missing, ofd.seal_removed, ofd.bare_signature, ofd.other_seal_file,
    ofd.second_document, ofd.versions, ofd.hidden_words."""
    known = found.lists | set().union(*(each.own | {each.listed.seal_name or ""} for each in judged))
    told: list[tuple[str, int | None, float]] = [("ofd.seal_missing", None, 1.0)] if found.missing else []
    if any(_of_a_seal(name) and name not in known for name in files.package.names):
        told.append(("ofd.seal_removed", None, 1.0))
    sealed = any(not each.bare for each in judged)
    for page in (page for document in documents for page in document.pages):
        if not sealed and any(attribute(each, "Type") == "Stamp" for each in notes.get(page.number, ())):
            told.append(("ofd.seal_removed", page.number, 0.8))
    told += [("ofd.bare_signature", None, 0.5) for each in judged if each.bare]
    told += [("ofd.other_seal_file", None, 0.8) for each in judged if "other_seal_file" in each.flaws]
    told += [("ofd.second_document", None, 0.4)] if len(documents) > 1 else []
    told += [("ofd.versions", None, 0.4)] if any(document.versions > 1 for document in documents) else []
    told += [("ofd.hidden_words", page, 0.6) for page in hidden]
    return [{"name": name, "page": page, "box": None, "strength": strength} for name, page, strength in dict.fromkeys(told)]


def _of_a_seal(name: str) -> bool:
    """The names that the standard gives to the files of signatures (6), and writers' .esl."""
    last = name.rpartition("/")[2].lower()
    return last in ("signatures.xml", "signature.xml", "signedvalue.dat") or last.endswith(".esl")
