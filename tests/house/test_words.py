"""Words of the domain: whatever a room can say, a person can read, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from app.problems import CODES, every_trouble
from app.words import WORDS
from kernel.errors import Trouble
from monitoring.detectors import DETECTORS
from suppliers.checks import CHECKS
from suppliers.requirements import KINDS
from suppliers.standing import Standing
from tests.house.tree import DOMAINS, ROOT, import_all, name, sources, texts, tree
from traceability import cases, reports
from traceability.life import MOVES, NUMBERS, STATES
from traceability.packing import KINDS as KINDS_OF_PACKS
from traceability.verdict import TONES

HAN = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
SPOKEN = re.compile(r"^(alert|check|gate|hold|join|paper|reason|require|standing|step|verdict)(\.[a-z0-9_-]+)+(?<!\.id)$")
ENUMERATED = {
    "verdict": tuple(TONES),
    "reason": tuple(TONES),
    "check": tuple(CHECKS),
    "paper": tuple(KINDS),
    "standing": Standing.__args__,  # type: ignore[attr-defined]
    "result": ("passed", "failed", "inconclusive"),
    "code": STATES,
    "code.move": tuple(MOVES),
    "code.reason": tuple(sorted({reason for move in MOVES.values() for reason in move.reasons})),
    "item.standing": NUMBERS,
    "pack": KINDS_OF_PACKS,
    "case.kind": cases.KINDS,
    "case.about": cases.KINDS,
    "case.caution": cases.KINDS,
    "case.state": cases.STATES,
    "case.item": STATES,
    "report.kind": reports.KINDS,
    "report.state": reports.STATES,
}


def test_every_trouble_of_the_house_has_words() -> None:
    import_all()
    codes = {code for code, kind in every_trouble().items() if kind is not Trouble and not kind.__module__.startswith("tests")}
    assert sorted(code for code in codes if f"problem.{code}" not in WORDS and code not in CODES.values()) == []


def test_no_two_troubles_share_a_code() -> None:
    import_all()
    seen: dict[str, type[Trouble]] = {}

    def walk(kind: type[Trouble]) -> None:
        for child in kind.__subclasses__():
            if "code" in vars(child) and not child.__module__.startswith("tests"):
                assert child.code not in seen, f"{child} and {seen.get(child.code)}"
                assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", child.code)
                assert child.__doc__, f"{child.__name__}: the docstring is the page behind the problem"
                seen[child.code] = child
            walk(child)

    walk(Trouble)
    assert seen


@pytest.mark.parametrize("kind", ENUMERATED)
def test_every_member_of_the_houses_tables_has_words(kind: str) -> None:
    assert [member for member in ENUMERATED[kind] if f"{kind}.{member}" not in WORDS] == []


def test_every_code_written_in_a_domain_has_words() -> None:
    silent = {f"{text} ({name(path)})" for path in sources(*DOMAINS) for _, text in texts(path) if SPOKEN.match(text) and text not in WORDS}
    assert sorted(silent) == []


def test_every_code_made_of_parts_has_words_that_begin_so() -> None:
    silent = {f"{head}… ({name(path)})" for path in sources(*DOMAINS) for head in _heads(tree(path)) if not _known(head)}
    assert sorted(silent) == []


def test_every_code_asked_by_a_page_has_words() -> None:
    asked = re.compile(r"""\b(?:say|tell)\(\s*["']([a-z0-9_.-]+)["']\s*(~)?""")
    silent = set()
    for path in sorted((ROOT / "app" / "templates").rglob("*.html")):
        for text, more in asked.findall(path.read_text("utf-8")):
            if not (_known(text) if more else text in WORDS):
                silent.add(f"{text}{'…' if more else ''} ({path.name})")
    assert sorted(silent) == []


@pytest.mark.parametrize("code", [f"alert.{kind}" for kind in DETECTORS])
def test_every_kind_of_detector_can_explain_its_alert(code: str) -> None:
    assert _known(code)


def test_both_languages_say_the_same_with_the_same_values() -> None:
    for code, (chinese, english) in WORDS.items():
        assert HAN.search(chinese) or not re.search(r"[A-Za-z]{4}", chinese), f"{code}: the first is Chinese"
        assert not HAN.search(english), f"{code}: the second is English"
        assert english.strip(), code
        assert _values(chinese) == _values(english), code


def _known(head: str) -> bool:
    return head in WORDS or any(code.startswith(head) for code in WORDS)


def _heads(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            head = str(node.values[0].value)
            if SPOKEN.match(head + "x") and head.endswith("."):
                yield head


def _values(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}
