"""Events from the command line: documents taken in with place and rule of what is wrong, questions answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.cli import main
from tests.app.epcis.conftest import HASH, a_document, an_event
from tests.conftest import House
from traceability.events import capturing, jobs, master_data
from traceability.models import MasterDatum


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


def test_master_data_alone_and_in_parts_are_kept_once(tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    kept: list[object] = []
    real = master_data.keep
    monkeypatch.setattr(master_data, "keep", lambda unit, told: (kept.append(told), real(unit, told))[1])
    element = {"id": "https://example.org/shop", "attributes": [{"id": "cbvmda:city", "attribute": "杭州"}]}
    header = {
        "epcisMasterData": {"vocabularyList": [{"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": [element]}]}
    }
    for events in ([], [an_event(), an_event(eventID="https://example.org/e2")]):
        path = tmp_path / "a.json"
        path.write_text(json.dumps(a_document(*events) | {"epcisHeader": header}), "utf-8")
        for words in ([], ["--proceed"]):
            kept.clear()
            suyuan("epcis", "capture", *words, str(path))
            assert sum(each is not None for each in kept) == 1
    with house.look() as unit:
        assert [row.uri for row in unit.session.scalars(select(MasterDatum))] == ["https://example.org/shop"]


def test_a_file_that_is_too_large_at_once_is_taken_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_THINGS", 1)
    path = a_file(tmp_path, an_event(), an_event(eventID="https://example.org/e2"))
    assert "--proceed" in suyuan("epcis", "capture", path, code=2).output
    assert asked("") == []
    assert "2 events captured, 0 errors" in suyuan("epcis", "capture", "--proceed", path).output


def test_what_the_database_does_not_take_is_tried_again_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter([True, False, True, True, True])
    real = capturing.capture

    def fails(*words: Any, **more: Any) -> Any:
        if next(tries):
            raise OperationalError("", {}, Exception("deadlock detected"))
        return real(*words, **more)

    monkeypatch.setattr(capturing, "capture", fails)
    assert "1 events captured, 0 errors" in suyuan("epcis", "capture", a_file(tmp_path, an_event())).output
    said = suyuan("epcis", "capture", a_file(tmp_path, an_event(eventID="https://example.org/e2")), code=2)
    assert "(unwritten)" in said.output
    assert "Traceback" not in said.output
