"""The newcomer's papers are true: what they name exists, what they tell to type can be typed."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from app.cli import main
from tests.house.tree import ROOT

PAPERS = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md"))),
)
SCRIPT = {"test", "check", "ocr"}
"""Commands of the tracked shell script itself."""


def commands(group: click.Group, before: str = "") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        found.add(before + name)
        if isinstance(command, click.Group):
            found |= commands(command, before + name + " ")
    return found


@pytest.mark.parametrize("paper", PAPERS)
def test_every_command_in_a_paper_exists(paper: str) -> None:
    known = commands(main) | SCRIPT
    text = (ROOT / paper).read_text("utf-8")
    typed = re.findall(r"(?:\./suyuan|(?<=`)suyuan) ([a-z][a-z-]*(?: [a-z]+)?)", text)
    assert [words for words in typed if words not in known and words.split()[0] not in known] == []


def test_the_readme_names_every_command_a_newcomer_needs() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for command in ("run", "test", "demo", "check", "web", "worker", "relay", "beat", "migrate"):
        assert re.search(rf"suyuan {command}\b", text), command


@pytest.mark.parametrize("paper", PAPERS)
def test_every_link_between_papers_leads_somewhere(paper: str) -> None:
    here = (ROOT / paper).parent
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", (ROOT / paper).read_text("utf-8"))
    assert [link for link in links if not (here / link).exists()] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_room_a_paper_names_exists(paper: str) -> None:
    text = (ROOT / paper).read_text("utf-8")
    named = set(
        re.findall(
            r"`((?:app|kernel|suppliers|traceability|monitoring|members|migrations|tests|tools|benchmarks|docs)/[\w./-]*\w/?)`", text
        )
    )
    assert sorted(path for path in named if not _exists(path)) == []


def _exists(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / f"{path}.py").exists()


def test_the_glossary_names_real_classes() -> None:
    rows = [line.split("|")[3:5] for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines() if line.count("|") == 5]
    named = [(kind.strip(" `"), room.strip(" `")) for kind, room in rows if "`" in kind and "`" in room]
    assert len(named) > 25
    missing = [(kind, room) for kind, room in named if not re.search(rf"^\s*(?:class|def) {kind}\b|^{kind}\b", _source(room), re.MULTILINE)]
    assert missing == []


def _source(room: str) -> str:
    path = ROOT / room
    if path.is_dir():
        return "\n".join(each.read_text("utf-8") for each in sorted(path.rglob("*.py")))
    return Path(f"{path}.py").read_text("utf-8") if Path(f"{path}.py").exists() else ""


def test_every_dependency_has_its_line() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    extras = setup["options.extras_require"]
    wanted = setup["options"]["install_requires"].split() + extras["test"].split() + extras["ocr"].split()
    names = {re.split(r"[=\[<>]", each)[0].lower() for each in wanted}
    said = {
        each.lower() for each in re.findall(r"^\| `([\w.-]+)` \|", (ROOT / "docs" / "dependencies.md").read_text("utf-8"), re.MULTILINE)
    }
    assert names <= said, names - said
    assert said <= names | {"pico", "htmx", "uplot", "zxing-wasm", "idiomorph"}, "a dependency left; its line stayed"


def test_the_locks_hold_every_dependency() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    always, extras = setup["options"]["install_requires"].split(), setup["options.extras_require"]
    for lock, wanted in (
        ("requirements.lock", always),
        ("requirements-test.lock", always + extras["test"].split()),
        ("requirements-ocr.lock", always + extras["ocr"].split()),
    ):
        locked = {
            each.lower().replace("_", "-")
            for each in re.findall(r"^([\w.-]+)(?:\[\w+\])?==", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
        }
        assert {re.split(r"[=\[<>]", each)[0].lower() for each in wanted} <= locked, lock


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
