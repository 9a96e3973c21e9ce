"""Settings are said three times, in code, .env.example and docs/settings.md, and never differently."""

from __future__ import annotations

import re
from dataclasses import fields

from app.config import Settings
from tests.house.tree import ROOT

SETTINGS = {f.metadata["name"]: (str(f.default), f.metadata["meaning"]) for f in fields(Settings)}


def test_the_example_environment_is_the_defaults() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    assert dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE)) == {name: default for name, (default, _) in SETTINGS.items()}
    for _, meaning in SETTINGS.values():
        assert f"# {meaning}\n" in text


def test_the_page_of_settings_says_every_one_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`|–) \| (.*) \|$", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE)
    assert {name: (default, meaning) for name, default, meaning in rows} == SETTINGS
