"""Pages in two languages: the Chinese stands in the template, the English in app/translations."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.house.tree import ROOT

ENGLISH = ROOT / "app" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
HAN = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
VALUE = re.compile(r"%\((\w+)\)[sd]")


@cache
def asked() -> dict[str, str]:
    """Every text that a page asks for, and where."""
    found = {}
    for file, line, message, _, _ in extract_from_dir(
        str(ROOT / "app"),
        [("templates/**.html", "jinja2"), ("**.py", "python")],
        keywords={"_": None, "gettext": None, "lazy_gettext": None},
    ):
        found[message if isinstance(message, str) else message[0]] = f"{file}:{line}"
    return found


@cache
def english() -> Catalog:
    return read_po(BytesIO(ENGLISH.read_bytes()), locale="en")


def test_every_text_of_a_page_has_its_english() -> None:
    assert len(asked()) > 30
    missing = {text: where for text, where in asked().items() if text not in english() or not english()[text].string}
    assert missing == {}


def test_no_translation_is_a_guess_or_a_leftover() -> None:
    assert [message.id for message in english() if message.id and message.fuzzy] == []
    assert [message.id for message in english() if message.id and message.id not in asked()] == []


def test_english_is_english_and_keeps_the_values() -> None:
    for message in english():
        if message.id and message.string:
            assert not HAN.search(str(message.string)), message.id
            assert set(VALUE.findall(str(message.id))) == set(VALUE.findall(str(message.string))), message.id


def test_what_is_compiled_is_what_is_written() -> None:
    compiled = read_mo(BytesIO(ENGLISH.with_suffix(".mo").read_bytes()))
    for message in english():
        if message.id:
            assert message.id in compiled, f"{message.id}: run pybabel compile -d app/translations"
            assert compiled[message.id].string == message.string, message.id


@pytest.mark.parametrize("path", sorted((ROOT / "app" / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_chinese_stands_in_a_template_outside_of_a_translation(path: Path) -> None:
    """What an English reader must never meet. Names of languages in their own tongue stay."""
    text = path.read_text("utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"""\b_\(\s*("[^"]*"|'[^']*')""", "", text)
    text = text.replace('"中", "中文"', "")
    assert HAN.findall(text) == []
