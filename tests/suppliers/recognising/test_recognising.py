from __future__ import annotations

import io
import math
import os
import signal
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from suppliers import recognising
from suppliers.recognising.worker import WORKER, Lost
from tests.conftest import shared_data

needs_extra = pytest.mark.skipif(not recognising.available(), reason="the extra [ocr] is not installed")


def picture(turn: int = 0) -> bytes:
    """A page of Latin words in Pillow's own font, turned anticlockwise."""
    page = Image.new("RGB", (1200, 800), "white")
    draw = ImageDraw.Draw(page)
    for number, words in enumerate(
        ["CERTIFICATE OF ANALYSIS", "Certificate number AB 12345", "Valid until 12 March 2027", "Issued by Example Laboratory"]
    ):
        draw.text((120, 100 + 150 * number), words, fill="black", font=ImageFont.load_default(size=48))
    written = io.BytesIO()
    page.rotate(turn, expand=True).save(written, "PNG")
    return written.getvalue()


def test_without_the_extra_the_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising, "find_spec", lambda name: None)
    assert not recognising.available()
    assert recognising.recognise([b"anything"]) is None


@needs_extra
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_read_whichever_way_up(turn: int) -> None:
    lines = recognising.recognise([picture(turn)])
    assert lines is not None
    assert "AB12345" in "".join(line["text"] for line in lines).replace(" ", "")
    assert {line.get("turn", 0) for line in lines} == {turn}
    title = next(line for line in lines if line["text"].startswith("CERTIFICATE"))
    middle = ((title["box"][0] + title["box"][2]) / 2, (title["box"][1] + title["box"][3]) / 2)
    wanted = {0: (0.36, 0.17), 90: (0.17, 0.64), 180: (0.64, 0.83), 270: (0.83, 0.36)}[turn]
    assert math.dist(middle, wanted) < 0.12


@needs_extra
def test_what_is_no_picture_has_no_lines_and_the_next_is_read() -> None:
    lines = recognising.recognise([b"not a picture", b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 90, picture()])
    assert lines
    assert {line["page"] for line in lines} == {4}


@needs_extra
def test_a_child_that_was_killed_is_followed_by_another() -> None:
    recognising.recognise([picture()])
    assert WORKER._child is not None
    os.kill(WORKER._child.pid, signal.SIGKILL)
    assert recognising.recognise([picture()])


@needs_extra
def test_the_child_opens_no_socket_and_starts_no_program() -> None:
    from suppliers.recognising.__main__ import _refuse

    for event in ("socket.__new__", "socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        with pytest.raises(PermissionError):
            _refuse(event, ())
    _refuse("open", ())


def test_too_many_bytes_never_reach_the_child() -> None:
    with pytest.raises(Lost):
        WORKER.ask(bytes((32 << 20) + 1))


@needs_extra
@pytest.mark.slow
def test_fields_of_the_given_scans() -> None:
    from benchmarks.certificate_scans import score

    result = score(Path(shared_data("certificates")) / "synthetic_scans")
    assert result["fields_right"] >= 0.95 * result["fields_total"], result["misses"]
