"""The plant board: tiles, alerts, acknowledgement, chart, and the stream of events."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.pages import board
from monitoring import alerts, impact
from monitoring.facts import AlertOpened
from tests.app.conftest import Web
from tests.factories.dairy import a_batch, a_product
from tests.monitoring.plant import a_line, samples, send


@pytest.fixture
def alert_id(web: Web) -> str:
    """A dip below the critical limit, while a lot was on the line."""
    house = web.house
    with house.begin("brand_admin") as unit:
        a_line(unit)
        a_batch(unit, "B1", a_product(unit), unit.now - timedelta(hours=1))
    send(house, samples(house.now - timedelta(seconds=99), [72.6] * 80 + [69.8] * 20), now=house.now)
    with house.begin("system") as unit:
        (alert,) = alerts.active(unit)
        impact.on_alert_opened(unit, AlertOpened(alert.id))
        return alert.id


def test_the_board_shows_the_line_the_alert_and_what_was_done_about_its_lots(web: Web, alert_id: str) -> None:
    page = web.sign_in("plant").get("/board").text
    assert "杀菌出口温度" in page
    assert "69.8" in page
    assert f'id="alert-{alert_id}"' in page
    assert ">B1<" in page
    assert "/desk/lots/" not in page  # not a door of the plant


def test_an_alert_is_acknowledged_with_its_cause_in_one_tap(web: Web, alert_id: str) -> None:
    client = web.sign_in("plant")
    assert web.post(client, f"/board/alerts/{alert_id}/acknowledge", {"cause": "sensor"}, page="/board").status_code == 303
    with web.house.look() as unit:
        alert = alerts.get(unit, alert_id)
        assert (alert.state, alert.cause) == ("acknowledged", "sensor")
    page = client.get("/board/now").text
    assert 'name="cause"' not in page
    again = web.post(client, f"/board/alerts/{alert_id}/acknowledge", {"cause": "sensor"}, page="/board", follow_redirects=True)
    assert 'role="alert"' in again.text


def test_a_cause_that_nobody_offered_comes_back_with_a_sentence(web: Web, alert_id: str) -> None:
    client = web.sign_in("quality")
    path = f"/board/alerts/{alert_id}/acknowledge?stream=1&_external=1"
    answer = web.post(client, path, {"cause": "<ghosts>"}, page="/board", follow_redirects=True)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text


def test_a_foreign_brand_sees_an_empty_board(web: Web, alert_id: str) -> None:
    client = web.sign_in("plant", brand_id=web.house.other_brand_id)
    assert "杀菌" not in client.get("/board").text
    with web.house.look() as unit:
        no = alerts.get(unit, alert_id).stream_no
    assert client.get(f"/board/streams/{no}/chart").status_code == 404
    assert client.get(f"/board/streams/{no}/table").status_code == 404
    assert web.post(client, f"/board/alerts/{alert_id}/acknowledge", {"cause": "sensor"}, page="/board").status_code == 404


def test_the_chart_says_its_finding_and_the_table_has_the_same_numbers(web: Web, alert_id: str) -> None:
    client = web.sign_in("plant")
    with web.house.look() as unit:
        no = alerts.get(unit, alert_id).stream_no
    drawn = client.get(f"/board/streams/{no}/chart?minutes=10").json
    assert drawn is not None
    assert "69.8" in drawn["title"]
    assert "报警 1 次" in drawn["title"]
    assert len(drawn["times"]) == len(drawn["values"]) == 100
    assert client.get(f"/board/streams/{no}/table?minutes=10").text.count("<time") == 100
    assert client.get(f"/board/streams/{no}/chart?minutes=-1").status_code == 200


def test_events_tell_of_a_change_at_once_and_then_keep_still(web: Web, alert_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "HELD", 0.2)
    monkeypatch.setattr(board, "GLANCE", 0.05)
    client = web.sign_in("plant")
    told = client.get("/board/events").text
    assert told.count("event: changed") == 1
    token = told.split("data: ")[1].split("\n")[0]
    assert "event: changed" not in client.get("/board/events", headers={"Last-Event-ID": token}).text
    assert client.get("/board/events").mimetype == "text/event-stream"


def test_without_a_free_slot_the_answer_comes_at_once_and_asks_to_come_back(web: Web, alert_id: str) -> None:
    client = web.sign_in("plant")
    assert all(board.SLOTS.acquire(blocking=False) for _ in range(2))
    try:
        told = client.get("/board/events").text
    finally:
        for _ in range(2):
            board.SLOTS.release()
    assert told.startswith("retry: 2000\n")
    assert told.count("event: changed") == 1


def test_a_browser_that_leaves_gives_its_slot_back(web: Web, alert_id: str) -> None:
    client = web.sign_in("plant")
    for _ in range(3):
        answer = client.get("/board/events", buffered=False)
        stream = iter(answer.response)
        assert [next(stream) for _ in range(2)][1].count(b"changed") == 1  # type: ignore[arg-type]
        answer.close()
    assert board.SLOTS.acquire(blocking=False)
    board.SLOTS.release()


def test_the_sign_in_page_says_when_the_words_were_wrong(web: Web) -> None:
    answer = web.post(web.client, "/login", {"email": "nobody@example.org", "password": "guess"})
    assert answer.status_code == 200
    assert "邮箱或密码不对" in answer.text
