"""What browsers are given: vendored files are the ones that were vetted, and nothing asks a stranger."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
VENDOR = APP / "static" / "vendor"
DATA_BLOCKS = {("linkset.html", '<script type="application/ld+json">')}
"""Data in a page, which no browser executes (HTML, 4.12.1): template, and the whole of the tag."""
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text())


def test_vendored_files_are_the_locked_ones_and_there_are_no_others() -> None:
    locked = {path: digest for package in LOCK.values() for path, digest in package["files"].items()}
    there = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.lock.json"
    }
    assert there == locked


def test_every_vendored_package_brings_its_licence() -> None:
    for name, package in LOCK.items():
        assert package["licence"], name
        assert any("LICENSE" in path for path in package["files"]), name


def test_own_styles_and_scripts_ask_no_other_host() -> None:
    for path in (*(APP / "static").glob("*.css"), *(APP / "static").glob("*.js")):
        text = path.read_text()
        assert re.findall(r"""["'(](?:\w+:)?//(?!www\.w3\.org/)[^"')]+""", text) == [], path.name


def test_templates_hold_no_inline_script_or_style() -> None:
    for path in (APP / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:", text), path.name
        scripts = [tag for tag in re.findall(r"<script[^>]*>", text, re.IGNORECASE) if (path.name, tag) not in DATA_BLOCKS]
        assert all("src=" in tag for tag in scripts), path.name
