"""A reading goes into a database: no string of it may hold what no database keeps."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from suppliers import extraction, reading
from suppliers.reading import child

AT = datetime(2026, 11, 22, tzinfo=UTC)
_TEXT = st.text(st.sampled_from('a\\u0d8f"\0\ud800\udbff\udc00\udfff\U0001f600溯\n'), max_size=12)


def strings(told: Any) -> list[str]:
    if isinstance(told, dict):
        return [text for pair in told.items() for each in pair for text in strings(each)]
    if isinstance(told, list | tuple):
        return [text for each in told for text in strings(each)]
    return [told] if isinstance(told, str) else []


def storable(told: Any) -> bool:
    return all("\0" not in text and not any(0xD800 <= ord(letter) < 0xE000 for letter in text) for text in strings(told))


@given(st.recursive(_TEXT | st.floats() | st.none(), lambda some: st.lists(some, max_size=3) | st.dictionaries(_TEXT, some, max_size=3)))
def test_whatever_the_child_says_can_be_kept(said: Any) -> None:
    told, _ = child.taken_apart(child.compose({"said": said}, []))
    assert storable(told)
    json.dumps(told, allow_nan=False).encode()


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30))
def test_what_can_be_kept_stays_as_it_is(text: str) -> None:
    told, _ = child.taken_apart(child.compose({text: [text]}, []))
    assert told == {text: [text]}


def test_a_name_with_a_nul_is_another_name() -> None:
    paper = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": {"id": "did:web:lab.exa\0mple", "name": "样本\ud800实验室"},
        "credentialSubject": {"id": "urn:x\0"},
    }
    told = reading.look(json.dumps(paper).encode(), anchors=[], at=AT).reading
    assert storable(told)
    assert "did:web:lab.example" not in strings(told)


def test_a_document_that_says_nul_of_itself() -> None:
    out = io.BytesIO()
    sheet = Canvas(out)
    sheet.setProducer("a\0press")  # type: ignore[no-untyped-call]
    sheet.drawString(60, 700, "Certificate No: ISO-2026-77")
    sheet.save()
    told = reading.look(out.getvalue(), anchors=[], at=AT).reading
    assert storable(told)
    assert storable(extraction.propose(told["lines"], told["symbols"], source="layer"))
