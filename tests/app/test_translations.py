"""English is complete, and the compiled catalogue is made of the written one."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

APP = Path(__file__).parents[2] / "app"
ENGLISH = APP / "translations" / "en" / "LC_MESSAGES"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def _written() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_every_text_of_a_page_has_its_english() -> None:
    used = {found[2] for found in extract_from_dir(APP, METHODS, {"**/templates/**.html": {"trimmed": "true"}})}
    written = {message.id: message.string for message in _written() if message.id and not message.fuzzy}
    assert sorted(text for text in used if not written.get(text)) == []


def test_a_translation_keeps_the_holes_of_its_text() -> None:
    for message in _written():
        if message.id:
            assert sorted(re.findall(r"%\(\w+\)s", message.id)) == sorted(re.findall(r"%\(\w+\)s", message.string)), message.id


def test_the_compiled_catalogue_is_fresh() -> None:
    compiled = BytesIO()
    write_mo(compiled, _written())
    assert (ENGLISH / "messages.mo").read_bytes() == compiled.getvalue(), "run: pybabel compile -d app/translations"
