"""Habits that make a house feel like one: found by reading its source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import DOMAINS, PACKAGES, PAPERS, ROOT, name, sources, tree

NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services", "data"}
LONGEST = 400
TABLES = dict.fromkeys(("app/words.py", "app/words_papers.py"), "a table of sentences, not something to keep in mind")


def test_commit_is_said_in_one_file() -> None:
    found = [
        name(path)
        for path in sources(*PACKAGES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("commit", "begin_nested_commit")
    ]
    assert found == ["kernel/unit.py"]


@pytest.mark.parametrize(
    ("called", "instead"),
    [("now", "unit.now"), ("utcnow", "unit.now"), ("today", "unit.now"), ("time", "unit.now"), ("relationship", "ids and foreign keys")],
)
def test_domains_never_ask_the_clock_or_tie_packages_together(called: str, instead: str) -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path in sources(*DOMAINS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", None) == called or getattr(node.func, "id", None) == called)
        and not (called in ("now", "time") and path == ROOT / "kernel/unit.py")  # the unit's own moment begins here
    ]
    assert found == [], f"use {instead}"


def test_only_config_reads_the_environment() -> None:
    """Settings are read in one place. A process that starts others hands its whole environment on,
    a command may look for what was said to it alone."""
    allowed = {"app/config.py", "app/running.py", "app/cli.py"}
    found = {
        name(path)
        for path in sources(*PACKAGES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and getattr(node.value, "id", "") == "os"
    }
    assert found <= allowed, found - allowed


def test_no_world_is_special() -> None:
    """What differs between a laptop and a data centre is values and commands, never a branch."""
    world = re.compile(r"production|development|is_prod|debug", re.IGNORECASE)
    found = [
        f"{name(path)}:{node.lineno}"
        for path in sources(*PACKAGES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If | ast.IfExp) and world.search(ast.unparse(node.test).replace("food_production", ""))
    ]
    assert found == []


@pytest.mark.parametrize("path", sources(*PACKAGES), ids=name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "a module docstring says what the room is for and what it must not know"


def test_no_room_is_called_by_a_word_that_means_nothing() -> None:
    rooms = {part for path in sources(*PACKAGES, "migrations") for part in path.relative_to(ROOT).with_suffix("").parts}
    assert rooms & NAMELESS == set()


@pytest.mark.parametrize("path", sources(*PACKAGES, *PAPERS), ids=name)
def test_no_file_is_longer_than_one_can_keep_in_mind(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < LONGEST or name(path) in TABLES


def test_the_hard_ground_stays_small() -> None:
    files = [path for path in sources("kernel") if path.name != "__init__.py"]
    assert len(files) <= 9
    assert sum(len(path.read_text("utf-8").splitlines()) for path in files) <= 800


def test_a_use_case_takes_the_unit_first_and_the_rest_by_name() -> None:
    """``verb(unit, *, keywords)``; a thing or two may follow the unit plainly, more are a riddle."""
    strange = []
    for path in sources(*(domain for domain in DOMAINS if domain != "kernel")):
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith(("_", "on_")):
                continue
            arguments = node.args.args
            if arguments and arguments[0].arg == "unit" and len(arguments) - len(node.args.defaults) > 4:
                strange.append(f"{name(path)}:{node.lineno} {node.name}")
    assert strange == []
