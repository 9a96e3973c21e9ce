"""Events from the command line: documents taken in with place and rule of what is wrong, questions answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.app.epcis.conftest import HASH, a_document, an_event
from tests.conftest import House


@pytest.fixture(autouse=True)
def environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command opens the house of the environment."""
    for name in ("home", "database_url", "public_url", "root_key", "vault_url"):
        monkeypatch.setenv({"home": "SUYUAN_HOME"}.get(name, name.upper()), getattr(house.settings, name))


def suyuan(*words: str, code: int = 0) -> Result:
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == code, answer.output
    return answer


def a_file(folder: Path, *events: dict[str, object], name: str = "events.json") -> str:
    path = folder / name
    path.write_text(json.dumps(a_document(*events)), "utf-8")
    return str(path)


def asked(question: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(suyuan("epcis", "query", question).stdout)["epcisBody"]["queryResults"]["resultsBody"][
        "eventList"
    ]
    return found


def test_files_are_captured_and_questions_answered(tmp_path: Path) -> None:
    two = (a_file(tmp_path, an_event()), a_file(tmp_path, an_event(eventID="https://example.org/e2", bizStep="packing"), name="b.json"))
    assert "2 events captured, 0 errors" in suyuan("epcis", "capture", *two).output
    assert [each["eventID"] for each in asked("EQ_bizStep=shipping")] == [HASH]
    assert len(asked("EQ_bizStep=shipping,packing")) == len(asked("")) == 2


def test_what_is_wrong_is_told_with_file_place_and_rule_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    path = a_file(tmp_path, an_event(), an_event(eventID="https://example.org/bad", bizStep="milking"))
    said = suyuan("epcis", "capture", path, code=2)
    assert f"{path}:/epcisBody/eventList/1/bizStep: " in said.output
    assert asked("") == []
    assert "1 events captured, 1 errors" in suyuan("epcis", "capture", "--proceed", path, code=2).output
    assert [each["eventID"] for each in asked("")] == [HASH]


def test_a_question_that_nobody_can_ask_is_refused() -> None:
    assert "/EQ_colour" in suyuan("epcis", "query", "EQ_colour=red", code=2).output
